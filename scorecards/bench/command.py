"""The options of `manage.py bench intake`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from comanage.bench.contract import Bench, Say, from_to
from scorecards.bench import intake_bench
from scorecards.bench.extract import Recipe

MOST_RUNS = 100
FEWEST_ROWS, MOST_ROWS = 1_000, 5_000_000  # twice as many are the most that a file may have


def _add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--rows", type=from_to(FEWEST_ROWS, MOST_ROWS), default=MOST_ROWS)
    parser.add_argument("--runs", type=from_to(1, MOST_RUNS), default=5)
    parser.add_argument("--seed", type=from_to(0, 999), default=1)
    parser.add_argument("--physicians", type=from_to(1, 5_000), default=400)
    parser.add_argument("--codes", type=from_to(1, 10_000), default=2_000)
    parser.add_argument("--keep", type=Path, help="folder for the made-up files, to use again")


def _run(options: Mapping[str, Any], say: Say) -> bool:
    recipe = Recipe(
        rows=options["rows"],
        seed=options["seed"],
        physicians=options["physicians"],
        codes=options["codes"],
    )
    return intake_bench.run(recipe, runs=options["runs"], keep=options["keep"], say=say)


INTAKE = Bench("intake", "from a file to checked and stored cases", _add_options, _run)
