"""Rows of results out of a table or JSON, each as texts by the names that the plan knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scorecards.offline.errors import OfflineError
from scorecards.offline.files import open_data
from scorecards.offline.headers import HeaderError, find_header, folded
from scorecards.scoresheets.columns_map import ColumnsMap
from scorecards.scoresheets.json_files import read_json
from scorecards.scoresheets.numbers_in import text_of
from scorecards.scoring.plans.plan import ScoringPlan
from scorecards.scoring.plans.results import KEYS, NOT_SCORED, NUMBERS

FAULTS_LISTED = 20
LARGEST_JSON = 500_000_000
_MEND_MAP = "Mend the map of columns, or the file."
_ADD_COLUMN = "Add it, or say in a map which header has it (--columns)."
Row = Mapping[str, str]
Rows = tuple[Iterator[tuple[int, Row]], tuple[str, ...]]


def rows_of(path: Path, plan: ScoringPlan, columns: ColumnsMap | None) -> Rows:
    """Read the rows of a file with their numbers, and notes on how they were read.

    Raises:
        OfflineError: the file, or a column of it, cannot be used.
    """
    if path.suffix.casefold() == ".json":
        if columns:
            raise OfflineError("A map of columns is for tables; leave it out for JSON.")
        return _json_rows(path, plan)
    return _mapped_rows(path, columns) if columns else _table_rows(path, plan)


def _mapped_rows(path: Path, columns: ColumnsMap) -> Rows:
    """Read a table by a map of its columns; a row may hold results of many indicators."""
    wanted = columns.headers
    file = open_data(path, frozenset(map(folded, wanted)))
    headers = _headers(path.name, file.header, wanted, frozenset(wanted), _MEND_MAP)
    rows, cells = file.read(list(dict.fromkeys(headers.values())))
    texts = {name: cells[header].to_pylist() for name, header in headers.items()}

    def each() -> Iterator[tuple[int, Row]]:
        names = list(texts)
        for number, values in zip(rows, zip(*texts.values(), strict=True), strict=True):
            row = dict(zip(names, map(text_of, values), strict=True))
            for found in columns.results_in(row):
                yield int(number), found

    return each(), (*file.notes, *_unseen(path.name, columns, texts))


def _unseen(file: str, columns: ColumnsMap, cells: Mapping[str, Sequence[object]]) -> list[str]:
    """Say which names of indicators no row bears, as a slip of the pen would have it."""
    if not columns.indicator:
        return []
    seen = set(map(text_of, cells[columns.indicator]))
    return [f"{file}: no row is called “{name}”." for name in columns.names if name not in seen]


def _table_rows(path: Path, plan: ScoringPlan) -> Rows:
    declared = [each.name for each in plan.inputs]
    wanted = [*KEYS, *NUMBERS, NOT_SCORED, *declared]
    file = open_data(path, frozenset(map(folded, wanted)))
    headers = _headers(path.name, file.header, wanted, _needed(plan), _ADD_COLUMN)
    rows, columns = file.read(list(headers.values()))
    cells = {name: columns[header].to_pylist() for name, header in headers.items()}

    def each() -> Iterator[tuple[int, Row]]:
        names = list(cells)
        for number, values in zip(rows, zip(*cells.values(), strict=True), strict=True):
            yield int(number), dict(zip(names, map(text_of, values), strict=True))

    unused = [name for name in file.header if name and name not in headers.values()]
    notes = [*file.notes]
    if unused:
        shown = ", ".join(f"“{name[:40]}”" for name in unused[:10])
        notes.append(f"{path.name}: columns that the plan does not ask for: {shown}.")
    return each(), tuple(notes)


def _needed(plan: ScoringPlan) -> frozenset[str]:
    """Name the columns that must be there."""
    keys = KEYS if plan.indicators else KEYS[:1]
    return frozenset((*keys, *(each.name for each in plan.inputs if each.default is None)))


def _headers(
    file: str, header: Sequence[str], wanted: Sequence[str], needed: frozenset[str], hint: str
) -> dict[str, str]:
    """Find the columns by name; those that are not needed may be absent."""
    found, faults = {}, []
    for name in wanted:
        is_there = any(folded(each) == folded(name) for each in header)
        if not is_there:
            if name in needed:
                faults.append(f"{file} has no column “{name}”. {hint}")
            continue
        try:
            found[name] = find_header((name,), header).header
        except HeaderError as wrong:
            faults.append(f"{file} {wrong}")
    if faults:
        raise OfflineError(*faults)
    return found


def _json_rows(path: Path, plan: ScoringPlan) -> Rows:
    document = read_json(path, LARGEST_JSON)
    rows = document.get("results") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise OfflineError(f"{path.name}: a list of rows is expected, or an object with `results`.")
    known = {*KEYS, *NUMBERS, NOT_SCORED, *(each.name for each in plan.inputs)}
    faults = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            faults.append(f"{path.name}, row {number}: a row is an object with named fields.")
            continue
        faults += [
            f"{path.name}, row {number}: there is no field “{str(name)[:40]}”. Leave it out, or "
            f"declare it as an input."
            for name in row
            if name not in known
        ]
    if faults:
        raise OfflineError(*faults[:FAULTS_LISTED])
    return (
        (number, {name: text_of(value) for name, value in row.items()})
        for number, row in enumerate(rows, 1)
    ), ()
