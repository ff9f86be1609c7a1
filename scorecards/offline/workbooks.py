"""Reading a workbook of somebody's own machine: the values of one sheet.

The intake of hospitals refuses much more (`scorecards.intake.xlsx_guard`): there, a file comes
from outside and a server reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, SheetTypeEnum, load_workbook

from scorecards.intake.reading import UnreadableError
from scorecards.offline.cells import float_text
from scorecards.offline.headers import ROWS_LOOKED_AT, best_row
from scorecards.offline.sheet_xml import check_cells, check_size

Cell = int | float | str | bool | time | date | datetime | timedelta
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class OpenedSheet:
    """One sheet of a workbook.

    Attributes:
        name: of the sheet.
        sheets: how many sheets the workbook has.
        header: its headers, trimmed.
        header_row: the row they stand in, from 1.
        read: as of a data file.
    """

    name: str
    sheets: int
    header: tuple[str, ...]
    header_row: int
    read: Callable[[Sequence[str]], tuple[Rows, Mapping[str, Any]]]


def open_workbook(path: Path, wanted: frozenset[str], sheet: str) -> OpenedSheet:
    """Choose the sheet that was named, or the first with most of the wanted headers.

    Raises:
        UnreadableError: damaged, or there is no such sheet.
    """
    check_size(path)
    try:
        workbook = load_workbook(str(path))
        names = [s.name for s in workbook.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
        if sheet and sheet not in names:
            shown = ", ".join(f"“{name}”" for name in names)
            raise UnreadableError("no-sheet", f"There is no sheet “{sheet}”. There are: {shown}.")
        sheets = {name: workbook.get_sheet_by_name(name) for name in ([sheet] if sheet else names)}
        heads = {name: _head(each) for name, each in sheets.items()}
    except CalamineError:
        raise UnreadableError(
            "unreadable", "The workbook is damaged, cut off or encrypted. Save it again."
        ) from None
    if not any(heads.values()):
        raise UnreadableError("empty-file", "The workbook holds no rows. Export it again.")
    chosen = max(heads, key=lambda name: best_row(heads[name], wanted)[0])
    place = best_row(heads[chosen], wanted)[1]
    header = tuple(name.strip() for name in heads[chosen][place])
    opened = sheets.pop(chosen)
    sheets.clear()  # the others may be large

    def read(headers: Sequence[str]) -> tuple[Rows, Mapping[str, Any]]:
        columns = {name: header.index(name) for name in headers}
        check_cells(path, chosen, place + 2, columns)
        return _read(opened, place + 1, columns)

    return OpenedSheet(chosen, len(names), header, place + 1, read)


def _head(sheet: CalamineSheet) -> list[list[str]]:
    return [[_text(cell) or "" for cell in row] for row in _rows(sheet, ROWS_LOOKED_AT)]


def _rows(sheet: CalamineSheet, most: int | None = None) -> Iterator[list[Cell]]:
    """Yield rows from row 1 and cells from column A, also where the first ones are empty."""
    left = sheet.start[1] if sheet.start else 0
    for row in islice(sheet.iter_rows(), most):
        yield [*[""] * left, *row]


def _read(
    sheet: CalamineSheet, first: int, columns: Mapping[str, int]
) -> tuple[Rows, Mapping[str, Any]]:
    """Read the wanted columns, without rows in which every cell is empty."""
    rows: list[int] = []
    texts: dict[str, list[str | None]] = {name: [] for name in columns}
    for number, row in enumerate(_rows(sheet), 1):
        if number <= first or all(cell == "" for cell in row):
            continue
        rows.append(number)
        for name, place in columns.items():
            texts[name].append(_text(row[place]) if place < len(row) else None)
    cells = {name: pa.array(found, pa.string()) for name, found in texts.items()}
    return np.array(rows, np.int64), cells


def _text(cell: Cell) -> str | None:
    """Write a cell as text: the shortest for a number, ISO for a day or a moment."""
    match cell:
        case "":
            return None
        case bool():
            return "true" if cell else "false"
        case float():
            return float_text(cell)
        case datetime():
            return str(cell.date()) if cell.time() == time.min else str(cell)
    return str(cell)
