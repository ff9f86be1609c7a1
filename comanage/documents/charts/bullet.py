"""One indicator now, against its tiers and its baseline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from comanage.documents.charts.ink import (
    EDGE,
    INK,
    PAPER,
    ROW,
    Improvement,
    Reading,
    better_words,
    draw_line,
    frame,
    reads_leftward,
    write,
)

# Shades of one hue, pale to deep: a deeper band is a better result.
BANDS = ("#e9f0f7", "#cfe0f1", "#aecbe8", "#8ab3dc", "#679bce")
MARGIN = 0.12  # part of the span left free at both ends of the axis


@dataclass(frozen=True, slots=True)
class Goal:
    """The result that earns a tier."""

    name: str
    at: Reading


@dataclass(frozen=True, slots=True)
class BulletChart:
    """One indicator now, against its tiers and its baseline.

    Attributes:
        title: the indicator's name.
        improvement: which direction is better.
        now: the result as it was compared with the goals; None when there is no rate, and
            then `not_scored` says why.
        goals: tiers from the easiest to the best; at most four.
        reached: name of the tier the scoring gave; empty for none. Not derived here, because
            the terms say how a result is rounded before it is compared.
        baseline: the result before the agreement, if the parties named one.
        interval: lower and upper end of the 95 % interval; drawing only.
        cases: the counts behind the result, such as `424 of 5,279`.
        bounds: values the axis never passes, such as 0 and 1 for a proportion.
    """

    title: str
    improvement: Improvement
    now: Reading | None
    goals: tuple[Goal, ...] = ()
    reached: str = ""
    baseline: Reading | None = None
    interval: tuple[float, float] | None = None
    cases: str = ""
    not_scored: str = ""
    bounds: tuple[Fraction | None, Fraction | None] = (Fraction(0), None)


def bullet(chart: BulletChart) -> str:
    """Draw one indicator now against tiers, goal and baseline."""
    axis = _Axis.around(chart)
    labels = _label_rows(chart, axis)
    band_top, band_bottom = ROW + 4.0, ROW + 28.0
    labels_top = band_bottom + 10
    height = labels_top + ROW * (len(labels) + 1)
    ink = [
        *_bands(chart, axis, top=band_top, height=band_bottom - band_top),
        *_leaders(labels, top=band_bottom, labels_top=labels_top),
        *_goal_bars(chart, axis, top=band_top - 3, bottom=band_bottom + 3),
        *_now(chart, axis, middle=(band_top + band_bottom) / 2),
        *_labels(labels, top=labels_top),
        _direction(chart.improvement, y=labels_top + ROW * (len(labels) + 1) - 6),
    ]
    return frame(chart.title, bullet_sentence(chart), height, ink)


def bullet_sentence(chart: BulletChart) -> str:
    """Say what the bullet chart shows, in one sentence."""
    better = better_words(chart.improvement)
    if chart.now is None:
        reason = chart.not_scored or "no rate"
        return f"{chart.title} is not scored: {reason} ({better})."
    cases = f" ({chart.cases})" if chart.cases else ""
    words = f"{chart.title} is {chart.now.text}{cases}"
    names = [goal.name for goal in chart.goals]
    tiers_met = names.index(chart.reached) + 1 if chart.reached else 0
    if tiers_met:
        met = chart.goals[tiers_met - 1]
        words += f", meeting {met.name} ({met.at.text})"
    if tiers_met < len(names):
        missed = chart.goals[tiers_met]
        words += f"{' but not' if tiers_met else ', short of'} {missed.name} ({missed.at.text})"
    if chart.baseline:
        words += f"; the baseline was {chart.baseline.text}"
    return f"{words}; {better}."


@dataclass(frozen=True, slots=True)
class _Axis:
    """The stretch of values that the chart's width stands for."""

    low: float
    high: float

    @classmethod
    def around(cls, chart: BulletChart) -> _Axis:
        """Span every value shown, with a margin, inside the bounds.

        The result is a point and not a bar, so the axis need not begin at zero.
        """
        shown = [float(goal.at.value) for goal in chart.goals]
        shown += [float(reading.value) for reading in (chart.now, chart.baseline) if reading]
        shown += chart.interval or ()
        low, high = (min(shown), max(shown)) if shown else (0.0, 1.0)
        margin = (high - low or abs(high) or 1.0) * MARGIN
        floor, ceiling = chart.bounds
        low = low - margin if floor is None else max(low - margin, float(floor))
        high = high + margin if ceiling is None else min(high + margin, float(ceiling))
        return cls(low, max(high, low + margin))

    def place(self, value: float) -> float:
        """Give the place of a value in percent of the width."""
        within = (value - self.low) / (self.high - self.low)
        return round(min(max(within, 0.0), 1.0) * 100, 2)


