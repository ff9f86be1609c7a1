"""Telling clients that an address will go: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594)."""

from datetime import UTC, date, datetime, time, timedelta

from django.http import HttpResponseBase
from django.utils.http import http_date

NOTICE = timedelta(days=365)


def announce_end(
    response: HttpResponseBase, *, deprecated_on: date, ends_on: date, instead: str
) -> None:
    """Say in an answer's headers that its address ends.

    Args:
        response: the answer.
        deprecated_on: first day on which nothing new should use it.
        ends_on: first day without it, at least twelve months later.
        instead: the address of the page that says what to use.

    Raises:
        ValueError: clients would get less than twelve months' notice.
    """
    if ends_on - deprecated_on < NOTICE:
        raise ValueError("clients get twelve months' notice")
    response.headers["Deprecation"] = f"@{_seconds(deprecated_on)}"
    response.headers["Sunset"] = http_date(_seconds(ends_on))
    response.headers["Link"] = f'<{instead}>; rel="deprecation"'


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), tzinfo=UTC).timestamp())
