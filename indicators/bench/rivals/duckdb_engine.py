"""DuckDB over the stored Parquet slice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from indicators.bench.cells import Frame, Whole, medians, roll_up
from indicators.bench.rivals import sql
from indicators.measure.cube.cells import kept_cells

Cube = Callable[[Sequence[str]], str]


class DuckDb:
    """One connection; a run reads the slice anew."""

    def __init__(self, frame: Frame, cube: Cube, threads: int, *, with_hard: bool) -> None:
        """Open an in-memory database with so many threads; `cube` writes the query."""
        self._frame = frame
        self._cube = cube
        self._valued = {**sql.VALUED, **(sql.HARD_VALUED if with_hard else {})}
        self._with_hard = with_hard
        self._connection = duckdb.connect()
        self._connection.execute(f"set threads = {threads}")
        self._roster = pa.array(frame.shape.roster)

    def run(self, path: Path) -> list[Whole]:
        """Compute all cells of one slice."""
        return self.run_together([path])[0]

    def run_together(self, paths: Sequence[Path]) -> list[list[Whole]]:
        """Compute all cells of several slices, each for itself, in the same queries."""
        names = [str(path) for path in paths]
        columns = [self._rolled_up(self._cube(names), names)]
        if self._with_hard:
            columns.append(self._rolled_up(sql.look_back(names), names))
        columns += [
            self._medians(sql.values_of(valued, names), names) for valued in self._valued.values()
        ]
        return [list(parts) for parts in zip(*columns, strict=True)]

    def _rolled_up(self, query: str, names: list[str]) -> list[Whole]:
        found = self._ask(query)
        counts = [name for name in found.column_names if name.startswith("c")]
        cubes = np.zeros((len(names), len(counts), self._frame.months * self._frame.strata), int)
        slices, groups = self._slices(found, names), self._groups(found)
        for row, name in enumerate(counts):
            cubes[slices, row, groups] = _whole(found[name])  # a sum over no case is null
        shape = (len(counts), self._frame.months, self._frame.strata)
        return [roll_up(cube.reshape(shape), self._frame.periods) for cube in cubes]

    def _medians(self, query: str, names: list[str]) -> list[Whole]:
        found = self._ask(query)
        slices, groups = self._slices(found, names), self._groups(found)
        values, counts = _whole(found["value"]), _whole(found["n"])
        order = np.argsort(slices, kind="stable")
        ends = np.searchsorted(slices[order], np.arange(1, len(names)))
        return [
            medians(kept_cells(groups[rows], values[rows], 1, counts[rows]), self._frame)
            for rows in np.split(order, ends)
        ]

    def _slices(self, found: pa.Table, names: list[str]) -> Whole:
        return _whole(pc.index_in(found["filename"], value_set=pa.array(names)))

    def _ask(self, query: str) -> pa.Table:
        return self._connection.sql(query).to_arrow_table()

    def _groups(self, found: pa.Table) -> Whole:
        places = pc.index_in(found["stratum"], value_set=self._roster)
        strata = pc.fill_null(places, self._frame.strata - 1).to_numpy()
        groups: Whole = _whole(found["month"]) * self._frame.strata + strata
        return groups


def _whole(column: pa.ChunkedArray) -> Whole:
    numbers: Whole = pc.fill_null(column.cast(pa.int64()), 0).to_numpy()
    return numbers
