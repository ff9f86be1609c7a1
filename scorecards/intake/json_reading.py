"""Reading JSON: one object for each row, as lines (NDJSON) or as one array.

Numbers come out as the text they are written as, never through a float; `true` and `false`
as those words; `null`, and a name that a row lacks, as the empty cell. The columns are all
names that any row has, in the order in which they first come. The first object is row 1; of
lines, an empty line counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from scorecards.intake.json_plain import Columns, is_plain, plain_columns
from scorecards.intake.reading import (
    MAX_CELL_CHARACTERS,
    MAX_FILE_COLUMNS,
    MEGABYTE,
    Block,
    Extract,
    Fault,
    UnreadableError,
    header_name,
)
from scorecards.intake.text_files import TextFile

CHUNK_BYTES = 1_000_000
MAX_ARRAY_BYTES = 100 * MEGABYTE
MAX_LINE_BYTES = MEGABYTE
MAX_PLAIN_BYTES = 16 * MEGABYTE
MAX_PLAIN_LINE = MAX_LINE_BYTES // 4  # in characters, of at most four bytes
ROWS_AT_A_TIME = 16_384
# Files up to here are taken apart once and held; larger ones are gone through twice, first for
# their names.
MAX_ROWS_HELD = 20_000
SPACE = re.compile(r"[ \t\r\n]*")
Row = dict[str, Any]
Rows = Iterator[tuple[int, Row | Fault]]


class _TwiceNamedError(ValueError):
    """An object that has a name twice, of which one value would be lost."""


def read_ndjson(file: TextFile, wanted: frozenset[str]) -> Extract:
    """Open a file with a JSON object in each line."""
    return _plain_lines(file) or _extract(lambda: _of_lines(file), wanted)


def read_json_array(file: TextFile, wanted: frozenset[str]) -> Extract:
    """Open a file with a JSON array of objects."""
    text = text_of(file)
    return _plain_array(text) or _extract(lambda: _of_array(text), wanted)


def text_of(file: TextFile) -> str:
    """Read a whole JSON file.

    Raises:
        UnreadableError: too large, or no text.
    """
    parts: list[bytes] = []
    size = 0
    with file.opened() as stream:
        while part := stream.read(CHUNK_BYTES):
            size += len(part)
            if size > MAX_ARRAY_BYTES:
                raise UnreadableError(
                    "too-large",
                    f"At most {MAX_ARRAY_BYTES // MEGABYTE} MB of JSON are read at once. Send an "
                    f"object in each line (NDJSON) instead.",
                )
            parts.append(part)
    try:
        return b"".join(parts).decode()
    except UnicodeDecodeError:
        raise UnreadableError("bad-encoding", "The JSON is not UTF-8 text.") from None


def _plain_array(text: str) -> Extract | None:
    """Read an array of objects that are alike; None for any other, and for one with a fault."""
    if not is_plain(text):
        return None
    try:
        rows = PLAIN_DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    return _of_columns(plain_columns(text, rows)) if isinstance(rows, list) else None


def _plain_lines(file: TextFile) -> Extract | None:
    """Read lines of objects that are alike; None for any others, and where there is a fault."""
    if file.is_packed or file.path.stat().st_size > MAX_PLAIN_BYTES:
        return None
    try:
        text = text_of(file)
    except UnreadableError:
        return None
    lines = text.removesuffix("\n").split("\n")
    if not is_plain(text) or max(map(len, lines)) > MAX_PLAIN_LINE:
        return None
    try:
        rows = [PLAIN_DECODER.decode(line) for line in lines]
    except (ValueError, RecursionError):
        return None
    return _of_columns(plain_columns(text, rows))


def _of_columns(plain: Columns | None) -> Extract | None:
    if plain is None:
        return None
    names, columns = plain
    header = tuple(header_name(name) for name in names)
    return Extract(header, _blocks(columns), header_row=None)


def _blocks(columns: list[pa.Array]) -> Iterator[Block | Fault]:
    for start in range(0, len(columns[0]), ROWS_AT_A_TIME):
        part = [column.slice(start, ROWS_AT_A_TIME) for column in columns]
        yield Block(np.arange(start + 1, start + 1 + len(part[0]), dtype=np.int64), part)


def _extract(rows: Callable[[], Rows], wanted: frozenset[str]) -> Extract:
    held = list(islice(rows(), MAX_ROWS_HELD + 1))
    is_all = len(held) <= MAX_ROWS_HELD
    names = _names(iter(held) if is_all else rows())
    if not held:
        raise UnreadableError("empty-file", "The file holds no rows. Export it again.")
    header = tuple(header_name(name) for name in names)
    return Extract(header, _parts(iter(held) if is_all else rows(), names), header_row=None)


def _names(rows: Rows) -> list[str]:
    """List the names of all rows."""
    names: dict[str, None] = {}
    for number, row in rows:
        if isinstance(row, dict) and not row.keys() <= names.keys():
            names.update(dict.fromkeys(row))
            if len(names) > MAX_FILE_COLUMNS:
                raise UnreadableError(
                    "too-many-columns",
                    f"The objects have more than {MAX_FILE_COLUMNS:,} different names. Send only "
                    f"the columns of the feed.",
                    row=number,
                )
    return list(names)


def _parts(rows: Rows, names: list[str]) -> Iterator[Block | Fault]:
    while part := list(islice(rows, ROWS_AT_A_TIME)):
        yield from (row for _, row in part if isinstance(row, Fault))
        good = [(number, row) for number, row in part if isinstance(row, dict)]
        if good:
            numbers = np.array([number for number, _ in good], np.int64)
            yield Block(numbers, [_column(name, good) for name in names])


def _column(name: str, rows: list[tuple[int, Row]]) -> pa.Array:
    return pa.array([_text(row.get(name)) for _, row in rows], pa.string())


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    if value is None:
        return ""
    return "true" if value else "false"


def _of_lines(file: TextFile) -> Rows:
    for number, line in enumerate(_lines(file), 1):
        if line.strip():
            yield number, _row_of_line(line, number)


def _lines(file: TextFile) -> Iterator[bytes]:
    held = b""
    with file.opened() as stream:
        while chunk := stream.read(CHUNK_BYTES):
            *lines, held = (held + chunk).split(b"\n")
            yield from lines
            if len(held) > MAX_LINE_BYTES:
                break
    if held:
        yield held


def _row_of_line(line: bytes, number: int) -> Row | Fault:
    if len(line) > MAX_LINE_BYTES:
        raise UnreadableError(
            "row-too-long",
            f"Row {number} is longer than {MAX_LINE_BYTES:,} bytes. Write one object in each line.",
            row=number,
        )
    with _faults_of(number):
        try:
            return _checked(DECODER.decode(line.decode()), number)
        except json.JSONDecodeError:
            return _no_object(number)
        except _TwiceNamedError:
            return _named_twice(number)


def _of_array(text: str) -> Rows:
    """Take the objects of an array apart, one after the other."""
    place = _after_space(text, 0)
    if text[place : place + 1] != "[":
        raise UnreadableError(
            "not-an-array", "The JSON is not an array of objects, one for each row. Export it so."
        )
    number, place = 0, _after_space(text, place + 1)
    while text[place : place + 1] != "]" or number:
        number += 1
        with _faults_of(number):
            row, place = _next_row(text, place, number)
        yield number, row
        place = _after_space(text, place)
        mark, place = text[place : place + 1], _after_space(text, place + 1)
        if mark == "]":
            break
        if mark != ",":
            raise _cut_off(number)
    if not number:
        place = _after_space(text, place + 1)
    if place < len(text):
        raise UnreadableError("unreadable", "Something follows the array of rows. Export again.")


def _next_row(text: str, place: int, number: int) -> tuple[Row | Fault, int]:
    try:
        value, end = DECODER.raw_decode(text, place)
        return _checked(value, number), end
    except json.JSONDecodeError:
        raise _cut_off(number) from None
    except _TwiceNamedError:
        _, end = PLAIN_DECODER.raw_decode(text, place)
        return _named_twice(number), end


def _after_space(text: str, place: int) -> int:
    found = SPACE.match(text, place)
    return found.end() if found else place


@contextmanager
def _faults_of(number: int) -> Iterator[None]:
    """Turn what JSON cannot be read into the end of the reading."""
    try:
        yield
    except RecursionError:
        raise UnreadableError(
            "nested-value", f"Row {number} is nested too deeply to be read.", row=number
        ) from None
    except UnicodeError:
        raise UnreadableError(
            "bad-encoding", f"Row {number} is not UTF-8 text. Export as UTF-8.", row=number
        ) from None


def _checked(row: Any, number: int) -> Row | Fault:
    """Refuse what is no row of texts, numbers, flags and nothing."""
    if not isinstance(row, dict):
        return _no_object(number)
    for name, value in row.items():
        if type(value) is str:
            if len(value) > MAX_CELL_CHARACTERS:
                return _fault("cell-too-long", number, "has a value that is too long to be read")
            if "\0" in value:
                return _fault("nul-byte", number, "holds a NUL character")
            value.encode()  # half a character, written as an escape, is no text
        elif isinstance(value, dict | list):
            return _fault(
                "nested-value",
                number,
                "holds a list or an object inside. Only texts, numbers, true, false and null are "
                "read",
            )
        name.encode()
    return row


def _fault(code: str, number: int, what: str) -> Fault:
    return _lost(code, number, f"{what}. Correct it, or leave that column out.")


def _no_object(number: int) -> Fault:
    return _lost("bad-json", number, "is not a JSON object like {}. Write one for each row.")


def _named_twice(number: int) -> Fault:
    what = "has a name twice, so that one of its values would be lost. Keep one."
    return _lost("duplicate-name", number, what)


def _lost(code: str, number: int, what: str) -> Fault:
    return Fault(code, f"Row {number} {what}", row=number, is_row_lost=True)


def _cut_off(number: int) -> UnreadableError:
    return UnreadableError(
        "bad-json",
        f"The JSON cannot be read from row {number} on. It is damaged or cut off: export again.",
        row=number,
    )


def _named_once(pairs: list[tuple[str, Any]]) -> Row:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise _TwiceNamedError
    return row


def _no_constant(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is not a number of JSON", name, 0)


PLAIN_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_no_constant)
DECODER = json.JSONDecoder(
    parse_float=str, parse_int=str, parse_constant=_no_constant, object_pairs_hook=_named_once
)
