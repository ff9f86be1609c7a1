"""One indicator over time, within what chance allows: points, mean, limits and goal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from comanage.documents.charts.ink import (
    EDGE,
    INK,
    MARK_ROOM,
    NEUTRAL,
    QUIET,
    ROW,
    ChartTable,
    Improvement,
    Key,
    Reading,
    better_words,
    draw_line,
    draw_mark,
    draw_sample,
    frame,
    write,
)
from comanage.documents.charts.plot import (
    MARKS,
    Height,
    axis_numbers,
    plot_width,
)

LIMIT_DASH, GOAL_DASH = "3 3", "9 4"


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One period.

    Attributes:
        period: as printed, such as `Aug 2026`.
        now: its result.
        center: the mean that it is compared with.
        lower: its lower limit.
        upper: its upper limit.
        meaning: what the special causes make of it: `common_cause`, `improving`, `concern`,
            `neutral_high` or `neutral_low`.
        cases: the counts behind it, such as `24 of 300 cases`.
        is_rebased: limits begin anew here, by a recorded decision.
    """

    period: str
    now: Reading
    center: Reading
    lower: Reading
    upper: Reading
    meaning: str = "common_cause"
    cases: str = ""
    is_rebased: bool = False


@dataclass(frozen=True, slots=True)
class TrendSignal:
    """One special cause: its words, its meaning, its first and last period as printed."""

    words: str
    meaning: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class TrendChart:
    """One indicator over time.

    Attributes:
        title: the indicator's name.
        improvement: which direction is better; None for neither.
        points: one or more, in time order, at equal steps.
        signals: special causes, in time order.
        goal: what the parties aim at, if they agreed on one.
        assurance: how sure the goal is, such as `hit or miss`; with a goal only.
        method: how the limits were made, in words.
        trial: why the limits are trial limits, as a sentence; empty when they are not.
    """

    title: str
    improvement: Improvement | None
    points: tuple[TrendPoint, ...]
    signals: tuple[TrendSignal, ...] = ()
    goal: Reading | None = None
    assurance: str = ""
    method: str = ""
    trial: str = ""


def control_chart(chart: TrendChart) -> str:
    """Draw one indicator over time with mean, limits, goal and special causes.

    Raises:
        ValueError: there is no point.
    """
    if not chart.points:
        raise ValueError("A control chart shows one period or more.")
    top = ROW * 2.0 if chart.trial else float(ROW)
    height = Height.around([float(reading.value) for reading in _shown(chart)], top=top)
    last = chart.points[-1]
    numbers = [last.lower, last.center, last.upper, *([chart.goal] if chart.goal else [])]
    width = plot_width(number.text for number in numbers)
    key = _key(chart, height.bottom + ROW + 8)
    ink = [
        *([write("Trial limits", 0, ROW - 6, bold=True)] if chart.trial else []),
        *_steps(chart, height, width),
        *_goal(chart, height, width),
        *_joints(chart, height, width),
        *_points(chart, height, width),
        *axis_numbers({(height.place(float(each.value)), each.text) for each in numbers}, width),
        *_periods(chart, height.bottom + ROW, width),
        *key.ink,
    ]
    return frame(chart.title, control_chart_sentence(chart), key.y, ink)


def control_chart_sentence(chart: TrendChart) -> str:
    """Say what the chart shows of its latest period, in one sentence."""
    last = chart.points[-1]
    cases = f" ({last.cases})" if last.cases else ""
    words = (
        f"{chart.title} in {last.period} is {last.now.text}{cases}, against a mean of "
        f"{last.center.text} and limits of {last.lower.text} to {last.upper.text}: "
        f"{MARKS[last.meaning].words.lower()}"
    )
    causes = [signal.words for signal in chart.signals if signal.last == last.period]
    if causes:
        words += f" ({', '.join(causes)})"
    if chart.goal:
        assurance = f" is {chart.assurance}" if chart.assurance else " is drawn"
        words += f"; the goal of {chart.goal.text}{assurance}"
    if chart.improvement:
        words += f"; {better_words(chart.improvement)}"
    return words + ("; these are trial limits." if chart.trial else ".")


def control_chart_table(chart: TrendChart) -> ChartTable:
    """Put what the chart shows into a table, one row for each period."""
    return ChartTable(
        caption=f"{chart.title} over time",
        head=("Period", "Result", "Cases", "Mean", "Lower limit", "Upper limit", "Reading"),
        rows=tuple(
            (
                point.period,
                point.now.text,
                point.cases,
                point.center.text,
                point.lower.text,
                point.upper.text,
                MARKS[point.meaning].words + (", limits begin anew" if point.is_rebased else ""),
            )
            for point in chart.points
        ),
    )


