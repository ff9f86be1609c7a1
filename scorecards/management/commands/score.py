"""`manage.py score`: score results by a plan, without database or tenant."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from scorecards.offline.errors import OfflineError
from scorecards.offline.fitting import UsageError
from scorecards.scoresheets.run import add_arguments, run, score_options

WRONG_INPUT, WRONG_USAGE = 1, 2


class Command(BaseCommand):
    """The offline door of scoring. The manual is scorecards/scoresheets/README.md."""

    help = "Score results of many organizations by a plan; write points, totals and dollars."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked for."""
        add_arguments(parser)

    def handle(self, *_args: Any, **given: Any) -> None:
        """Score; a problem is one sentence a line, and an exit code."""
        try:
            run(score_options(given), self._say, lambda text: self.stdout.write(text, ending=""))
        except BrokenPipeError:
            # Whoever read the screen has enough; Python's own flush at the end must not fail.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(WRONG_INPUT)
        except UsageError as wrong:
            self.stderr.write(str(wrong))
            sys.exit(WRONG_USAGE)
        except OfflineError as wrong:
            for message in wrong.messages:
                self.stderr.write(message)
            sys.exit(WRONG_INPUT)

    def _say(self, note: str) -> None:
        self.stderr.write(f"Note: {note}", style_func=str)
