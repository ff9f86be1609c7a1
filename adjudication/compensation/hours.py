"""Duties paid by the hour: approved minutes, under caps; what is above a cap stays on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from adjudication.compensation.dues import Due, Months
from adjudication.compensation.terms import CompensationError
from comanage.values.money import Money
from comanage.values.period import Period, day_text
from comanage.values.rounding import decimal_text
from scorecards.scoring.steps import Step

MINUTES_AN_HOUR = 60
HOUR_PLACES = 2


@dataclass(frozen=True, slots=True)
class HourlyTerms:
    """What was agreed about duties paid by the hour.

    Attributes:
        label: as people call it, such as `Medical director`.
        rate: for an hour.
        month_cap: most paid minutes of a month; None for no cap.
        quarter_cap: of a quarter of the period.
        year_cap: of the whole period.
    """

    label: str
    rate: Money
    month_cap: int | None = None
    quarter_cap: int | None = None
    year_cap: int | None = None

    def __post_init__(self) -> None:
        """Refuse negative figures, and hours without any cap."""
        caps = (self.month_cap, self.quarter_cap, self.year_cap)
        if self.rate < Money(0) or any(cap is not None and cap < 0 for cap in caps):
            raise CompensationError(f"{self.label}: the rate and the caps are zero or more.")
        if caps == (None, None, None):
            raise CompensationError(
                f"{self.label}: paid hours need a cap by month, quarter or year; the opinion of "
                "value supports no open number of hours."
            )


@dataclass(frozen=True, slots=True)
class MonthOfHours:
    """One month: what was approved, and what of it is paid.

    Attributes:
        cut_by: the cap that left minutes unpaid; empty where none did.
    """

    month: Period
    approved: int
    paid: int
    cut_by: str
    amount: Money


@dataclass(frozen=True, slots=True)
class HourlyPay:
    """Each month with its minutes, and what they come to."""

    due: Due
    months: tuple[MonthOfHours, ...]

    @property
    def unpaid_minutes(self) -> int:
        """Approved minutes above a cap: on record, never paid."""
        return sum(month.approved - month.paid for month in self.months)


def pay_hours(terms: HourlyTerms, approved: Months, period: Period) -> HourlyPay:
    """Pay approved minutes month by month, as far as the caps leave room.

    Args:
        terms: as agreed.
        approved: minutes for the first day of each month of the period; a month without approved
            minutes may be left out.
        period: cut into months, and into quarters of three, from its first day.

    Raises:
        CompensationError: minutes below zero, or of a month that is not the period's.

    Rounding:
        Each month's minutes times the rate, half a cent upward.

    Source:
        42 CFR 411.357(d)(1): aggregate services not beyond what is reasonable and necessary.
    """
    months = period.months()
    _check_months(terms, approved, months)
    quarters = period.quarters()
    paid_in: dict[Period, int] = dict.fromkeys(quarters, 0)
    found: list[MonthOfHours] = []
    for month in months:
        quarter = next(each for each in quarters if month.start in each)
        minutes = approved.get(month.start, 0)
        rooms = (
            ("month", terms.month_cap, 0),
            ("quarter", terms.quarter_cap, paid_in[quarter]),
            ("year", terms.year_cap, sum(paid_in.values())),
        )
        paid, cut_by = _within(minutes, rooms)
        paid_in[quarter] += paid
        amount = terms.rate.times(Fraction(paid, MINUTES_AN_HOUR))
        found.append(MonthOfHours(month, minutes, paid, cut_by, amount))
    return HourlyPay(_due(terms, found, period), tuple(found))


def _check_months(terms: HourlyTerms, approved: Months, months: Sequence[Period]) -> None:
    starts = {month.start for month in months}
    for start, minutes in approved.items():
        if start not in starts:
            raise CompensationError(
                f"{terms.label}: no month of the period begins on {day_text(start)}."
            )
        if minutes < 0:
            raise CompensationError(f"{terms.label}: minutes of {_name(start)} are below zero.")


def _within(minutes: int, rooms: Sequence[tuple[str, int | None, int]]) -> tuple[int, str]:
    """Return what the tightest cap leaves, and its name where it cuts."""
    left = [(max(0, cap - used), name) for name, cap, used in rooms if cap is not None]
    room, name = min(left, key=lambda each: each[0])
    return (room, name) if room < minutes else (minutes, "")


def _due(terms: HourlyTerms, months: Sequence[MonthOfHours], period: Period) -> Due:
    paid = sum(month.paid for month in months)
    reason = f"{terms.label}: {_hours(paid)} hours at {terms.rate} in {period}"
    if above := sum(month.approved for month in months) - paid:
        reason += f"; {_hours(above)} approved hours above a cap are on record and not paid"
    amount = sum((month.amount for month in months), Money(0))
    steps = tuple(_step(terms, month) for month in months if month.approved)
    return Due("hourly", terms.label, reason, amount, steps)


def _step(terms: HourlyTerms, month: MonthOfHours) -> Step:
    cut = f" The cap of the {month.cut_by} left the rest unpaid." if month.cut_by else ""
    return Step(
        f"{terms.label}, {_name(month.month.start)}",
        f"Paid hours times the rate, half a cent upward.{cut}",
        (
            ("Approved hours", _hours(month.approved)),
            ("Paid hours", _hours(month.paid)),
            ("Rate", str(terms.rate)),
        ),
        str(month.amount),
    )


def _name(start: date) -> str:
    return f"month from {day_text(start)}"


def _hours(minutes: int) -> str:
    return decimal_text(Fraction(minutes, MINUTES_AN_HOUR), HOUR_PLACES)
