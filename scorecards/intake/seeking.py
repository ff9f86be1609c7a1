"""Finding the declared columns in a file: in which sheet and in which row their names stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scorecards.intake.reading import header_name

ROWS_LOOKED_AT = 25
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for in a file.

    Args:
        names: of the declared columns, as the file has them.
        finds_row: the header is the row that has the most of them, also where it is declared to
            stand in another; otherwise it stands where it is said to.
    """

    names: frozenset[str]
    finds_row: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """The best row for a header; the greatest of several is the best of all.

    Attributes:
        names: how many of the declared it has.
        is_as_declared: it is the row in which the header is declared to stand.
        row: its number, from 1, negative so that the first is the greatest.
    """

    names: int
    is_as_declared: bool
    minus_row: int

    @property
    def row(self) -> int:
        """The row of the header."""
        return -self.minus_row


def find_header(rows: Rows, sought: Sought, header_row: int) -> Found:
    """Find the row of the header among the first of a file or a sheet.

    Args:
        rows: cells as text, titles and header included.
        sought: the declared names.
        header_row: where the header is declared or said to stand.
    """
    first = rows[: max(ROWS_LOOKED_AT, header_row)]
    found = [
        Found(len(sought.names.intersection(map(header_name, row))), number == header_row, -number)
        for number, row in enumerate(first, 1)
        if sought.finds_row or number == header_row
    ]
    return max(found, default=Found(0, is_as_declared=True, minus_row=-header_row))


def find_sheet(sheets: Mapping[str, Rows], sought: Sought, header_row: int) -> str:
    """Return the first sheet with the most declared columns, as the check does; empty for none."""
    found = {name: find_header(rows, sought, header_row) for name, rows in sheets.items()}
    best = max(found, key=lambda name: (found[name].names, found[name].is_as_declared), default="")
    return best if best and found[best].names else ""
