"""How a CSV file is laid out: its separator, the titles above its header, the notes below."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice

import numpy as np
import pyarrow as pa

from scorecards.intake.csv_structure import LINE_FEED, QUOTE, outside_quotes
from scorecards.intake.identifiers import pattern_hits
from scorecards.intake.reading import Fault, header_name
from scorecards.intake.spec_files import SEPARATORS, Notes

BYTES_LOOKED_AT = 1 << 18
USUAL = ","


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How a CSV file is laid out.

    Args:
        separator: one ASCII character between fields.
        header_row: the row of the header, from 1; rows above it are titles and skipped.
        notes: what is left out below the cases.
        only_wanted: give the wanted columns alone, in the order of the header, and leave out
            rows in which every field is empty.
    """

    separator: str = USUAL
    header_row: int = 1
    notes: Notes = Notes.NONE
    only_wanted: bool = False

    @property
    def mark(self) -> int:
        """The separator as a byte."""
        return ord(self.separator)


def before_notes(data: bytes, first_row: int, form: CsvForm) -> tuple[bytes, bytes]:
    """Part records where the notes begin: at the first empty row below the header.

    Args:
        data: whole records.
        first_row: the row of the first of them.
        form: the same data and no notes, unless it says that they follow an empty row.
    """
    if form.notes is not Notes.AFTER_BLANK or not data:
        return data, b""
    codes = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(codes == QUOTE)
    ends = np.flatnonzero(codes == LINE_FEED)
    ends = ends[outside_quotes(ends, quotes)]
    for blank in re.finditer(rb"^[%s\r]*\n" % re.escape(form.separator.encode()), data, re.M):
        place = blank.start()
        row = first_row + int(np.searchsorted(ends, place))
        is_record = np.searchsorted(quotes, place) % 2 == 0
        if is_record and row > form.header_row:
            return data[:place], data[place:]
    return data, b""


def is_lone(record: bytes, form: CsvForm) -> bool:
    """Say whether at most one field of a record is filled."""
    reader = csv.reader(StringIO(record.decode(), newline=""), delimiter=form.separator)
    return sum(field != "" for field in next(reader, [])) <= 1


def identifiers_in(
    text: bytes, who_holds: str, tolerated: frozenset[str] = frozenset()
) -> Iterator[Fault]:
    """Find identifiers in lines that are not read as cases.

    Args:
        text: UTF-8, or nearly.
        who_holds: the beginning of the sentence that says so.
        tolerated: kinds that may stand there.
    """
    lines = pa.array(text.decode(errors="replace").splitlines(), pa.string())
    for hit in pattern_hits(lines):
        if hit.kind not in tolerated:
            yield Fault("identifier-in-cell", f"{who_holds} what looks like {hit.kind}. Remove it.")


def separator_of(start: bytes, wanted: frozenset[str], header_row: int) -> str:
    """Tell the separator by how many of the wanted columns the header then has.

    Args:
        start: the first bytes of the file, in UTF-8.
        wanted: the declared names.
        header_row: where the header stands, from 1.

    Returns:
        The comma where no separator finds more.
    """
    text = start.decode(errors="ignore")
    return max(
        SEPARATORS, key=lambda mark: (len(wanted & _names(text, mark, header_row)), mark == USUAL)
    )


def _names(text: str, separator: str, header_row: int) -> frozenset[str]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        row = next(islice(reader, header_row - 1, None), [])
    except csv.Error:
        return frozenset()
    return frozenset(header_name(name) for name in row)
