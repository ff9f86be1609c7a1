"""A command that needs no database and no tenant: its problems are sentences and an exit code."""

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand

from scorecards.offline.errors import OfflineError
from scorecards.offline.fitting import UsageError

WRONG_INPUT, WRONG_USAGE = 1, 2
Say = Callable[[str], None]


class OfflineCommand(BaseCommand, ABC):
    """What `measure` and `score` have in common."""

    requires_system_checks: list[str] = []

    @abstractmethod
    def work(self, given: dict[str, Any], say: Say, write: Say) -> None:
        """Do what the command is for; `say` notes for a person, `write` the result."""

    def handle(self, *_args: Any, **given: Any) -> None:
        """Work; a problem is one sentence a line, and an exit code."""
        try:
            self.work(given, self._say, lambda text: self.stdout.write(text, ending=""))
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
