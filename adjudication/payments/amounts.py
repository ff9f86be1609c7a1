"""The amounts that a statement owes, as the ledger books them: one for each account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from agreements.participants.models import Physician
from comanage.values.money import Money

LONGEST_BASIS = 400


@dataclass(frozen=True, slots=True)
class Amount:
    """What a year owes of one component to the group, or to one of its physicians.

    Attributes:
        physician_id: None for the group.
        basis: how it came about, cut where it is long; the report has it whole.
    """

    component: str
    physician_id: UUID | None
    amount: Money
    basis: str


def amounts_of(statement: Mapping[str, Any]) -> list[Amount]:
    """Gather the lines of a statement by account, in their order, in at most one query."""
    lines = statement["lines"]
    npis = {line["payee"]["npi"] for line in lines if "payee" in line}
    physicians: dict[str, UUID] = {}
    if npis:
        found = Physician.objects.filter(npi__in=npis).values_list("npi", "pk")
        physicians = dict(found)
    accounts: dict[tuple[str, UUID | None], list[Mapping[str, Any]]] = {}
    for line in lines:
        physician = physicians[line["payee"]["npi"]] if "payee" in line else None
        accounts.setdefault((line["component"], physician), []).append(line)
    return [
        Amount(
            component=component,
            physician_id=physician,
            amount=sum((Money.from_dollars(line["amount"]) for line in of_account), Money(0)),
            basis=_cut(" ".join(line["basis"] for line in of_account)),
        )
        for (component, physician), of_account in accounts.items()
    ]


def _cut(basis: str) -> str:
    return basis if len(basis) <= LONGEST_BASIS else f"{basis[: LONGEST_BASIS - 1]}…"
