"""When files were awaited and what came: one mark for each period, in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from comanage.documents.charts.ink import (
    ACCENT,
    CONCERN,
    FONT,
    MARK_ROOM,
    NEUTRAL,
    QUIET,
    ROW,
    TEXT_SIZE,
    Key,
    Mark,
    draw_mark,
    frame,
)

_ROOMY = 6  # so many periods leave room for two years side by side on a phone

MARKS = {
    "accepted": Mark("improving", "circle", ACCENT, "Accepted"),
    "held": Mark("improving", "diamond", ACCENT, "Waits for a person", is_hollow=True),
    "received": Mark("neutral", "circle", NEUTRAL, "Being checked", is_hollow=True),
    "due": Mark("neutral", "square", NEUTRAL, "Due now"),
    "expected": Mark("neutral", "square", NEUTRAL, "Expected later", is_hollow=True),
    "not_open": Mark("neutral", "diamond", NEUTRAL, "Year not open yet", is_hollow=True),
    "late": Mark("concern", "triangle", CONCERN, "Late", is_hollow=True),
    "missing": Mark("concern", "triangle", CONCERN, "Missing"),
}


@dataclass(frozen=True, slots=True)
class CalendarPeriod:
    """One period: its short name, such as `Jan`, its year, and its state, a key of `MARKS`."""

    name: str
    year: int
    state: str


def calendar_chart(title: str, periods: Sequence[CalendarPeriod]) -> str:
    """Draw the periods in a row, the oldest at the left, with a key of what stands there."""
    step = 100 / max(len(periods), 1)
    ink: list[str] = []
    for place, period in enumerate(periods):
        x = round(step * (place + 0.5), 2)
        ink.append(draw_mark(MARKS[period.state], x, 12))
        ink.append(_label(period.name, x, 38))
        if _names_its_year(periods, place):
            ink.append(_label(str(period.year), x, 38 + ROW - 3))
    key = Key(38 + ROW + 6)
    for state, mark in MARKS.items():
        count = sum(period.state == state for period in periods)
        if count:
            sample = draw_mark(mark, 0, key.middle, dx=MARK_ROOM / 2)
            key.explain(sample, f"{mark.words}: {count}")
    return frame(title, calendar_sentence(periods), key.y + 6, [*ink, *key.ink])


def calendar_sentence(periods: Sequence[CalendarPeriod]) -> str:
    """Say what the row shows, in one sentence."""
    if not periods:
        return "No period has begun yet."
    words = ", ".join(_counts(periods))
    noun = "period" if len(periods) == 1 else "periods"
    return f"Of {len(periods)} {noun} up to now: {words}."


def _counts(periods: Sequence[CalendarPeriod]) -> Iterator[str]:
    for state, mark in MARKS.items():
        count = sum(period.state == state for period in periods)
        if count:
            yield f"{mark.words.lower()} {count}"


def _names_its_year(periods: Sequence[CalendarPeriod], place: int) -> bool:
    """Say whether a year begins here; where it is tight, the first makes room for the second."""
    if place > 0:
        return periods[place].year != periods[place - 1].year
    is_tight = len(periods) > _ROOMY and periods[0].name != ""
    return not (is_tight and periods[1].year != periods[0].year)


def _label(words: str, x: float, y: float) -> str:
    return (
        f'<text class="chart-text chart-text--quiet" x="{x:g}%" y="{y:g}" text-anchor="middle" '
        f'font-family="{FONT}" font-size="{TEXT_SIZE}" fill="{QUIET}">{escape(words)}</text>'
    )
