"""One contestant of the intake bench in a process of its own: one file, one answer, the end.

Run by `intake_bench` as `python -m scorecards.bench.contestant TASK`. What others read is timed
without their start; ours is timed as a worker waits for it: the start of the child, the reading,
the checks, and the slice on the disk.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from comanage.bench.report import KILOBYTES_A_MEGABYTE, peak_megabytes
from indicators.measure.columns import ColumnType
from scorecards.bench.extract import YEAR, Recipe, spec_of
from scorecards.intake.manner import Manner
from scorecards.intake.spec import FeedColumn

BARE, TEXTS, OURS = "pyarrow, bare parse", "pyarrow, bare parse as text", "intake"
DUCKDB, POLARS = "DuckDB, typed to Parquet", "Polars, typed to Parquet"
JSON = "a JSON post"
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """What a contestant is to do.

    Attributes:
        who: one of the names above.
        recipe: of the file, as plain values.
        source: the file.
        target: where Parquet goes.
        runs: of a JSON post, beside one that warms up.
    """

    who: str
    recipe: dict[str, Any]
    source: str
    target: str
    runs: int = 1


def bare(task: Task) -> Answer:
    """Stream through the file with pyarrow as it comes: types guessed, nothing asked or kept."""
    import pyarrow.csv as pacsv

    return _streamed(task, pacsv.ConvertOptions())


def as_texts(task: Task) -> Answer:
    """Stream through the file with pyarrow, leaving every cell the text it is."""
    import pyarrow as pa
    import pyarrow.csv as pacsv

    names = [column.name_in_file for column in spec_of(Recipe(**task.recipe)).columns]
    return _streamed(task, pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())))


def _streamed(task: Task, options: Any) -> Answer:
    import pyarrow.csv as pacsv

    begun = time.perf_counter()
    rows = sum(len(part) for part in pacsv.open_csv(task.source, convert_options=options))
    return {"seconds": time.perf_counter() - begun, "rows": rows}


def duckdb(task: Task) -> Answer:
    """Let DuckDB type what it can, leave the other rows out, and write Parquet."""
    import duckdb as engine

    from scorecards.bench.oracle import SQL_TYPES

    columns = {one.name: SQL_TYPES[one.type] for one in spec_of(Recipe(**task.recipe)).columns}
    begun = time.perf_counter()
    written = engine.connect().execute(
        "COPY (FROM read_csv($source, columns = $columns, header = true, ignore_errors = true)) "
        "TO $target (FORMAT parquet, COMPRESSION zstd)",
        {"source": task.source, "columns": columns, "target": task.target},
    )
    rows = written.fetchall()[0][0]
    return {"seconds": time.perf_counter() - begun, "rows": rows}


def polars(task: Task) -> Answer:
    """Let Polars type what it can, and write Parquet."""
    import polars as engine

    def typed(column: FeedColumn) -> engine.Expr:
        cell = engine.col(column.name)
        return {
            ColumnType.CODE: cell,
            ColumnType.WHOLE: cell.cast(engine.Int64, strict=False),
            ColumnType.DECIMAL: cell.cast(engine.Decimal(18, 2), strict=False),
            ColumnType.DATE: cell.str.to_date("%Y-%m-%d", strict=False),
            ColumnType.MOMENT: cell.str.to_datetime("%Y-%m-%d %H:%M", strict=False),
            ColumnType.FLAG: cell == "Y",
        }[column.type]

    columns = spec_of(Recipe(**task.recipe)).columns
    begun = time.perf_counter()
    cases = engine.scan_csv(task.source, infer_schema=False).select(map(typed, columns))
    cases.sink_parquet(task.target, compression="zstd")
    seconds = time.perf_counter() - begun
    rows = engine.scan_parquet(task.target).select(engine.len()).collect().item()
    return {"seconds": seconds, "rows": rows}


def ours(task: Task) -> Answer:
    """Have the file parsed, checked and stored as a worker does, faulty rows left out."""
    from scorecards.intake.sandbox import check_in_child

    source, spec = Path(task.source), spec_of(Recipe(**task.recipe))
    begun = time.perf_counter()
    outcome = check_in_child(
        source, source.name, spec, YEAR, Path(task.target), manner=Manner(skip_faulty=True)
    )
    seconds = time.perf_counter() - begun
    kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "seconds": seconds,
        "rows": outcome.rows,
        "memory": kilobytes // KILOBYTES_A_MEGABYTE,
        "skipped": outcome.rows_skipped,
        "findings": outcome.findings_total,
        "accepted": outcome.accepted,
    }


def json_post(task: Task) -> Answer:
    """Decode the body of a post, then check and store it, in turn; the first turn warms up."""
    from scorecards.intake.checks import check_file

    source, spec = Path(task.source), spec_of(Recipe(**task.recipe))
    pairs = []
    for _ in range(task.runs + 1):
        body = source.read_bytes()
        begun = time.perf_counter()
        decoded = json.loads(body)
        between = time.perf_counter()
        outcome = check_file(source, source.name, spec, YEAR, Path(task.target))
        pairs.append((between - begun, time.perf_counter() - between))
    if not outcome.accepted or outcome.rows != len(decoded):
        raise RuntimeError("The JSON post was not accepted whole.")
    return {"seconds": sum(each for _, each in pairs), "rows": outcome.rows, "pairs": pairs[1:]}


CONTESTANTS: dict[str, Callable[[Task], Answer]] = {
    BARE: bare,
    TEXTS: as_texts,
    DUCKDB: duckdb,
    POLARS: polars,
    OURS: ours,
    JSON: json_post,
}


def to_text(task: Task) -> str:
    """Write a task for the command line."""
    return json.dumps(asdict(task))


def main(argv: Sequence[str]) -> int:
    """Do one task; a rival that is not installed is an answer too."""
    task = Task(**json.loads(argv[1]))
    try:
        answer: Answer = {"memory": 0} | CONTESTANTS[task.who](task)
    except ModuleNotFoundError as missing:
        answer = {"missing": str(missing.name)}
    else:
        answer["memory"] = answer["memory"] or peak_megabytes()
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
