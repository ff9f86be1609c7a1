"""Sites or physicians against each other, allowing for how many cases each had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from comanage.documents.charts.ink import (
    EDGE,
    INK,
    MARK_ROOM,
    NEUTRAL,
    ROW,
    ChartTable,
    Improvement,
    Key,
    Mark,
    Reading,
    better_words,
    draw_line,
    draw_mark,
    draw_sample,
    frame,
    reads_leftward,
    write,
)
from comanage.documents.charts.plot import (
    LABEL_STEP,
    MARKS,
    Height,
    axis_numbers,
    meaning_of,
    plot_width,
)

ZONES = {"beyond_998": "99.8 %", "beyond_95": "95 %"}
DASHES = {"beyond_998": "", "beyond_95": "3 3"}
BY_CHANCE = 20  # one unit in so many lies beyond a 95 % limit by chance alone
INSIDE = Mark("common", "circle", NEUTRAL, "Inside the limits")
NEAR = 8.0  # percent of the width in which a letter has no room, on a phone
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One unit.

    Attributes:
        name: of the site or physician.
        size: cases, or expected events.
        now: its result.
        zone: against the limits of its size: `inside`, `beyond_95` (between the 95 % and the
            99.8 % limit) or `beyond_998`.
        is_high: above the center; read outside the limits alone.
        cases: the counts behind it, such as `24 of 300 cases`.
        limits_95: its 95 % limits, as printed.
        limits_998: its 99.8 % limits, as printed.
    """

    name: str
    size: Reading
    now: Reading
    zone: str
    is_high: bool
    cases: str
    limits_95: str
    limits_998: str


@dataclass(frozen=True, slots=True)
class FunnelCurve:
    """The limits at one size: low and high at 95 %, low and high at 99.8 %."""

    size: Fraction
    beyond_95: tuple[float, float]
    beyond_998: tuple[float, float]


@dataclass(frozen=True, slots=True)
class FunnelChart:
    """Units against each other.

    Attributes:
        title: the indicator's name.
        improvement: which direction is better; None for neither.
        units: what is compared, such as `sites`.
        points: one for each unit.
        center: what they are compared with.
        curves: limits at two sizes or more, ascending.
        size_words: what the size counts, such as `Eligible cases`.
        warning: of over-dispersion, as a sentence; empty for none.
    """

    title: str
    improvement: Improvement | None
    units: str
    points: tuple[FunnelPoint, ...]
    center: Reading
    curves: tuple[FunnelCurve, ...]
    size_words: str
    warning: str = ""


def funnel_chart(chart: FunnelChart) -> str:
    """Draw units by size, with the limits that chance allows each size.

    Raises:
        ValueError: there is no unit, or fewer than two sizes of limits.
    """
    if not chart.points or len(chart.curves) < len(ZONES):
        raise ValueError("A funnel shows one unit or more, and limits at two sizes or more.")
    height = _height(chart)
    texts = [text for _, text in _values(chart)]
    plot = _Plot(height, plot_width(texts), float(max(curve.size for curve in chart.curves)))
    center = plot.y(chart.center.value)
    key = _key(chart, height.bottom + ROW * 2 + 8)
    ink = [
        *_curves(chart, plot),
        draw_line("chart-goal", 0, center, plot.width, center, stroke=INK, width=2),
        *_points(chart, plot),
        *axis_numbers([(plot.y(value), text) for value, text in _values(chart)], plot.width),
        *_sizes(chart, plot),
        *key.ink,
    ]
    return frame(chart.title, funnel_chart_sentence(chart), key.y, ink)


