"""Reading an Excel workbook: one visible sheet of values, its header in the first row.

A spreadsheet keeps numbers in binary with 15 digits a person can rely on. They come out as
the text that a person sees; longer numbers are refused instead of silently changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from scorecards.intake.identifiers import identifier_kind, pattern_hits
from scorecards.intake.reading import (
    FIRST_ROW_OF_CASES,
    MAX_CELL_CHARACTERS,
    MAX_FILE_COLUMNS,
    Block,
    Extract,
    Fault,
    UnreadableError,
)
from scorecards.intake.xlsx_guard import check_workbook

Cell = int | float | str | bool | time | date | datetime | timedelta
Grid = list[list[Cell]]
FIRST_NUMBER_TOO_LONG = 10**15


def read_xlsx(source: Path, wanted: frozenset[str]) -> Extract:
    """Open a workbook and choose the sheet with the declared columns, or else the first."""
    check_workbook(source)
    try:
        with load_workbook(str(source)) as workbook:
            if any(sheet.visible != SheetVisibleEnum.Visible for sheet in workbook.sheets_metadata):
                raise UnreadableError(
                    "hidden-sheet",
                    "The workbook has a hidden sheet. Delete it, so that all that is sent is seen.",
                )
            grids = [
                _grid(workbook.get_sheet_by_name(sheet.name))
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet
            ]
    except CalamineError:
        raise UnreadableError(
            "unreadable", "The workbook is damaged or cut off. Save it again."
        ) from None
    if not any(grids):
        raise UnreadableError("empty-file", "The workbook holds no rows. Export it again.")
    # The first of those with the most declared columns.
    grid = max(grids, key=lambda grid: len(wanted.intersection(_header(grid))))
    others = [other for other in grids if other is not grid]
    return Extract(tuple(_header(grid)), _parts(grid, others, wanted))


def _grid(sheet: CalamineSheet) -> Grid:
    """Read a sheet from A1, without the empty rows and columns at its end."""
    rows: Grid = sheet.to_python(skip_empty_area=False)
    while rows and not any(cell != "" for cell in rows[-1]):
        rows.pop()
    width = max((_used_width(row) for row in rows), default=0)
    if width > MAX_FILE_COLUMNS:
        raise UnreadableError(
            "too-many-columns",
            f"A sheet has {width:,} columns; at most {MAX_FILE_COLUMNS:,} are read.",
        )
    return [row[:width] for row in rows]


def _used_width(row: list[Cell]) -> int:
    return next((place + 1 for place in reversed(range(len(row))) if row[place] != ""), 0)


def _header(grid: Grid) -> list[str]:
    return [_text(cell).strip() for cell in grid[0]] if grid else []


def _parts(grid: Grid, others: list[Grid], wanted: frozenset[str]) -> Iterator[Block | Fault]:
    header = _header(grid)
    yield from _identifiers_elsewhere(others)
    columns = list(zip(*grid[1:], strict=True)) or [() for _ in header]
    for name, cells in zip(header, columns, strict=True):
        yield from _bad_cells(name, cells, is_wanted=name in wanted)
    texts = [pa.array([_text(cell) for cell in cells], pa.string()) for cells in columns]
    if len(grid) > 1:
        rows = np.arange(len(grid) - 1, dtype=np.int64) + FIRST_ROW_OF_CASES
        yield Block(rows, texts)


def _bad_cells(name: str, cells: tuple[Cell, ...], *, is_wanted: bool) -> Iterator[Fault]:
    """Find cells whose value a spreadsheet cannot keep."""
    for row, cell in enumerate(cells, FIRST_ROW_OF_CASES):
        if isinstance(cell, str):
            if len(cell) > MAX_CELL_CHARACTERS:
                raise UnreadableError(
                    "cell-too-long", f"Row {row} has a cell that is too long.", row=row
                )
        elif is_wanted and isinstance(cell, int | float) and abs(cell) >= FIRST_NUMBER_TOO_LONG:
            yield Fault(
                "number-too-long",
                f"Row {row} holds a number of more than 15 digits, which a spreadsheet cannot "
                f"keep. Format the column as text before it is filled, or send CSV.",
                row,
                name,
            )


def _identifiers_elsewhere(others: list[Grid]) -> Iterator[Fault]:
    """Look for identifiers on the sheets that are not read."""
    for grid in others:
        texts = pa.array([_text(cell) for row in grid for cell in row], pa.string())
        kinds = [hit.kind for hit in pattern_hits(texts)]
        kinds += [kind for name in _header(grid) if (kind := identifier_kind(name))]
        if kinds:
            yield Fault(
                "identifier-in-cell",
                f"Another sheet of the workbook holds what looks like {kinds[0]}. Send a workbook "
                f"with the one sheet of the feed.",
            )


def _text(cell: Cell) -> str:
    """Write a cell as a person sees it: 15 digits, ISO dates."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(Decimal(format(cell, ".15g")), "f")
    if isinstance(cell, datetime):
        return str(cell.date()) if cell.time() == time.min else str(cell)
    return str(cell)
