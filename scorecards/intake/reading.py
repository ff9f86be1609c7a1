"""Opening an extract: what kind of file it is, by content and by name, and its cells as text.

Every kind of file comes out the same: a header, and blocks of text columns with the row
numbers a person sees. Types are given later, by the feed and not by the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

MEGABYTE = 1_000_000
MAX_FILE_BYTES = 2_500 * MEGABYTE
MAX_ROWS = 10_000_000
MAX_FILE_COLUMNS = 1_000
# The most characters a spreadsheet cell can hold.
MAX_CELL_CHARACTERS = 32_767
FIRST_ROW_OF_CASES = 2

MAGIC = {
    b"PK\x03\x04": "xlsx",
    b"PK\x05\x06": "an empty zip archive",
    b"PAR1": "parquet",
    b"PARE": "an encrypted Parquet file",
    b"\xd0\xcf\x11\xe0": "an old or encrypted Office file",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF document",
    b"BZh": "a bzip2 archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{\\rtf": "a rich text document",
    b"<": "a web page or XML document",
}
SUFFIXES = {".csv": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}
SPOKEN = {"csv": "a CSV file", "xlsx": "an Excel workbook (.xlsx)", "parquet": "a Parquet file"}
MACRO_SUFFIXES = frozenset({".xlsm", ".xltm", ".xlam", ".xlsb"})


class UnreadableError(Exception):
    """A file, or the rest of it, that cannot be read as cases."""

    def __init__(
        self, code: str, message: str, *, row: int | None = None, column: str | None = None
    ) -> None:
        """Keep what the finding will say; the message holds no value of a cell."""
        super().__init__(message)
        self.code, self.message, self.row, self.column = code, message, row, column


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of an extract.

    Args:
        rows: row numbers as a spreadsheet counts them, rising; the header is row 1. A cell
            with line breaks inside is still one row.
        columns: one text array for each column of the header.
        bytes_read: of the file as received, when the block was made; 0 where nobody knows.
    """

    rows: NDArray[np.int64]
    columns: list[pa.Array]
    bytes_read: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong that does not end the reading: a row of another width, an error cell."""

    code: str
    message: str
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """An opened file: its header, and what follows it in order."""

    header: tuple[str, ...]
    parts: Iterator[Block | Fault]


class Reader(Protocol):
    """Opens one kind of file."""

    def __call__(self, source: Path, wanted: frozenset[str]) -> Extract:
        """Read the header; `wanted` are the declared names, to find the right sheet."""


def kind_of(source: Path, filename: str) -> str:
    """Decide between `csv`, `xlsx` and `parquet`: the name and the content must agree.

    Raises:
        UnreadableError: another kind, two kinds at once, empty or too large.
    """
    size = source.stat().st_size
    if size == 0:
        raise UnreadableError("empty-file", "The file is empty. Export it again.")
    if size > MAX_FILE_BYTES:
        raise UnreadableError(
            "too-large",
            f"The file has {size // MEGABYTE:,} MB; at most {MAX_FILE_BYTES // MEGABYTE} MB are "
            f"read. Send a shorter period or fewer columns.",
        )
    suffix = Path(filename).suffix.lower()
    if suffix in MACRO_SUFFIXES:
        raise UnreadableError(
            "macros", "Workbooks that can carry macros are refused. Save it as .xlsx or CSV."
        )
    if suffix not in SUFFIXES:
        raise UnreadableError(
            "unknown-kind", "Only .csv, .xlsx and .parquet files are read. Export one of these."
        )
    _check_content(source, SUFFIXES[suffix])
    return SUFFIXES[suffix]


def _check_content(source: Path, named: str) -> None:
    """Refuse a file whose first bytes say something else than its name."""
    with source.open("rb") as stream:
        start = stream.read(8)
    content = next((kind for magic, kind in MAGIC.items() if start.startswith(magic)), "csv")
    if content == named:
        return
    if content.startswith(("an old or encrypted", "an encrypted")):
        raise UnreadableError(
            "encrypted", f"The file is {content}. Save it without a password as .xlsx or CSV."
        )
    raise UnreadableError(
        "not-what-it-says",
        f"By its name the file is {SPOKEN[named]}, by its content "
        f"{SPOKEN.get(content, content) if content != 'csv' else 'something else'}. "
        f"Export it again, and do not rename it to another kind.",
    )
