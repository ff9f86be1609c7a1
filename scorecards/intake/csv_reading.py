"""Reading CSV strictly: UTF-8, one separator, and the same number of fields in every row.

Structure is checked on the bytes, over whole blocks at once, before the parser sees them:
a lenient parser shifts columns or drops fields without a word. A row that is too long or too
short is reported and left out; anything that makes the rest doubtful ends the reading.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from scorecards.intake.csv_structure import (
    LINE_FEED,
    MAX_RECORD_BYTES,
    QUOTE,
    Positions,
    bad_encoding,
    check_characters,
    check_fields,
    check_quotes,
    check_records,
    outside_quotes,
    too_long,
)
from scorecards.intake.reading import (
    FIRST_ROW_OF_CASES,
    MAX_FILE_COLUMNS,
    Block,
    Extract,
    Fault,
    UnreadableError,
)

CHUNK_BYTES = 4_000_000
BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How a CSV file is laid out. Feeds take the plain form only; the offline door more.

    Args:
        separator: one ASCII character between fields.
        header_row: the row of the header, from 1; rows above it are titles and skipped.
        only_wanted: give the wanted columns alone, in the order of the header, and leave out
            rows in which every field is empty.
    """

    separator: str = ","
    header_row: int = 1
    only_wanted: bool = False

    @property
    def mark(self) -> int:
        """The separator as a byte."""
        return ord(self.separator)


PLAIN = CsvForm()


@dataclass(frozen=True, slots=True)
class _Piece:
    """Whole records: their bytes, where each one ends, and how many fields each has.

    With them how much of the file had been read.
    """

    data: bytes
    first_row: int
    ends: Positions
    widths: Positions
    has_quotes: bool
    bytes_read: int


def read_csv(source: Path, wanted: frozenset[str], form: CsvForm = PLAIN) -> Extract:
    """Open a CSV file: the first record, or the one that the form names, is the header."""
    pieces = _pieces(source, form)
    first = next(pieces, None)
    above = form.header_row - 1
    if first is None or len(first.ends) <= above:
        raise UnreadableError("empty-file", "The file holds no rows. Export it again.")
    start = int(first.ends[above - 1]) + 1 if above else 0
    end = int(first.ends[above])
    if first.widths[above] > MAX_FILE_COLUMNS:
        raise UnreadableError(
            "too-many-columns",
            f"The header has {first.widths[above]:,} columns; at most {MAX_FILE_COLUMNS:,} are "
            f"read. Export only the columns of the feed.",
            row=form.header_row,
        )
    header = _header(first.data[start : end + 1], form.separator)
    rest = _Piece(
        first.data[end + 1 :],
        FIRST_ROW_OF_CASES + above,
        first.ends[above + 1 :] - (end + 1),
        first.widths[above + 1 :],
        first.has_quotes,
        first.bytes_read,
    )
    places = [n for n, name in enumerate(header) if name in wanted or not form.only_wanted]
    return Extract(header, _parts(chain([rest], pieces), len(header), places, form))


def _header(record: bytes, separator: str) -> tuple[str, ...]:
    reader = csv.reader(StringIO(record.decode(), newline=""), strict=True, delimiter=separator)
    names = next(reader)
    if separator == "," and len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise UnreadableError(
            "not-comma",
            "The fields are not separated by commas. Export as CSV with commas.",
            row=1,
        )
    return tuple(name.strip() for name in names) or ("",)


def _parts(
    pieces: Iterator[_Piece] | chain[_Piece], width: int, places: list[int], form: CsvForm
) -> Iterator[Block | Fault]:
    """Turn pieces into faults for rows of another width, and a block of the others."""
    for piece in pieces:
        good = piece.widths == width
        for place in np.flatnonzero(~good):
            yield _width_fault(piece.first_row + int(place), int(piece.widths[place]), width)
        rows = piece.first_row + np.flatnonzero(good).astype(np.int64)
        if not len(rows):
            continue
        columns = _parse(piece, width, len(rows), places, form)
        if form.only_wanted and (blank := _without_values(piece, form)[good]).any():
            kept = pa.array(~blank)
            rows, columns = rows[~blank], [column.filter(kept) for column in columns]
        yield Block(rows, columns, piece.bytes_read)


