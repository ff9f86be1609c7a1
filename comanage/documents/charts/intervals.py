"""A few units side by side, each with its own interval: for fewer than a funnel needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comanage.documents.charts.ink import (
    EDGE,
    INK,
    PAPER,
    ROW,
    Improvement,
    Key,
    Reading,
    better_words,
    draw_line,
    draw_sample,
    frame,
    write,
)

STEP = 46  # pixels from one unit to the next
MIDDLE = 33.0  # pixels from the top of a unit to its result
LEFT, WIDTH = 2.0, 96.0  # where the scale begins and how wide it is, in percent
LONGEST = 32  # characters of a name that fit beside its result on a phone
MARGIN = 0.06  # part of the span left free at both ends


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """One unit: its result, both ends of its 95 % interval (drawing only), its counts."""

    name: str
    now: Reading
    interval: tuple[float, float] | None
    cases: str


@dataclass(frozen=True, slots=True)
class IntervalsChart:
    """Units in the order given, and what they are held against."""

    title: str
    improvement: Improvement
    rows: tuple[IntervalRow, ...]
    reference: Reading
    reference_words: str


def intervals_chart(chart: IntervalsChart) -> str:
    """Draw each unit as a point with its interval, and the reference beside each.

    Raises:
        ValueError: there is no unit.
    """
    if not chart.rows:
        raise ValueError("Intervals stand side by side for one unit or more.")
    axis = _Axis.around(chart)
    bottom = len(chart.rows) * STEP + 6.0
    at = axis.place(float(chart.reference.value))
    ink: list[str] = []
    for place, row in enumerate(chart.rows):
        middle = place * STEP + MIDDLE  # beside the names, so that it crosses none of them
        ink.append(
            draw_line(
                "chart-goal", at, middle - 9, at, middle + 9, stroke=INK, width=1.5, dash="3 2"
            )
        )
        ink += _row(row, axis, place * STEP)
    key = Key(bottom)
    key.explain(
        draw_sample("chart-goal", key.middle, stroke=INK, width=1.5, dash="3 2"),
        f"{chart.reference_words}: {chart.reference.text}",
    )
    if any(row.interval for row in chart.rows):
        key.explain(
            draw_sample("chart-whisker", key.middle, stroke=INK, width=2),
            "95 % interval of each, for itself",
        )
    key.say(better_words(chart.improvement).capitalize())
    return frame(chart.title, intervals_sentence(chart), key.y + 6, [*ink, *key.ink])


def intervals_sentence(chart: IntervalsChart) -> str:
    """Say what stands where, in one sentence; nobody is ranked."""
    said = "; ".join(f"{row.name} {row.now.text} ({row.cases})" for row in chart.rows)
    return (
        f"{chart.title}: {said}. Held against {chart.reference.text}; "
        f"{better_words(chart.improvement)}."
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    """The stretch of values that the chart's width stands for."""

    low: float
    high: float

    @classmethod
    def around(cls, chart: IntervalsChart) -> _Axis:
        """Span every value shown; results are points, so the axis need not begin at zero."""
        shown = [float(chart.reference.value)]
        for row in chart.rows:
            shown += [float(row.now.value), *(row.interval or ())]
        low, high = min(shown), max(shown)
        margin = (high - low or abs(high) or 1.0) * MARGIN
        return cls(low - margin, high + margin)

    def place(self, value: float) -> float:
        """Give the place of a value in percent of the width."""
        return round(LEFT + (value - self.low) / (self.high - self.low) * WIDTH, 2)


def _row(row: IntervalRow, axis: _Axis, top: float) -> Iterator[str]:
    middle, x = top + MIDDLE, axis.place(float(row.now.value))
    name = row.name if len(row.name) <= LONGEST else f"{row.name[: LONGEST - 1]}…"
    yield write(name, 0, top + ROW - 4, bold=True)
    yield write(row.now.text, 100, top + ROW - 4, quiet=True)
    yield draw_line("chart-leader", LEFT, middle, LEFT + WIDTH, middle, stroke=EDGE, width=0.5)
    if row.interval:
        low, high = (axis.place(end) for end in row.interval)
        yield draw_line("chart-whisker", low, middle, high, middle, stroke=INK, width=2)
        for end in (low, high):
            yield draw_line("chart-whisker", end, middle - 5, end, middle + 5, stroke=INK, width=2)
    yield (
        f'<circle class="chart-value" cx="{x:g}%" cy="{middle:g}" r="5" fill="{INK}" '
        f'stroke="{PAPER}" stroke-width="2"/>'
    )
