"""`manage.py measure`: measure files by a definition, without database or tenant."""

from argparse import ArgumentParser
from typing import Any

from scorecards.management.offline import OfflineCommand, Say
from scorecards.offline.fitting import options_of
from scorecards.offline.options import add_arguments
from scorecards.offline.run import run


class Command(OfflineCommand):
    """The offline door. The manual is scorecards/offline/README.md."""

    help = "Measure indicators in CSV, XLSX or Parquet files; write CSV or JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked for."""
        add_arguments(parser)

    def work(self, given: dict[str, Any], say: Say, write: Say) -> None:
        """Measure."""
        run(options_of(given), say, write)