def _bands(chart: BulletChart, axis: _Axis, *, top: float, height: float) -> Iterable[str]:
    """Shade the stretches between goals, deeper where the result is better."""
    edges = sorted(axis.place(float(goal.at.value)) for goal in chart.goals)
    stretches = list(zip([0.0, *edges], [*edges, 100.0], strict=True))
    if chart.improvement == "decrease":
        stretches.reverse()
    for shade, (left, right) in enumerate(stretches):
        step = min(shade, len(BANDS) - 1)
        yield (
            f'<rect class="chart-band-{step + 1}" x="{left:g}%" y="{top:g}" '
            f'width="{round(right - left, 2):g}%" height="{height:g}" fill="{BANDS[step]}"/>'
        )


def _goal_bars(chart: BulletChart, axis: _Axis, *, top: float, bottom: float) -> Iterable[str]:
    """Draw each goal as a cross-bar and the baseline as a broken one."""
    for goal in chart.goals:
        x = axis.place(float(goal.at.value))
        yield draw_line("chart-goal", x, top, x, bottom, stroke=INK, width=2)
    if chart.baseline:
        x = axis.place(float(chart.baseline.value))
        yield draw_line("chart-goal", x, top, x, bottom, stroke=INK, width=2, dash="3 3")


def _now(chart: BulletChart, axis: _Axis, *, middle: float) -> Iterable[str]:
    """Draw the result as a point with its interval, and its value above it."""
    if chart.now is None:
        yield write(f"Not scored: {chart.not_scored or 'no rate'}", 0, ROW - 6, bold=True)
        return
    x = axis.place(float(chart.now.value))
    if chart.interval:
        low, high = (axis.place(end) for end in chart.interval)
        yield draw_line("chart-whisker", low, middle, high, middle, stroke=INK, width=2)
        for end in (low, high):
            yield draw_line("chart-whisker", end, middle - 5, end, middle + 5, stroke=INK, width=2)
    yield (
        f'<circle class="chart-value" cx="{x:g}%" cy="{middle:g}" r="6" fill="{INK}" '
        f'stroke="{PAPER}" stroke-width="2"/>'
    )
    yield write(f"Now {chart.now.text}", x, ROW - 6, bold=True)


def _label_rows(chart: BulletChart, axis: _Axis) -> list[tuple[float, str]]:
    """Give each goal its own line of words, so that two near goals never collide.

    The right half comes first, from left to right, written leftward of its leader; then the
    left half from right to left, written rightward: leaders do not cross words.
    """
    words = [
        (axis.place(float(goal.at.value)), f"{goal.name} {goal.at.text}") for goal in chart.goals
    ]
    if chart.baseline:
        words.append((axis.place(float(chart.baseline.value)), f"Baseline {chart.baseline.text}"))
    right = sorted(label for label in words if reads_leftward(label[0]))
    left = sorted((label for label in words if not reads_leftward(label[0])), reverse=True)
    return right + left


def _leaders(rows: list[tuple[float, str]], *, top: float, labels_top: float) -> Iterable[str]:
    """Lead the eye from each goal down to its words."""
    for row, (x, _) in enumerate(rows):
        bottom = labels_top + ROW * (row + 1) - 4
        yield draw_line("chart-leader", x, top, x, bottom, stroke=EDGE, width=1)


def _labels(rows: list[tuple[float, str]], *, top: float) -> Iterable[str]:
    """Write the words of each goal beside its leader."""
    for row, (x, words) in enumerate(rows):
        yield write(words, x, top + ROW * (row + 1) - 6, quiet=True, gap=6)


def _direction(improvement: Improvement, *, y: float) -> str:
    """Say which way is better, at the end of the axis where better lies."""
    if improvement == "increase":
        return write("Higher is better →", 100, y, quiet=True)
    return write("← Lower is better", 0, y, quiet=True)
