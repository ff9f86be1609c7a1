"""Many indicators by month and stratum in one pass, as cells that add up to any period.

Months add up to quarters, years to date, years and rolling years; strata add up to everyone;
the cubes of slices add up to the cube of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

import numpy as np
import pyarrow as pa

from comanage.values.canonical import sha256_of
from indicators.measure.columns import CasesError
from indicators.measure.criteria import Criterion, Evaluator, Masks, to_text
from indicators.measure.criteria.cases import Columns, Part, TableColumns, Texts
from indicators.measure.criteria.functions import DAYS
from indicators.measure.criteria.moments import DAY_ZERO, days
from indicators.measure.criteria.numbers import NONE_MISSING
from indicators.measure.cube_cells import Cells, Whole, added_up
from indicators.measure.cube_counting import Counter, Groups
from indicators.measure.cube_patterns import Questions
from indicators.measure.definition import Definition
from indicators.measure.kernel import tallies_of
from indicators.measure.population import place_all
from indicators.measure.tally import Tally

MONTHS_A_YEAR = 12
BLOCK_ROWS = 131_072  # what a block needs stays near the processor
Watch = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Axes:
    """The months and strata that cases are counted by.

    Attributes:
        period_column: date or moment that says which month a case belongs to; a case
            without it, or outside the months, is not counted.
        first_year: year of the first month.
        first_month: from 1.
        months: how many there are.
        stratum_column: code that says whose case it is; empty for no strata.
        strata: the codes that figures are wanted for. Every other case, also one without
            a code, counts for everyone alone.
    """

    period_column: str
    first_year: int
    first_month: int
    months: int
    stratum_column: str = ""
    strata: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """The strata, and one more for the cases of none of them."""
        return len(self.strata) + 1

    @property
    def groups(self) -> int:
        """How many pairs of a month and a stratum there are."""
        return self.months * self.width

    def groups_of(self, cases: Columns) -> Whole:
        """Number the group of each case: month times `width` plus stratum.

        Returns:
            From 0; `groups` itself for a case outside the months.

        Raises:
            CasesError: the period column is no date, or the stratum column no code.
        """
        months = self._months_of(cases)
        if not self.stratum_column:
            return months
        numbers = months * self.width + self._strata_of(cases)
        groups: Whole = np.minimum(numbers, self.groups, out=numbers)
        return groups

    def _months_of(self, cases: Columns) -> Whole:
        column = cases.column(self.period_column)
        if isinstance(column, Texts) or column.kind not in DAYS:
            raise CasesError(
                f"Column {self.period_column!r} of the cases says when a case counts; it must be "
                f"a date or a moment."
            )
        starts = [self._start_of(month) for month in range(self.months + 1)]
        # One place before the first day and one behind the last, for the cases outside.
        table = np.full(starts[-1] - starts[0] + 2, self.months, np.int64)
        for month, (start, end) in enumerate(pairwise(starts)):
            table[start - starts[0] + 1 : end - starts[0] + 1] = month
        places = days(column).scaled - (starts[0] - 1)
        months: Whole = table.take(places, mode="clip")
        if column.missing is not NONE_MISSING:
            months[column.missing] = self.months
        return months

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

    def _start_of(self, month: int) -> int:
        years, place = divmod(self.first_month - 1 + month, MONTHS_A_YEAR)
        return (date(self.first_year + years, place + 1, 1) - DAY_ZERO).days


@dataclass(frozen=True, slots=True)
class Cube:
    """Cells of several indicators over the same axes.

    Attributes:
        axes: the months and strata.
        cells: of each indicator, in the order they were asked for.
    """

    axes: Axes
    cells: tuple[Cells, ...]

    def __add__(self, other: Cube) -> Cube:
        """Add the cube of other cases, over the same axes and indicators.

        Raises:
            ValueError: the cubes do not count the same.
        """
        return summed([self, other])

    def tally(self, indicator: int, first: int, end: int, stratum: int | None = None) -> Tally:
        """Add up months, of one stratum or of everyone.

        Args:
            indicator: place among the cells.
            first: the first month, counted from 0.
            end: the month behind the last.
            stratum: place among the strata; None for everyone.
        """
        grid = np.arange(self.axes.groups).reshape(self.axes.months, self.axes.width)
        chosen = grid[first:end] if stratum is None else grid[first:end, stratum]
        return self.cells[indicator].tally(chosen.reshape(-1))


def summed(cubes: Sequence[Cube]) -> Cube:
    """Add up the cubes of slices.

    Args:
        cubes: at least one, over the same axes and indicators.

    Raises:
        ValueError: the cubes do not count the same.
    """
    axes = cubes[0].axes
    if any(cube.axes != axes or len(cube.cells) != len(cubes[0].cells) for cube in cubes):
        raise ValueError("Only cubes of the same months, strata and indicators add up.")
    by_indicator = zip(*(cube.cells for cube in cubes), strict=True)
    totals = (added_up([part.trimmed() for part in parts], axes.groups) for parts in by_indicator)
    return Cube(axes, tuple(totals))


class CubePlan:
    """Indicators made ready to be counted on many slices."""

    def __init__(
        self, definitions: Sequence[Definition], axes: Axes, scope: Criterion | None = None
    ) -> None:
        """Look at what the indicators ask.

        Args:
            definitions: executable.
            axes: the months and strata.
            scope: restricts the initial population of all of them.
        """
        self.definitions, self.axes, self._scope = tuple(definitions), axes, scope
        self._questions = [Questions(definition, scope) for definition in definitions]

    @cached_property
    def version(self) -> str:
        """Names the axes, with the roster, and the scope."""
        scope = to_text(self._scope) if self._scope is not None else ""
        axes = {**asdict(self.axes), "strata": list(self.axes.strata)}
        return sha256_of({"axes": axes, "scope": scope})

    @cached_property
    def definition_hashes(self) -> tuple[str, ...]:
        """The hashes of the definitions, in order."""
        return tuple(definition.sha256 for definition in self.definitions)

    def looks_back(self, indicator: int) -> bool:
        """Whether an indicator asks for other cases of a patient."""
        return bool(self._questions[indicator].look_backs)

    def count(
        self,
        cases: pa.Table | Columns,
        *,
        only: Sequence[int] | None = None,
        block_rows: int = BLOCK_ROWS,
        watch: Watch = str,
    ) -> Cube:
        """Count cases.

        Args:
            cases: a table, as `measure` takes it, or a companion. A look-back sees these
                cases and no others.
            only: places of the indicators to count, in the order of the answer; None for all.
            block_rows: how many cases are looked at together; never changes a result.
            watch: is told when a phase ends: look-back, groups, criteria, counting, cells.

        Raises:
            CasesError: a column is not there or of another type than is asked for.
        """
        columns = TableColumns(cases) if isinstance(cases, pa.Table) else cases
        chosen = range(len(self.definitions)) if only is None else only
        many = self.axes.groups + 1  # one more for the cases outside the months
        counters = {
            number: Counter(self.definitions[number], self._questions[number], many)
            for number in chosen
            if self.definitions[number].data == "cases"
        }
        for block, groups in self._blocks(columns, chosen, block_rows, watch):
            for counter in counters.values():
                counter.ask(block)
            watch("criteria")
            for counter in counters.values():
                counter.add(block, groups)
            watch("counting")
        found = tuple(
            counters[number].cells() if number in counters else self._by_row(number, columns)
            for number in chosen
        )
        inside = tuple(cells.of_first(self.axes.groups) for cells in found)
        watch("cells")
        return Cube(self.axes, inside)

    def _blocks(
        self, columns: Columns, chosen: Sequence[int], block_rows: int, watch: Watch
    ) -> Iterator[tuple[Evaluator, Groups]]:
        whole = Evaluator(columns)
        look_backs = {asked for number in chosen for asked in self._questions[number].look_backs}
        looked_back = [(criterion, whole.masks(criterion)) for criterion in look_backs]
        watch("look-back")
        for first in range(0, max(columns.rows, 1), block_rows):
            end = min(first + block_rows, columns.rows)
            part = Part(columns, first, end)
            block = Evaluator(part)
            for criterion, found in looked_back:
                block.assume(criterion, _rows_of(found, slice(first, end)))
            groups = Groups(self.axes.groups_of(part))
            watch("groups")
            yield block, groups

    def _by_row(self, number: int, columns: Columns) -> Cells:
        """Measure aggregates row by row: a row is refused whose numbers do not fit."""
        definition = self.definitions[number]
        placed = place_all(definition, Evaluator(columns), self._scope)
        groups = self.axes.groups_of(columns)
        return Cells.of_tallies(tallies_of(definition, placed, groups, self.axes.groups + 1))


def _rows_of(found: Masks, rows: slice) -> Masks:
    return Masks(found.true[rows], None if found.open is None else found.open[rows])
