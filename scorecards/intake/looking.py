"""A file before it is sent, held against what its feed declares. Nothing of it is stored."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from scorecards.intake.preview import Preview, PreviewColumn
from scorecards.intake.previewing import preview_in_child
from scorecards.intake.propose import Proposal
from scorecards.intake.reading import UnreadableError
from scorecards.intake.samples import SheetSize
from scorecards.intake.seeking import Sought
from scorecards.intake.spec import FeedSpec, FileForm

_CHUNK = 1 << 20
COLUMNS_SHOWN = 40
KINDS_OF_ROWS = frozenset({"csv", "xlsx"})


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a person says that the cases stand; an empty sheet and None are found out."""

    sheet: str = ""
    header_row: int | None = None


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
        declared: how the feed declares a file to be laid out.
        chosen_sheet: as chosen; empty where the sheet was found out.
        sheet: that was looked at; empty for a file without sheets.
        header_row: where the header was found or chosen.
        sheets: of a workbook.
        columns: of the file, those that the feed declares first.
        lacking: declared columns that the file does not have.
        rows: the first rows as they stand; cells that hold an identifier are masked.
        is_sample: nothing is declared: the file is there to propose a map from.
    """

    kind: str
    declared: FileForm
    chosen_sheet: str
    sheet: str
    header_row: int
    sheets: tuple[SheetSize, ...]
    columns: tuple[SeenColumn, ...]
    lacking: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_sample: bool = False

    @property
    def has_layout(self) -> bool:
        """Whether there is a header to choose: JSON and Parquet name their columns themselves."""
        return self.kind in KINDS_OF_ROWS

    @property
    def is_elsewhere(self) -> bool:
        """Whether the header stands in another row than the feed declares."""
        return self.has_layout and self.header_row != self.declared.header_row

    @property
    def absent_sheet(self) -> str:
        """The sheet that the feed declares and the workbook does not have; empty for none."""
        named = self.declared.sheet
        return "" if not self.sheets or named in {each.name for each in self.sheets} else named


def look_at(content: BinaryIO, filename: str, spec: FeedSpec, choice: Choice) -> Look:
    """Look at the beginning of a file in the limited child, from a file that goes with it.

    Args:
        content: the file, or for text its beginning.
        filename: the name under which it is to come.
        spec: what the feed declares.
        choice: the sheet and the header row, where a person chose them.

    Raises:
        UnreadableError: it is of no kind that is read, or damaged; the text is for people.
    """
    form = replace(
        spec.form,
        sheet=choice.sheet or spec.form.sheet,
        header_row=choice.header_row or spec.form.header_row,
    )
    names = frozenset(column.name_in_file for column in spec.columns)
    sought = Sought(names, finds_row=choice.header_row is None)
    seen = _seen_in_child(content, filename, form, sought)
    return read_look(seen, spec, chosen_sheet=choice.sheet)


def look_at_sample(content: BinaryIO, filename: str, choice: Choice) -> tuple[Look, Proposal]:
    """Look at a file for which nothing is declared yet, and propose what its feed could declare.

    Args:
        content: the file, or for text its beginning.
        filename: its name.
        choice: the sheet and the header row, where a person chose them.

    Raises:
        UnreadableError: it is of no kind that is read, or damaged; the text is for people.
    """
    form = FileForm(sheet=choice.sheet, header_row=choice.header_row or 1)
    sought = Sought(frozenset(), finds_row=choice.header_row is None)
    seen = _seen_in_child(content, filename, form, sought)
    look = Look(
        kind=seen.kind,
        declared=seen.form,
        chosen_sheet=choice.sheet if choice.sheet == seen.form.sheet else "",
        sheet=seen.form.sheet,
        header_row=seen.form.header_row,
        sheets=seen.sheets,
        columns=(),
        lacking=(),
        rows=tuple(row[:COLUMNS_SHOWN] for row in seen.rows),
        is_sample=True,
    )
    return look, seen.proposal


def _seen_in_child(content: BinaryIO, filename: str, form: FileForm, sought: Sought) -> Preview:
    with tempfile.TemporaryDirectory(prefix="look-") as folder:
        source = Path(folder, "source")
        content.seek(0)
        with source.open("wb") as copy:
            while chunk := content.read(_CHUNK):
                copy.write(chunk)
        return preview_in_child(source, filename, form, sought)


def needed_layout(
    content: BinaryIO, filename: str, spec: FeedSpec, layout: Mapping[str, Any]
) -> dict[str, Any]:
    """Leave the chosen sheet out where it would be found anyway: the same bytes stay one file.

    Args:
        content: the whole file.
        filename: the name under which it is to come.
        spec: what the feed declares.
        layout: the sheet and the row of the header, where a person chose them.
    """
    chosen = dict(layout)
    if not chosen.get("sheet") or spec.form.sheet:
        return chosen
    row = chosen.get("header_row") or spec.form.header_row
    try:
        found = look_at(content, filename, spec, Choice(header_row=row))
    except UnreadableError:
        return chosen  # the check says what is wrong with it
    if found.sheet == chosen["sheet"]:
        del chosen["sheet"]
    return chosen


def read_look(preview: Preview, spec: FeedSpec, *, chosen_sheet: str = "") -> Look:
    """Hold what was seen against the declared columns.

    Args:
        preview: of the file.
        spec: what the feed declares.
        chosen_sheet: that a person asked for; one that is not there was not looked at.
    """
    seen = [_seen(column, spec) for column in preview.columns]
    names = {column.name for column in preview.columns}
    return Look(
        kind=preview.kind,
        declared=spec.form,
        chosen_sheet=chosen_sheet if chosen_sheet == preview.form.sheet else "",
        sheet=preview.form.sheet,
        header_row=preview.form.header_row,
        sheets=preview.sheets,
        columns=tuple(sorted(seen, key=lambda column: not column.is_kept)),
        lacking=tuple(
            column.name_in_file for column in spec.columns if column.name_in_file not in names
        ),
        rows=tuple(row[:COLUMNS_SHOWN] for row in preview.rows),
    )


def _seen(column: PreviewColumn, spec: FeedSpec) -> SeenColumn:
    """Say what becomes of a column, as the check decides it."""
    if column.name in spec.organization_columns:
        return SeenColumn(column.name, "About the hospital: dropped", "quiet", is_kept=False)
    if column.identifier:
        return _refused(column.name, column.identifier)
    ours = {each.name_in_file: each.name for each in spec.columns}.get(column.name)
    if ours is None:
        return SeenColumn(column.name, "Not declared: dropped", "quiet", is_kept=False)
    return _kept(column.name, ours)


def _kept(name: str, ours: str) -> SeenColumn:
    word = "Kept" if name == ours else f"Kept as {ours}"
    return SeenColumn(name, word, "good", is_kept=True)


def _refused(name: str, identifier: str) -> SeenColumn:
    return SeenColumn(name, f"Looks like {identifier}: refuses the file", "concern", is_kept=False)
