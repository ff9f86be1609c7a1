"""How the file of a feed is laid out: where the header stands, what is above and below it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scorecards.intake.spec_columns import MAX_TEXT, SpecError

SEPARATORS = (",", ";", "\t", "|")
# By our word for each encoding, its name in Python.
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    "windows-1252": "cp1252",
    "latin-1": "latin-1",
}
MAX_HEADER_ROW = 100


class Notes(StrEnum):
    """What stands below the last case and is not read."""

    NONE = ""
    AFTER_BLANK = "after_blank"  # all that follows the first empty row
    LONE_CELLS = "lone_cells"  # the last rows, as far as only one cell of each is filled


@dataclass(frozen=True, slots=True)
class FileForm:
    """How a file is laid out.

    Args:
        separator: between the fields of a text file; empty for the one under which the header
            has the most declared names.
        encoding: of a text file, a key of ENCODINGS; empty for UTF-8, or as a byte order mark
            at its start says.
        sheet: of a workbook; empty for the one whose header has the most declared names.
        header_row: the row of the header, from 1; the rows above it are titles and skipped.
        notes: what is left out below the cases.
    """

    separator: str = ""
    encoding: str = ""
    sheet: str = ""
    header_row: int = 1
    notes: Notes = Notes.NONE

    def __post_init__(self) -> None:
        """Refuse what no file can be."""
        if self.separator and self.separator not in SEPARATORS:
            raise SpecError(
                "Fields are separated by a comma, semicolon, tab or bar.", part="separator"
            )
        if self.encoding and self.encoding not in ENCODINGS:
            raise SpecError(
                f"There is no encoding {self.encoding!r}. Use {', '.join(ENCODINGS)}.",
                part="encoding",
            )
        if len(self.sheet) > MAX_TEXT:
            raise SpecError(f"The name of a sheet has at most {MAX_TEXT} characters.", part="sheet")
        if not 1 <= self.header_row <= MAX_HEADER_ROW:
            raise SpecError(f"The header stands in row 1 to {MAX_HEADER_ROW}.", part="header_row")
        if self.notes not in list(Notes):
            raise SpecError(
                "Notes below the cases are left out after_blank or lone_cells, or not at all.",
                part="notes",
            )


PLAIN_FORM = FileForm()