def _without_values(piece: _Piece, form: CsvForm) -> NDArray[np.bool_]:
    """Find records of several fields that hold nothing but separators."""
    starts = np.append(0, piece.ends[:-1] + 1)
    # So short that each field is empty, but for a carriage return.
    short: NDArray[np.bool_] = (piece.ends - starts <= piece.widths) & (piece.widths > 1)
    for place in np.flatnonzero(short):
        record = piece.data[starts[place] : piece.ends[place]]
        short[place] = not record.strip(form.separator.encode() + b"\r")
    return short


def _width_fault(row: int, fields: int, wanted: int) -> Fault:
    more_or_fewer = "more" if fields > wanted else "fewer"
    return Fault(
        "wrong-width",
        f"Row {row} has {fields} fields, {more_or_fewer} than the {wanted} of the header. "
        f"Put quotes around text with commas, and export again.",
        row=row,
    )


def _parse(
    piece: _Piece, width: int, expected_rows: int, places: list[int], form: CsvForm
) -> list[pa.Array]:
    """Take good records apart; the parser must agree with the count made on the bytes."""
    names = [str(place) for place in range(width)]
    try:
        table = pacsv.read_csv(
            BytesIO(piece.data),
            read_options=pacsv.ReadOptions(
                use_threads=False, block_size=len(piece.data) + 1, column_names=names
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=form.separator,
                newlines_in_values=piece.has_quotes,
                ignore_empty_lines=False,
                invalid_row_handler=lambda _row: "skip",
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=[names[place] for place in places],
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:
        raise _doubtful(piece.first_row) from None
    if table.num_rows != expected_rows:
        raise _doubtful(piece.first_row)
    return [column.combine_chunks() for column in table.columns]


def _doubtful(row: int) -> UnreadableError:
    return UnreadableError(
        "unreadable", f"The rows from row {row} on cannot be taken apart. Export again.", row=row
    )


def _pieces(source: Path, form: CsvForm) -> Iterator[_Piece]:
    """Cut the file into pieces of whole records, checked for structure."""
    row, carried = 1, b""
    with source.open("rb") as stream:
        start = stream.read(len(BOM))
        if start.startswith(UTF16_BOMS):
            raise bad_encoding(1)
        carried = b"" if start == BOM else start
        while chunk := stream.read(CHUNK_BYTES):
            carried += chunk
            end = _end_of_whole_records(carried)
            if end:
                piece = _piece(carried[:end], row, form, stream.tell())
                row += len(piece.ends)
                yield piece
            carried = carried[end:]
            if len(carried) > MAX_RECORD_BYTES:
                raise too_long(row)
    last = carried.rstrip(b"\r\n")
    if last:
        yield _piece(last + b"\n", row, form, source.stat().st_size)


def _end_of_whole_records(data: bytes) -> int:
    """Find the end of the last whole record that is not a blank line.

    Blank lines at the end wait for what follows: at the end of the file they are nothing,
    before another record they are rows without fields.
    """
    codes = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(codes == QUOTE)
    ends = np.flatnonzero(codes == LINE_FEED)
    ends = ends[outside_quotes(ends, quotes)]
    if not len(ends):
        return 0
    last = int(ends[-1]) + 1
    body = len(data[:last].rstrip(b"\r\n"))
    following = ends[np.searchsorted(ends, body) :]
    return int(following[0]) + 1 if body else 0


def _piece(data: bytes, first_row: int, form: CsvForm, bytes_read: int) -> _Piece:
    """Check whole records and count their fields."""
    codes = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(codes == QUOTE)
    marks = np.flatnonzero((codes == form.mark) | (codes == LINE_FEED))
    marks = marks[outside_quotes(marks, quotes)]
    ends = marks[codes[marks] == LINE_FEED]

    def row_of(place: int) -> int:
        return first_row + int(np.searchsorted(ends, place))

    check_quotes(codes, quotes, row_of, form.mark)
    if len(quotes) % 2:
        raise UnreadableError(
            "open-quote",
            f"A quote that opens in row {row_of(int(quotes[-1]))} or before is never closed. "
            f"Double the quotes inside a text, and export again.",
            row=row_of(int(quotes[-1])),
        )
    check_characters(data, codes, quotes, row_of)
    if not form.only_wanted:
        check_fields(marks, row_of)
    check_records(ends, row_of)
    last_mark_of_row = np.searchsorted(marks, ends)
    widths = np.diff(last_mark_of_row, prepend=-1)
    return _Piece(data, first_row, ends, widths, bool(len(quotes)), bytes_read)
