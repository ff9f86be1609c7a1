"""Who took part in a year, where it differs from the roster that its terms were locked with. Pure.

A roster is a list of days in the program: `npi`, `name`, `joined_on`, and `left_on`, the first day
no longer in it, or None.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from comanage.values.period import Period, day_text
from scorecards.scoring.steps import Step

Roster = Sequence[Mapping[str, Any]]


def roster_that_differs(
    signed: Roster, recorded: Roster, period: Period
) -> list[dict[str, Any]] | None:
    """Return who took part, where the days on record are others than those of the terms.

    Args:
        signed: the terms' own.
        recorded: the program's, with other years' days too.
        period: days that are paid for.

    Returns:
        None where no day of the period differs; else everybody of the terms, in their order and
        under their names there, which break ties between cents, then the joiners as they joined.
    """
    if _days_in(signed, period) == _days_in(recorded, period):
        return None
    places = {each["npi"]: place for place, each in reversed(list(enumerate(signed)))}
    names = {each["npi"]: each["name"] for each in signed}
    kept = [
        {**each, "name": names.get(each["npi"], each["name"])}
        for each in recorded
        if each["npi"] in names or days_of(each).overlaps(period)
    ]
    return sorted(
        kept,
        key=lambda each: (places.get(each["npi"], len(signed)), each["joined_on"], each["npi"]),
    )


def days_of(each: Mapping[str, Any]) -> Period:
    """Return the days of one row of a roster; without an end where nobody left."""
    end = date.fromisoformat(each["left_on"]) if each["left_on"] else date.max
    return Period(date.fromisoformat(each["joined_on"]), end)


def changes(signed: Roster, recorded: Roster, period: Period) -> list[tuple[str, str]]:
    """Say of each who joined or left by the end of a period, and is not in the terms so, when."""
    return [
        (each["name"], f"{what} {day_text(date.fromisoformat(each[field]))}")
        for each in recorded
        for what, field in (("joined", "joined_on"), ("left", "left_on"))
        if each[field]
        and date.fromisoformat(each[field]) < period.end
        and each[field] not in _said(signed, each["npi"], field)
    ]


def roster_step(signed: Roster, recorded: Roster, period: Period) -> Step:
    """Write down who joined or left after the terms were locked, and where that is from."""
    found = changes(signed, recorded, period)
    return Step(
        "Who took part",
        "By the program's record of participants when the year was frozen, where it differs from "
        "the roster of the signed terms; who left is there to the day before. Who joined has a "
        "fixed or owned share only where the terms name one.",
        tuple(found),
        f"{len(found)} {'change' if len(found) == 1 else 'changes'}",
    )


def _said(signed: Roster, npi: str, field: str) -> Iterator[str | None]:
    return (each[field] for each in signed if each["npi"] == npi)


def _days_in(roster: Roster, period: Period) -> list[tuple[str, Period]]:
    found = ((each["npi"], days_of(each)) for each in roster)
    return sorted(
        (npi, Period(max(days.start, period.start), min(days.end, period.end)))
        for npi, days in found
        if days.overlaps(period)
    )
