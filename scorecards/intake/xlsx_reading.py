"""Reading an Excel workbook: one of its visible sheets of values.

A spreadsheet keeps numbers in binary with 15 digits a person can rely on. They come out as
the text that a person sees; longer numbers are refused instead of silently changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import compress
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
    MAX_CELL_CHARACTERS,
    MAX_FILE_COLUMNS,
    NO_TOLERANCE,
    Block,
    Extract,
    Fault,
    Tolerance,
    UnreadableError,
    header_name,
)
from scorecards.intake.spec_files import MAX_HEADER_ROW, PLAIN_FORM, FileForm, Notes
from scorecards.intake.xlsx_guard import check_workbook

Cell = int | float | str | bool | time | date | datetime | timedelta
Grid = list[list[Cell]]
FIRST_NUMBER_TOO_LONG = 10**15
ANOTHER_SHEET = "Another sheet of the workbook holds"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet: what stands above its header, its header, the rows below, what is below them."""

    name: str
    titles: Grid
    header: tuple[str, ...]
    cases: Grid
    notes: Grid


@dataclass(frozen=True, slots=True)
class _Unread:
    """Cells that are not read as cases: the beginning of a sentence on them, what may be there."""

    who_holds: str
    cells: Grid
    tolerated: frozenset[str] = frozenset()


def read_xlsx(
    source: Path,
    wanted: frozenset[str],
    form: FileForm = PLAIN_FORM,
    tolerance: Tolerance = NO_TOLERANCE,
) -> Extract:
    """Open a workbook and choose its sheet: as the form says, or that of most declared columns.

    Args:
        source: the workbook.
        wanted: the declared names in the file.
        form: as the feed declares it.
        tolerance: what may stand in it beside the declared columns.
    """
    grids = read_grids(source)
    if not any(grids.values()):
        raise UnreadableError("empty-file", "The workbook holds no rows. Export it again.")
    if form.sheet and form.sheet not in grids:
        raise UnreadableError(
            "no-sheet",
            f"The workbook has no sheet {form.sheet!r}, which the feed names. Call it so.",
        )
    sheets = {name: _sheet(name, grid, form) for name, grid in grids.items()}
    # The first of those with the most declared columns.
    chosen = sheets.get(form.sheet) or max(
        sheets.values(), key=lambda sheet: len(wanted.intersection(sheet.header))
    )
    unread = [
        _Unread("The titles above the header hold", chosen.titles, tolerance.in_titles),
        _Unread("The notes below the cases hold", chosen.notes),
        *(
            _Unread(ANOTHER_SHEET, _without(grid, tolerance.organization))
            for name, grid in grids.items()
            if name != chosen.name
        ),
    ]
    return Extract(
        chosen.header,
        _parts(chosen, unread, wanted, form.header_row + 1),
        header_row=form.header_row,
        has_own_types=True,
    )


def _without(grid: Grid, organization: frozenset[str]) -> Grid:
    """Leave out the columns of another sheet that describe a hospital, wherever its header is."""
    top = [
        {header_name(cell) for cell in cells if isinstance(cell, str)}
        for cells in zip(*grid[:MAX_HEADER_ROW], strict=True)
    ]
    kept = [organization.isdisjoint(names) for names in top]
    return [list(compress(row, kept)) for row in grid] if organization else grid


def read_grids(source: Path) -> dict[str, Grid]:
    """Read all sheets of a workbook that holds nothing else.

    Raises:
        UnreadableError: damaged, too large, or carrying anything but visible cells.
    """
    check_workbook(source)
    try:
        with load_workbook(str(source)) as workbook:
            if any(sheet.visible != SheetVisibleEnum.Visible for sheet in workbook.sheets_metadata):
                raise UnreadableError(
                    "hidden-sheet",
                    "The workbook has a hidden sheet. Delete it, so that all that is sent is seen.",
                )
            return {
                sheet.name: _grid(workbook.get_sheet_by_name(sheet.name))
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet
            }
    except CalamineError:
        raise UnreadableError(
            "unreadable", "The workbook is damaged or cut off. Save it again."
        ) from None


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


def _sheet(name: str, grid: Grid, form: FileForm) -> _Sheet:
    """Part a sheet by the form of the feed; columns without a name and a cell are nothing."""
    titles, below = grid[: form.header_row - 1], grid[form.header_row - 1 :]
    cases, notes = _parted(below[1:], form.notes)
    used = [any(row[place] != "" for row in below) for place in range(len(grid[0]) if grid else 0)]
    header = (
        tuple(header_name(cell_text(cell)) for cell in compress(below[0], used)) if below else ()
    )
    return _Sheet(name, titles, header, [list(compress(row, used)) for row in cases], notes)


def _parted(rows: Grid, notes: Notes) -> tuple[Grid, Grid]:
    """Part cases from the notes below them."""
    if notes is Notes.AFTER_BLANK:
        end = next((n for n, row in enumerate(rows) if not any(_filled(row))), len(rows))
    elif notes is Notes.LONE_CELLS:
        full = [n for n, row in enumerate(rows) if sum(_filled(row)) > 1]
        end = 1 + full[-1] if full else len(rows)
    else:
        end = len(rows)
    return rows[:end], rows[end:]


def _filled(row: list[Cell]) -> list[bool]:
    return [cell != "" for cell in row]


def _parts(
    sheet: _Sheet, unread: list[_Unread], wanted: frozenset[str], first_row: int
) -> Iterator[Block | Fault]:
    yield from _identifiers_elsewhere(unread)
    columns = list(zip(*sheet.cases, strict=True)) or [() for _ in sheet.header]
    for name, cells in zip(sheet.header, columns, strict=True):
        yield from _bad_cells(name, cells, first_row, is_wanted=name in wanted)
    texts = [pa.array([cell_text(cell) for cell in cells], pa.string()) for cells in columns]
    if sheet.cases:
        yield Block(np.arange(len(sheet.cases), dtype=np.int64) + first_row, texts)


def _bad_cells(
    name: str, cells: tuple[Cell, ...], first_row: int, *, is_wanted: bool
) -> Iterator[Fault]:
    """Find cells whose value a spreadsheet cannot keep."""
    for row, cell in enumerate(cells, first_row):
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


def _identifiers_elsewhere(unread: list[_Unread]) -> Iterator[Fault]:
    """Look for identifiers in the cells that are not read."""
    for part in unread:
        texts = pa.array([cell_text(cell) for row in part.cells for cell in row], pa.string())
        kinds = [hit.kind for hit in pattern_hits(texts) if hit.kind not in part.tolerated]
        if part.cells and part.who_holds == ANOTHER_SHEET:
            kinds += [kind for cell in part.cells[0] if (kind := identifier_kind(cell_text(cell)))]
        if kinds:
            yield Fault(
                "identifier-in-cell",
                f"{part.who_holds} what looks like {kinds[0]}. Send a workbook with the one "
                f"sheet of the feed.",
            )


def cell_text(cell: Cell) -> str:
    """Write a cell as a person sees it: 15 digits, ISO dates."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(Decimal(format(cell, ".15g")), "f")
    if isinstance(cell, datetime):
        return str(cell.date()) if cell.time() == time.min else str(cell)
    return str(cell)
