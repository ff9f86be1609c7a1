"""Control charts: XmR, p and u charts, with limits for each point.

You find here center, limits and signals. What a signal means for an indicator is in
`icons.py`; the drawing is `comanage.documents.charts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import sqrt

from indicators.measure.statistics.control_points import UNBOUNDED, Bounds, ControlPoint
from indicators.measure.statistics.special_causes import Signal, find_signals

XMR_REACH = Fraction("2.66")  # average moving ranges between mean and limit: 3 / 1.128
SCREEN = Fraction("3.267")  # average moving ranges above which a moving range is screened
RANGE_TO_SIGMA = 1.128  # d2 of two points: average moving range over sigma
LEAST_POINTS = 2  # for a moving range
TRIAL_POINTS = 12  # with fewer, limits are trial limits
FINENESS = 10**12  # how finely an over-dispersion factor is kept
ZERO, ONE = Fraction(0), Fraction(1)

Counted = tuple[int, Fraction | int]


class ChartKind(StrEnum):
    """How the limits were made."""

    XMR = "xmr"
    P = "p"
    U = "u"
    P_PRIME = "p_prime"
    U_PRIME = "u_prime"


KIND_WORDS = {
    ChartKind.XMR: "XmR chart: mean and 2.66 average moving ranges",
    ChartKind.P: "p chart: three sigmas of each period's own number of cases",
    ChartKind.U: "u chart: three sigmas of each period's own exposure",
    ChartKind.P_PRIME: "p' chart: three sigmas of each period's own cases, widened",
    ChartKind.U_PRIME: "u' chart: three sigmas of each period's own exposure, widened",
}
WIDENED = frozenset({ChartKind.P_PRIME, ChartKind.U_PRIME})


@dataclass(frozen=True, slots=True)
class NotDrawn:
    """There is no chart, and why, in a sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stretches:
    """Where limits begin anew, by a recorded decision of the parties.

    Attributes:
        rebased_at: index of each point that begins new limits, ascending, from 1 on; the first
            point begins limits anyway.
        fixed_after: limits of each stretch come from its first so many points and stay;
            None for all points of the stretch.
    """

    rebased_at: tuple[int, ...] = ()
    fixed_after: int | None = None

    def split(self, points: int) -> list[range]:
        """Give the indexes of each stretch of a chart with so many points.

        Raises:
            ValueError: a rebasing lies outside the chart or out of order, or limits are fixed
                after fewer than two points.
        """
        edges = [0, *self.rebased_at, points]
        if points and any(after <= before for before, after in pairwise(edges)):
            raise ValueError(
                f"Limits cannot be rebased at {list(self.rebased_at)}: name points from 1 to "
                f"{points - 1}, ascending."
            )
        if self.fixed_after is not None and self.fixed_after < LEAST_POINTS:
            raise ValueError(f"Limits need {LEAST_POINTS} points or more, not {self.fixed_after}.")
        return [range(start, stop) for start, stop in pairwise(edges)]


