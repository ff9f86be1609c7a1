"""The clocks of a contract: days counted from days. Pure; today is always an argument.

All days are the hospital's own. A deadline is the last day on which a thing is still in time.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from comanage.values.period import MONTHS_IN_A_YEAR, Period, months_after

SIGNATURE_DAYS = 90
HOLD_FROM_DAY = 60
RECONCILIATION_DAYS = 90
NOTICES = (90, 60, 30, 7)


class Grace(StrEnum):
    """How far a contract is into the days in which its signature may follow."""

    WARN = "warn"
    HOLD = "hold"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class SignatureClock:
    """The grace for a signature that is missing.

    Attributes:
        day: how many days after the first day of service; that day itself is day 0.
        deadline: the last day on which the signature is in time.
    """

    day: int
    deadline: date
    grace: Grace


def signature_clock(service_from: date, *, today: date) -> SignatureClock | None:
    """Count the days since services began without all signatures; None before they begin.

    Source:
        42 CFR 411.354(e)(4): 90 consecutive calendar days. That payments wait from day 60 is
        the house's own caution.
    """
    day = (today - service_from).days
    if day < 0:
        return None
    grace = Grace.WARN
    if day >= HOLD_FROM_DAY:
        grace = Grace.HOLD
    if day > SIGNATURE_DAYS:
        grace = Grace.BLOCK
    return SignatureClock(day, service_from + timedelta(days=SIGNATURE_DAYS), grace)


def reconciliation_deadline(ended_on: date) -> date:
    """Return the last day on which payments are reconciled.

    Args:
        ended_on: the first day without the contract; 90 days after the last day with it count.

    Source:
        42 CFR 411.353(h): within 90 consecutive calendar days after expiry or termination.
    """
    return ended_on + timedelta(days=RECONCILIATION_DAYS - 1)


def days_late(done_on: date, deadline: date) -> int:
    """Count the days by which a thing came after its last day; 0 for one that was in time."""
    return max(0, (done_on - deadline).days)


def barred_until(starts_on: date, ended_on: date) -> date | None:
    """Return the first day on which a same or similar contract may begin again.

    Args:
        starts_on: the first day of the contract as it was first made, not of its renewal.
        ended_on: the first day without it.

    Returns:
        None for a contract that lasted its first year.

    Source:
        42 CFR 411.357(d)(1)(iv): one that ends in its first year is not made again within it.
    """
    first_year_over = months_after(starts_on, MONTHS_IN_A_YEAR)
    return first_year_over if ended_on < first_year_over else None


def last_notice_day(ends_on: date, notice_days: int) -> date:
    """Return the last day on which notice for the end of the term is in time."""
    return ends_on - timedelta(days=notice_days)


def earliest_end(notice_on: date, notice_days: int) -> date:
    """Return the first day without a contract that is ended without cause on a day's notice."""
    return notice_on + timedelta(days=notice_days)


def milestone(due_on: date, *, today: date) -> int | None:
    """Return which notice is due: the least of 90, 60, 30 and 7 days that is reached.

    None while the day is further away, and once it is past: then it is overdue, which the
    calendar says.
    """
    left = (due_on - today).days
    if left < 0:
        return None
    return min((days for days in NOTICES if left <= days), default=None)


def served_share(year: Period, ended_on: date) -> Fraction:
    """Return the exact share of a year's days that were served before a contract ended."""
    if ended_on <= year.start:
        return Fraction(0)
    return Fraction((min(ended_on, year.end) - year.start).days, year.days)
