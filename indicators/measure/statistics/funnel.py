"""Funnels: sites or physicians against each other, allowing for how many cases each had.

You find here the limits and where each unit lies. A unit outside is a reason to check case
mix, coding and data first; a funnel never ranks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt

from indicators.measure.statistics.control_points import Side
from indicators.measure.statistics.distributions import binomial_quantile, poisson_quantile

LEAST_UNITS = 10  # with fewer, compare each with its own limits in time
TAILS_95 = (0.025, 0.975)
TAILS_998 = (0.001, 0.999)
TRIMMED = 10  # one in so many units at each end is winsorized
CURVE_STEPS = 60  # sizes at which the limits are drawn

Quantile = Callable[[float, Fraction], float]  # share and size to a count


class FunnelKind(StrEnum):
    """What the units are compared on."""

    PROPORTION = "proportion"
    OBSERVED_OVER_EXPECTED = "observed_over_expected"


class Zone(StrEnum):
    """Where a unit lies."""

    INSIDE = "inside"
    BEYOND_95 = "beyond_95"
    BEYOND_998 = "beyond_998"


ZONE_WORDS = {
    Zone.INSIDE: "inside the limits",
    Zone.BEYOND_95: "beyond the 95 % limit",
    Zone.BEYOND_998: "beyond the 99.8 % limit",
}


@dataclass(frozen=True, slots=True)
class NoFunnel:
    """There is no funnel, and why, in a sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """What chance allows a unit of one size, in the unit of the values."""

    size: Fraction
    low_998: float
    low_95: float
    high_95: float
    high_998: float


@dataclass(frozen=True, slots=True)
class FunnelUnit:
    """One site or physician: size (cases, or expected events), value and place."""

    name: str
    size: Fraction
    value: Fraction
    limits: FunnelLimits
    zone: Zone
    side: Side | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """Units with their limits, ready to be drawn.

    Attributes:
        kind: proportion, or observed over expected.
        units: in the order given.
        center: the value that every unit is compared with.
        curves: limits at ascending sizes, for drawing.
        dispersion: spread of the units over the spread that chance makes (phi); about 1 when
            chance explains it. The limits are not widened by it.
    """

    kind: FunnelKind
    units: tuple[FunnelUnit, ...]
    center: Fraction
    curves: tuple[FunnelLimits, ...]
    dispersion: float

    @property
    def is_over_dispersed(self) -> bool:
        """Say whether the units spread more than chance makes them.

        Source:
            Spiegelhalter (2005): where chance explains all, units x phi is about chi-square, so
            that phi rarely exceeds 1 + 2 sqrt(2 / units); winsorizing makes it rarer still.
        """
        return self.dispersion > 1 + 2 * sqrt(2 / len(self.units))

    @property
    def dispersion_words(self) -> str:
        """Warn of over-dispersion; empty when there is none."""
        if not self.is_over_dispersed:
            return ""
        return (
            f"The units differ {self.dispersion:.1f} times as much as chance makes them, so the "
            "limits are too narrow for naming outliers: check case mix and data first."
        )


def proportion_funnel(
    units: Sequence[tuple[str, int, int]], *, center: Fraction | None = None
) -> Funnel | NoFunnel:
    """Compare proportions with exact binomial 95 % and 99.8 % limits, interpolated.

    Args:
        units: name, numerator and eligible cases of each.
        center: proportion to compare with; None for all cases that met over all cases.

    Returns:
        The funnel; or why there is none: fewer than ten units.

    Raises:
        ValueError: a unit has no cases or more met than it has, or the center is no proportion.

    Source:
        D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in
        Medicine 24 (2005) 1185-1202, appendix: exact limits for discrete data, interpolated.
    """
    for _, met, cases in units:
        if not 0 <= met <= cases or cases == 0:
            raise ValueError(f"{met} of {cases} cases is no unit of a funnel.")
    if len(units) < LEAST_UNITS:
        return _too_few(len(units))
    if center is None:
        center = Fraction(sum(unit[1] for unit in units), sum(unit[2] for unit in units))
    if not 0 <= center <= 1:
        raise ValueError(f"{center} is not a proportion to compare with.")
    chance = float(center)
    return _funnel(
        FunnelKind.PROPORTION,
        [(name, Fraction(cases), Fraction(met, cases)) for name, met, cases in units],
        (center, center * (1 - center)),
        lambda share, size: binomial_quantile(share, int(size), chance),
    )


