"""Reading CSV strictly: UTF-8, commas, and the same number of fields in every row.

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
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from scorecards.intake.reading import (
    FIRST_ROW_OF_CASES,
    MAX_CELL_CHARACTERS,
    MAX_FILE_COLUMNS,
    Block,
    Extract,
    Fault,
    UnreadableError,
)

CHUNK_BYTES = 4_000_000
MAX_RECORD_BYTES = 1_000_000
BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
QUOTE, COMMA, LINE_FEED, RETURN = b'",\n\r'
Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Whole records: their bytes, where each one ends, and how many fields each has."""

    data: bytes
    first_row: int
    ends: Positions
    widths: Positions
    has_quotes: bool


def read_csv(source: Path, wanted: frozenset[str]) -> Extract:
    """Open a CSV file: the first record is the header."""
    pieces = _pieces(source)
    first = next(pieces, None)
    if first is None:
        raise UnreadableError("empty-file", "The file holds no rows. Export it again.")
    end = int(first.ends[0])
    if first.widths[0] > MAX_FILE_COLUMNS:
        raise UnreadableError(
            "too-many-columns",
            f"The header has {first.widths[0]:,} columns; at most {MAX_FILE_COLUMNS:,} are read. "
            f"Export only the columns of the feed.",
            row=1,
        )
    header = _header(first.data[: end + 1])
    rest = _Piece(
        first.data[end + 1 :],
        FIRST_ROW_OF_CASES,
        first.ends[1:] - (end + 1),
        first.widths[1:],
        first.has_quotes,
    )
    return Extract(header, _parts(chain([rest], pieces), header))


def _header(record: bytes) -> tuple[str, ...]:
    names = next(csv.reader(StringIO(record.decode(), newline=""), strict=True))
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise UnreadableError(
            "not-comma",
            "The fields are not separated by commas. Export as CSV with commas.",
            row=1,
        )
    return tuple(name.strip() for name in names) or ("",)


def _parts(
    pieces: Iterator[_Piece] | chain[_Piece], header: tuple[str, ...]
) -> Iterator[Block | Fault]:
    """Turn pieces into faults for rows of another width, and a block of the others."""
    for piece in pieces:
        good = piece.widths == len(header)
        for place in np.flatnonzero(~good):
            yield _width_fault(piece.first_row + int(place), int(piece.widths[place]), len(header))
        rows = piece.first_row + np.flatnonzero(good).astype(np.int64)
        if len(rows):
            yield Block(rows, _parse(piece, len(header), len(rows)))


def _width_fault(row: int, fields: int, wanted: int) -> Fault:
    more_or_fewer = "more" if fields > wanted else "fewer"
    return Fault(
        "wrong-width",
        f"Row {row} has {fields} fields, {more_or_fewer} than the {wanted} of the header. "
        f"Put quotes around text with commas, and export again.",
        row=row,
    )


