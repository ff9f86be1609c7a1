"""Counting the cases of one indicator by group, block after block."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.measure.criteria import Evaluator, Value
from indicators.measure.criteria.numbers import Bools, Numbers
from indicators.measure.cube.cells import (
    EXACT_DOUBLES,
    LARGEST,
    Cells,
    KeptCells,
    Sums,
    Whole,
    kept_cells,
)
from indicators.measure.cube.patterns import Layout, Patterns, Questions
from indicators.measure.definition import Definition
from indicators.measure.scoring import OBSERVED, OF_KEPT_VALUES

BITS_OF_A_BYTE = 8
MOST_CELLS = 2**18  # with more, counting is slower than merging patterns that mean the same
LIMB_BITS = 22  # 2 ** 31 cases of so many bits still add up exactly in doubles


class Groups:
    """The group of each case of a block, made ready to have bits put behind it."""

    def __init__(self, numbers: Whole) -> None:
        """Take the number of each case's group, from 0."""
        self.numbers = numbers
        self._shifted: dict[int, Whole] = {0: numbers}

    def followed_by(self, bits: npt.NDArray[Any], width: int) -> Whole:
        """Write bits behind the number of the group."""
        if width not in self._shifted:
            self._shifted[width] = self.numbers << width
        places: Whole = self._shifted[width] + bits
        return places


def bits_of(masks: list[Bools], rows: int) -> npt.NDArray[Any]:
    """Pack masks into one small number a case: the first mask is the lowest bit."""
    bits = np.zeros(rows, np.uint8 if len(masks) <= BITS_OF_A_BYTE else np.uint16)
    for mask in reversed(masks):
        np.add(bits, bits, out=bits)  # a shift by one, in a third of the time
        np.bitwise_or(bits, mask.view(np.uint8), out=bits)
    return bits


class Counter:
    """Counts one indicator, block after block of the same cases."""

    def __init__(self, definition: Definition, questions: Questions, groups: int) -> None:
        """Count into so many groups."""
        self._definition, self._questions, self._groups = definition, questions, groups
        self._cells: dict[Layout, _PatternCells] = {}

    def ask(self, cases: Evaluator) -> None:
        """Put the questions to the cases of a block."""
        self._asked = self._questions.asked(cases)

    def add(self, cases: Evaluator, groups: Groups) -> None:
        """Count the cases of the block that was asked."""
        masks, layout = self._asked
        if layout not in self._cells:
            patterns = self._questions.patterns(layout)
            self._cells[layout] = _PatternCells(self._definition, patterns, self._groups)
        self._cells[layout].add(cases, groups, masks)

    def cells(self) -> Cells:
        """Return what was counted, in at least one block."""
        return reduce(Cells.__add__, (cells.finished() for cells in self._cells.values()))


class _PatternCells:
    """Counts by group and pattern of bits."""

    def __init__(self, definition: Definition, patterns: Patterns, groups: int) -> None:
        self._meaning_of: npt.NDArray[np.uint8] | None = None
        if groups * len(patterns.counts) > MOST_CELLS:
            self._meaning_of, patterns = patterns.merged()
        self._patterns, self._groups = patterns, groups
        self._width = (len(patterns.counts) - 1).bit_length()
        self._counts = np.zeros(groups * len(patterns.counts), np.int64)
        adds = definition.scoring in OBSERVED
        has_below = definition.scoring == "ratio" or patterns.below is not None
        self._above = _Total(groups, patterns.above, patterns.in_numerator) if adds else None
        self._below = (
            _Total(groups, patterns.below, patterns.observed) if adds and has_below else None
        )
        self._keeps = definition.scoring in OF_KEPT_VALUES
        self._kept: list[tuple[Whole, npt.NDArray[Any], int]] = []

    def add(self, cases: Evaluator, groups: Groups, masks: list[Bools]) -> None:
        bits = bits_of(masks, cases.rows)
        if self._meaning_of is not None:
            bits = self._meaning_of[bits]
        places = groups.followed_by(bits, self._width)
        self._counts += np.bincount(places, minlength=len(self._counts))
        for total in (self._above, self._below):
            if total is not None and total.value is not None:
                total.add(cases.numbers(total.value), places)
        if self._keeps and self._patterns.above is not None:
            rows = np.flatnonzero(self._patterns.observed[bits])
            found = cases.numbers(self._patterns.above)
            values = np.broadcast_to(found.scaled, bits.shape).take(rows)
            self._kept.append((groups.numbers.take(rows), values, found.scale))

    def finished(self) -> Cells:
        counts = self._counts.reshape(self._groups, -1)
        nothing = Sums(np.zeros(self._groups, np.int64))
        return Cells(
            self._by_kind(counts),
            self._above.sums(counts) if self._above else nothing,
            self._below.sums(counts) if self._below else nothing,
            self._kept_cells() if self._kept else None,
        )

    def _by_kind(self, counts: Whole) -> Whole:
        """Add patterns up to what they count as; most patterns and some kinds never occur."""
        columns = np.ascontiguousarray(counts.T)
        used = np.flatnonzero(columns.any(axis=1))
        meaning = self._patterns.counts[used].astype(np.bool_)
        found = np.zeros((self._groups, meaning.shape[1]), np.int64)
        for kind in np.flatnonzero(meaning.any(axis=0)):
            found[:, kind] = columns[used[meaning[:, kind]]].sum(axis=0)
        return found

    def _kept_cells(self) -> KeptCells:
        groups, values, scales = zip(*self._kept, strict=True)
        return kept_cells(np.concatenate(groups), np.concatenate(values), scales[0])


