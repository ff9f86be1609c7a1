"""Many indicators by span and stratum in one pass, as cells that add up to any period.

Months add up to quarters, years to date, years and rolling years; strata add up to everyone;
the cubes of slices add up to the cube of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from comanage.values.canonical import sha256_of
from indicators.measure.criteria import Criterion, Evaluator, Masks, to_text
from indicators.measure.criteria.cases import Columns, Part, TableColumns
from indicators.measure.cube.axes import Axes
from indicators.measure.cube.cells import Cells, added_up
from indicators.measure.cube.counting import Counter, Groups
from indicators.measure.cube.patterns import Questions
from indicators.measure.definition import Definition
from indicators.measure.kernel import tallies_of
from indicators.measure.population import place_all
from indicators.measure.tally import Tally

BLOCK_ROWS = 131_072  # what a block needs stays near the processor
Watch = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Cube:
    """Cells of several indicators over the same axes.

    Attributes:
        axes: the spans and strata.
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
        """Add up spans, of one stratum or of everyone.

        Args:
            indicator: place among the cells.
            first: the first span, counted from 0.
            end: the span behind the last.
            stratum: place among the strata; None for everyone.
        """
        grid = np.arange(self.axes.groups).reshape(self.axes.spans, self.axes.width)
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
        raise ValueError("Only cubes of the same spans, strata and indicators add up.")
    by_indicator = zip(*(cube.cells for cube in cubes), strict=True)
    totals = (added_up([part.trimmed() for part in parts], axes.groups) for parts in by_indicator)
    return Cube(axes, tuple(totals))


class CubePlan:
    """Indicators made ready to be counted on many slices."""

    def __init__(
        self,
        definitions: Sequence[Definition],
        axes: Axes,
        scopes: Sequence[Criterion | None] | None = None,
    ) -> None:
        """Look at what the indicators ask.

        Args:
            definitions: executable.
            axes: the spans and strata.
            scopes: for each definition what restricts its initial population, None where
                nothing does; None for no scopes at all.
        """
        self.definitions, self.axes = tuple(definitions), axes
        self._scopes = tuple(scopes) if scopes is not None else (None,) * len(self.definitions)
        pairs = zip(self.definitions, self._scopes, strict=True)
        self._questions = [Questions(definition, scope) for definition, scope in pairs]

    @cached_property
    def version(self) -> str:
        """Names the axes, with the roster."""
        return sha256_of(self.axes.to_document())

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What names each indicator's cells: its definition and its scope, in order."""
        pairs = zip(self.definitions, self._scopes, strict=True)
        return tuple(
            sha256_of([definition.sha256, to_text(scope) if scope is not None else ""])
            for definition, scope in pairs
        )

    @cached_property
    def columns(self) -> frozenset[str]:
        """The columns that the definitions declare, and those of the axes."""
        declared = {name for each in self.definitions for name in each.columns_by_name}
        return frozenset({*declared, self.axes.period_column, self.axes.stratum_column} - {""})

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
        many = self.axes.groups + 1  # one more for the cases that are not counted
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
        placed = place_all(definition, Evaluator(columns), self._scopes[number])
        groups = self.axes.groups_of(columns)
        return Cells.of_tallies(tallies_of(definition, placed, groups, self.axes.groups + 1))


def _rows_of(found: Masks, rows: slice) -> Masks:
    return Masks(found.true[rows], None if found.open is None else found.open[rows])
