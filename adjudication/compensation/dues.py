"""What a component of pay comes to, before any cap of the opinion of value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from adjudication.compensation.terms import CompensationError
from comanage.values.money import Money, split_by_weight
from comanage.values.period import Period, day_text
from scorecards.scoring.steps import Step

Months = Mapping[date, int]

# Every part there is, as people call it. A line of a statement names one of them.
COMPONENT_NAMES: dict[str, str] = {
    "fixed_fee": "Fixed fee",
    "salary": "Salary",
    "hourly": "Hourly duties",
    "wrvu": "Pay by wRVU",
    "savings": "Shared savings",
    "incentive": "Incentive",
}


def in_a_sentence(name: str) -> str:
    """Write a name as it stands inside a sentence: `pay by wRVU`."""
    return name[:1].lower() + name[1:]


@dataclass(frozen=True, slots=True)
class Payee:
    """A physician who is paid in person."""

    npi: str
    name: str


@dataclass(frozen=True, slots=True)
class Due:
    """An amount before caps, and how it came about.

    Attributes:
        component: `fixed_fee`, `salary`, `hourly`, `wrvu`, `savings` or `incentive`.
        label: as people call it: `Fixed fee`.
        reason: for a person, without the amount.
        steps: in the order of the calculation.
        number: of the part in the terms; 0 for the fixed fee and the incentive.
        payee: None for the group.
    """

    component: str
    label: str
    reason: str
    amount: Money
    steps: tuple[Step, ...] = ()
    number: int = 0
    payee: Payee | None = None


def flat_pay(component: str, label: str, amount: Money, in_effect: Period, period: Period) -> Due:
    """Pay a fixed fee or a salary for the part of a period in which it was in effect.

    Args:
        component: `fixed_fee` or `salary`.
        label: as people call it.
        amount: for the whole period.
        in_effect: may begin before and end after the period.
        period: cut into months from its first day.

    Raises:
        CompensationError: it was in effect on no day of the period, or the amount is negative.

    Rounding:
        The amount is divided over the months to the cent, the first ones taking the cents left
        over; a month partly in effect is paid by its days, half a cent upward.
    """
    if amount < Money(0):
        raise CompensationError(f"{label}: {amount} is negative. Agreed amounts are not.")
    if not in_effect.overlaps(period):
        raise CompensationError(f"{label} is in effect {in_effect}, on no day of {period}.")
    if in_effect.covers(period):
        return Due(component, label, f"{label} for {period}", amount)
    steps = [
        _part_month(label, each)
        for each in _months_paid(amount, in_effect, period)
        if 0 < each.days < each.month.days
    ]
    during = Period(max(in_effect.start, period.start), min(in_effect.end, period.end))
    paid = part_of(amount, in_effect, period)
    return Due(component, label, f"{label} for {during}", paid, tuple(steps))


def part_of(amount: Money, in_effect: Period, period: Period) -> Money:
    """Return what a period's amount comes to for the days in effect, as `flat_pay` pays it."""
    return sum((each.paid for each in _months_paid(amount, in_effect, period)), Money(0))


def whole_months(label: str, amount: Money, in_effect: Period, period: Period) -> Step:
    """Say what the months come to that were in effect on all their days."""
    months = _months_paid(amount, in_effect, period)
    whole = [each for each in months if each.days == each.month.days]
    return Step(
        f"{label}, whole months",
        "The year's amount is divided evenly over its months, to the cent, the first ones taking "
        "the cents left over; months in effect on all their days are paid in full.",
        (
            ("Year", str(amount)),
            ("Months", str(len(months))),
            ("Whole months in effect", str(len(whole))),
        ),
        str(sum((each.paid for each in whole), Money(0))),
    )


@dataclass(frozen=True, slots=True)
class _MonthPaid:
    """One month of an amount: its share, the days of it in effect, and what is paid for them."""

    month: Period
    share: Money
    days: int

    @property
    def paid(self) -> Money:
        if self.days == self.month.days:
            return self.share
        return self.share.times(Fraction(self.days, self.month.days))


def _months_paid(amount: Money, in_effect: Period, period: Period) -> list[_MonthPaid]:
    months = period.months()
    shares = split_by_weight(amount, [1] * len(months))
    return [
        _MonthPaid(month, share, _days_shared(in_effect, month))
        for month, share in zip(months, shares, strict=True)
    ]


def _days_shared(one: Period, other: Period) -> int:
    return max(0, (min(one.end, other.end) - max(one.start, other.start)).days)


def _part_month(label: str, each: _MonthPaid) -> Step:
    return Step(
        f"{label}, month from {day_text(each.month.start)}",
        "Pay the days in effect of the days of the month, half a cent upward.",
        (
            ("Month", str(each.share)),
            ("Days in effect", str(each.days)),
            ("Days", str(each.month.days)),
        ),
        str(each.paid),
    )
