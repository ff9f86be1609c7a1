"""The cases of all files as one table: the columns asked for, typed, in the order given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from indicators.measure.columns import Column, ColumnType
from indicators.measure.criteria import column_names
from indicators.measure.definition import Definition
from scorecards.offline.cells import Typed, typed
from scorecards.offline.errors import OfflineError
from scorecards.offline.faults import ALL_OR_NONE, Fault, sentence
from scorecards.offline.files import DataFile, Rows
from scorecards.offline.headers import HeaderError, find_header, folded
from scorecards.offline.manner import Manner

BAD_CELLS_LISTED = 20
FINER = ("s", "ms", "us", "ns")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column to be read.

    Args:
        names: headers it may have, the likeliest first.
        type: of its values.
        at_any_time: of days, also take moments for the day they lie on.
        is_evidence: a code that proves a milestone: `N/A` is no proof, but missing.
    """

    names: tuple[str, ...]
    type: ColumnType
    at_any_time: bool = False
    is_evidence: bool = False


@dataclass(frozen=True)
class Cases:
    """The cases of all files.

    Attributes:
        columns: what was asked for, one array each.
        files: name and row numbers of each file.
        notes: how they were read, where a reader should know.
    """

    columns: Mapping[Wanted, Any]
    files: tuple[tuple[str, Rows], ...]
    notes: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many cases there are."""
        return sum(len(rows) for _, rows in self.files)

    def table(self, definition: Definition) -> pa.Table:
        """Return the columns that an indicator asks for, by the names in its definition."""
        found = {
            column.name: self.columns[wanted]
            for column, wanted in zip(
                needed_columns(definition), wanted_columns(definition), strict=True
            )
        }
        # A table without columns has no rows: a count of all cases needs none.
        return pa.table(found or {"row": pa.array(np.zeros(self.rows, np.int64))})

    def place(self, case: int) -> str:
        """Say where a case stands: file and row."""
        for name, rows in self.files:
            if case < len(rows):
                return f"{name}, row {int(rows[case])}"
            case -= len(rows)
        raise IndexError(case)


def wanted_of(column: Column) -> Wanted:
    """Ask for a declared column."""
    return Wanted(tuple(filter(None, (column.source, column.name))), column.type)


def wanted_columns(definition: Definition) -> list[Wanted]:
    """Ask for what an indicator looks at, in the order of `needed_columns`."""
    return [
        replace(wanted_of(column), is_evidence=column.name == definition.evidence_column)
        for column in needed_columns(definition)
    ]


def needed_columns(definition: Definition) -> list[Column]:
    """List the declared columns that an indicator looks at."""
    parts = (*definition.criteria.values(), *definition.numbers.values())
    names = frozenset({definition.evidence_column}).union(*map(column_names, parts))
    return [column for column in definition.columns if column.name in names]


def given_column(name: str, definition: Definition, all_of: Sequence[Definition]) -> Wanted:
    """Ask for a column of the command line: a declared one, else any header, read as text."""
    declared = [column for each in (definition, *all_of) for column in each.columns]
    for column in declared:
        if name in (column.name, column.source):
            return wanted_of(column)
    for column in declared:
        if folded(name) in (folded(column.name), folded(column.source)):
            return wanted_of(column)
    return Wanted((name,), ColumnType.CODE)


def folded_names(wanted: Iterable[Wanted]) -> frozenset[str]:
    """Fold every name that could stand in a header."""
    return frozenset(folded(name) for each in wanted for name in each.names)


@dataclass
class _Reading:
    """What is found out while files are read."""

    notes: dict[str, None] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)
    bad_by_column: Counter[str] = field(default_factory=Counter)


def read_cases(files: Sequence[DataFile], wanted: Sequence[Wanted], manner: Manner) -> Cases:
    """Read the columns that are asked for from all files.

    Args:
        files: opened.
        wanted: distinct.
        manner: how cells are to be read.

    Raises:
        OfflineError: a file lacks a column, or cells are no values of their type.
    """
    reading = _Reading()
    found = [_headers(file, wanted, reading) for file in files]
    parts: dict[Wanted, list[Typed]] = {each: [] for each in wanted}
    rows = []
    for file, headers in zip(files, found, strict=True):
        numbers, cells = file.read(sorted(set(headers.values())) or list(file.header[:1]))
        rows.append((file.name, numbers))
        for each, header in headers.items():
            column = typed(cells[header], each.type, _manner(manner, each, file))
            _note(reading, file, header, each.type, numbers, column)
            parts[each].append(column)
    if reading.bad:
        raise OfflineError(*reading.bad[:BAD_CELLS_LISTED], *_totals(reading))
    _refuse_percents_of_some(files, parts)
    columns = {each: _joined(each, [p.values for p in typed]) for each, typed in parts.items()}
    return Cases(columns, tuple(rows), tuple(reading.notes))


def _manner(manner: Manner, wanted: Wanted, file: DataFile) -> Manner:
    return replace(
        manner,
        at_any_time=wanted.at_any_time,
        says_withheld=wanted.is_evidence,
        is_comma_open=file.is_comma_open,
    )


def _refuse_percents_of_some(
    files: Sequence[DataFile], parts: Mapping[Wanted, Sequence[Typed]]
) -> None:
    """Refuse a column that is percents in one file and plain numbers in another."""
    for wanted, columns in parts.items():
        names = {
            column.has_percents: file.name for file, column in zip(files, columns, strict=True)
        }
        if {True, False} <= set(names):
            raise OfflineError(
                f"The column “{wanted.names[0]}” has percent signs in {names[True]} and none in "
                f"{names[False]}: {ALL_OR_NONE}."
            )


def _headers(file: DataFile, wanted: Sequence[Wanted], reading: _Reading) -> dict[Wanted, str]:
    reading.notes.update(dict.fromkeys(file.notes))
    headers, problems = {}, []
    for each in wanted:
        try:
            found = find_header(each.names, file.header)
        except HeaderError as lacking:
            problems.append(f"{file.name} {lacking}")
            continue
        headers[each] = found.header
        if found.is_alike:
            note = f"{file.name}: the column “{found.header}” is taken for “{each.names[0]}”."
            reading.notes[note] = None
    if problems:
        raise OfflineError(*dict.fromkeys(problems))
    return headers


def _note(
    reading: _Reading, file: DataFile, header: str, kind: ColumnType, rows: Rows, column: Typed
) -> None:
    """Keep notes of a column, and its bad cells: where they stand, never what they hold."""
    where = f"column “{header}”"
    for note in column.notes:
        reading.notes[f"{file.name}, {where}: {note}."] = None
    bad = np.flatnonzero(column.faults)
    if len(bad):
        reading.bad_by_column[f"{file.name}, {where}"] += len(bad)
    for place in bad[: max(BAD_CELLS_LISTED - len(reading.bad), 0)]:
        said = sentence(Fault(int(column.faults[place])), kind)
        reading.bad.append(f"{file.name}, row {int(rows[place])}, {where}: {said}.")


def _totals(reading: _Reading) -> Iterator[str]:
    for where, count in reading.bad_by_column.items():
        cells = "cell is" if count == 1 else "cells are"
        yield f"{where}: {count:,} {cells} no value of its type."
    yield "Nothing was measured. Correct the cells, or name texts that mean missing with --missing."


def _joined(wanted: Wanted, arrays: list[Any]) -> Any:
    """Join the parts of a column; decimals and moments by the finest part."""
    kind = arrays[0].type
    if wanted.type is ColumnType.DECIMAL:
        kind = pa.decimal128(38, max(array.type.scale for array in arrays))
    elif wanted.type is ColumnType.MOMENT:
        kind = pa.timestamp(max((array.type.unit for array in arrays), key=FINER.index))
    elif wanted.type is ColumnType.CODE:
        kind = pa.dictionary(pa.int32(), pa.string())
    try:
        joined = pa.chunked_array([array.cast(kind) for array in arrays], kind)
    except pa.ArrowInvalid:
        raise OfflineError(
            f"The numbers of column “{wanted.names[0]}” need more than 38 digits together."
        ) from None
    return joined.unify_dictionaries().combine_chunks()
