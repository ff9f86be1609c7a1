"""The spans of days and the strata that cases are counted by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from indicators.measure.columns import CasesError
from indicators.measure.criteria.cases import Columns, Texts
from indicators.measure.criteria.functions import DAYS
from indicators.measure.criteria.moments import DAY_ZERO, days
from indicators.measure.criteria.numbers import NONE_MISSING
from indicators.measure.cube.cells import Whole

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Axes:
    """The spans and strata that cases are counted by.

    Attributes:
        period_column: date or moment that says which span a case belongs to; empty where
            cases are not dated, with no edges.
        edges: the first day of each span, rising, and the day behind the last.
        with_rest: whether the cases of no span, also those without a day, count as one more
            span behind the last; else they are not counted.
        stratum_column: code that says whose case it is; empty for no strata.
        strata: the codes that figures are wanted for. Every other case, also one without
            a code, counts for everyone alone.
    """

    period_column: str
    edges: tuple[date, ...]
    stratum_column: str = ""
    strata: tuple[str, ...] = ()
    with_rest: bool = False

    def __post_init__(self) -> None:
        """Refuse spans that could not hold a case."""
        if bool(self.period_column) != bool(self.edges):
            raise ValueError("A column that dates cases and the edges of spans need each other.")
        if len(self.edges) == 1 or any(end <= start for start, end in pairwise(self.edges)):
            raise ValueError("The edges of spans rise, and there are at least two.")
        if not (self.edges or self.with_rest):
            raise ValueError("Without spans, only the rest can be counted.")

    @property
    def spans(self) -> int:
        """How many spans there are, with the rest."""
        return max(len(self.edges) - 1, 0) + self.with_rest

    @property
    def width(self) -> int:
        """The strata, and one more for the cases of none of them."""
        return len(self.strata) + 1

    @property
    def groups(self) -> int:
        """How many pairs of a span and a stratum there are."""
        return self.spans * self.width

    def groups_of(self, cases: Columns) -> Whole:
        """Number the group of each case: span times `width` plus stratum.

        Returns:
            From 0; `groups` itself for a case that is not counted.

        Raises:
            CasesError: the period column is no date, or the stratum column no code.
        """
        spans = self._spans_of(cases)
        if not self.stratum_column:
            return spans
        numbers = spans * self.width + self._strata_of(cases)
        groups: Whole = np.minimum(numbers, self.groups, out=numbers)
        return groups

    def to_document(self) -> Mapping[str, Any]:
        """Write down what tells these axes from others."""
        return {
            "period_column": self.period_column,
            "edges": [edge.isoformat() for edge in self.edges],
            "with_rest": self.with_rest,
            "stratum_column": self.stratum_column,
            "strata": list(self.strata),
        }

    def _spans_of(self, cases: Columns) -> Whole:
        rest = max(len(self.edges) - 1, 0)
        if not self.period_column:
            return np.full(cases.rows, rest, np.int64)
        column = cases.column(self.period_column)
        if isinstance(column, Texts) or column.kind not in DAYS:
            raise CasesError(
                f"Column {self.period_column!r} of the cases says when a case counts; it must be "
                f"a date or a moment."
            )
        starts = [(edge - DAY_ZERO).days for edge in self.edges]
        # One place before the first day and one behind the last, for the cases outside.
        table = np.full(starts[-1] - starts[0] + 2, rest, np.int64)
        for span, (start, end) in enumerate(pairwise(starts)):
            table[start - starts[0] + 1 : end - starts[0] + 1] = span
        places = days(column).scaled - (starts[0] - 1)
        spans: Whole = table.take(places, mode="clip")
        if column.missing is not NONE_MISSING:
            spans[column.missing] = rest
        return spans

    def _strata_of(self, cases: Columns) -> Whole:
        column = cases.column(self.stratum_column)
        if not isinstance(column, Texts):
            raise CasesError(
                f"Column {self.stratum_column!r} of the cases says whose a case is; it must be a "
                f"code."
            )
        place_of = {name: place for place, name in enumerate(self.strata)}
        others = len(self.strata)
        table = [place_of.get(word, others) for word in column.vocabulary.words]
        strata: Whole = np.array([*table, others], np.int64).take(column.codes)
        return strata


def month_edges(year: int, month: int, months: int) -> tuple[date, ...]:
    """List the first day of so many calendar months, and the day behind the last.

    Args:
        year: of the first month.
        month: the first, from 1.
        months: how many, above 0.
    """
    counted = (
        divmod(year * MONTHS_A_YEAR + month - 1 + step, MONTHS_A_YEAR) for step in range(months + 1)
    )
    return tuple(date(year, place + 1, 1) for year, place in counted)
