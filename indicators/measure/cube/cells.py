"""Cells of a cube: counts, exact sums and kept values by group, which add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.measure.kernel import COUNTED
from indicators.measure.tally import Tally
from indicators.measure.values import NO_VALUES, KeptValues

LARGEST = 2**63 - 1
# Doubles hold every whole number up to this: sums below it are exact in any order.
EXACT_DOUBLES = 2**53

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sums:
    """One exact sum a group.

    Attributes:
        scaled: the sums times `scale`; 64 bits, or Python's whole numbers where they need more.
        scale: a whole number above 0.
    """

    scaled: npt.NDArray[Any]
    scale: int = 1

    def total(self, groups: Whole) -> Fraction:
        """Add up some groups."""
        return Fraction(sum(self.scaled[groups].tolist()), self.scale)


@dataclass(frozen=True, slots=True)
class KeptCells:
    """The values of each group, each with how often it occurs.

    Attributes:
        groups: rising.
        values: times `scale`; rising within a group, none twice.
        counts: how often the value occurs in the group, above 0.
        scale: a whole number above 0.
    """

    groups: Whole
    values: npt.NDArray[Any]
    counts: Whole
    scale: int = 1

    def __add__(self, other: KeptCells) -> KeptCells:
        """Keep the values of other cases too."""
        if not isinstance(other, KeptCells):
            return NotImplemented
        scale = lcm(self.scale, other.scale)
        parts = (self, other)
        groups = np.concatenate([part.groups for part in parts])
        values = np.concatenate([_times(part.values, scale // part.scale) for part in parts])
        counts = np.concatenate([part.counts for part in parts])
        return kept_cells(groups, values, scale, counts)

    def of(self, groups: Whole) -> KeptValues:
        """Keep the values of some groups as one multiset."""
        chosen = np.isin(self.groups, groups)
        one = np.zeros(int(chosen.sum()), np.int64)
        cells = kept_cells(one, self.values[chosen], self.scale, self.counts[chosen])
        pairs = zip(cells.values.tolist(), cells.counts.tolist(), strict=True)
        return KeptValues(tuple((Fraction(value, self.scale), times) for value, times in pairs))


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Cells without the empty groups before the first and behind the last case.

    Attributes:
        first: the group that the first row stands for.
        cells: with kept values by the group's number among all.
    """

    first: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class Cells:
    """One indicator by group.

    Attributes:
        counts: a row for each group, a column for each of COUNTED.
        above: what the cases add to the numerator.
        below: what they add to the denominator.
        kept: the observed values, for a median or percentile.
    """

    counts: Whole
    above: Sums
    below: Sums
    kept: KeptCells | None = None

    def __add__(self, other: Cells) -> Cells:
        """Add the cells of other cases."""
        if not isinstance(other, Cells):
            return NotImplemented
        return added_up([Trimmed(0, self), Trimmed(0, other)], len(self.counts))

    def tally(self, groups: Whole) -> Tally:
        """Add up some groups, as if their cases had been measured together."""
        counts = self.counts[groups].sum(axis=0).tolist()
        return Tally(
            **dict(zip(COUNTED, counts, strict=True)),
            numerator_sum=self.above.total(groups),
            denominator_sum=self.below.total(groups),
            values=NO_VALUES if self.kept is None else self.kept.of(groups),
        )

    def trimmed(self) -> Trimmed:
        """Leave out the empty groups at both ends: most of them, where a slice is a month."""
        used = np.flatnonzero(self.counts.any(axis=1))
        first, end = (int(used[0]), int(used[-1]) + 1) if len(used) else (0, 0)
        above, below = (
            Sums(part.scaled[first:end], part.scale) for part in (self.above, self.below)
        )
        return Trimmed(first, Cells(self.counts[first:end], above, below, self.kept))

    def of_first(self, groups: int) -> Cells:
        """Leave out every group but the first so many."""
        kept = self.kept
        if kept is not None:
            end = int(np.searchsorted(kept.groups, groups))
            kept = KeptCells(kept.groups[:end], kept.values[:end], kept.counts[:end], kept.scale)
        above, below = (Sums(part.scaled[:groups], part.scale) for part in (self.above, self.below))
        return Cells(self.counts[:groups], above, below, kept)

    @classmethod
    def of_tallies(cls, tallies: Sequence[Tally]) -> Cells:
        """Lay out one tally a group as cells."""
        counts = [[getattr(tally, name) for name in COUNTED] for tally in tallies]
        return cls(
            np.array(counts, np.int64).reshape(len(tallies), len(COUNTED)),
            _sums_of([tally.numerator_sum for tally in tallies]),
            _sums_of([tally.denominator_sum for tally in tallies]),
            _kept_of(tallies),
        )


