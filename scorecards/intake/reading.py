"""What every extract is made of, and what kind of file it is, by content and by name.

Every kind of file comes out the same: a header, and blocks of text columns with the row
numbers a person sees. Types are given later, by the feed and not by the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
BYTES_OF_MAGIC = 8
GZIP = "a gzip archive"

MAGIC = {
    b"PK\x03\x04": "xlsx",
    b"PK\x05\x06": "an empty zip archive",
    b"PAR1": "parquet",
    b"PARE": "an encrypted Parquet file",
    b"\xd0\xcf\x11\xe0": "an old or encrypted Office file",
    b"\x1f\x8b": GZIP,
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
SUFFIXES = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), "csv"),
    **dict.fromkeys((".ndjson", ".jsonl"), "ndjson"),
    ".json": "json",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
}
PACKED_SUFFIX = ".gz"
TEXT_KINDS = frozenset({"csv", "ndjson", "json"})
SPOKEN = {
    "csv": "a CSV file",
    "ndjson": "a file of JSON lines",
    "json": "a JSON file",
    "xlsx": "an Excel workbook (.xlsx)",
    "parquet": "a Parquet file",
}
READ_KINDS = ".csv, .tsv, .txt, .xlsx, .parquet, .json, .ndjson and .jsonl files"
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
    """Something wrong that does not end the reading: a row of another width, an error cell.

    Args:
        is_row_lost: the row comes in no block.
    """

    code: str
    message: str
    row: int | None = None
    column: str | None = None
    is_row_lost: bool = False


@dataclass(frozen=True, slots=True)
class Extract:
    """An opened file: its header, and what follows it in order.

    Args:
        header_row: where the header stands; None where the file has no such row.
        has_own_types: days, moments and flags were no text in the file.
    """

    header: tuple[str, ...]
    parts: Iterator[Block | Fault]
    header_row: int | None = 1
    has_own_types: bool = False


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What may stand in a file beside the columns of the feed.

    Args:
        organization: names of columns that describe a hospital, in any sheet; nobody reads
            their cells.
        in_titles: kinds of identifiers that do not refuse the file when they stand in the titles
            above the header, which nobody reads either.
    """

    organization: frozenset[str] = frozenset()
    in_titles: frozenset[str] = frozenset()


NO_TOLERANCE = Tolerance()


@dataclass(frozen=True, slots=True)
class Kind:
    """What kind of file it is.

    Args:
        name: `csv`, `ndjson`, `json`, `xlsx` or `parquet`.
        is_packed: with gzip.
    """

    name: str
    is_packed: bool = False


def kind_of(source: Path, filename: str) -> Kind:
    """Decide what kind of file it is: the name and the content must agree.

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
    name = Path(filename.lower())
    is_packed = name.suffix == PACKED_SUFFIX
    suffix = Path(name.stem).suffix if is_packed else name.suffix
    if suffix in MACRO_SUFFIXES:
        raise UnreadableError(
            "macros", "Workbooks that can carry macros are refused. Save it as .xlsx or CSV."
        )
    kind = SUFFIXES.get(suffix)
    if kind is None or (is_packed and kind not in TEXT_KINDS):
        raise UnreadableError(
            "unknown-kind",
            f"Only {READ_KINDS} are read; text and JSON also packed with gzip, named like "
            f".csv.gz. Export one of these.",
        )
    _check_content(source, GZIP if is_packed else kind)
    return Kind(kind, is_packed)


def header_name(text: str) -> str:
    """Write a header on one line, with single spaces."""
    return " ".join(text.split())


def content_kind(start: bytes) -> str:
    """Say what the first bytes of a file are; text is `csv`, whatever it holds."""
    return next((kind for magic, kind in MAGIC.items() if start.startswith(magic)), "csv")


def _check_content(source: Path, named: str) -> None:
    """Refuse a file whose first bytes say something else than its name."""
    with source.open("rb") as stream:
        content = content_kind(stream.read(BYTES_OF_MAGIC))
    if content == named or (content == "csv" and named in TEXT_KINDS):
        return
    if content.startswith(("an old or encrypted", "an encrypted")):
        raise UnreadableError(
            "encrypted", f"The file is {content}. Save it without a password as .xlsx or CSV."
        )
    raise UnreadableError(
        "not-what-it-says",
        f"By its name the file is {SPOKEN.get(named, named)}, by its content "
        f"{SPOKEN.get(content, content) if content != 'csv' else 'something else'}. "
        f"Export it again, and do not rename it to another kind.",
    )
