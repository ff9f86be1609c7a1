"""Periods in addresses: `2025`, `2025-10` or `2025-01-01/2025-12-31` with both days inside."""

import re
from datetime import date, timedelta

from comanage.values.period import Period

_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_NEXT_MONTH = timedelta(days=31)


def read_period(text: str) -> Period:
    """Read a period.

    Raises:
        ValueError: it is none of the three forms, or beyond the calendar.
    """
    try:
        return _read(text)
    except OverflowError as beyond:
        raise ValueError("The calendar ends with the year 9999.") from beyond
    except ValueError as wrong:  # its own words would repeat what was sent
        raise ValueError("Give period as 2025, 2025-10 or 2025-01-01/2025-12-31.") from wrong


def write_period(period: Period) -> str:
    """Write a period by its two days, so that `read_period` gives it back."""
    return f"{period.start.isoformat()}/{period.last.isoformat()}"


def _read(text: str) -> Period:
    if _YEAR.fullmatch(text):
        return Period(date(int(text), 1, 1), date(int(text) + 1, 1, 1))
    if _MONTH.fullmatch(text):
        first = date.fromisoformat(f"{text}-01")
        return Period(first, (first + _NEXT_MONTH).replace(day=1))
    first_day, slash, last_day = text.partition("/")
    if not slash:
        raise ValueError("none of the three forms")
    return Period(date.fromisoformat(first_day), date.fromisoformat(last_day) + timedelta(days=1))
