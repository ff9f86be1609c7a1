"""`manage.py measure`: measure files by a definition, without database or tenant."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from scorecards.offline.errors import OfflineError
from scorecards.offline.fitting import UsageError, options_of
from scorecards.offline.options import add_arguments
from scorecards.offline.run import run

WRONG_INPUT, WRONG_USAGE = 1, 2


class Command(BaseCommand):
    """The offline door. The manual is scorecards/offline/README.md."""

    help = "Measure indicators in CSV, XLSX or Parquet files; write CSV or JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked for."""
        add_arguments(parser)

    def handle(self, *_args: Any, **given: Any) -> None:
        """Measure; a problem is one sentence a line, and an exit code."""
        try:
            run(options_of(given), self._say, lambda text: self.stdout.write(text, ending=""))
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
