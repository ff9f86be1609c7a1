"""`manage.py score`: score results by a plan, without database or tenant."""

from argparse import ArgumentParser
from typing import Any

from scorecards.management.offline import OfflineCommand, Say
from scorecards.scoresheets.run import add_arguments, run, score_options


class Command(OfflineCommand):
    """The offline door of scoring. The manual is scorecards/scoresheets/README.md."""

    help = "Score results of many organizations by a plan; write points, totals and dollars."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked for."""
        add_arguments(parser)

    def work(self, given: dict[str, Any], say: Say, write: Say) -> None:
        """Score."""
        run(score_options(given), say, write)
