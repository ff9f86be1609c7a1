"""Dates as a calendar that other programs subscribe to. Pure.

Source:
    RFC 5545: sections 3.1 (lines end in CRLF and are folded at 75 octets), 3.3.11 (what is
    escaped in a text), 3.6.1 (an event of a whole day), 3.6.6 (an alarm), 3.8.4.6 (the page of an
    event), 3.8.4.7 (a UID that stays). RFC 7986, 5.7: how often it is read again.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from agreements.dates.critical import CriticalDate, Place

MOST_OCTETS = 75
ALARM = "-P7D"  # as the last notice but one is given here
_CONTROLS = dict.fromkeys([*range(0x20), 0x7F])
_ESCAPES = _CONTROLS | str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def calendar_text(
    name: str,
    dates: Iterable[CriticalDate],
    *,
    at: datetime,
    host: str,
    page_of: Callable[[Place], str],
) -> str:
    """Write dates as one calendar.

    Args:
        name: what the calendar is called.
        dates: each becomes an event of a whole day.
        at: when it is written, in UTC.
        host: whose UIDs they are.
        page_of: gives the whole address of the page where one acts.
    """
    stamp = f"{at:%Y%m%dT%H%M%SZ}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//CoManage//Critical dates//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        *(line for each in dates for line in _event(each, stamp, host, page_of)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(each: CriticalDate, stamp: str, host: str, page_of: Callable[[Place], str]) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{each.key}@{host}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{each.due_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{each.due_on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(each.title)}",
        f"DESCRIPTION:{_text(f'{each.to_do} ({each.owner.label})')}",
        f"URL:{page_of(each.place)}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(each.title)}",
        f"TRIGGER:{ALARM}",
        "END:VALARM",
        "END:VEVENT",
    ]


def _text(text: str) -> str:
    return text.translate(_ESCAPES)


def _folded(line: str) -> Iterator[str]:
    """Cut a line so that no part is longer than 75 octets, and no letter is cut in two."""
    part, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > MOST_OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + octets
    yield part
