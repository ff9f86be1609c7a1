"""Dates of FHIR, which may name a year, a month, a day or an instant, as first and last days."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from indicators.exchange.errors import refusal
from indicators.exchange.reading import Element

LAST_MONTH = 12
_DATE = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(?P<time>T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
)


def first_day(text: str, place: str) -> date:
    """Return the first day that a FHIR date or instant can mean, as its sender's clock had it.

    Raises:
        ExchangeError: it is not a date of FHIR.
    """
    return _day(text, place, is_end=False)


def last_day(text: str, place: str) -> date:
    """Return the last day that a FHIR date can mean: the end of a year or month, or the day."""
    return _day(text, place, is_end=True)


def period_document(period: Element | None) -> dict[str, Any] | None:
    """Write a Period: its ends as they were sent, its first and last day, and the day after.

    The last day is inside the period, as in FHIR; `until` is the first day after it.

    Raises:
        ExchangeError: an end that is no date, or an end before the start.
    """
    if period is None:
        return None
    start, end = period.text("start"), period.text("end")
    first = first_day(start, period.at("start")) if start else None
    last = last_day(end, period.at("end")) if end else None
    if first and last and last < first:
        raise refusal(period.path, f"The period ends on {last}, before it starts on {first}.")
    return {
        "start": start or None,
        "end": end or None,
        "first_day": first.isoformat() if first else None,
        "last_day": last.isoformat() if last else None,
        "until": (last + timedelta(days=1)).isoformat() if last and last < date.max else None,
    }


def _day(text: str, place: str, *, is_end: bool) -> date:
    found = _DATE.fullmatch(text)
    try:
        if not found:
            raise ValueError
        year = int(found["year"])
        month = int(found["month"] or (LAST_MONTH if is_end else 1))
        day = int(found["day"] or (monthrange(year, month)[1] if is_end else 1))
        return date(year, month, day)
    except ValueError:
        raise refusal(place, "This is not a date such as 2026-01-31.") from None