def added_up(parts: Sequence[Trimmed], groups: int) -> Cells:
    """Add the cells of slices up to cells of so many groups."""
    counts = np.zeros((groups, len(COUNTED)), np.int64)
    for part in parts:
        counts[part.first : part.first + len(part.cells.counts)] += part.cells.counts
    above = _sums_added_up([(part.first, part.cells.above) for part in parts], groups)
    below = _sums_added_up([(part.first, part.cells.below) for part in parts], groups)
    kept = [part.cells.kept for part in parts if part.cells.kept is not None]
    return Cells(counts, above, below, _kept_added_up(kept) if kept else None)


def _sums_added_up(parts: Sequence[tuple[int, Sums]], groups: int) -> Sums:
    scale = lcm(*(sums.scale for _, sums in parts))
    alike = [(first, _times(sums.scaled, scale // sums.scale)) for first, sums in parts]
    fits = sum(_peak(scaled) for _, scaled in alike) <= LARGEST
    kind = np.int64 if fits else object
    total = np.zeros(groups, kind)
    for first, scaled in alike:
        total[first : first + len(scaled)] += scaled.astype(kind, copy=False)
    return Sums(total, scale)


def _kept_added_up(parts: Sequence[KeptCells]) -> KeptCells:
    # Slices of different months have no group in common: nothing has to be counted again.
    filled = sorted((part for part in parts if len(part.groups)), key=lambda part: part.groups[0])
    apart = all(one.groups[-1] < other.groups[0] for one, other in pairwise(filled))
    if not apart or len({part.scale for part in filled}) > 1:
        return reduce(KeptCells.__add__, parts)
    if not filled:
        return parts[0]
    return KeptCells(
        np.concatenate([part.groups for part in filled]),
        np.concatenate([part.values for part in filled]),
        np.concatenate([part.counts for part in filled]),
        filled[0].scale,
    )


def kept_cells(
    groups: Whole, values: npt.NDArray[Any], scale: int, counts: Whole | None = None
) -> KeptCells:
    """Sort values by group and size, and count those that are equal.

    Args:
        groups: for each value, from 0.
        values: times `scale`, in any order.
        scale: a whole number above 0.
        counts: how often each occurs; None for once.
    """
    if not len(values):
        empty = np.zeros(0, np.int64)
        return KeptCells(empty, empty, empty, scale)
    least, most = int(values.min()), int(values.max())
    room = most - least + 1
    if (int(groups.max()) + 1) * room > LARGEST or values.dtype == object:
        ranked, ranks = np.unique(values, return_inverse=True)
        found = kept_cells(groups, ranks, scale, counts)
        return KeptCells(found.groups, ranked[found.values], found.counts, scale)
    places = groups * room + (values.astype(np.int64) - least)
    found_places, times = _counted(places, counts, (int(groups.max()) + 1) * room)
    found_groups, above_least = np.divmod(found_places, room)
    return KeptCells(found_groups, above_least + least, times, scale)


def _counted(places: Whole, counts: Whole | None, room: int) -> tuple[Whole, Whole]:
    """Count equal places: in one pass where they are dense, else by sorting."""
    if room <= 4 * len(places) and (counts is None or int(counts.sum()) < EXACT_DOUBLES):
        times = np.bincount(places, counts, room)
        found = np.flatnonzero(times)
        return found, times[found].astype(np.int64)
    if counts is None:
        return np.unique(places, return_counts=True)
    found, which = np.unique(places, return_inverse=True)
    times = np.zeros(len(found), np.int64)
    np.add.at(times, which, counts)
    return found, times


def _times(values: npt.NDArray[Any], factor: int) -> npt.NDArray[Any]:
    if factor == 1:
        return values
    if values.dtype != object and _peak(values) * factor > LARGEST:
        values = values.astype(object)
    product: npt.NDArray[Any] = values * factor
    return product


def _peak(values: npt.NDArray[Any]) -> int:
    return max(int(values.max(initial=0)), -int(values.min(initial=0)))


def _sums_of(sums: Sequence[Fraction]) -> Sums:
    scale = lcm(*(total.denominator for total in sums))
    scaled = [int(total * scale) for total in sums]
    fits = all(abs(total) <= LARGEST for total in scaled)
    return Sums(np.array(scaled, np.int64 if fits else object), scale)


def _kept_of(tallies: Sequence[Tally]) -> KeptCells | None:
    rows = [
        (group, value, times)
        for group, tally in enumerate(tallies)
        for value, times in tally.values.counted
    ]
    if not rows:
        return None
    groups, values, counts = zip(*rows, strict=True)
    sums = _sums_of(values)
    whole = (np.array(groups, np.int64), np.array(counts, np.int64))
    return kept_cells(whole[0], sums.scaled, sums.scale, whole[1])
