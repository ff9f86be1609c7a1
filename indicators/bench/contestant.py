"""One contestant in a process of its own: it reads file names and answers with times.

Run by `contest` as `python -m indicators.bench.contestant SPEC`, with a line of JSON for each run.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from comanage.bench.report import peak_megabytes
from indicators.bench.cells import Frame, Whole, hash_of
from indicators.bench.generator import Shape

Run = Callable[[Sequence[Path]], list[list[Whole]]]


class Stopwatch:
    """Adds up the time between calls, by the name of the phase that ended."""

    def __init__(self) -> None:
        """Start now."""
        self.start()

    def start(self) -> None:
        """Begin a new run."""
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def __call__(self, phase: str) -> None:
        """End a phase."""
        now = time.perf_counter()
        self.seconds[phase] = self.seconds.get(phase, 0.0) + now - self._last
        self._last = now


def engine(spec: dict[str, Any], watch: Stopwatch) -> Run:
    """Make an engine ready.

    Raises:
        ModuleNotFoundError: the rival is not installed.
    """
    frame, with_hard = Frame(Shape(**spec["shape"])), spec["with_hard"]
    name = spec["engine"]
    # Imported here so that a process holds no other engine than its own.
    if name == "kernel":
        from indicators.bench.kernel_engine import Kernel

        kernel = Kernel(frame, with_hard=with_hard, watch=watch)
        return lambda paths: [kernel.run(path) for path in paths]
    if name == "pandas":
        from indicators.bench.rivals.pandas_engine import Pandas

        pandas = Pandas(frame)
        return lambda paths: [pandas.run(path) for path in paths]
    if name == "polars":
        from indicators.bench.rivals.polars_engine import Polars

        polars = Polars(frame, with_hard=with_hard)
        return _each_or_together(polars.run_together, is_together=spec["is_together"])
    from indicators.bench.rivals.duckdb_engine import DuckDb
    from indicators.bench.rivals.sql import cube_by_filter, cube_by_masks

    cube = cube_by_filter if name == "duckdb-filter" else cube_by_masks
    duck = DuckDb(frame, cube, spec["threads"], with_hard=with_hard)
    return _each_or_together(duck.run_together, is_together=spec["is_together"])


def _each_or_together(run_together: Run, *, is_together: bool) -> Run:
    if is_together:
        return run_together
    return lambda paths: [run_together([path])[0] for path in paths]


def main(argv: Sequence[str]) -> int:
    """Answer runs until the input ends."""
    watch = Stopwatch()
    try:
        run = engine(json.loads(argv[1]), watch)
    except ModuleNotFoundError as missing:
        _say({"is_missing": missing.name})
        return 0
    _say({"is_ready": True})
    for line in sys.stdin:
        paths = [Path(path) for path in json.loads(line)]
        watch.start()
        begun = time.perf_counter()
        results = run(paths)
        seconds = time.perf_counter() - begun
        memory = peak_megabytes()
        hashes = [hash_of(result) for result in results]
        _say({"seconds": seconds, "hashes": hashes, "memory": memory, "phases": watch.seconds})
    return 0


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
