"""Polars, lazily over the stored Parquet slice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from indicators.bench.cells import Frame, Whole, medians, roll_up
from indicators.bench.generator import FIRST_YEAR
from indicators.bench.indicators import SSI_PROCEDURES
from indicators.bench.layout import PERIOD_COLUMN, STRATUM_COLUMN
from indicators.measure.cube.cells import kept_cells

MONTHS_A_YEAR = 12


def _minutes(first: str, second: str) -> pl.Expr:
    return (pl.col(second) - pl.col(first)).dt.total_minutes()


def _is_not(condition: pl.Expr) -> pl.Expr:
    """Say where a condition is false or unknown."""
    return ~condition.fill_null(value=False)


def _counted() -> list[tuple[pl.Expr, pl.Expr]]:
    """Return for each proportion which cases can meet it, and which of those met it."""
    col = pl.col
    adult, in_room = col("age") >= 18, _minutes("wheels_in_at", "wheels_out_at")
    present = _is_not(col("discharge_disposition") == "T0017")
    first_case = (
        col("service_line").is_in(["L0000", "L0001", "L0002", "L0003"])
        & col("first_case")
        & (col("case_class") == "C0000")
        & (col("scheduled_at").dt.hour() < 12)
        & _is_not(col("cancelled"))
    )
    started = (_minutes("scheduled_at", "wheels_in_at") <= 5).fill_null(value=False)
    accepted = col("delay_reason").is_in(["E0001", "E0004"])
    left = ~col("discharge_disposition").is_in(["T0018", "T0019"]) & ~col("died")
    return [
        (first_case & (started | _is_not(accepted)), started),
        (
            col("antibiotic_indicated")
            & col("incision_at").is_not_null()
            & _is_not(col("antibiotic").is_in(["B0020", "B0021"])),
            _minutes("antibiotic_at", "incision_at").is_between(0, 60),
        ),
        (left & _is_not(col("planned_readmission")), col("readmitted")),
        (adult & (col("admission_type") != "A0004") & present, col("died")),
        (
            adult & (in_room >= 45) & _is_not(col("vte_method") == "V0007"),
            col("vte_prophylaxis"),
        ),
        (
            col("wheels_out_at").is_not_null()
            & ~col("cancelled")
            & _is_not(col("complication").is_in(["O0030", "O0031", "O0032"])),
            col("returned_to_or"),
        ),
        (
            ~col("cancelled") & col("incision_at").is_not_null(),
            col("checklist_done") & col("consent_signed"),
        ),
        (
            col("discharge_disposition").is_in(["T0000", "T0001", "T0005"]) & ~col("died"),
            col("discharged_at").dt.hour() < 12,
        ),
        (
            col("procedure").is_in(SSI_PROCEDURES) & _is_not(col("wound_class") == "W0003"),
            col("infection").is_not_null(),
        ),
    ]


def _summed() -> list[tuple[pl.Expr, pl.Expr, pl.Expr]]:
    """Return for each pair of sums the cases inside and what they add; 1 to count them."""
    col, one = pl.col, pl.lit(1, pl.Int64)
    in_room = _minutes("wheels_in_at", "wheels_out_at")
    lines = col("service_line").is_in(["L0000", "L0001"])
    present = _is_not(col("discharge_disposition") == "T0017")
    return [
        (
            (col("case_class") == "C0000")
            & in_room.is_not_null()
            & col("allocated_minutes").is_not_null(),
            in_room,
            col("allocated_minutes"),
        ),
        (
            lines & col("implant_cents").is_not_null() & col("supply_cents").is_not_null(),
            col("implant_cents"),
            col("supply_cents"),
        ),
        (
            col("admission_type").is_in(["A0000", "A0001"])
            & _is_not(col("died"))
            & col("stay_hours").is_not_null(),
            col("stay_hours"),
            one,
        ),
        (
            (col("age") >= 18) & present & col("expected_mortality_ppm").is_not_null(),
            col("died").cast(pl.Int64),
            col("expected_mortality_ppm"),
        ),
    ]


def _valued(*, with_hard: bool) -> list[tuple[pl.Expr, pl.Expr]]:
    """Return for each median the cases inside and their value."""
    col = pl.col
    usual = [
        (col("case_class").is_in(["C0000", "C0001"]) & ~col("cancelled"), col("turnover_minutes")),
        (~col("cancelled"), _minutes("wheels_in_at", "incision_at")),
    ]
    hard = [
        (col("service_line").is_in(["L0000", "L0001"]), col("supply_cents")),
        (~col("died"), _minutes("admitted_at", "discharged_at")),
    ]
    return usual + hard if with_hard else usual


class Polars:
    """Lazy queries; a run reads the slice anew. Threads are set by POLARS_MAX_THREADS."""

    def __init__(self, frame: Frame, *, with_hard: bool) -> None:
        """Write the expressions."""
        self._frame, self._with_hard = frame, with_hard
        months = pl.col(PERIOD_COLUMN).dt.year().cast(pl.Int64) - FIRST_YEAR
        month = months * MONTHS_A_YEAR + pl.col(PERIOD_COLUMN).dt.month() - 1
        self._keys = [
            pl.col("slice"),
            month.alias("month"),
            pl.col(STRATUM_COLUMN).alias("stratum"),
        ]
        sums: list[pl.Expr] = []
        for eligible, met in _counted():
            sums += [(eligible & met).sum(), eligible.sum()]
        for inside, above, below in _summed():
            sums += [pl.when(inside).then(part).sum() for part in (above, below)]
        self._sums = [total.cast(pl.Int64).alias(f"c{n}") for n, total in enumerate(sums)]
        self._valued = _valued(with_hard=with_hard)
        self._place_of = {name: place for place, name in enumerate(frame.shape.roster)}

    def run(self, path: Path) -> list[Whole]:
        """Compute all cells of one slice."""
        return self.run_together([path])[0]

    def run_together(self, paths: Sequence[Path]) -> list[list[Whole]]:
        """Compute all cells of several slices, each for itself, in the same queries."""
        names = [str(path) for path in paths]
        cases = pl.scan_parquet(names, include_file_paths="slice")
        queries = [cases.group_by(self._keys).agg(self._sums)]
        queries += [
            cases.filter(inside & value.is_not_null())
            .group_by([*self._keys, value.alias("value")])
            .agg(pl.len().alias("n"))
            for inside, value in self._valued
        ]
        if self._with_hard:
            queries.append(self._look_back(cases))
        found = pl.collect_all(queries)
        columns = [self._rolled_up(found[0], names)]
        if self._with_hard:
            columns.append(self._rolled_up(found.pop(), names))
        columns += [self._medians(part, names) for part in found[1:]]
        return [list(parts) for parts in zip(*columns, strict=True)]

    def _look_back(self, cases: pl.LazyFrame) -> pl.LazyFrame:
        """Count the discharges followed by another admission of the same patient in 30 days."""
        inside = ~pl.col("discharge_disposition").is_in(["T0018", "T0019"]) & ~pl.col("died")
        stays = cases.with_row_index("stay").select(
            *self._keys,
            "stay",
            "patient_key",
            inside.fill_null(value=False).alias("inside"),
            pl.col("discharged_at").dt.date().alias("left_on"),
            pl.col("admitted_at").dt.date().alias("came_on"),
        )
        later = pl.col("came_on_other") - pl.col("left_on")
        back = (
            stays.filter("inside")
            .join(
                stays.select("slice", "patient_key", "stay", "came_on"),
                on=["slice", "patient_key"],
                suffix="_other",
            )
            .filter(pl.col("stay") != pl.col("stay_other"), later.dt.total_days().is_between(0, 30))
            .select("stay", pl.lit(value=True).alias("back"))
            .unique()
        )
        counts = [pl.col("back").sum(), pl.col("inside").sum()]
        return (
            stays.join(back, on="stay", how="left")
            .group_by("slice", "month", "stratum")
            .agg(total.cast(pl.Int64).alias(f"c{n}") for n, total in enumerate(counts))
        )

    def _rolled_up(self, found: pl.DataFrame, names: list[str]) -> list[Whole]:
        counts = [name for name in found.columns if name.startswith("c")]
        cubes = np.zeros((len(names), len(counts), self._frame.months * self._frame.strata), int)
        slices, groups = self._slices(found, names), self._groups(found)
        for row, name in enumerate(counts):
            cubes[slices, row, groups] = found[name].to_numpy()
        shape = (len(counts), self._frame.months, self._frame.strata)
        return [roll_up(cube.reshape(shape), self._frame.periods) for cube in cubes]

    def _medians(self, found: pl.DataFrame, names: list[str]) -> list[Whole]:
        values = found["value"].cast(pl.Int64).to_numpy()
        counts = found["n"].cast(pl.Int64).to_numpy()
        slices, groups = self._slices(found, names), self._groups(found)
        order = np.argsort(slices, kind="stable")
        ends = np.searchsorted(slices[order], np.arange(1, len(names)))
        return [
            medians(kept_cells(groups[rows], values[rows], 1, counts[rows]), self._frame)
            for rows in np.split(order, ends)
        ]

    def _slices(self, found: pl.DataFrame, names: list[str]) -> Whole:
        place_of = {name: place for place, name in enumerate(names)}
        return found["slice"].replace_strict(place_of, return_dtype=pl.Int64).to_numpy()

    def _groups(self, found: pl.DataFrame) -> Whole:
        others = self._frame.strata - 1
        strata = found["stratum"].replace_strict(
            self._place_of, default=others, return_dtype=pl.Int64
        )
        months = found["month"].to_numpy()
        return np.asarray(months * self._frame.strata + strata.to_numpy(), np.int64)
