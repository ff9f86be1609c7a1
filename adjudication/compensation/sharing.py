"""How a group divides a settled year among its participants, from the terms. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adjudication.compensation.allocation import (
    AllocationRule,
    Holding,
    NobodySharesError,
    Participant,
    allocate,
)
from adjudication.compensation.roster import Roster, days_of, roster_step
from adjudication.compensation.settle import Line
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.values.rounding import fraction_from_text
from scorecards.scoring.steps import Step

Work = Sequence[Mapping[str, Any]]
_RULE = ("by", "joiners", "leavers")


def division_of(
    terms: Mapping[str, Any],
    lines: Iterable[Line],
    work: Work,
    period: Period,
    roster: Roster | None = None,
) -> dict[str, Any] | None:
    """Divide what the group is paid, as the terms say.

    Args:
        terms: the terms document; its `allocation` is the rule.
        lines: of the statement. What one physician is paid is not divided.
        work: approved totals, as `components.further_dues` takes them.
        period: the year.
        roster: who took part, where it differs from the terms; None where it does not.

    Returns:
        The amount, each participant's part with its basis, and the steps, as plain values;
        None where the terms leave the division to the group. Without parts where nobody who took
        part shares by the rule.

    Raises:
        CompensationError: nobody of the terms shares, or shares are not the whole.
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
        for npi, (name, spells) in _physicians(roster or terms["participants"]).items()
    }
    changed = (roster_step(terms["participants"], roster, period),) if roster else ()
    try:
        allocation = allocate(amount, rule, list(participants.values()), period)
    except NobodySharesError as nobody:
        if not changed:
            raise
        return _division(amount, [], [*changed, _left_to_the_group(nobody)])
    parts = [
        {"npi": npi, "name": part.name, "basis": part.basis, "amount": part.amount.dollars_text}
        for npi, part in zip(participants, allocation.parts, strict=True)
    ]
    return _division(amount, parts, [*changed, *allocation.steps])


def _division(
    amount: Money, parts: Sequence[Mapping[str, Any]], steps: Iterable[Step]
) -> dict[str, Any]:
    return {
        "amount": amount.dollars_text,
        "parts": list(parts),
        "steps": [step.to_document() for step in steps],
    }


def _left_to_the_group(nobody: NobodySharesError) -> Step:
    return Step("Parts", f"{nobody} The group is paid, and divides it in writing.", (), "none")


def _physicians(
    participants: Roster,
) -> dict[str, tuple[str, tuple[Period, ...]]]:
    """Gather by NPI a name that is nobody else's, and the days of taking part."""
    spells: dict[str, list[Period]] = {}
    names: dict[str, str] = {}
    for each in participants:
        spells.setdefault(each["npi"], []).append(days_of(each))
        names[each["npi"]] = each["name"]
    listed = list(names.values())
    return {
        npi: (name if listed.count(name) == 1 else f"{name}, NPI {npi}", tuple(spells[npi]))
        for npi, name in names.items()
    }
