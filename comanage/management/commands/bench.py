"""`manage.py bench ...`: how fast we are, beside other engines on equal work."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from adjudication.bench.command import ADJUDICATE
from comanage.bench.contract import BenchError
from indicators.bench.command import MEASURE
from scorecards.bench.command import INTAKE

BENCHES = {bench.name: bench for bench in (MEASURE, INTAKE, ADJUDICATE)}


class Command(BaseCommand):
    """Runs benchmarks; a database, where one is needed, is made for it."""

    help = "Measure speed side by side with other engines; results must be equal."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to run, and the options of each room's bench."""
        kinds = parser.add_subparsers(dest="bench", required=True)
        for bench in BENCHES.values():
            bench.add_options(kinds.add_parser(bench.name, help=bench.help))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, and fail when a bar was missed."""
        try:
            held = BENCHES[options["bench"]].run(options, self.stdout.write)
        except BenchError as problem:
            raise CommandError(str(problem)) from problem
        if not held:
            raise CommandError("A bar was missed; see above.")
