"""The first rows of a file whose layout is not known yet: what it seems to be, cell by cell.

This reads gently, so that a person can see what is wrong: a file that is refused later may
still be looked at here. Nothing of it is kept.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path

from scorecards.intake.opening import open_extract
from scorecards.intake.reading import Block, Extract, UnreadableError, header_name, kind_of
from scorecards.intake.seeking import ROWS_LOOKED_AT, Sought, find_header, find_sheet
from scorecards.intake.spec_files import ENCODINGS, PLAIN_FORM, SEPARATORS, FileForm, Notes
from scorecards.intake.text_files import MARKS, TextFile
from scorecards.intake.xlsx_reading import Grid, cell_text, read_grids

SAMPLE_ROWS = 10_000
SAMPLE_BYTES = 4_000_000
LONGEST_CODE = 20
NUMBER = re.compile(r"[-$]?[0-9][0-9.,/:% -]*")
USUAL_ENCODING, OTHER_ENCODING = "utf-8", "windows-1252"


@dataclass(frozen=True, slots=True)
class SheetSize:
    """A sheet of a workbook."""

    name: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of a file, as they stand in it.

    Args:
        kind: as `kind_of` names it.
        is_packed: it came as gzip.
        form: how it seems to be laid out, or was said to be.
        sheets: of a workbook.
        rows: of text, titles and header included; for a file without rows of its own (JSON,
            Parquet) the names of the columns come first.
        is_whole: nothing of the file comes after them.
        names_elsewhere: what could be the names of columns of its other sheets.
    """

    kind: str
    is_packed: bool
    form: FileForm
    sheets: tuple[SheetSize, ...]
    rows: tuple[tuple[str, ...], ...]
    is_whole: bool
    names_elsewhere: tuple[str, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(header_name(name) for name in self._row(self.form.header_row))

    @property
    def cases(self) -> tuple[tuple[str, ...], ...]:
        """The rows below the header and above the notes that are as wide as it."""
        width, below = len(self.header), self.rows[self.form.header_row :]
        above_notes = below[: _end_of_cases(below, self.form.notes)]
        return tuple(row for row in above_notes if len(row) == width)

    def _row(self, number: int) -> tuple[str, ...]:
        return self.rows[number - 1] if number <= len(self.rows) else ()


def take_sample(
    source: Path, filename: str, form: FileForm | None = None, sought: Sought | None = None
) -> Sample:
    """Read the first rows of a file.

    Args:
        source: the file, or for text its first bytes.
        filename: the name under which it came.
        form: as a person chose it; None to find it out.
        sought: the declared columns, to find the sheet and the header by; None for none.

    Raises:
        UnreadableError: it is of no kind that is read, or damaged.
    """
    kind = kind_of(source, filename)
    if kind.name == "csv":
        return _of_text(TextFile(source, kind.is_packed), form, sought)
    if kind.name == "xlsx":
        return _of_workbook(read_grids(source), form, sought)
    extract = open_extract(source, filename, frozenset())
    rows = list(islice(_rows(extract), SAMPLE_ROWS + 1))
    whole = len(rows) <= SAMPLE_ROWS
    shown = (extract.header, *rows[:SAMPLE_ROWS])
    return Sample(kind.name, kind.is_packed, PLAIN_FORM, (), shown, whole)


def guessed_header_row(rows: list[tuple[str, ...]]) -> int:
    """Guess where the header stands: the first full row of words, as wide as most rows."""
    first = rows[:ROWS_LOOKED_AT]
    widths = Counter(_width(row) for row in first if _width(row) > 1)
    usual = max(widths, key=lambda width: (widths[width], width), default=1)
    for number, row in enumerate(first, 1):
        cells = [cell.strip() for cell in row[:usual]]
        if _width(row) == usual and all(cells) and not any(map(NUMBER.fullmatch, cells)):
            return number
    return 1


def guessed_notes(rows: Sequence[tuple[str, ...]], header_row: int) -> Notes:
    """Guess what stands below the last case: rows that are a sentence and no case.

    Args:
        rows: all of the file.
        header_row: from 1.
    """
    if header_row > len(rows):
        return Notes.NONE
    width, below = _filled(rows[header_row - 1]), rows[header_row:]
    for notes in (Notes.AFTER_BLANK, Notes.LONE_CELLS):
        end = _end_of_cases(below, notes)
        after = [row for row in below[end:] if _filled(row)]
        if end and after and all(_reads_like_a_note(row, width) for row in after):
            return notes
    return Notes.NONE


def _reads_like_a_note(row: tuple[str, ...], width: int) -> bool:
    """Tell a note from a case of which much is missing: not all cells, and many words."""
    text = " ".join(row).strip()
    return _filled(row) < max(width, 2) and (len(text) > LONGEST_CODE or text[0] in "*(")


def _end_of_cases(below: Sequence[tuple[str, ...]], notes: Notes) -> int:
    if notes is Notes.AFTER_BLANK:
        return next((n for n, row in enumerate(below) if not _filled(row)), len(below))
    if notes is Notes.LONE_CELLS:
        full = [n for n, row in enumerate(below) if _filled(row) > 1]
        return 1 + full[-1] if full else len(below)
    return len(below)


def _filled(row: tuple[str, ...]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _width(row: tuple[str, ...]) -> int:
    return next((n for n in range(len(row), 0, -1) if row[n - 1].strip()), 0)


def _rows(extract: Extract) -> Iterator[tuple[str, ...]]:
    for part in extract.parts:
        if isinstance(part, Block):
            yield from zip(*(column.to_pylist() for column in part.columns), strict=True)


def _header_row(rows: list[tuple[str, ...]], form: FileForm | None, sought: Sought | None) -> int:
    """Say where the header stands: as chosen, by the declared names, or as it seems."""
    if sought is not None and sought.finds_row:
        found = find_header(rows, sought, (form or PLAIN_FORM).header_row)
        return found.row if found.names else guessed_header_row(rows)
    return form.header_row if form else guessed_header_row(rows)


def _of_text(file: TextFile, form: FileForm | None, sought: Sought | None) -> Sample:
    encoding, text, is_whole = _text(file, form.encoding if form else "")
    separator = (form.separator if form else "") or _guessed_separator(text)
    rows = [tuple(row) for row in islice(_csv_rows(text, separator), SAMPLE_ROWS + 1)]
    header_row = _header_row(rows, form, sought)
    is_whole = is_whole and len(rows) <= SAMPLE_ROWS
    notes = (form and form.notes) or _notes(rows, header_row, is_whole=is_whole)
    found = FileForm(separator, encoding, "", header_row, notes)
    return Sample("csv", file.is_packed, found, (), tuple(rows[:SAMPLE_ROWS]), is_whole)


def _text(file: TextFile, encoding: str) -> tuple[str, str, bool]:
    """Return the encoding, the text up to the last whole line, and whether that is all."""
    for named in (encoding,) if encoding else ("", OTHER_ENCODING):
        try:
            with TextFile(file.path, file.is_packed, named).opened() as stream:
                data = stream.read(SAMPLE_BYTES)
                is_whole = not stream.read(1)
        except UnreadableError as refused:
            if refused.code != "bad-encoding" or named == OTHER_ENCODING or encoding:
                raise
            continue
        whole_lines = data if is_whole else data[: data.rfind(b"\n") + 1]
        try:
            return named or _marked(file), whole_lines.decode(), is_whole
        except UnicodeDecodeError:
            continue
    raise UnreadableError("bad-encoding", f"The text is in none of: {', '.join(ENCODINGS)}.")


def _marked(file: TextFile) -> str:
    with file.path.open("rb") as stream:
        start = stream.read(3)
    return next((name for mark, name in MARKS.items() if start.startswith(mark)), USUAL_ENCODING)


def _csv_rows(text: str, separator: str) -> Iterator[list[str]]:
    """Take text apart; where it cannot be, the sample ends."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        yield from reader
    except csv.Error:
        return


def _guessed_separator(text: str) -> str:
    """Guess the separator: under it most rows have the same number of fields, and several."""

    def score(separator: str) -> tuple[int, int]:
        rows = islice(_csv_rows(text, separator), ROWS_LOOKED_AT)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        return max(((often, width) for width, often in widths.items()), default=(0, 0))

    return max(SEPARATORS, key=score)


def _of_workbook(grids: dict[str, Grid], form: FileForm | None, sought: Sought | None) -> Sample:
    if not any(grids.values()):
        raise UnreadableError("empty-file", "The workbook holds no rows. Export it again.")
    name = _sheet_of(grids, form or PLAIN_FORM, sought)
    grid = grids[name]
    rows = _texts(grid[:SAMPLE_ROWS])
    header_row = _header_row(rows, form, sought)
    is_whole = len(grid) <= SAMPLE_ROWS
    notes = (form and form.notes) or _notes(rows, header_row, is_whole=is_whole)
    return Sample(
        kind="xlsx",
        is_packed=False,
        form=FileForm(sheet=name, header_row=header_row, notes=notes),
        sheets=tuple(SheetSize(n, len(g), len(g[0]) if g else 0) for n, g in grids.items()),
        rows=tuple(rows),
        is_whole=is_whole,
        names_elsewhere=tuple(
            cell_text(cell)
            for other, cells in grids.items()
            if other != name
            for row in cells[:ROWS_LOOKED_AT]
            for cell in row
            if isinstance(cell, str) and 0 < len(cell) <= LONGEST_CODE
        ),
    )


def _notes(rows: Sequence[tuple[str, ...]], header_row: int, *, is_whole: bool) -> Notes:
    return guessed_notes(rows, header_row) if is_whole else Notes.NONE


def _sheet_of(grids: dict[str, Grid], form: FileForm, sought: Sought | None) -> str:
    """Say which sheet is meant: the one named, that of the declared columns, or the largest."""
    if form.sheet in grids:
        return form.sheet
    if sought is None and form.sheet:
        raise UnreadableError("no-sheet", f"The workbook has no sheet {form.sheet!r}.")
    by_names = ""
    if sought is not None:
        rows = max(ROWS_LOOKED_AT, form.header_row)
        starts = {name: _texts(grid[:rows]) for name, grid in grids.items()}
        by_names = find_sheet(starts, sought, form.header_row)
    return by_names or max(grids, key=lambda name: sum(map(len, grids[name])))


def _texts(grid: Grid) -> list[tuple[str, ...]]:
    return [tuple(cell_text(cell) for cell in row) for row in grid]