class _Total:
    """An exact sum by group, over the cases of chosen patterns.

    Doubles are added while no sum can pass 2 ** 53; from there on whole numbers are added in
    limbs, and numbers beyond 64 bits one by one.
    """

    def __init__(self, groups: int, value: Value | None, chosen: Bools) -> None:
        self.value = value
        self._groups, self._chosen = groups, chosen
        self._doubles = np.zeros(groups * len(chosen))
        self._bound = 0
        self._exact: npt.NDArray[Any] | None = None
        self._scale = 1

    def add(self, numbers: Numbers, places: Whole) -> None:
        """Add the numbers of a block; places are groups with the bits of the pattern behind."""
        self._scale = numbers.scale
        scaled = np.broadcast_to(numbers.scaled, places.shape)
        bound = self._bound + numbers.peak * len(places)
        if bound < EXACT_DOUBLES and scaled.dtype != object:
            self._bound = bound
            self._doubles += np.bincount(places, scaled, len(self._doubles))
        else:
            self._add_exactly(scaled, places)

    def sums(self, counts: Whole) -> Sums:
        """Return the sums; without a value each case adds 1."""
        if self.value is None:
            return Sums(_sum_of_columns(counts, self._chosen))
        by_pattern = self._doubles.reshape(self._groups, -1)
        total = _sum_of_columns(by_pattern, self._chosen).astype(np.int64)
        if self._exact is None:
            return Sums(total, self._scale)
        exact = self._exact + total
        fits = max(map(abs, exact.tolist())) <= LARGEST
        return Sums(exact.astype(np.int64) if fits else exact, self._scale)

    def _add_exactly(self, scaled: npt.NDArray[Any], places: Whole) -> None:
        if self._exact is None:
            self._exact = np.zeros(self._groups, object)
        groups, patterns = np.divmod(places, len(self._chosen))
        rows = np.flatnonzero(self._chosen[patterns])
        groups, scaled = groups.take(rows), scaled.take(rows)
        if scaled.dtype == object:
            np.add.at(self._exact, groups, scaled)
            return
        rest = scaled.astype(np.int64)
        for place in range(0, 2 * LIMB_BITS, LIMB_BITS):
            self._add_limb(groups, rest & (2**LIMB_BITS - 1), place)
            rest = rest >> LIMB_BITS
        self._add_limb(groups, rest, 2 * LIMB_BITS)

    def _add_limb(self, groups: Whole, limb: Whole, place: int) -> None:
        total = np.bincount(groups, limb, self._groups).astype(np.int64)
        self._exact = self._exact + total.astype(object) * 2**place


def _sum_of_columns(table: npt.NDArray[Any], chosen: Bools) -> npt.NDArray[Any]:
    """Add chosen columns: one after the other, which is faster than across short rows."""
    columns = (table[:, place] for place in np.flatnonzero(chosen))
    return reduce(np.add, columns, np.zeros(len(table), table.dtype))
