"""The structure of a CSV file, judged on its bytes: quotes, characters, line ends, lengths."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scorecards.intake.reading import MAX_CELL_CHARACTERS, UnreadableError

MAX_RECORD_BYTES = 1_000_000
QUOTE, LINE_FEED, RETURN, EQUALS = b'"\n\r='
Positions = NDArray[np.intp]
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # none of them stands in a text
RowOf = Callable[[int], int]  # the row that a byte lies in


def check_is_text(start: bytes) -> None:
    """Refuse a file that is no text at all, before its rows are looked for.

    Text in another encoding holds no control characters, and text with a stray one is UTF-8
    otherwise: those are told with their row. What is both is a picture, a program or noise.

    Args:
        start: the first bytes; a character may be cut off at their end.
    """
    if not CONTROL.search(start):
        return
    try:
        getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        raise UnreadableError(
            "not-text",
            "This is not a text file. Export it again as CSV, or send the workbook under its own "
            "name.",
        ) from None


def check_characters(
    data: bytes, codes: NDArray[np.uint8], quotes: Positions, row_of: RowOf
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
        raise bad_encoding(row_of(broken.start)) from None
    if b"\r" not in data:
        return
    returns = np.flatnonzero(codes == RETURN)
    returns = returns[outside_quotes(returns, quotes)]
    lone = returns[codes[returns + 1] != LINE_FEED]
    if len(lone):
        raise UnreadableError(
            "bad-line-end",
            f"Row {row_of(int(lone[0]))} ends with a lone carriage return. Export with ordinary "
            f"line ends.",
            row=row_of(int(lone[0])),
        )


def check_quotes(codes: NDArray[np.uint8], quotes: Positions, row_of: RowOf, mark: int) -> None:
    """Refuse quotes inside a field that is not quoted, and text after a closing quote.

    A whole field like `="010001"` is let through, as its text.
    """
    opening, closing = quotes[::2], quotes[1::2]
    before, after = codes[opening - 1], codes[closing + 1]
    stray = (opening > 0) & ~np.isin(before, (mark, LINE_FEED, QUOTE))
    if (stray & (before == EQUALS)).any() and len(opening) == len(closing):
        stray &= ~_are_wrapped(codes, opening, closing, mark)
    bad = np.concatenate(
        [
            opening[stray],
            closing[~np.isin(after, (mark, LINE_FEED, RETURN, QUOTE))],
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


def _are_wrapped(
    codes: NDArray[np.uint8], opening: Positions, closing: Positions, mark: int
) -> NDArray[np.bool_]:
    """Find pairs of quotes that make a whole field with the equals sign before them."""
    starts = np.isin(codes[opening - 2], (mark, LINE_FEED))  # at the very start: the last byte
    ends = np.isin(codes[closing + 1], (mark, LINE_FEED, RETURN))
    # The parser takes such a field as it stands: it must hold nothing that ends a field.
    enders = np.flatnonzero((codes == mark) | (codes == LINE_FEED) | (codes == RETURN))
    is_plain = np.searchsorted(enders, opening) == np.searchsorted(enders, closing)
    wrapped: NDArray[np.bool_] = (codes[opening - 1] == EQUALS) & starts & ends & is_plain
    return wrapped


def check_fields(marks: Positions, row_of: RowOf) -> None:
    """Refuse fields that are no code, number or date."""
    long_fields = np.flatnonzero(np.diff(marks, prepend=-1) - 1 > MAX_CELL_CHARACTERS)
    if len(long_fields):
        row = row_of(int(marks[long_fields[0]]))
        raise UnreadableError(
            "cell-too-long",
            f"Row {row} has a field of more than {MAX_CELL_CHARACTERS:,} bytes. Such a column is "
            f"no code, number or date: leave it out.",
            row=row,
        )


def has_long_record(ends: Positions) -> bool:
    """Say whether a record is long enough to hold a field that is too long."""
    return bool((np.diff(ends, prepend=-1) > MAX_CELL_CHARACTERS).any())


def check_records(ends: Positions, row_of: RowOf) -> None:
    """Refuse rows so long that a quote was probably never closed."""
    records = np.flatnonzero(np.diff(ends, prepend=-1) > MAX_RECORD_BYTES)
    if len(records):
        raise too_long(row_of(int(ends[records[0]])))


def too_long(row: int) -> UnreadableError:
    """Say that a row is too long."""
    return UnreadableError(
        "row-too-long",
        f"Row {row} is longer than {MAX_RECORD_BYTES:,} bytes, or a quote in it is never closed. "
        f"Export only the columns of the feed.",
        row=row,
    )


def bad_encoding(row: int) -> UnreadableError:
    """Say that a row is not UTF-8."""
    return UnreadableError(
        "bad-encoding",
        f"Row {row} is not UTF-8 text. Export as CSV in UTF-8, or declare its encoding.",
        row=row,
    )


def outside_quotes(places: Positions, quotes: Positions) -> NDArray[np.bool_]:
    """Say which bytes lie outside quotes."""
    outside: NDArray[np.bool_] = np.searchsorted(quotes, places) % 2 == 0
    return outside
