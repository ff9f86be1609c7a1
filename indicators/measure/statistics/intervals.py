"""How sure one result is: 95 % intervals of proportions, counts, rates and ratios to expected.

You find here numbers for drawing and for words. A mean, a median, a percentile, a sum and a
ratio of sums have no interval here: their spread is not known from their sums, and an
interval that nobody can stand behind is worse than none.
"""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

from indicators.measure.statistics.distributions import (
    crossing,
    poisson_at_least,
    poisson_at_most,
)

# The 97.5th percentile of the standard normal distribution: 95 % between both ends.
Z_95 = 1.959963984540054
TAIL = 0.025  # of each side of a 95 % interval

Interval = tuple[float, float]


def wilson_interval(numerator: int, eligible: int) -> Interval | None:
    """Return the Wilson 95 % interval of a proportion, from 0 to 1.

    Args:
        numerator: cases that met, from 0 to `eligible`.
        eligible: cases judged.

    Returns:
        Low and high end; None without cases.

    Raises:
        ValueError: more met than were judged, or a count is negative.

    Source:
        E. B. Wilson, Probable inference, the law of succession, and statistical inference,
        JASA 22 (1927) 209-212. Without continuity correction.
    """
    if not 0 <= numerator <= eligible:
        raise ValueError(f"{numerator} of {eligible} cases is not a proportion.")
    if eligible == 0:
        return None
    share = numerator / eligible
    spread = Z_95**2 / eligible
    middle = (share + spread / 2) / (1 + spread)
    reach = Z_95 / (1 + spread) * sqrt(share * (1 - share) / eligible + spread / (4 * eligible))
    # At the very ends the formula gives 0 and 1 exactly; floats miss them by a hair.
    low = 0.0 if numerator == 0 else max(0.0, middle - reach)
    high = 1.0 if numerator == eligible else min(1.0, middle + reach)
    return low, high


def poisson_interval(count: int) -> Interval:
    """Return the exact Poisson 95 % interval of a count of events.

    The low end is the mean that gives `count` or more with a chance of 2.5 %, the high end the
    mean that gives `count` or fewer with 2.5 %; both by halving on the Poisson sum.

    Args:
        count: events, zero or more. For no event the low end is 0.

    Raises:
        ValueError: the count is negative.

    Source:
        F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28 (1936) 437-442;
        the same as half the chi-square quantiles with 2 x count and 2 x count + 2 degrees.
    """
    if count < 0:
        raise ValueError(f"{count} is not a count of events.")
    above = 2.0 * count + 10  # far beyond every upper end
    low = crossing(lambda mean: poisson_at_least(count, mean), TAIL, 0.0, count) if count else 0.0
    return low, crossing(lambda mean: poisson_at_most(count, mean), TAIL, count, above)


def poisson_rate_interval(count: int, exposure: Fraction | int) -> Interval | None:
    """Return the exact Poisson 95 % interval of events per unit of exposure.

    Args:
        count: events, zero or more.
        exposure: patient days, cases or hours in which they could occur; taken as known.

    Returns:
        Low and high end, in events per unit; None without exposure.

    Raises:
        ValueError: count or exposure is negative.

    Source:
        The ends of the count (Garwood 1936) over the exposure.
    """
    if exposure < 0:
        raise ValueError(f"{exposure} is not an exposure; it must not be negative.")
    low, high = poisson_interval(count)
    return (low / float(exposure), high / float(exposure)) if exposure else None


def observed_over_expected_interval(observed: int, expected: Fraction | int) -> Interval | None:
    """Return the exact Poisson 95 % interval of observed over expected events.

    The expected number is taken as known: how unsure the risk model is does not widen it.

    Args:
        observed: events that happened, zero or more.
        expected: events the risk model expects of the same cases.

    Returns:
        Low and high end; None when nothing is expected.

    Source:
        Garwood (1936) for the observed count; N. E. Breslow and N. E. Day, Statistical Methods
        in Cancer Research II (1987), chapter 2: both ends of the observed over the expected.
    """
    return poisson_rate_interval(observed, expected)


def interval_of(scoring: str, numerator: Fraction, denominator: Fraction) -> Interval | None:
    """Return the 95 % interval of a result, in the result's own unit, where there is one.

    Args:
        scoring: way of scoring, as in the definition. `proportion` takes Wilson's, `count` and
            `observed_over_expected` the exact Poisson interval; the others have none.
        numerator: of the rate; for a count, the count itself.
        denominator: of the rate: eligible cases, or expected events; not read for a count.

    Returns:
        Low and high end; None for a way of scoring without one, without cases, and for
        numbers that are not counts (weights or dollars were added up).
    """
    if numerator.denominator != 1 or numerator < 0:
        return None
    events = int(numerator)
    if scoring == "count":
        return poisson_interval(events)
    if scoring == "observed_over_expected" and denominator >= 0:
        return observed_over_expected_interval(events, denominator)
    if scoring == "proportion" and denominator.denominator == 1 and events <= denominator:
        return wilson_interval(events, int(denominator))
    return None
