"""The options of `manage.py bench measure`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comanage.bench.contract import Bench, Say, from_to
from indicators.bench import measure_bench
from indicators.bench.generator import Shape

WORKLOADS = ("I", "S", "M", "H")
MOST_RUNS = 100


def _add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--workload", choices=(*WORKLOADS, "all"), default="all")
    parser.add_argument("--runs", type=from_to(1, MOST_RUNS), default=5)
    parser.add_argument("--seed", type=from_to(0, 2**31), default=1)
    parser.add_argument("--physicians", type=from_to(1, 5_000), default=40)
    parser.add_argument("--codes", type=from_to(41, 60_000), default=60)
    parser.add_argument(
        "--missing", type=from_to(0, 100), default=100, help="percent of the usual gaps"
    )
    parser.add_argument(
        "--scale", type=from_to(1, 100), default=100, help="percent of workloads S and M"
    )
    parser.add_argument("--keep", type=Path, help="folder for the made-up files, to use again")


def _run(options: Mapping[str, Any], say: Say) -> bool:
    chosen = options["workload"]
    shape = Shape(
        cases=1,
        seed=options["seed"],
        physicians=options["physicians"],
        codes=options["codes"],
        missing=options["missing"],
    )
    return measure_bench.run(
        WORKLOADS if chosen == "all" else (chosen,),
        shape=shape,
        scale=options["scale"],
        runs=options["runs"],
        keep=options["keep"],
        say=say,
    )


MEASURE = Bench("measure", "from stored slices to the cells of indicators", _add_options, _run)
