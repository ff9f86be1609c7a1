"""How a group divides a settled year among its participants, from the terms. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from adjudication.compensation.allocation import (
    AllocationRule,
    Holding,
    Participant,
    allocate,
)
from adjudication.compensation.settle import Line
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.values.rounding import fraction_from_text

Work = Sequence[Mapping[str, Any]]
_RULE = ("by", "joiners", "leavers")


def division_of(
    terms: Mapping[str, Any], lines: Iterable[Line], work: Work, period: Period
) -> dict[str, Any] | None:
    """Divide what the group is paid, as the terms say.

    Args:
        terms: the terms document; its `allocation` is the rule.
        lines: of the statement. What one physician is paid is not divided.
        work: approved totals, as `components.further_dues` takes them.
        period: the year.

    Returns:
        The amount, each participant's part with its basis, and the steps, as plain values;
        None where the terms leave the division to the group.

    Raises:
        CompensationError: nobody shares, or shares are not the whole.
    """
    agreed = terms.get("allocation")
    if agreed is None:
        return None
    shares = agreed.get("shares", {})
    rule = AllocationRule.from_document({name: agreed[name] for name in _RULE})
    amount = sum((line.amount for line in lines if line.payee is None), Money(0))
    minutes: dict[str, int] = {}
    for total in work:
        minutes[total["npi"]] = minutes.get(total["npi"], 0) + (total.get("minutes") or 0)
    participants = {
        npi: Participant(
            name=name,
            spells=spells,
            minutes=minutes.get(npi, 0),
            fixed_share=fraction_from_text(shares.get(npi, "0")),
            holdings=(Holding(period, fraction_from_text(shares.get(npi, "0"))),),
        )
        for npi, (name, spells) in _physicians(terms["participants"]).items()
    }
    allocation = allocate(amount, rule, list(participants.values()), period)
    return {
        "amount": amount.dollars_text,
        "parts": [
            {
                "npi": npi,
                "name": part.name,
                "basis": part.basis,
                "amount": part.amount.dollars_text,
            }
            for npi, part in zip(participants, allocation.parts, strict=True)
        ],
        "steps": [step.to_document() for step in allocation.steps],
    }


def _physicians(
    participants: Sequence[Mapping[str, Any]],
) -> dict[str, tuple[str, tuple[Period, ...]]]:
    """Gather by NPI a name that is nobody else's, and the days of taking part."""
    spells: dict[str, list[Period]] = {}
    names: dict[str, str] = {}
    for each in participants:
        end = date.fromisoformat(each["left_on"]) if each["left_on"] else date.max
        spells.setdefault(each["npi"], []).append(
            Period(date.fromisoformat(each["joined_on"]), end)
        )
        names[each["npi"]] = each["name"]
    listed = list(names.values())
    return {
        npi: (name if listed.count(name) == 1 else f"{name}, NPI {npi}", tuple(spells[npi]))
        for npi, name in names.items()
    }
