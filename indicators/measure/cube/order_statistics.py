"""Medians and percentiles of many periods and strata at once, from kept values.

Values in a known, narrow range are added up as histograms; others are sorted once by rank and
then by period. Both find the two values between which a percentile lies, which are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.measure.cube.cells import KeptCells, Whole

# Histograms of more places than this take longer than sorting.
MOST_PLACES = 2**22
MOST_SHORT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Neighbors:
    """The values on both sides of a percentile, by period and stratum; everyone comes last.

    Attributes:
        low: the value at or below it, times the scale of the kept values; 0 without values.
        high: the value at or above it.
        counts: how many values there are.
    """

    low: npt.NDArray[Any]
    high: npt.NDArray[Any]
    counts: Whole


def neighbors(
    kept: KeptCells, width: int, first: Whole, end: Whole, share: Fraction = Fraction(1, 2)
) -> Neighbors:
    """Find the neighbors of a percentile in every period and stratum.

    Args:
        kept: by month times `width` plus stratum; the last stratum counts for everyone alone.
        width: strata with the last one.
        first: the first month of each period, counted from 0.
        end: the month behind its last.
        share: between 0 and 1; 1/2 is the median. With n values in rising order the place
            is 1 + share * (n - 1) (Hyndman and Fan 1996, definition 7).

    Returns:
        Arrays of periods by strata; the last stratum is everyone.
    """
    if not len(kept.values):
        none = np.zeros((len(first), width), np.int64)
        return Neighbors(none, none, none)
    distinct = None
    values = kept.values
    if values.dtype == object or int(values.max()) - int(values.min()) >= MOST_PLACES:
        distinct, values = np.unique(values, return_inverse=True)
    least = int(values.min())
    ranks = np.asarray(values - least, np.int64)
    room = int(ranks.max()) + 1
    if len(first) * width * room <= MOST_PLACES:
        found = _by_histogram(kept, ranks, room, width, (first, end), share)
    else:
        found = _by_sorting(kept, ranks, room, width, (first, end), share)
    there = found.counts > 0
    low, high = (np.where(there, ranks + least, 0) for ranks in (found.low, found.high))
    if distinct is not None:
        low, high = (np.where(there, distinct[ranks], 0) for ranks in (low, high))
    return Neighbors(low, high, found.counts)


def _places(counts: Whole, share: Fraction) -> tuple[Whole, Whole]:
    """Say which of so many values, from 0, lie on both sides of a percentile."""
    above = np.maximum(counts - 1, 0) * share.numerator
    low = above // share.denominator
    return low, low + (above % share.denominator > 0)


def _by_histogram(
    kept: KeptCells,
    ranks: Whole,
    room: int,
    width: int,
    spans: tuple[Whole, Whole],
    share: Fraction,
) -> Neighbors:
    first, end = spans
    months = int(max(end.max(), kept.groups[-1] // width + 1))
    up_to = np.zeros((months + 1, width * room), np.int32)
    flat = up_to.reshape(-1)
    flat[(kept.groups + width) * room + ranks] = kept.counts  # one month late: sums before it
    np.cumsum(up_to, axis=0, out=up_to)
    sums = (up_to[end] - up_to[first]).reshape(len(first), width, room)
    sums[:, -1] = sums.sum(axis=1)
    so_far = np.cumsum(sums, axis=2, out=sums)
    counts = so_far[:, :, -1].astype(np.int64)
    low, high = _places(counts, share)
    ranked = so_far.reshape(-1, room)
    low, high = (
        (ranked <= place.reshape(-1, 1)).sum(axis=1).reshape(counts.shape) for place in (low, high)
    )
    return Neighbors(low, high, counts)


def _by_sorting(
    kept: KeptCells,
    ranks: Whole,
    room: int,
    width: int,
    spans: tuple[Whole, Whole],
    share: Fraction,
) -> Neighbors:
    groups, ranks = (np.repeat(part, kept.counts) for part in (kept.groups, ranks))
    months, strata = np.divmod(groups, width)
    # Half as many bits are sorted in half of the time.
    kind = np.int32 if width * room <= MOST_SHORT else np.int64
    ranks, places = ranks.astype(kind), (strata * room + ranks).astype(kind)
    starts = (np.arange(width + 1) * room).astype(kind)
    periods = zip(*(np.searchsorted(months, ends) for ends in spans), strict=True)
    rows = [_sorted_rows(places[a:b], ranks[a:b], starts, share) for a, b in periods]
    low, high, counts = (np.array(part, np.int64) for part in zip(*rows, strict=True))
    return Neighbors(low, high, counts)


def _sorted_rows(
    places: npt.NDArray[Any], ranks: npt.NDArray[Any], starts: npt.NDArray[Any], share: Fraction
) -> tuple[Whole, Whole, Whole]:
    """Sort the values of one period by stratum, then all of them."""
    places, everyone = np.sort(places), np.sort(ranks)
    begins = np.searchsorted(places, starts)
    counts = np.diff(begins)
    counts[-1] = len(places)
    there = np.flatnonzero(counts[:-1])
    found = []
    for wanted in _places(counts, share):
        taken = np.zeros(len(counts), np.int64)
        taken[there] = places[begins[there] + wanted[there]] - starts[there]
        if len(everyone):
            taken[-1] = everyone[wanted[-1]]
        found.append(taken)
    return found[0], found[1], counts
