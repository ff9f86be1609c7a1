"""`manage.py bench measure`: how fast measuring is, beside other engines on equal work."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.bench import measure_bench
from indicators.bench.contest import BenchError
from indicators.bench.generator import Shape

WORKLOADS = ("I", "S", "M", "H")
MOST_RUNS = 100


class Command(BaseCommand):
    """Runs benchmarks; needs no database."""

    help = "Measure speed side by side with other engines; results must be equal."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to run and the shape of the made-up cases."""
        kinds = parser.add_subparsers(dest="bench", required=True)
        measure = kinds.add_parser("measure", help="from stored slices to the cells of indicators")
        measure.add_argument("--workload", choices=(*WORKLOADS, "all"), default="all")
        measure.add_argument("--runs", type=_from_to(1, MOST_RUNS), default=5)
        measure.add_argument("--seed", type=_from_to(0, 2**31), default=1)
        measure.add_argument("--physicians", type=_from_to(1, 5_000), default=40)
        measure.add_argument("--codes", type=_from_to(41, 60_000), default=60)
        measure.add_argument(
            "--missing", type=_from_to(0, 100), default=100, help="percent of the usual gaps"
        )
        measure.add_argument(
            "--scale", type=_from_to(1, 100), default=100, help="percent of workloads S and M"
        )
        measure.add_argument("--keep", type=Path, help="folder for the made-up files, to use again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, and fail when a bar was missed."""
        chosen = options["workload"]
        shape = Shape(
            cases=1,
            seed=options["seed"],
            physicians=options["physicians"],
            codes=options["codes"],
            missing=options["missing"],
        )
        try:
            held = measure_bench.run(
                WORKLOADS if chosen == "all" else (chosen,),
                shape=shape,
                scale=options["scale"],
                runs=options["runs"],
                keep=options["keep"],
                say=self.stdout.write,
            )
        except BenchError as problem:
            raise CommandError(str(problem)) from problem
        if not held:
            raise CommandError("A bar was missed; see above.")


def _from_to(least: int, most: int) -> Any:
    def whole_number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ArgumentTypeError(f"give a whole number from {least} to {most}")
        return int(text)

    return whole_number
