"""Poisson and binomial probabilities by their own sums, finer than anything drawn or printed.

You find here what the intervals and the funnel need and no more. Each sum starts from one
logarithm and goes on by ratios of neighbors, so a count of a million takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, floor, lgamma, log, log1p, sqrt

NEGLIGIBLE = 1e-18  # a term this small beside the sum no longer changes it
REACH = 9.0  # standard deviations around the mean outside which nothing is summed
ROOM = 12  # and so many counts more, because small means are skewed


def poisson_probability(count: int, mean: float) -> float:
    """Return the chance of exactly so many events, when `mean` are expected."""
    if mean == 0:
        return 1.0 if count == 0 else 0.0
    return exp(count * log(mean) - mean - lgamma(count + 1))


def poisson_at_most(count: int, mean: float) -> float:
    """Return the chance of so many events or fewer, summed downward from `count`.

    Meant for a mean of `count` or more, where every next term is smaller.
    """
    term = total = poisson_probability(count, mean)
    for events in range(count, 0, -1):
        term *= events / mean
        total += term
        if term <= total * NEGLIGIBLE:
            break
    return total


def poisson_at_least(count: int, mean: float) -> float:
    """Return the chance of so many events or more, summed upward from `count`.

    Meant for a mean of `count` or less, where every next term is smaller.
    """
    term = total = poisson_probability(count, mean)
    events = count
    while term > total * NEGLIGIBLE:
        events += 1
        term *= mean / events
        total += term
    return total


def crossing(chance: Callable[[float], float], aim: float, low: float, high: float) -> float:
    """Find where a chance passes `aim`, by halving the stretch until floats end.

    Args:
        chance: rises or falls all the way from `low` to `high`.
        aim: between the chances at both ends.
        low: left end of the stretch.
        high: right end.
    """
    is_rising = chance(high) > aim
    middle = (low + high) / 2
    while low < middle < high:
        if (chance(middle) < aim) == is_rising:
            low = middle
        else:
            high = middle
        middle = (low + high) / 2
    return middle


def poisson_quantile(share: float, mean: float) -> float:
    """Return the interpolated quantile of a Poisson count; see `interpolated`."""
    start, stop = _window(mean, sqrt(mean))
    first = poisson_probability(start, mean)
    ratios = [mean / events for events in range(start + 1, stop + 1)]
    return interpolated(share, start, first, ratios)


def binomial_quantile(share: float, size: int, chance: float) -> float:
    """Return the interpolated quantile of a binomial count; see `interpolated`.

    Args:
        share: of the distribution below, between 0 and 1.
        size: cases, one or more.
        chance: that a case meets, from 0 to 1.
    """
    if chance in {0.0, 1.0}:
        return size * chance
    start, stop = _window(size * chance, sqrt(size * chance * (1 - chance)))
    stop = min(stop, size)
    first = exp(
        lgamma(size + 1) - lgamma(start + 1) - lgamma(size - start + 1)
        + start * log(chance) + (size - start) * log1p(-chance)
    )  # fmt: skip
    odds = chance / (1 - chance)
    ratios = [(size - met + 1) / met * odds for met in range(start + 1, stop + 1)]
    return interpolated(share, start, first, ratios)


def interpolated(share: float, start: int, first: float, ratios: list[float]) -> float:
    """Return a quantile of a count, between whole numbers, never below zero.

    r is the least count whose cumulated chance F(r) reaches the share p; the quantile is
    r - (F(r) - p) / (F(r) - F(r - 1)).

    Args:
        share: p, between 0 and 1.
        start: least count that is summed.
        first: its chance.
        ratios: chance of each next count over the chance of the one before.

    Source:
        D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics
        in Medicine 24 (2005) 1185-1202, appendix: exact limits for discrete data.
    """
    below = term = first
    count = start
    next_ratios = iter(ratios)
    while below < share:
        term *= next(next_ratios)
        below += term
        count += 1
    return max(0.0, count - (below - share) / term)


def _window(mean: float, deviation: float) -> tuple[int, int]:
    """Say from which to which count a distribution is summed."""
    reach = REACH * deviation + ROOM
    return max(0, floor(mean - reach)), floor(mean + reach) + 1