def funnel_chart_sentence(chart: FunnelChart) -> str:
    """Say which units lie outside, and how many would by chance alone, in one sentence."""
    total = len(chart.points)
    words = f"Of {total} {chart.units} compared on {chart.title}, "
    outside = [point for point in chart.points if point.zone != "inside"]
    if outside:
        named = "; ".join(f"{point.name} {_outside_words(chart, point)}" for point in outside)
        verb = "lies" if len(outside) == 1 else "lie"
        words += f"{len(outside)} {verb} outside the limits: {named}"
    else:
        words += "none lies outside the limits"
    chance = max(1, round(total / BY_CHANCE))
    words += f"; about {chance} would lie beyond the 95 % limits by chance alone"
    words += f"; they are compared with {chart.center.text}"
    return f"{words}; {better_words(chart.improvement)}." if chart.improvement else f"{words}."


def funnel_chart_table(chart: FunnelChart) -> ChartTable:
    """Put what the chart shows into a table, one row for each unit in the order given."""
    return ChartTable(
        caption=f"{chart.title}: {chart.units} compared",
        head=(
            "Name",
            chart.size_words,
            "Result",
            "Cases",
            "95 % limits",
            "99.8 % limits",
            "Reading",
        ),
        rows=tuple(
            (
                point.name,
                point.size.text,
                point.now.text,
                point.cases,
                point.limits_95,
                point.limits_998,
                _mark(chart, point).words
                if point.zone == "inside"
                else _outside_words(chart, point).capitalize(),
            )
            for point in chart.points
        ),
    )


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where sizes and values lie."""

    height: Height
    width: float
    largest: float

    def x(self, size: Fraction) -> float:
        return round(float(size) / self.largest * self.width * 0.97, 2)

    def y(self, value: Fraction | float) -> float:
        return self.height.place(float(value))


def _height(chart: FunnelChart) -> Height:
    """Span the units and the 99.8 % limits of the sizes they have; never below zero."""
    least = min(point.size.value for point in chart.points)
    shown = [float(point.now.value) for point in chart.points]
    for curve in chart.curves:
        if curve.size >= least:
            shown += curve.beyond_998
    return Height.around([*shown, float(chart.center.value)], top=float(ROW), floor=0.0)


def _curves(chart: FunnelChart, plot: _Plot) -> Iterable[str]:
    for zone, curves in _by_zone(chart).items():
        for end in (0, 1):
            for (size, limits), (next_size, next_limits) in pairwise(curves):
                if min(limits[end], next_limits[end]) > plot.height.high:
                    continue  # small sizes allow more than the plot shows
                yield draw_line(
                    "chart-limit",
                    plot.x(size),
                    plot.y(limits[end]),
                    plot.x(next_size),
                    plot.y(next_limits[end]),
                    stroke=EDGE,
                    width=1.5,
                    dash=DASHES[zone],
                )


def _by_zone(chart: FunnelChart) -> dict[str, list[tuple[Fraction, tuple[float, float]]]]:
    return {
        "beyond_95": [(curve.size, curve.beyond_95) for curve in chart.curves],
        "beyond_998": [(curve.size, curve.beyond_998) for curve in chart.curves],
    }


def _mark(chart: FunnelChart, point: FunnelPoint) -> Mark:
    """Choose the mark: its shape says for better or worse, an outline between the limits."""
    if point.zone == "inside":
        return INSIDE
    mark = MARKS[meaning_of(chart.improvement, is_high=point.is_high)]
    is_hollow = point.zone == "beyond_95"
    return Mark(mark.kind, mark.shape, mark.color, mark.words, is_hollow=is_hollow)


def _outside_words(chart: FunnelChart, point: FunnelPoint) -> str:
    """Say on which side of which limit a unit lies, such as `worse than the 95 % limit`."""
    words = {
        "improving": "better than",
        "concern": "worse than",
        "neutral_high": "above",
        "neutral_low": "below",
    }
    meaning = meaning_of(chart.improvement, is_high=point.is_high)
    return f"{words[meaning]} the {ZONES[point.zone]} limit"


def _lettered(points: Sequence[FunnelPoint]) -> Iterator[tuple[str, FunnelPoint]]:
    """Give each unit outside the limits a letter, so that point and words are found."""
    outside = [point for point in points if point.zone != "inside"]
    for index, point in enumerate(outside):
        rounds, at = divmod(index, len(LETTERS))
        yield LETTERS[at] * (rounds + 1), point


def _points(chart: FunnelChart, plot: _Plot) -> Iterable[str]:
    """Draw the units, those outside last and with their letters."""
    for point in chart.points:
        if point.zone == "inside":
            yield draw_mark(INSIDE, plot.x(point.size.value), plot.y(point.now.value))
    for _, point in _lettered(chart.points):
        yield draw_mark(_mark(chart, point), plot.x(point.size.value), plot.y(point.now.value))
    for cluster in _clusters(chart, plot):
        xs = [x for x, _, _ in cluster]
        x = min(xs) if reads_leftward(min(xs)) else max(xs)
        y = sum(y for _, y, _ in cluster) / len(cluster)
        yield write(", ".join(letter for _, _, letter in cluster), x, y + 4, bold=True, gap=11)


def _clusters(chart: FunnelChart, plot: _Plot) -> list[list[tuple[float, float, str]]]:
    """Put the letters together whose marks stand too close for a letter each."""
    clusters: list[list[tuple[float, float, str]]] = []
    places = [
        (plot.x(point.size.value), plot.y(point.now.value), letter)
        for letter, point in _lettered(chart.points)
    ]
    for place in sorted(places):
        near = (each for each in clusters if any(_is_near(place, other) for other in each))
        cluster = next(near, None)
        if cluster is None:
            clusters.append([place])
        else:
            cluster.append(place)
    return clusters


def _is_near(one: tuple[float, float, str], other: tuple[float, float, str]) -> bool:
    return abs(one[0] - other[0]) < NEAR and abs(one[1] - other[1]) < LABEL_STEP


def _values(chart: FunnelChart) -> set[tuple[Fraction, str]]:
    """Give the scale: the highest result, the lowest, and the center. The key explains the curves.

    Their names beside their ends would read as values of the scale.
    """
    shown = [point.now for point in chart.points]
    ends = (max(shown, key=lambda each: each.value), min(shown, key=lambda each: each.value))
    return {(each.value, each.text) for each in (chart.center, *ends)}


def _sizes(chart: FunnelChart, plot: _Plot) -> Iterable[str]:
    """Name the axis of sizes and its largest unit."""
    y = plot.height.bottom + ROW
    largest = max(chart.points, key=lambda point: point.size.value)
    yield draw_line(
        "chart-leader", 0, plot.height.bottom, plot.width, plot.height.bottom, stroke=EDGE, width=1
    )
    yield write("0", 0, y, quiet=True)
    yield write(largest.size.text, plot.x(largest.size.value), y, quiet=True)
    yield write(f"{chart.size_words} →", 0, y + ROW, quiet=True)


def _key(chart: FunnelChart, y: float) -> Key:
    """Explain the units outside, then the lines, then the warning."""
    key = Key(y)
    for letter, point in _lettered(chart.points):
        sample = draw_mark(_mark(chart, point), 0, key.middle, dx=MARK_ROOM / 2)
        key.explain(
            sample,
            f"{letter}: {point.name}, {_outside_words(chart, point)} "
            f"({point.now.text}, {point.cases})",
        )
    inside = draw_mark(INSIDE, 0, key.middle, dx=MARK_ROOM / 2)
    key.explain(inside, INSIDE.words)
    center = draw_sample("chart-goal", key.middle, stroke=INK, width=2)
    key.explain(center, f"Compared with {chart.center.text}")
    for zone, words in ZONES.items():
        line = draw_sample("chart-limit", key.middle, stroke=EDGE, width=1.5, dash=DASHES[zone])
        key.explain(line, f"{words} limits, by exact probabilities")
    key.say(chart.warning)
    if chart.improvement:
        key.say(better_words(chart.improvement).capitalize())
    return key
