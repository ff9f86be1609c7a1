"""`manage.py verify`: hold a report against itself, without database or tenant."""

from argparse import ArgumentParser
from typing import Any

from adjudication.verifying.run import add_arguments, run, verify_options
from scorecards.management.offline import OfflineCommand, Say


class Command(OfflineCommand):
    """The offline door of adjudication. The manual is adjudication/verifying/README.md."""

    help = "Check a report's signature and hashes, and compute its dollars anew; say OK or why not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked for."""
        add_arguments(parser)

    def work(self, given: dict[str, Any], say: Say, write: Say) -> None:
        """Verify."""
        run(verify_options(given), say, write)
