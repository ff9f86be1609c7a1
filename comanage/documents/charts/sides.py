"""What two sides say of the same things, on one scale from 0 to 100."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from comanage.documents.charts.ink import (
    ACCENT,
    EDGE,
    MARK_ROOM,
    NEUTRAL,
    ROW,
    Key,
    Mark,
    Reading,
    draw_line,
    draw_mark,
    frame,
    write,
)

STEP = 56  # pixels from one row to the next
SCALE = 100
LEFT, WIDTH = 3.0, 94.0  # where 0 stands and how far 100 is from it, in percent
MARKS = (
    Mark("improving", "diamond", ACCENT, "first"),
    Mark("neutral", "square", NEUTRAL, "second"),
)


@dataclass(frozen=True, slots=True)
class SidesRow:
    """One thing: what each side says of it, or None where a side says nothing; and a note."""

    name: str
    sides: tuple[Reading | None, ...]
    note: str


@dataclass(frozen=True, slots=True)
class SidesChart:
    """Rows from the top down, and the names of the two sides."""

    title: str
    names: tuple[str, str]
    rows: tuple[SidesRow, ...]


def sides_chart(chart: SidesChart) -> str:
    """Draw both sides of each row on one line, joined, so that the distance is what is seen."""
    ink: list[str] = []
    for place, row in enumerate(chart.rows):
        ink += _row(row, place * STEP)
    bottom = len(chart.rows) * STEP + 4.0
    ink += _scale(bottom)
    key = Key(bottom + ROW + 4)
    for mark, name in zip(MARKS, chart.names, strict=True):
        key.explain(draw_mark(mark, 0, key.middle, dx=MARK_ROOM / 2), name)
    return frame(chart.title, sides_chart_sentence(chart), key.y + 6, [*ink, *key.ink])


def sides_chart_sentence(chart: SidesChart) -> str:
    """Say of each row what each side says, in one sentence."""
    said = []
    for row in chart.rows:
        sides = (
            f"{name} {reading.text}"
            for name, reading in zip(chart.names, row.sides, strict=True)
            if reading is not None
        )
        said.append(f"{row.name}: {', '.join(sides) or 'nothing said'}")
    return f"{'; '.join(said)}; from 0 to {SCALE}, more is better."


def _row(row: SidesRow, top: float) -> Iterator[str]:
    middle = top + 36
    yield write(row.name, 0, top + 16, bold=True)
    yield write(row.note, 100, top + 16, quiet=True)
    yield draw_line("chart-leader", LEFT, middle, LEFT + WIDTH, middle, stroke=EDGE, width=1)
    places = [None if each is None else _place(each) for each in row.sides]
    shown = [place for place in places if place is not None]
    for left, right in pairwise(sorted(shown)):
        yield draw_line("chart-center", left, middle, right, middle, stroke=NEUTRAL, width=4)
    for mark, place in zip(MARKS, places, strict=True):
        if place is not None:
            yield draw_mark(mark, place, middle)


def _scale(y: float) -> Iterable[str]:
    yield write("0", LEFT, y + 12, quiet=True, is_rightward=True)
    yield write(str(SCALE), LEFT + WIDTH, y + 12, quiet=True)


def _place(reading: Reading) -> float:
    return round(LEFT + float(reading.value) / SCALE * WIDTH, 2)