def expected_funnel(
    units: Sequence[tuple[str, int, Fraction | int]], *, center: Fraction = Fraction(1)
) -> Funnel | NoFunnel:
    """Compare observed over expected with exact Poisson 95 % and 99.8 % limits, interpolated.

    Args:
        units: name, observed events and expected events of each.
        center: ratio to compare with; 1 is as the risk model expects.

    Returns:
        The funnel; or why there is none: fewer than ten units.

    Raises:
        ValueError: a unit expects nothing, a count or the center is negative.

    Source:
        Spiegelhalter (2005), as for `proportion_funnel`: standardized event ratios.
    """
    for _, observed, expected in units:
        if observed < 0 or expected <= 0:
            raise ValueError(f"{observed} observed, {expected} expected is no unit of a funnel.")
    if center < 0:
        raise ValueError(f"{center} is not a ratio to compare with.")
    if len(units) < LEAST_UNITS:
        return _too_few(len(units))
    return _funnel(
        FunnelKind.OBSERVED_OVER_EXPECTED,
        [(name, Fraction(expected), Fraction(seen) / expected) for name, seen, expected in units],
        (center, center),
        lambda share, size: poisson_quantile(share, float(size * center)),
    )


def _too_few(units: int) -> NoFunnel:
    return NoFunnel(
        f"A funnel needs {LEAST_UNITS} units or more, not {units}: with so few, look at the "
        "control chart and the interval of each."
    )


def _funnel(
    kind: FunnelKind,
    units: Sequence[tuple[str, Fraction, Fraction]],
    spread: tuple[Fraction, Fraction],
    quantile: Quantile,
) -> Funnel:
    """Place each unit; `spread` is the center and the variance of a unit of size 1."""
    center, variance = spread
    sizes = sorted({size for _, size, _ in units})
    limits = {size: _limits(size, quantile) for size in {*sizes, *_curve_sizes(sizes, kind)}}
    scores = [
        float(value - center) / sqrt(variance / size) if variance else 0.0
        for _, size, value in units
    ]
    return Funnel(
        kind=kind,
        units=tuple(
            FunnelUnit(name, size, value, limits[size], *_placed(value, limits[size]))
            for name, size, value in units
        ),
        center=center,
        curves=tuple(limits[size] for size in sorted(limits)),
        dispersion=_dispersion(scores),
    )


def _curve_sizes(sizes: Sequence[Fraction], kind: FunnelKind) -> set[Fraction]:
    """Choose sizes for drawing, from a little below the least unit to the largest.

    Whole numbers of cases; closer together at the small end, where the funnel is steep.
    """
    least, most = sizes[0] / 2, sizes[-1]
    chosen = {
        least + (most - least) * Fraction(step, CURVE_STEPS) ** 2 for step in range(CURVE_STEPS + 1)
    }
    if kind is FunnelKind.PROPORTION:
        return {Fraction(max(1, round(size))) for size in chosen}
    return chosen


def _limits(size: Fraction, quantile: Quantile) -> FunnelLimits:
    low_998, high_998 = (quantile(share, size) / float(size) for share in TAILS_998)
    low_95, high_95 = (quantile(share, size) / float(size) for share in TAILS_95)
    return FunnelLimits(size, low_998, low_95, high_95, high_998)


def _placed(value: Fraction, limits: FunnelLimits) -> tuple[Zone, Side | None]:
    """Say where a value lies against the limits as drawn, so that picture and word agree."""
    if value < limits.low_95:
        return (Zone.BEYOND_998 if value < limits.low_998 else Zone.BEYOND_95), Side.LOW
    if value > limits.high_95:
        return (Zone.BEYOND_998 if value > limits.high_998 else Zone.BEYOND_95), Side.HIGH
    return Zone.INSIDE, None


def _dispersion(scores: Sequence[float]) -> float:
    """Return phi: the mean squared z score, a tenth of the units winsorized at each end.

    Winsorized, so that a few true outliers do not hide themselves by widening what is normal.

    Source:
        Spiegelhalter (2005), over-dispersion: winsorized z scores, here of the plain values.
    """
    ordered = sorted(scores)
    cut = len(ordered) // TRIMMED
    low, high = ordered[cut], ordered[-1 - cut]
    return sum(min(max(score, low), high) ** 2 for score in ordered) / len(ordered)
