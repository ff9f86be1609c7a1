"""The options of `manage.py bench adjudicate`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from adjudication.bench import adjudicate_bench
from adjudication.bench.task import Size
from comanage.bench.contract import Bench, Say, from_to

MOST_PROCESSES = 64


def _add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--programs", type=from_to(2, 2_000), default=200)
    parser.add_argument("--indicators", type=from_to(1, 15), default=15)
    parser.add_argument("--hospitals", type=from_to(1, 100), default=10)
    parser.add_argument("--processes", type=from_to(1, MOST_PROCESSES), default=2)
    parser.add_argument("--reports", type=from_to(1, 100), default=5)
    parser.add_argument("--asks", type=from_to(20, 10_000), default=200)
    parser.add_argument("--seed", type=from_to(0, 999), default=1)


def _run(options: Mapping[str, Any], say: Say) -> bool:
    size = Size(*(options[name] for name in ("programs", "indicators", "hospitals", "seed")))
    counts = {name: options[name] for name in ("processes", "reports", "asks")}
    return adjudicate_bench.run(size, **counts, say=say)


ADJUDICATE = Bench("adjudicate", "from stored scorecards to settled years", _add_options, _run)
