"""Pay by work RVU: flat, above a threshold or in steps, always of one pinned table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from adjudication.compensation.dues import Due
from adjudication.compensation.terms import CompensationError
from comanage.values.money import CENTS_IN_A_DOLLAR, Money
from comanage.values.period import Period
from comanage.values.rounding import decimal_text
from scorecards.scoring.steps import Step

WRVU_PLACES = 2
RATE_PLACES = 4


@dataclass(frozen=True, slots=True)
class Rung:
    """A rate for the wRVUs above a mark, up to the next rung's.

    Attributes:
        above: wRVUs of the whole period, zero or more.
        rate: dollars for one wRVU; exact, at most four decimals.
    """

    above: Fraction
    rate: Fraction


@dataclass(frozen=True, slots=True)
class WrvuTerms:
    """What was agreed about pay by wRVU.

    Flat pay has one rung above zero; pay above a threshold has one above it.

    Attributes:
        table_year: of the physician fee schedule whose values count, because a revaluation of
            visits would otherwise change pay that was set in advance.
        rungs: from the lowest mark up.
    """

    label: str
    table_year: int
    rungs: tuple[Rung, ...]

    def __post_init__(self) -> None:
        """Refuse rungs out of order and rates that cannot be paid exactly."""
        marks = [rung.above for rung in self.rungs]
        if not marks or marks[0] < 0 or any(b <= a for a, b in pairwise(marks)):
            raise CompensationError(
                f"{self.label}: rates by wRVU need marks from zero or more, each above the last."
            )
        for rung in self.rungs:
            if rung.rate < 0 or rung.rate * 10**RATE_PLACES % 1:
                raise CompensationError(
                    f"{self.label}: a rate is zero or more dollars with at most {RATE_PLACES} "
                    "decimals."
                )


@dataclass(frozen=True, slots=True)
class PersonalWork:
    """wRVUs of services that the physician performed in person.

    Attributes:
        table_year: whose values they were counted by.
        wrvus: zero or more; exact.
    """

    table_year: int
    wrvus: Fraction


def pay_wrvus(terms: WrvuTerms, work: PersonalWork, in_effect: Period, period: Period) -> Due:
    """Pay each wRVU at the rate of its rung.

    Args:
        terms: as agreed.
        work: done while the terms were in effect.
        in_effect: may begin before and end after the period; for a part of it the marks shrink to
            that part, by days, so that nobody has a year's threshold to pass in half a year.
        period: for which the marks are agreed.

    Raises:
        CompensationError: the work was counted by another table, is below zero, or the terms
            were in effect on no day.

    Rounding:
        Once, the sum over the rungs, half a cent upward.

    Source:
        42 CFR 411.357(c)(4): a productivity bonus may be based on services performed personally.
    """
    if work.table_year != terms.table_year:
        raise CompensationError(
            f"{terms.label}: the agreement counts by the table of {terms.table_year}, the work was "
            f"counted by that of {work.table_year}. Count it again."
        )
    if work.wrvus < 0:
        raise CompensationError(f"{terms.label}: wRVUs are zero or more.")
    if not in_effect.overlaps(period):
        raise CompensationError(f"{terms.label} is in effect {in_effect}, on no day of {period}.")
    during = Period(max(in_effect.start, period.start), min(in_effect.end, period.end))
    part = Fraction(during.days, period.days)
    slices = [
        (rung, above, _between(work.wrvus, above, until))
        for rung, above, until in _reaches(terms.rungs, part)
    ]
    dollars = sum((rung.rate * paid for rung, _, paid in slices), Fraction(0))
    return Due(
        "wrvu",
        terms.label,
        f"{terms.label}: {_shown(work.wrvus)} wRVUs by the table of {terms.table_year} in {during}",
        Money(1).times(dollars * CENTS_IN_A_DOLLAR),
        tuple(_step(terms, rung, above, paid) for rung, above, paid in slices),
    )


def _reaches(rungs: Sequence[Rung], part: Fraction) -> list[tuple[Rung, Fraction, Fraction | None]]:
    """Return each rung with the marks it lies between, for a part of the period."""
    marks = [rung.above * part for rung in rungs]
    return list(zip(rungs, marks, [*marks[1:], None], strict=True))


def _between(wrvus: Fraction, above: Fraction, until: Fraction | None) -> Fraction:
    top = wrvus if until is None else min(wrvus, until)
    return max(Fraction(0), top - above)


def _step(terms: WrvuTerms, rung: Rung, above: Fraction, paid: Fraction) -> Step:
    return Step(
        f"{terms.label}, above {_shown(above)}",
        "wRVUs between this mark and the next, times the rate.",
        (("wRVUs", _shown(paid)), ("Rate", f"${decimal_text(rung.rate, RATE_PLACES)}")),
        f"${decimal_text(rung.rate * paid, RATE_PLACES)}",
    )


def _shown(wrvus: Fraction) -> str:
    return decimal_text(wrvus, WRVU_PLACES)
