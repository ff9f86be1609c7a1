"""`manage.py bench intake`: a large extract beside pyarrow's bare parse, then a JSON post."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from comanage.bench.contract import BenchError, Say
from comanage.bench.report import Bar, are_held, machine
from scorecards.bench import contestant, intake_report
from scorecards.bench.contestant import BARE, DUCKDB, JSON, OURS, POLARS, TEXTS, Task
from scorecards.bench.extract import GENERATOR_VERSION, Recipe, write_extract, write_json
from scorecards.bench.oracle import recount_extract, recount_slice

ROOT = Path(__file__).resolve().parents[2]
IN_TURN = (BARE, OURS)
FOR_SCALE = (TEXTS, DUCKDB, POLARS)
JSON_ROWS = 10_000


@dataclass(slots=True)
class Runs:
    """What one contestant did with the file.

    Attributes:
        who: the contestant.
        answers: of its runs, in order.
        missing: the package that is not installed; empty where it ran.
    """

    who: str
    answers: list[dict[str, Any]] = field(default_factory=list)
    missing: str = ""

    @property
    def seconds(self) -> list[float]:
        """Of each run, in order."""
        return [answer["seconds"] for answer in self.answers]

    @property
    def memory(self) -> int:
        """Peak of the largest run, in megabytes."""
        return max((answer["memory"] for answer in self.answers), default=0)


def run(recipe: Recipe, *, runs: int, keep: Path | None, say: Say) -> bool:
    """Run, and print what came out; the last line is all of it as JSON.

    Args:
        recipe: of the extract.
        runs: that count, of the contestants that are held against a bar.
        keep: folder for the made-up files, to be used again; None for a temporary one.
        say: prints a line.

    Returns:
        Whether every bar that could be measured was held.

    Raises:
        BenchError: a contestant did not finish.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        target = Path(temporary) / "slice.parquet"
        for line in machine():
            say(line)
        source = _written(recipe, folder)
        found = _in_turn(recipe, source, target, runs)
        is_equal = _is_equal(recipe, source, target, found[OURS])
        for who in FOR_SCALE:
            found[who] = _once(Task(who, asdict(recipe), str(source), str(target)))
        twice = _twice(recipe, folder, target)
        pairs = _json(recipe, folder, target, runs)
    for line in intake_report.table(recipe, found, source_bytes=found[OURS].answers[0]["bytes"]):
        say(line)
    bars = intake_report.bars(recipe, found, twice, pairs, is_equal=is_equal)
    for line in ("", "Bars:", *map(str, bars)):
        say(line)
    say(json.dumps(_document(recipe, found, twice, pairs, bars)))
    return are_held(bars)


def _written(recipe: Recipe, folder: Path) -> Path:
    """Write an extract, unless it is there."""
    parts = (GENERATOR_VERSION, *(int(value) for value in asdict(recipe).values()))
    path = folder / f"extract-{'-'.join(map(str, parts))}.csv"
    if not path.exists():
        part = path.with_suffix(".part")
        write_extract(recipe, part)
        part.replace(path)
    return path


def _in_turn(recipe: Recipe, source: Path, target: Path, runs: int) -> dict[str, Runs]:
    """Let those that are compared run A B A B; a turn before the first warms the file up."""
    found = {who: Runs(who) for who in IN_TURN}
    _answer(Task(BARE, asdict(recipe), str(source), str(target)))
    for _ in range(runs):
        for who in IN_TURN:
            answer = _answer(Task(who, asdict(recipe), str(source), str(target)))
            found[who].answers.append(answer | {"bytes": source.stat().st_size})
    return found


def _once(task: Task) -> Runs:
    answer = _answer(task)
    return Runs(task.who, [] if "missing" in answer else [answer], answer.get("missing", ""))


def _is_equal(recipe: Recipe, source: Path, target: Path, ours: Runs) -> bool | None:
    """Hold the stored slice and the counts against those of another engine.

    Returns:
        None where that engine is not installed.
    """
    try:
        expected, stored = recount_extract(recipe, source), recount_slice(recipe, target)
    except ModuleNotFoundError:
        return None
    faulty = sum(expected.faulty.values())
    counts = {
        "rows": recipe.rows,
        "skipped": faulty,
        "findings": faulty,
        "accepted": True,
    }
    return (
        expected.faulty == dict(sorted(recipe.planted.items()))
        and (expected.kept, expected.columns) == (stored.kept, stored.columns)
        and all({name: answer[name] for name in counts} == counts for answer in ours.answers)
    )


def _twice(recipe: Recipe, folder: Path, target: Path) -> Runs:
    """Take a file of twice as many rows in, for the memory it takes."""
    large = replace(recipe, rows=recipe.rows * 2)
    return _once(Task(OURS, asdict(large), str(_written(large, folder)), str(target)))


def _json(recipe: Recipe, folder: Path, target: Path, runs: int) -> list[tuple[float, float]]:
    """Time the decoding of a post, and its checking and storing, pair by pair."""
    small = replace(recipe, rows=JSON_ROWS, is_clean=True)
    source = folder / f"post-{small.seed}-{small.physicians}-{small.codes}.json"
    write_json(small, source)
    answer = _answer(Task(JSON, asdict(small), str(source), str(target), runs=runs))
    return [(one, other) for one, other in answer["pairs"]]


def _answer(task: Task) -> dict[str, Any]:
    command = [sys.executable, "-m", "scorecards.bench.contestant", contestant.to_text(task)]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ, check=False
    )
    if done.returncode:
        raise BenchError(f"{task.who} did not finish; its own message is above.")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _document(
    recipe: Recipe,
    found: dict[str, Runs],
    twice: Runs,
    pairs: list[tuple[float, float]],
    bars: list[Bar],
) -> dict[str, Any]:
    """Write all of it as plain JSON."""
    return {
        "bench": "intake",
        "recipe": asdict(recipe),
        "seconds": {who: runs.seconds for who, runs in found.items()},
        "peak_megabytes": {who: runs.memory for who, runs in found.items()},
        "peak_megabytes_at_twice_the_file": twice.memory,
        "json_seconds": {
            "json.loads": median(p[0] for p in pairs),
            JSON: median(p[1] for p in pairs),
        },
        "bars": [asdict(bar) for bar in bars],
    }
