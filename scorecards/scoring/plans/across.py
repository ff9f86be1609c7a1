"""Numbers that are found over all organisations of a file: percentiles, means, neutral slopes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from scorecards.scoring.plans.numbers import ZERO, Inputs, ResultsError, known, rounded
from scorecards.scoring.plans.plan import Across
from scorecards.scoring.plans.scored import Points, read_figure


def is_early(across: Across) -> bool:
    """Say whether a number can be found before any points are."""
    return across.kind != "neutral_slope" and (
        across.of.kind == "input" or (across.of.kind == "indicator" and across.of.part == "value")
    )


def found_across(across: Across, scored: Sequence[tuple[Points, Inputs]]) -> Fraction:
    """Find the number over all organisations that have the figure.

    Raises:
        ResultsError: none has it.
    """
    if across.kind == "neutral_slope":
        return rounded(_slope(across, scored), across.rounding)
    figures = [read_figure(across.of, points, inputs) for points, inputs in scored]
    values = sorted(value for value in figures if value is not None)
    if not values:
        raise ResultsError(f"“{across.name}”: no organization has a figure to find it from.")
    if across.kind == "percentile":
        found = percentile(values, across.share, across.method)
    else:
        found = sum(values, ZERO)
        found = found / len(values) if across.kind == "mean" else found
    return rounded(found, across.rounding)


def percentile(values: Sequence[Fraction], share: Fraction, method: str) -> Fraction:
    """Find a percentile exactly.

    Args:
        values: sorted, at least one.
        share: from 0 to 1.
        method: `linear` (Hyndman and Fan 7), `nearest_rank` (1), `average` (2, as SAS does).
    """
    last = len(values) - 1
    if method == "linear":
        place = share * last
        low = floor(place)
        high = min(low + 1, last)
        return values[low] + (values[high] - values[low]) * (place - low)
    place = share * len(values)
    at = max(ceil(place) - 1, 0)
    if method == "average" and place.denominator == 1 and 0 < place < len(values):
        return (values[at] + values[at + 1]) / 2
    return values[at]


def _slope(across: Across, scored: Sequence[tuple[Points, Inputs]]) -> Fraction:
    """Find the slope at which what is withheld is paid out.

    Source:
        42 CFR 412.162(c): total value-based incentive payments equal the total reduction.
    """
    whole = earned = ZERO
    for points, inputs in scored:
        if points.total.share is not None:
            base = known(across.base, inputs)
            whole += base
            earned += base * points.total.share
    if not earned:
        raise ResultsError(f"“{across.name}”: no organization earned anything; there is no slope.")
    return whole / earned
