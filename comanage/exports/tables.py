"""PURE: the one writer of every table that leaves, as CSV and as XLSX.

CSV is UTF-8 in the form of RFC 4180. In XLSX a text is always a text, never a formula or a link;
a number that a sheet program would round is a text too.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter

from comanage.exports.cells import Cell, cell_text

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# The limits of a workbook.
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767
EXACT_DIGITS = 15
_LONGEST_SHEET_NAME = 31
_FIRST_DAY = date(1900, 3, 1)  # before it sheet programs count a day that never was
_LARGEST_POWER = 300

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": False,
}


class TableError(Exception):
    """A table does not fit into a workbook. The text says what to take instead."""


@dataclass(frozen=True, slots=True)
class Table:
    """A name, the names of its columns, and its rows, which are gone through once."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write_csv(table: Table, target: BinaryIO) -> int:
    """Write a table as CSV and return how many rows it has."""
    text = io.TextIOWrapper(target, "utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([cell_text(name) for name in table.columns])
    written = 0
    for row in table.rows:
        writer.writerow([cell_text(cell) for cell in row])
        written += 1
    text.detach()
    return written


def csv_bytes(table: Table) -> bytes:
    """Return a small table as CSV."""
    target = io.BytesIO()
    write_csv(table, target)
    return target.getvalue()


def write_xlsx(tables: Iterable[Table], target: BinaryIO) -> None:
    """Write tables as the sheets of one workbook, row by row.

    Moments are shown in UTC, to the second.

    Raises:
        TableError: one has more rows, columns or text than a workbook holds.
    """
    with xlsxwriter.Workbook(target, _OPTIONS) as workbook:
        forms = {
            date: workbook.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        bold = workbook.add_format({"bold": True})
        for table in tables:
            _write_sheet(workbook.add_worksheet(_sheet_name(table.name)), table, forms, bold)


def xlsx_bytes(*tables: Table) -> bytes:
    """Return small tables as a workbook."""
    target = io.BytesIO()
    write_xlsx(tables, target)
    return target.getvalue()


def _write_sheet(sheet: Any, table: Table, forms: Mapping[type[date], Any], bold: Any) -> None:
    if len(table.columns) > MOST_COLUMNS:
        raise TableError(f"A workbook holds {MOST_COLUMNS:,} columns at most. Take the CSV.")
    sheet.freeze_panes(1, 0)
    for at, name in enumerate(table.columns):
        sheet.write_string(0, at, name, bold)
    for number, row in enumerate(table.rows, 1):
        if number >= MOST_ROWS:
            raise TableError(f"A sheet holds {MOST_ROWS:,} rows at most. Take the CSV.")
        for at, cell in enumerate(row):
            _write_cell(sheet, number, at, cell, forms)


def _write_cell(sheet: Any, row: int, at: int, cell: Cell, forms: Mapping[type[date], Any]) -> None:
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(row, at, cell)
        case int() | Decimal() if _holds_exactly(Decimal(cell)):
            sheet.write_number(row, at, cell)
        case datetime() if cell.date() >= _FIRST_DAY:
            shown = cell.astimezone(UTC).replace(tzinfo=None) if cell.tzinfo else cell
            sheet.write_datetime(row, at, shown, forms[datetime])
        case date() if not isinstance(cell, datetime) and cell >= _FIRST_DAY:
            sheet.write_datetime(row, at, cell, forms[date])
        case _:
            _write_text(sheet, row, at, cell if isinstance(cell, str) else cell_text(cell))


def _write_text(sheet: Any, row: int, at: int, text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise TableError(
            f"A cell of a workbook holds {LONGEST_TEXT:,} characters at most. Take the CSV."
        )
    sheet.write_string(row, at, text)


def _holds_exactly(number: Decimal) -> bool:
    """Say whether a sheet program keeps every digit."""
    if not number.is_finite():
        return False
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    return len(digits) <= EXACT_DIGITS and abs(number.adjusted()) <= _LARGEST_POWER


def _sheet_name(name: str) -> str:
    for letter in "[]:*?/\\":
        name = name.replace(letter, " ")
    return name.strip("' ")[:_LONGEST_SHEET_NAME] or "Table"