def _shown(chart: TrendChart) -> Iterator[Reading]:
    for point in chart.points:
        yield from (point.now, point.center, point.lower, point.upper)
    if chart.goal:
        yield chart.goal


def _edges(chart: TrendChart, index: int, width: float) -> tuple[float, float]:
    """Give the left and right end of a period's share of the width."""
    step = width / len(chart.points)
    return round(index * step, 2), round((index + 1) * step, 2)


def _middle(chart: TrendChart, index: int, width: float) -> float:
    return round((index + 0.5) * width / len(chart.points), 2)


def _steps(chart: TrendChart, height: Height, width: float) -> Iterable[str]:
    """Draw mean and limits, a step for each stretch of periods that share them."""
    lines = (
        ("chart-limit", [point.upper for point in chart.points], EDGE, LIMIT_DASH),
        ("chart-center", [point.center for point in chart.points], QUIET, ""),
        ("chart-limit", [point.lower for point in chart.points], EDGE, LIMIT_DASH),
    )
    for kind, readings, stroke, dash in lines:
        for first, stop in _level([float(reading.value) for reading in readings]):
            y = height.place(float(readings[first].value))
            left, right = _edges(chart, first, width)[0], _edges(chart, stop - 1, width)[1]
            yield draw_line(kind, left, y, right, y, stroke=stroke, width=1.5, dash=dash)
    for index, point in enumerate(chart.points):
        if point.is_rebased:
            x = _edges(chart, index, width)[0]
            yield draw_line(
                "chart-rebased", x, height.top, x, height.bottom, stroke=EDGE, width=1, dash="1 3"
            )


def _level(values: list[float]) -> Iterator[tuple[int, int]]:
    """Give first and stop of each stretch of equal values."""
    first = 0
    for index, (before, after) in enumerate(pairwise(values), start=1):
        if before != after:
            yield first, index
            first = index
    yield first, len(values)


def _goal(chart: TrendChart, height: Height, width: float) -> Iterable[str]:
    if chart.goal:
        y = height.place(float(chart.goal.value))
        yield draw_line("chart-goal", 0, y, width, y, stroke=INK, width=2, dash=GOAL_DASH)


def _joints(chart: TrendChart, height: Height, width: float) -> Iterable[str]:
    """Join the points, but not across a rebasing."""
    for index, (before, after) in enumerate(pairwise(chart.points)):
        if not after.is_rebased:
            yield draw_line(
                "chart-line",
                _middle(chart, index, width),
                height.place(float(before.now.value)),
                _middle(chart, index + 1, width),
                height.place(float(after.now.value)),
                stroke=NEUTRAL,
                width=1.5,
            )


def _points(chart: TrendChart, height: Height, width: float) -> Iterable[str]:
    for index, point in enumerate(chart.points):
        y = height.place(float(point.now.value))
        yield draw_mark(MARKS[point.meaning], _middle(chart, index, width), y)


def _periods(chart: TrendChart, y: float, width: float) -> Iterable[str]:
    """Name the first and the last period; the table names them all."""
    yield write(chart.points[0].period, 0, y, quiet=True)
    if len(chart.points) > 1:
        yield write(chart.points[-1].period, width, y, quiet=True)


def _key(chart: TrendChart, y: float) -> Key:
    """Explain special causes, lines and limits, the most important first."""
    key = Key(y)
    for signal in chart.signals:
        mark = MARKS[signal.meaning]
        period = signal.first if signal.first == signal.last else f"{signal.first} to {signal.last}"
        sample = draw_mark(mark, 0, key.middle, dx=MARK_ROOM / 2)
        key.explain(sample, f"{mark.words}: {signal.words}, {period}")
    last = chart.points[-1]
    center = draw_sample("chart-center", key.middle, stroke=QUIET, width=1.5)
    key.explain(center, f"Mean {last.center.text}")
    limit = draw_sample("chart-limit", key.middle, stroke=EDGE, width=1.5, dash=LIMIT_DASH)
    key.explain(limit, f"Limits {last.lower.text} to {last.upper.text}")
    if chart.goal:
        goal = draw_sample("chart-goal", key.middle, stroke=INK, width=2, dash=GOAL_DASH)
        assurance = f": {chart.assurance}" if chart.assurance else ""
        key.explain(goal, f"Goal {chart.goal.text}{assurance}")
    rebased = [point.period for point in chart.points if point.is_rebased]
    if rebased:
        key.say(f"Limits begin anew: {', '.join(rebased)}")
    for words in (chart.trial, chart.method):
        key.say(words)
    if chart.improvement:
        key.say(better_words(chart.improvement).capitalize())
    return key
