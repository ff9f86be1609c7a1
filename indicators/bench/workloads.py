"""The workloads of the bench, and the files they run on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from comanage.values.canonical import sha256_of
from indicators.bench.generator import GENERATOR_VERSION, Shape, generate
from indicators.measure.cube.companion import companion_path, write_companion

KERNEL, KERNEL_ALONE = "kernel", "kernel, 1 process"
MASKS, FILTER, MASKS_TOGETHER = "DuckDB masks", "DuckDB FILTER", "DuckDB masks, one query"
POLARS, POLARS_TOGETHER = "Polars", "Polars, one query"
PANDAS = "pandas group-by"
TWO_PROCESSES = 2
# What DuckDB and Polars like best: enough row groups for their threads, none too small.
LARGEST_ROW_GROUP, SMALLEST_ROW_GROUP = 122_880, 12_500
ROW_GROUPS_AT_LEAST = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """A contestant in a workload.

    Attributes:
        name: as the report prints it.
        engine: kernel, duckdb, duckdb-filter, polars or pandas.
        processes: how many share the slices.
        threads: of each process; the kernel has always one.
        is_together: whether one query reads all slices.
    """

    name: str
    engine: str
    processes: int = 1
    threads: int = 2
    is_together: bool = False


@dataclass(frozen=True, slots=True)
class Workload:
    """Slices, and who runs on them.

    Attributes:
        name: I, S, M or H.
        title: what it stands for.
        shape: of each slice; the seed rises from slice to slice.
        slices: how many there are.
        entries: the contestants, in the order of their turns.
        with_hard: whether the look-back and the medians without a known range are in it.
    """

    name: str
    title: str
    shape: Shape
    slices: int
    entries: tuple[Entry, ...]
    with_hard: bool = False

    @property
    def shapes(self) -> Iterator[Shape]:
        """The shape of each slice."""
        for number in range(self.slices):
            yield replace(self.shape, seed=self.shape.seed + number)

    @property
    def cases(self) -> int:
        """Cases in all."""
        return self.slices * self.shape.cases


_ONE_EACH = (
    Entry(KERNEL, "kernel"),
    Entry(MASKS, "duckdb"),
    Entry(FILTER, "duckdb-filter"),
    Entry(POLARS, "polars"),
)
_OF_MANY = (
    Entry(KERNEL, "kernel", TWO_PROCESSES),
    Entry(KERNEL_ALONE, "kernel"),
    Entry(MASKS, "duckdb", TWO_PROCESSES, 1),
    Entry(MASKS_TOGETHER, "duckdb", is_together=True),
    Entry(POLARS, "polars", TWO_PROCESSES, 1),
    Entry(POLARS_TOGETHER, "polars", is_together=True),
)


def workloads(shape: Shape, scale: int) -> dict[str, Workload]:
    """Lay the workloads out.

    Args:
        shape: seed, physicians, codes and missing shares; cases and years are set here.
        scale: percent of the cases of S and of the slices of M.
    """
    one = replace(shape, cases=50_000, years=1)
    tenant = replace(shape, cases=15_000 * scale, years=3)
    everyone = (*_ONE_EACH, Entry(PANDAS, "pandas"))
    many = 2 * scale
    return {
        "I": Workload("I", "one agreement, what a person waits for", one, 1, everyone),
        "S": Workload("S", "one tenant, three years", tenant, 1, _ONE_EACH),
        "M": Workload("M", "the night: many agreements", one, many, _OF_MANY),
        "H": Workload("H", "I with 3 hard indicators", one, 1, _ONE_EACH, with_hard=True),
    }


def prepared(workload: Workload, folder: Path) -> list[Path]:
    """Write the slices of a workload and their companions, unless they are there."""
    return [written(shape, folder) for shape in workload.shapes]


def written(shape: Shape, folder: Path) -> Path:
    """Write one slice and its companion, unless both are there."""
    name = sha256_of({**asdict(shape), "generator": GENERATOR_VERSION})[:32]
    path = folder / f"{name}.parquet"
    if not (path.exists() and companion_path(folder, name).exists()):
        write_slice(generate(shape), path)
    return path


def write_slice(table: pa.Table, path: Path) -> None:
    """Write a slice as Parquet, and its companion beside it under the same name."""
    per_group = min(table.num_rows // ROW_GROUPS_AT_LEAST, LARGEST_ROW_GROUP)
    group = max(per_group, SMALLEST_ROW_GROUP)
    pq.write_table(table, path, compression="zstd", row_group_size=group)
    write_companion(pq.read_table(path), path.parent, path.stem)