ONE_STRETCH = Stretches()


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A chart ready to be drawn and spoken of.

    Attributes:
        points: in time order, each with its limits.
        kind: how the limits were made.
        limits_from: points that the latest limits were computed from.
        signals: special causes, by their first point.
        dispersion: factor by which the latest limits were widened for over-dispersion; 1
            when they were not.
        screened: moving ranges left out of the limits as outliers; None when the caller did
            not ask for screening.
    """

    points: tuple[ControlPoint, ...]
    kind: ChartKind
    limits_from: int
    signals: tuple[Signal, ...]
    dispersion: float = 1.0
    screened: int | None = None

    @property
    def center(self) -> Fraction:
        """The latest mean."""
        return self.points[-1].center

    @property
    def limits(self) -> tuple[float, float]:
        """Lower and upper limit of the latest point, for drawing."""
        return self.points[-1].lower, self.points[-1].upper

    @property
    def is_trial(self) -> bool:
        """Say whether the latest limits rest on fewer than twelve points.

        Source:
            NHS England, Making Data Count: fewer than 12 points give trial limits.
        """
        return self.limits_from < TRIAL_POINTS

    @property
    def trial_words(self) -> str:
        """Say that limits are trial limits; empty when they are not."""
        if not self.is_trial:
            return ""
        return f"Trial limits: they rest on {self.limits_from} points, fewer than {TRIAL_POINTS}."

    @property
    def method_words(self) -> str:
        """Say how the limits were made, and whether anything was screened or widened."""
        words = KIND_WORDS[self.kind]
        if self.kind is ChartKind.XMR:
            if self.screened is None:
                return f"{words}; outlying moving ranges are not screened"
            return f"{words}; outlying moving ranges screened: {self.screened}"
        if self.kind in WIDENED:
            return f"{words} {self.dispersion:.1f} times"
        return words


@dataclass(frozen=True, slots=True)
class _Limits:
    """Center and variances of one stretch."""

    center: Fraction
    variances: tuple[Fraction, ...]
    dispersion: float = 1.0
    screened: int = 0


def xmr_chart(
    values: Sequence[Fraction],
    *,
    stretches: Stretches = ONE_STRETCH,
    screen_outliers: bool = False,
    bounds: Bounds = UNBOUNDED,
) -> ControlChart | NotDrawn:
    """Chart individual values: mean, and limits 2.66 average moving ranges away. Exact.

    Args:
        values: one for each period, in time order; periods without a value are left out.
        stretches: where limits begin anew.
        screen_outliers: leave moving ranges of 3.267 times their average or more out of the
            average, once. Off by default, as in the NHS spreadsheet; the R package of the NHS
            community screens by default. Say it on the chart when it is on.
        bounds: least and greatest value that can occur.

    Returns:
        The chart; or why a stretch has too few points.

    Source:
        W. A. Shewhart's individuals chart as given by D. J. Wheeler, Understanding Variation
        (1993): 2.66 = 3 / 1.128. NHS England, Making Data Count. Screening: L. P. Provost and
        S. K. Murray, The Health Care Data Guide (2011): 3.267 = D4 of two points.
    """

    def limits(stretch: range, base: range) -> _Limits:
        based = [Fraction(values[index]) for index in base]
        ranges = [abs(after - before) for before, after in pairwise(based)]
        average = sum(ranges, ZERO) / len(ranges)
        kept = [each for each in ranges if each < SCREEN * average] if screen_outliers else ranges
        average = sum(kept, ZERO) / len(kept) if kept else average
        variance = (XMR_REACH / 3 * average) ** 2
        center = sum(based, ZERO) / len(based)
        return _Limits(center, (variance,) * len(stretch), screened=len(ranges) - len(kept))

    exact = [Fraction(value) for value in values]
    chart = _chart(exact, limits, ChartKind.XMR, stretches, bounds)
    if isinstance(chart, NotDrawn) or screen_outliers:
        return chart
    return replace(chart, screened=None)


def p_chart(
    counts: Sequence[tuple[int, int]],
    *,
    stretches: Stretches = ONE_STRETCH,
    widen: bool = False,
) -> ControlChart | NotDrawn:
    """Chart proportions with limits from each period's own cases, drawn within 0 and 1.

    The center is all cases that met over all cases; sigma is sqrt(c (1 - c) / cases).

    Args:
        counts: numerator and eligible cases of each period, in time order; periods without a
            case are left out.
        stretches: where limits begin anew.
        widen: multiply sigma by Laney's factor where the points spread more than chance
            makes them (`p_prime`).

    Raises:
        ValueError: a period has no cases, or more met than there are.

    Source:
        D. C. Montgomery, Introduction to Statistical Quality Control, p chart with variable
        sample size. D. B. Laney, Improved control charts for attributes, Quality Engineering
        14 (2002) 531-537: sigma of the z scores is their average moving range / 1.128. Laney
        also narrows limits below a factor of 1; here a factor below 1 counts as 1.
    """
    for met, cases in counts:
        if not 0 <= met <= cases or cases == 0:
            raise ValueError(
                f"{met} of {cases} cases is no point of a p chart: leave out periods without cases."
            )
    return _attribute_chart(
        counts,
        lambda center: center * (1 - center),
        (ChartKind.P_PRIME if widen else ChartKind.P, (ZERO, ONE)),
        stretches,
    )


def u_chart(
    counts: Sequence[Counted],
    *,
    stretches: Stretches = ONE_STRETCH,
    widen: bool = False,
) -> ControlChart | NotDrawn:
    """Chart events per unit of exposure with limits from each period's own exposure.

    The center is all events over all exposure; sigma is sqrt(c / exposure). Limits are drawn
    no lower than 0.

    Args:
        counts: events and exposure (days, cases, hours) of each period, in time order.
        stretches: where limits begin anew.
        widen: multiply sigma by Laney's factor, as in `p_chart` (`u_prime`).

    Raises:
        ValueError: a period has no exposure, or fewer than no events.

    Source:
        Montgomery and Laney, as for `p_chart`.
    """
    for events, exposure in counts:
        if events < 0 or exposure <= 0:
            raise ValueError(
                f"{events} events in {exposure} is no point of a u chart: leave out periods "
                "without exposure."
            )
    return _attribute_chart(
        counts,
        lambda center: center,
        (ChartKind.U_PRIME if widen else ChartKind.U, (ZERO, None)),
        stretches,
    )


def _attribute_chart(
    counts: Sequence[Counted],
    variance_of: Callable[[Fraction], Fraction],
    shape: tuple[ChartKind, Bounds],
    stretches: Stretches,
) -> ControlChart | NotDrawn:
    """Chart counts over exposures, whose spread follows from the center and the exposure."""
    kind, bounds = shape
    values = [Fraction(above) / below for above, below in counts]

    def limits(stretch: range, base: range) -> _Limits:
        above = sum(counts[index][0] for index in base)
        center = above / sum((Fraction(counts[index][1]) for index in base), ZERO)
        unit = variance_of(center)
        factor = 1.0
        if kind in WIDENED and unit:
            factor = _laney([
                float(values[index] - center) / sqrt(unit / counts[index][1]) for index in base
            ])  # fmt: skip
        squared = Fraction(factor).limit_denominator(FINENESS) ** 2
        variances = tuple(unit / counts[index][1] * squared for index in stretch)
        return _Limits(center, variances, dispersion=factor)

    return _chart(values, limits, kind, stretches, bounds)


def _laney(scores: Sequence[float]) -> float:
    """Return how much wider the points spread than chance makes them; at least 1."""
    ranges = [abs(after - before) for before, after in pairwise(scores)]
    return max(1.0, sum(ranges) / len(ranges) / RANGE_TO_SIGMA)


def _chart(
    values: Sequence[Fraction],
    limits: Callable[[range, range], _Limits],
    kind: ChartKind,
    stretches: Stretches,
    bounds: Bounds,
) -> ControlChart | NotDrawn:
    """Compute limits stretch by stretch and find the special causes."""
    parts = stretches.split(len(values))
    for part in parts:
        if len(part) < LEAST_POINTS:
            where = f" from point {part.start + 1}" if part.start else ""
            return NotDrawn(f"A control chart needs {LEAST_POINTS} points or more{where}.")
    bases = [part[: stretches.fixed_after] for part in parts]
    found = [limits(part, base) for part, base in zip(parts, bases, strict=True)]
    points = tuple(_points(values, parts, found, bounds))
    return ControlChart(
        points=points,
        kind=kind,
        limits_from=len(bases[-1]),
        signals=find_signals(points),
        dispersion=found[-1].dispersion,
        screened=sum(each.screened for each in found),
    )


def _points(
    values: Sequence[Fraction], parts: Sequence[range], found: Sequence[_Limits], bounds: Bounds
) -> Iterator[ControlPoint]:
    for stretch, (part, limits) in enumerate(zip(parts, found, strict=True)):
        for index, variance in zip(part, limits.variances, strict=True):
            yield ControlPoint(values[index], limits.center, variance, stretch, bounds)
