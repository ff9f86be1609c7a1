"""A file before it is sent, held against what its feed declares. Nothing of it is stored."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from scorecards.intake.preview import Preview
from scorecards.intake.previewing import preview_in_child
from scorecards.intake.samples import SheetSize
from scorecards.intake.spec import FeedSpec, FileForm

_CHUNK = 1 << 20
COLUMNS_SHOWN = 40


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column of the file.

    Attributes:
        name: as the file has it.
        word: what becomes of it.
        tone: of the status component.
        is_kept: whether the feed declares it.
    """

    name: str
    word: str
    tone: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What a person sees of a file before it is sent.

    Attributes:
        kind: of the file.
        sheet: that was looked at; empty for a file without sheets.
        header_row: where the header was found or chosen.
        is_elsewhere: it must be chosen, for the feed declares another row.
        sheets: of a workbook.
        columns: of the file, those that the feed declares first.
        lacking: declared columns that the file does not have.
        rows: the first rows as they stand; cells that hold an identifier are masked.
    """

    kind: str
    sheet: str
    header_row: int
    is_elsewhere: bool
    sheets: tuple[SheetSize, ...]
    columns: tuple[SeenColumn, ...]
    lacking: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def look_at(content: BinaryIO, filename: str, spec: FeedSpec, layout: dict[str, Any]) -> Look:
    """Look at the beginning of a file in the limited child, from a file that goes with it.

    Args:
        content: the file, or for text its beginning.
        filename: the name under which it is to come.
        spec: what the feed declares.
        layout: the sheet and the header row that were chosen; empty finds them out.

    Raises:
        UnreadableError: it is of no kind that is read, or damaged; the text is for people.
    """
    form = replace(spec.form, **layout) if layout or spec.form != FileForm() else None
    with tempfile.TemporaryDirectory(prefix="look-") as folder:
        source = Path(folder, "source")
        content.seek(0)
        with source.open("wb") as copy:
            while chunk := content.read(_CHUNK):
                copy.write(chunk)
        seen = preview_in_child(source, filename, form)
    return read_look(seen, spec, header_row=layout.get("header_row", spec.form.header_row))


def read_look(preview: Preview, spec: FeedSpec, *, header_row: int) -> Look:
    """Hold what was seen against the declared columns.

    Args:
        preview: of the file.
        spec: what the feed declares.
        header_row: in which the header is looked for when the file is sent.
    """
    declared = {column.name_in_file: column for column in spec.columns}
    found = [
        _refused(column.name, column.identifier)
        if column.identifier
        else _kept(column.name, declared[column.name].name)
        if column.name in declared
        else SeenColumn(column.name, "Not declared: dropped", "quiet", is_kept=False)
        for column in preview.columns
    ]
    names = {column.name for column in preview.columns}
    return Look(
        kind=preview.kind,
        sheet=preview.form.sheet,
        header_row=preview.form.header_row,
        is_elsewhere=preview.form.header_row != header_row,
        sheets=preview.sheets,
        columns=tuple(sorted(found, key=lambda column: not column.is_kept)),
        lacking=tuple(name for name in declared if name not in names),
        rows=tuple(row[:COLUMNS_SHOWN] for row in preview.rows),
    )


def _kept(name: str, ours: str) -> SeenColumn:
    word = "Kept" if name == ours else f"Kept as {ours}"
    return SeenColumn(name, word, "good", is_kept=True)


def _refused(name: str, identifier: str) -> SeenColumn:
    return SeenColumn(name, f"Looks like {identifier}: refuses the file", "concern", is_kept=False)
