"""The days of one month, as on a wall: those on which something is due are marked."""

from __future__ import annotations

from calendar import SUNDAY, Calendar
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from comanage.documents.charts.ink import (
    ACCENT,
    CONCERN,
    FONT,
    INK,
    PAPER,
    QUIET,
    TEXT_SIZE,
    Key,
    frame,
)
from comanage.values.period import month_text

_NAMES = ("Su", "Mo", "Tu", "We", "Th", "Fr", "Sa")
_HEAD, _ROW, _HALF = 20, 34, 13  # the line of names, a week, half a mark
_ROUND, _SQUARE = 13, 3  # corners of a mark for a day ahead, and for one that is over
_RING = 3  # around today
_GAP = 8  # above the key
_MIDDLE = 5  # from the middle of a line down to the foot of its figures


@dataclass(frozen=True, slots=True)
class DaysChart:
    """One month.

    Attributes:
        first: its first day.
        due: the last day of each thing that is ahead; a day may stand here more than once.
        late: of each thing that is overdue.
    """

    first: date
    due: tuple[date, ...]
    late: tuple[date, ...]
    today: date


def days_chart(chart: DaysChart, *, is_explained: bool = True) -> str:
    """Draw the weeks of a month below each other, from Sunday to Saturday, with a key."""
    ink = [_figure(name, _across(place), _HEAD / 2, QUIET) for place, name in enumerate(_NAMES)]
    weeks = Calendar(SUNDAY).monthdatescalendar(chart.first.year, chart.first.month)
    for line, week in enumerate(weeks):
        for place, day in enumerate(week):
            if day.month == chart.first.month:
                ink += _day(chart, day, _across(place), _HEAD + _ROW * (line + 0.5))
    key = Key(_HEAD + _ROW * len(weeks) + _GAP)
    if is_explained:
        _explain(chart, key)
    return frame(month_text(chart.first), days_sentence(chart), key.y + 6, [*ink, *key.ink])


def days_sentence(chart: DaysChart) -> str:
    """Say what is marked, in one sentence."""
    counts = Counter(chart.due)
    said = ", ".join(
        f"{day.day}" if count == 1 else f"{day.day} ({count} dates)"
        for day, count in sorted(counts.items())
    )
    late = ", ".join(str(day.day) for day in sorted(set(chart.late)))
    return (f"Due on: {said}." if said else "Nothing is due.") + (
        f" Overdue since: {late}." if late else ""
    )


def _day(chart: DaysChart, day: date, x: str, y: float) -> Iterator[str]:
    is_late, is_due = day in chart.late, day in chart.due
    if day == chart.today:
        yield _box("chart-ring", x, y, half=_HALF + _RING, corner=_ROUND + _RING)
    if is_late:
        yield _box("chart-late", x, y, corner=_SQUARE, fill=CONCERN)
    elif is_due:
        yield _box("chart-earned", x, y, corner=_ROUND, fill=ACCENT)
    yield _figure(str(day.day), x, y, PAPER if is_late or is_due else INK)


def _explain(chart: DaysChart, key: Key) -> None:
    half = 6
    key.explain(_box("chart-earned", "10", key.middle, half=half, corner=half, fill=ACCENT), "Due")
    if chart.late:
        mark = _box("chart-late", "10", key.middle, half=half, corner=1, fill=CONCERN)
        key.explain(mark, "Overdue")
    if chart.today.replace(day=1) == chart.first:
        key.explain(_box("chart-ring", "10", key.middle, half=half, corner=half), "Today")


def _across(place: int) -> str:
    return f"{(place + 0.5) / len(_NAMES) * 100:.2f}%"


def _box(kind: str, x: str, y: float, *, half: int = _HALF, corner: int, fill: str = "none") -> str:
    stroke = fill if fill != "none" else INK
    return (
        f'<svg x="{x}" y="{y:g}" width="1" height="1" overflow="visible"><rect class="{kind}" '
        f'x="{-half}" y="{-half}" width="{2 * half}" height="{2 * half}" rx="{corner}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="1.5"/></svg>'
    )


def _figure(words: str, x: str, y: float, color: str) -> str:
    kind = {QUIET: "chart-text chart-text--quiet", PAPER: "chart-text chart-text--on"}
    weight = ' font-weight="600"' if color == PAPER else ""
    return (
        f'<text class="{kind.get(color, "chart-text")}" x="{x}" y="{y + _MIDDLE:g}" '
        f'text-anchor="middle" font-family="{FONT}" font-size="{TEXT_SIZE}"{weight} '
        f'fill="{color}">{words}</text>'
    )
