"""Every pattern of answers that an indicator's criteria can give, placed in advance.

What a case counts for depends only on which criteria are true for it and which a missing value
leaves open: a few bits. So cases are counted by their bits, and what a pattern of bits means is
looked up here, by the same rule that places single cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.measure.criteria import Criterion, Evaluator, Masks, Value
from indicators.measure.criteria.numbers import NONE_MISSING, Bools, Numbers
from indicators.measure.criteria.tree import AnotherCase, ColumnValue, IsMissing, walk
from indicators.measure.definition import Definition
from indicators.measure.kernel import counts_by_group
from indicators.measure.population import Placement, place_all

# Which criteria can be left open, then which numbers can be missing.
Layout = tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Patterns:
    """What each pattern of bits means.

    Attributes:
        counts: for each pattern, a 1 for each of COUNTED that a case of it counts in.
        in_numerator: the patterns whose cases add to the numerator.
        observed: the patterns whose cases are observed.
        above: what each case adds to the numerator; None for 1.
        below: what each case adds to the denominator; None for 1.
    """

    counts: npt.NDArray[np.int64]
    in_numerator: Bools
    observed: Bools
    above: Value | None
    below: Value | None

    def merged(self) -> tuple[npt.NDArray[np.uint8], Patterns]:
        """Merge patterns that mean the same: there are few, however many bits.

        Returns:
            For each pattern the number of its meaning; and the meanings, filled up with empty
            ones to a power of two.
        """
        rows = np.column_stack([self.counts, self.in_numerator, self.observed])
        meanings, numbers = np.unique(rows, axis=0, return_inverse=True)
        empty = 2 ** (len(meanings) - 1).bit_length() - len(meanings)
        filled = np.pad(meanings, ((0, empty), (0, 0)))
        found = Patterns(
            np.ascontiguousarray(filled[:, :-2]),
            filled[:, -2] == 1,
            filled[:, -1] == 1,
            self.above,
            self.below,
        )
        return numbers.astype(np.uint8), found


class Questions:
    """What an indicator asks of each case, each answer one bit or two."""

    def __init__(self, definition: Definition, scope: Criterion | None) -> None:
        """Gather the criteria and numbers, each distinct one once."""
        criteria = list(definition.criteria.values())
        if scope is not None:
            criteria.append(scope)
        if definition.evidence_column:
            criteria.append(IsMissing(ColumnValue(definition.evidence_column)))
        self.criteria = tuple(dict.fromkeys(criteria))
        self.numbers = tuple(dict.fromkeys(definition.numbers.values()))
        parts = (part for root in (*self.criteria, *self.numbers) for part, _ in walk(root))
        self.look_backs = frozenset(part for part in parts if isinstance(part, AnotherCase))
        self._definition, self._scope = definition, scope
        self._patterns: dict[Layout, Patterns] = {}

    def asked(self, cases: Evaluator) -> tuple[list[Bools], Layout]:
        """Ask cases: one mask for each bit, and which questions took two or one of them."""
        bits: list[Bools] = []
        layout: list[bool] = []
        for criterion in self.criteria:
            found = cases.masks(criterion)
            bits.append(found.true)
            layout.append(found.open is not None)
            if found.open is not None:
                bits.append(found.open)
        for value in self.numbers:
            missing = cases.numbers(value).missing
            layout.append(missing is not NONE_MISSING)
            if missing is not NONE_MISSING:
                bits.append(missing)
        return bits, tuple(layout)

    def patterns(self, layout: Layout) -> Patterns:
        """Place every pattern of the bits of a layout."""
        if layout not in self._patterns:
            every = _EveryPattern(self.criteria, self.numbers, layout)
            self._patterns[layout] = self._placed(every)
        return self._patterns[layout]

    def _placed(self, every: _EveryPattern) -> Patterns:
        placed = place_all(self._definition, every, self._scope)
        return Patterns(
            counts_by_group(placed, np.arange(every.rows), every.rows),
            placed.in_numerator,
            placed.placements == Placement.OBSERVED,
            every.value_behind(placed.above),
            every.value_behind(placed.below),
        )


class _EveryPattern(Evaluator):
    """Cases that answer questions in every possible way, one case for each pattern of bits."""

    def __init__(
        self, criteria: Sequence[Criterion], numbers: Sequence[Value], layout: Layout
    ) -> None:
        bits = len(criteria) + sum(layout)
        self.rows = 2**bits
        self._every = np.arange(self.rows)
        self._next = 0
        opens, missings = layout[: len(criteria)], layout[len(criteria) :]
        self._answers = {
            criterion: Masks(self._bit(), self._bit() if is_open else None)
            for criterion, is_open in zip(criteria, opens, strict=True)
        }
        zeros = np.zeros(self.rows, np.int64)
        self._numbers = {
            value: Numbers(zeros, 1, self._bit() if is_missing else NONE_MISSING)
            for value, is_missing in zip(numbers, missings, strict=True)
        }

    def masks(self, criterion: Criterion) -> Masks:
        return self._answers[criterion]

    def numbers(self, value: Value) -> Numbers:
        return self._numbers[value]

    def value_behind(self, numbers: Numbers | None) -> Value | None:
        """Return the value that was answered with these numbers."""
        return next((value for value, found in self._numbers.items() if found is numbers), None)

    def _bit(self) -> Bools:
        mask: Bools = self._every >> self._next & 1 == 1
        self._next += 1
        return mask
