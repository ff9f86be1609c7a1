"""One run of `manage.py score`, from files to a file."""

from __future__ import annotations

import gc
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, TextIO

import comanage
from scorecards.offline.errors import OfflineError
from scorecards.offline.files import sha256_of
from scorecards.offline.fitting import UsageError
from scorecards.offline.writing import written_whole
from scorecards.scoresheets.columns_map import read_columns_map
from scorecards.scoresheets.json_files import read_json
from scorecards.scoresheets.results_file import ResultsFile, read_results
from scorecards.scoresheets.rows_in import FAULTS_LISTED
from scorecards.scoresheets.scores_out import write_csv, write_json, write_wide_csv
from scorecards.scoring.plans.engine import Scores, ScoringError, score_all
from scorecards.scoring.plans.node import PlanDocumentError
from scorecards.scoring.plans.plan import ScoringPlan
from scorecards.scoring.plans.reading import read_plan

SCHEMA = "comanage.scores/1"
DASH = "-"
LARGEST_PLAN = 10_000_000


@dataclass(frozen=True)
class ScoreOptions:
    """One run of the command; the options as they were given."""

    plan: Path
    results: Path
    columns: Path | None
    out: str
    format: str
    wide: bool
    without_steps: bool

    @property
    def writes_json(self) -> bool:
        """Whether scores are written as JSON: as asked, else by the name of the file."""
        return (self.format or Path(self.out).suffix.lower().lstrip(".")) == "json"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("--plan", required=True, type=Path, metavar="FILE", help="the scoring plan, JSON")
    add("--results", required=True, type=Path, metavar="FILE",
        help="results of one or many organizations, CSV, XLSX, Parquet or JSON")  # fmt: skip
    add("--columns", type=Path, metavar="FILE",
        help="where results stand in a file of another shape, JSON")  # fmt: skip
    add("--wide", action="store_true", help="CSV with one row an organization")
    add("--without-steps", action="store_true", help="leave the steps out of the JSON")
    add("--format", default="", choices=("csv", "json"),
        help="where the name of --out does not tell")  # fmt: skip
    add("--out", required=True, metavar="FILE", help=".csv or .json; - for the screen, as CSV")


def score_options(given: dict[str, Any]) -> ScoreOptions:
    """Take the options that were parsed.

    Raises:
        UsageError: they do not fit together.
    """
    options = ScoreOptions(**{name: given[name] for name in ScoreOptions.__dataclass_fields__})
    suffix = Path(options.out).suffix.lower()
    if options.out != DASH:
        if not options.format and suffix not in (".csv", ".json"):
            raise UsageError("--out ends with .csv or .json, or name the --format.")
        for path in filter(None, (options.plan, options.results, options.columns)):
            if Path(options.out).resolve() == path.resolve():
                raise UsageError(f"--out names an input file, {path.name}. Name another file.")
    if options.wide and options.writes_json:
        raise UsageError("--wide is a form of CSV; leave it out for JSON.")
    return options


def run(options: ScoreOptions, say: Callable[[str], None], show: Callable[[str], None]) -> None:
    """Score as asked.

    Args:
        options: of the command.
        say: takes notes for the person at the terminal.
        show: takes the scores where they go to the screen.

    Raises:
        OfflineError: what is wrong, in sentences; then nothing is written.
    """
    with _without_collecting():
        _run(options, say, show)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the collector from going through millions of figures that nothing here lets go of."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _run(options: ScoreOptions, say: Callable[[str], None], show: Callable[[str], None]) -> None:
    plan = plan_in(options.plan)
    columns = read_columns_map(options.columns, plan) if options.columns else None
    results = read_results(options.results, plan, columns)
    for note in results.notes:
        say(note)
    keeps = options.writes_json and not options.without_steps
    try:
        scores = score_all(plan, results.organizations, keep_steps=keeps)
    except ScoringError as wrong:
        more = len(wrong.messages) - FAULTS_LISTED
        rest = [f"{results.name}: {more:,} more faults."] if more > 0 else []
        raise OfflineError(*wrong.messages[:FAULTS_LISTED], *rest) from None
    if options.out == DASH:
        stream = StringIO(newline="")
        _write(stream, options, plan, results, scores)
        show(stream.getvalue())
        return
    with written_whole(Path(options.out)) as file:
        _write(file, options, plan, results, scores)


def plan_in(path: Path) -> ScoringPlan:
    """Read the plan in a file.

    Raises:
        OfflineError: everything that is wrong with it.
    """
    try:
        return read_plan(read_json(path, LARGEST_PLAN))
    except PlanDocumentError as wrong:
        raise OfflineError(*(f"{path.name}: {problem}" for problem in wrong.problems)) from None


def _write(
    stream: TextIO,
    options: ScoreOptions,
    plan: ScoringPlan,
    results: ResultsFile,
    scores: Scores,
) -> None:
    if options.writes_json:
        write_json(stream, _head(options, plan, results), scores, results.notes)
    elif options.wide:
        write_wide_csv(stream, scores)
    else:
        write_csv(stream, scores)


def _head(options: ScoreOptions, plan: ScoringPlan, results: ResultsFile) -> dict[str, Any]:
    """Say what the scores were made from."""
    return {
        "schema": SCHEMA,
        "engine": f"CoManage {comanage.__version__}",
        "plan": {
            "title": plan.title,
            "source": plan.source or None,
            "file": options.plan.name,
            "sha256": sha256_of(options.plan),
        },
        "results": {"file": results.name, "rows": results.rows, "sha256": results.sha256},
    }
