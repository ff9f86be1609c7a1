"""Recomputing after one month changed: the cache of partial cubes against counting all again.

Run by `report` as `python -m indicators.bench.incremental SPEC`.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from indicators.bench.cells import Frame, hash_of
from indicators.bench.generator import FIRST_YEAR, Shape, generate
from indicators.bench.kernel_engine import Kernel
from indicators.bench.layout import PERIOD_COLUMN
from indicators.measure.cube.cache import CubeCache, Slice
from indicators.measure.cube.companion import Companion, open_companion, write_companion
from indicators.measure.cube.plan import Cube, summed

MONTHS_A_YEAR = 12
CHANGED_MONTH = 3


@dataclass(frozen=True, slots=True)
class Months:
    """The slices of some months, and one month's correction.

    Attributes:
        before: as first handed in.
        after: with one month handed in anew.
    """

    before: list[Slice]
    after: list[Slice]


def main(argv: Sequence[str]) -> int:
    """Measure, and answer with a line of JSON."""
    spec = json.loads(argv[1])
    frame = Frame(Shape(**spec["shape"]))
    with tempfile.TemporaryDirectory() as name:
        answer = measured(frame, Path(name), spec["runs"])
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


def measured(frame: Frame, folder: Path, runs: int) -> dict[str, Any]:
    """Time counting everything, one changed month and nothing changed, in turn.

    Returns:
        Seconds of each run by what was done, the hits and misses of the last, and whether all
        results equal those of counting without a cache.
    """
    kernel, months = Kernel(frame), _months(generate(frame.shape), frame, folder)
    seconds: dict[str, list[float]] = {"all": [], "one month": [], "unchanged": []}
    counted: dict[str, list[int]] = {}
    is_equal = True
    expected = {
        "before": hash_of(kernel.results(_counted(kernel, months.before))),
        "after": hash_of(kernel.results(_counted(kernel, months.after))),
    }
    for run in range(runs + 1):
        kept = folder / f"run-{run}"
        kept.mkdir()
        cache = CubeCache(kept)
        begun = time.perf_counter()
        _counted(kernel, months.before)
        took = {"all": time.perf_counter() - begun}
        cache.cube(kernel.plan, months.before)
        for what, slices, wanted in (
            ("unchanged", months.before, "before"),
            ("one month", months.after, "after"),
        ):
            cache = CubeCache(kept)
            took[what], cube = _timed(partial(cache.cube, kernel.plan, slices))
            counted[what] = [cache.hits, cache.misses]
            is_equal = is_equal and hash_of(kernel.results(cube)) == expected[wanted]
        if run:
            for what, time_taken in took.items():
                seconds[what].append(time_taken)
    return {"seconds": seconds, "counted": counted, "is_equal": is_equal}


def _timed(deed: Callable[[], Cube]) -> tuple[float, Cube]:
    begun = time.perf_counter()
    cube = deed()
    return time.perf_counter() - begun, cube


def _counted(kernel: Kernel, slices: list[Slice]) -> Cube:
    """Count all slices without a cache."""
    return summed([kernel.plan.count(one.open()) for one in slices])


def _months(table: pa.Table, frame: Frame, folder: Path) -> Months:
    """Cut a table into months; the changed one loses every tenth case."""
    moments = table.column(PERIOD_COLUMN)
    years = pc.multiply(pc.subtract(pc.year(moments), FIRST_YEAR), MONTHS_A_YEAR)
    month_of = pc.add(years, pc.subtract(pc.month(moments), 1))
    before = []
    for month in range(frame.months):
        part = table.filter(pc.equal(month_of, month))
        before.append(_slice(part, folder, f"month-{month}"))
    part = table.filter(pc.equal(month_of, CHANGED_MONTH))
    corrected = _slice(part.slice(part.num_rows // 10), folder, f"month-{CHANGED_MONTH}-corrected")
    after = [*before[:CHANGED_MONTH], corrected, *before[CHANGED_MONTH + 1 :]]
    return Months(before, after)


def _slice(table: pa.Table, folder: Path, name: str) -> Slice:
    write_companion(table, folder, name)
    return Slice(name, partial(_opened, folder, name))


def _opened(folder: Path, name: str) -> Companion:
    companion = open_companion(folder, name)
    if companion is None:
        raise FileNotFoundError(name)
    return companion


if __name__ == "__main__":
    sys.exit(main(sys.argv))
