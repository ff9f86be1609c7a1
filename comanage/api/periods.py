"""Periods in addresses: `2025`, `2025-10` or `2025-01-01/2025-12-31` with both days inside."""

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta

from comanage.values.period import Period

MONTHS = 12
_YEAR = re.compile(r"([0-9]{4})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAYS = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})/([0-9]{4})-([0-9]{2})-([0-9]{2})")
_BEYOND = "The calendar ends with 30 Dec 9999. Give an earlier period."


def read_period(text: str) -> Period:
    """Read a period.

    Raises:
        ValueError: it is none of the three forms, or not of the calendar; the words say what is
            wrong and repeat nothing.
    """
    for form, read in ((_YEAR, _year), (_MONTH, _month), (_DAYS, _days)):
        if found := form.fullmatch(text):
            try:
                return read(*map(int, found.groups()))
            except OverflowError as beyond:
                raise ValueError(_BEYOND) from beyond
    raise ValueError("Give period as 2025, 2025-10 or 2025-01-01/2025-12-31.")


def write_period(period: Period) -> str:
    """Write a period by its two days, so that `read_period` gives it back."""
    return f"{period.start.isoformat()}/{period.last.isoformat()}"


def _year(year: int) -> Period:
    return Period(_day("The period", year), _first_of_year(year + 1))


def _month(year: int, month: int) -> Period:
    first = _day("The period", year, month)
    return Period(first, _after(first.replace(day=_days_in(year, month))))


def _days(*numbers: int) -> Period:
    first, last = _day("The first day", *numbers[:3]), _day("The last day", *numbers[3:])
    if last < first:
        raise ValueError("The last day lies before the first. Give the earlier day first.")
    return Period(first, _after(last))


def _day(what: str, year: int, month: int = 1, day: int = 1) -> date:
    """Make a day, or say which of its three numbers the calendar lacks."""
    if year < MINYEAR:
        raise ValueError(f"{what} has a year before 0001. Give a year of the calendar.")
    if not 1 <= month <= MONTHS:
        raise ValueError(f"{what} has a month that is none. Months are 01 to 12.")
    if not 1 <= day <= _days_in(year, month):
        raise ValueError(
            f"{what} is not in the calendar. That month has the days 01 to {_days_in(year, month)}."
        )
    return date(year, month, day)


def _days_in(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _first_of_year(year: int) -> date:
    if year > MAXYEAR:
        raise OverflowError
    return date(year, 1, 1)


def _after(day: date) -> date:
    return day + timedelta(days=1)