def _parse(piece: _Piece, width: int, expected_rows: int) -> list[pa.Array]:
    """Take good records apart; the parser must agree with the count made on the bytes."""
    names = [str(place) for place in range(width)]
    try:
        table = pacsv.read_csv(
            BytesIO(piece.data),
            read_options=pacsv.ReadOptions(
                use_threads=False, block_size=len(piece.data) + 1, column_names=names
            ),
            parse_options=pacsv.ParseOptions(
                newlines_in_values=piece.has_quotes,
                ignore_empty_lines=False,
                invalid_row_handler=lambda _row: "skip",
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
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


def _pieces(source: Path) -> Iterator[_Piece]:
    """Cut the file into pieces of whole records, checked for structure."""
    row, carried = 1, b""
    with source.open("rb") as stream:
        start = stream.read(len(BOM))
        if start.startswith(UTF16_BOMS):
            raise _bad_encoding(1)
        carried = b"" if start == BOM else start
        while chunk := stream.read(CHUNK_BYTES):
            carried += chunk
            end = _end_of_whole_records(carried)
            if end:
                piece = _piece(carried[:end], row)
                row += len(piece.ends)
                yield piece
            carried = carried[end:]
            if len(carried) > MAX_RECORD_BYTES:
                raise _too_long(row)
    last = carried.rstrip(b"\r\n")
    if last:
        yield _piece(last + b"\n", row)


def _end_of_whole_records(data: bytes) -> int:
    """Find the end of the last whole record that is not a blank line.

    Blank lines at the end wait for what follows: at the end of the file they are nothing,
    before another record they are rows without fields.
    """
    codes = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(codes == QUOTE)
    ends = np.flatnonzero(codes == LINE_FEED)
    ends = ends[_outside_quotes(ends, quotes)]
    if not len(ends):
        return 0
    last = int(ends[-1]) + 1
    body = len(data[:last].rstrip(b"\r\n"))
    following = ends[np.searchsorted(ends, body) :]
    return int(following[0]) + 1 if body else 0


def _outside_quotes(places: Positions, quotes: Positions) -> NDArray[np.bool_]:
    outside: NDArray[np.bool_] = np.searchsorted(quotes, places) % 2 == 0
    return outside


def _piece(data: bytes, first_row: int) -> _Piece:
    """Check whole records and count their fields."""
    codes = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(codes == QUOTE)
    marks = np.flatnonzero((codes == COMMA) | (codes == LINE_FEED))
    marks = marks[_outside_quotes(marks, quotes)]
    ends = marks[codes[marks] == LINE_FEED]

    def row_of(place: int) -> int:
        return first_row + int(np.searchsorted(ends, place))

    _check_quotes(codes, quotes, row_of)
    if len(quotes) % 2:
        raise UnreadableError(
            "open-quote",
            f"A quote that opens in row {row_of(int(quotes[-1]))} or before is never closed. "
            f"Double the quotes inside a text, and export again.",
            row=row_of(int(quotes[-1])),
        )
    _check_characters(data, codes, quotes, row_of)
    _check_lengths(marks, ends, row_of)
    last_mark_of_row = np.searchsorted(marks, ends)
    widths = np.diff(last_mark_of_row, prepend=-1)
    return _Piece(data, first_row, ends, widths, bool(len(quotes)))


class _RowOf(Protocol):
    def __call__(self, place: int) -> int: ...


def _check_characters(
    data: bytes, codes: NDArray[np.uint8], quotes: Positions, row_of: _RowOf
) -> None:
    """Refuse NUL, anything but UTF-8, and line ends of a lone carriage return."""
    nul = data.find(b"\0")
    if nul >= 0:
        raise UnreadableError(
            "nul-byte",
            f"Row {row_of(nul)} holds a NUL byte. The file is damaged or not text: export again.",
            row=row_of(nul),
        )
    try:
        data.decode()
    except UnicodeDecodeError as broken:
        raise _bad_encoding(row_of(broken.start)) from None
    returns = np.flatnonzero(codes == RETURN)
    returns = returns[_outside_quotes(returns, quotes)]
    lone = returns[codes[returns + 1] != LINE_FEED]
    if len(lone):
        raise UnreadableError(
            "bad-line-end",
            f"Row {row_of(int(lone[0]))} ends with a lone carriage return. Export with ordinary "
            f"line ends.",
            row=row_of(int(lone[0])),
        )


def _check_quotes(codes: NDArray[np.uint8], quotes: Positions, row_of: _RowOf) -> None:
    """Refuse quotes inside a field that is not quoted, and text after a closing quote."""
    opening, closing = quotes[::2], quotes[1::2]
    before, after = codes[opening - 1], codes[closing + 1]
    bad = np.concatenate(
        [
            opening[(opening > 0) & ~np.isin(before, (COMMA, LINE_FEED, QUOTE))],
            closing[~np.isin(after, (COMMA, LINE_FEED, RETURN, QUOTE))],
        ]
    )
    if len(bad):
        row = row_of(int(bad.min()))
        raise UnreadableError(
            "bad-quote",
            f"Row {row} has a quote in the middle of a field. Put the whole field in quotes and "
            f"double the quotes inside it.",
            row=row,
        )


def _check_lengths(marks: Positions, ends: Positions, row_of: _RowOf) -> None:
    lengths = np.diff(marks, prepend=-1) - 1
    long_fields = np.flatnonzero(lengths > MAX_CELL_CHARACTERS)
    if len(long_fields):
        row = row_of(int(marks[long_fields[0]]))
        raise UnreadableError(
            "cell-too-long",
            f"Row {row} has a field of more than {MAX_CELL_CHARACTERS:,} bytes. Such a column is "
            f"no code, number or date: leave it out.",
            row=row,
        )
    records = np.flatnonzero(np.diff(ends, prepend=-1) > MAX_RECORD_BYTES)
    if len(records):
        raise _too_long(row_of(int(ends[records[0]])))


def _too_long(row: int) -> UnreadableError:
    return UnreadableError(
        "row-too-long",
        f"Row {row} is longer than {MAX_RECORD_BYTES:,} bytes, or a quote in it is never closed. "
        f"Export only the columns of the feed.",
        row=row,
    )


def _bad_encoding(row: int) -> UnreadableError:
    return UnreadableError(
        "bad-encoding",
        f"Row {row} is not UTF-8 text. Export as CSV in UTF-8.",
        row=row,
    )
