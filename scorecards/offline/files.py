"""Opening a data file: CSV, XLSX or Parquet by its content, and only the columns needed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from scorecards.intake.csv_form import CsvForm
from scorecards.intake.csv_reading import read_csv
from scorecards.intake.parquet_reading import DAMAGED
from scorecards.intake.reading import MAGIC, Block, UnreadableError
from scorecards.intake.text_files import TextFile
from scorecards.offline.errors import OfflineError
from scorecards.offline.headers import csv_form
from scorecards.offline.workbooks import open_workbook

Rows = npt.NDArray[np.int64]
FAULTS_LISTED = 20
CHUNK_BYTES = 1 << 20
ENCODING_HINT = " Here that is --encoding cp1252."
FIRST_ROW_OF_PARQUET = 1
BYTES_OF_START = 256
_JSON = re.compile(rb'^(?:\xef\xbb\xbf)?\s*(?:\{\s*["}]|\[\s*\{)')


@dataclass(frozen=True)
class DataFile:
    """An opened file.

    Attributes:
        path: where it is.
        kind: `csv`, `xlsx` or `parquet`.
        header: its headers, trimmed.
        notes: how it was opened, where a reader should know.
        read: reads columns by header; gives row numbers and cells, one array a header.
        is_comma_open: text whose fields are parted by another mark, so that a comma in a
            number could part thousands or decimals.
    """

    path: Path
    kind: str
    header: tuple[str, ...]
    notes: tuple[str, ...]
    read: Callable[[Sequence[str]], tuple[Rows, Mapping[str, Any]]]
    is_comma_open: bool = False

    @property
    def name(self) -> str:
        """Its name, without folders."""
        return self.path.name

    @property
    def sha256(self) -> str:
        """The hash of its bytes."""
        return sha256_of(self.path)


def sha256_of(path: Path) -> str:
    """Hash the bytes of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def open_data(path: Path, wanted: frozenset[str], sheet: str = "", encoding: str = "") -> DataFile:
    """Open a file and read its header.

    Args:
        path: of the file; its content tells its kind.
        wanted: folded names of the columns that will be asked for, to find the header
            below titles, the separator and the sheet.
        sheet: name of the sheet of a workbook; empty for the one with most of them.
        encoding: of a CSV file; empty for UTF-8.

    Raises:
        OfflineError: it cannot be read.
    """
    try:
        kind = _kind(path)
        if sheet and kind != "xlsx":
            raise OfflineError(f"{path.name} is no workbook: leave out --sheet.")
        if kind == "parquet":
            return _open_parquet(path)
        if kind == "xlsx":
            return _open_workbook(path, wanted, sheet)
        return _open_csv(path, wanted, encoding)
    except UnreadableError as broken:
        raise _refused(path.name, broken) from None
    except OSError as broken:
        raise OfflineError(f"{path.name} cannot be read: {broken.strerror}.") from None


def _refused(name: str, broken: UnreadableError) -> OfflineError:
    hint = ENCODING_HINT if broken.code == "bad-encoding" else ""
    return OfflineError(f"{name}: {broken.message}{hint}")


def _kind(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(BYTES_OF_START)
    if not start:
        raise UnreadableError("empty-file", "The file is empty. Export it again.")
    if _JSON.match(start):
        raise UnreadableError(
            "unknown-kind",
            "The file is JSON; CSV, XLSX and Parquet are read. A definition goes to --definition.",
        )
    content = next((kind for magic, kind in MAGIC.items() if start.startswith(magic)), "csv")
    if content not in ("csv", "xlsx", "parquet"):
        raise UnreadableError(
            "unknown-kind", f"The file is {content}; CSV, XLSX and Parquet are read."
        )
    return content


def _open_csv(path: Path, wanted: frozenset[str], encoding: str) -> DataFile:
    with _as_utf8(path, encoding) as text:
        form = csv_form(text, wanted)
        header = read_csv(_utf8(text), frozenset(), form).header

    def read(headers: Sequence[str]) -> tuple[Rows, Mapping[str, Any]]:
        with _as_utf8(path, encoding) as text:
            return _read_csv(text, path.name, form, headers)

    notes = _header_note(path, form.header_row)
    return DataFile(path, "csv", header, notes, read, is_comma_open=form.separator != ",")


def _utf8(path: Path) -> TextFile:
    return TextFile(path, encoding="utf-8")


@contextmanager
def _as_utf8(path: Path, encoding: str) -> Iterator[Path]:
    """Give the file, or for the time of reading a copy of it in UTF-8."""
    if not encoding:
        yield path
        return
    with NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".csv") as copy:
        try:
            with path.open(encoding=encoding, newline="") as text:
                while part := text.read(CHUNK_BYTES):
                    copy.write(part)
        except (UnicodeError, LookupError):
            raise OfflineError(f"{path.name} is not written in {encoding}.") from None
        copy.flush()
        yield Path(copy.name)


def _header_note(path: Path, row: int) -> tuple[str, ...]:
    return (f"{path.name}: the header is taken from row {row}.",) if row > 1 else ()


def _read_csv(
    path: Path, name: str, form: CsvForm, headers: Sequence[str]
) -> tuple[Rows, Mapping[str, Any]]:
    """Read pieces of the file; each column keeps each distinct text once."""
    try:
        rows, parts, faults = [], [], []
        extract = read_csv(_utf8(path), frozenset(headers), form)
        for part in extract.parts:
            if isinstance(part, Block):
                rows.append(part.rows)
                parts.append([column.dictionary_encode() for column in part.columns])
            else:
                faults.append(part.message)
    except UnreadableError as broken:
        raise _refused(name, broken) from None
    if faults:
        more = len(faults) - FAULTS_LISTED
        rest = [f"{name}: {more:,} more rows of another width."] if more > 0 else []
        raise OfflineError(*(f"{name}: {said}" for said in faults[:FAULTS_LISTED]), *rest)
    kept = [header for header in extract.header if header in headers]
    kind = pa.dictionary(pa.int32(), pa.string())
    columns = {
        header: pa.chunked_array([part[place] for part in parts], kind).unify_dictionaries()
        for place, header in enumerate(kept)
    }
    numbers = np.concatenate(rows) if rows else np.zeros(0, np.int64)
    return numbers, {each: column.combine_chunks() for each, column in columns.items()}


def _open_workbook(path: Path, wanted: frozenset[str], sheet: str) -> DataFile:
    opened = open_workbook(path, wanted, sheet)
    notes = _header_note(path, opened.header_row)
    if opened.sheets > 1 and not sheet:
        notes = (*notes, f"{path.name}: the sheet “{opened.name}” is read.")

    def read(headers: Sequence[str]) -> tuple[Rows, Mapping[str, Any]]:
        try:
            return opened.read(headers)
        except UnreadableError as broken:
            raise _refused(path.name, broken) from None

    return DataFile(path, "xlsx", opened.header, notes, read)


def _open_parquet(path: Path) -> DataFile:
    try:
        file = pq.ParquetFile(path)
    except DAMAGED:
        raise UnreadableError(
            "unreadable", "The Parquet file is damaged or cut off. Write it again."
        ) from None
    stored = {name.strip(): name for name in file.schema_arrow.names}

    def read(headers: Sequence[str]) -> tuple[Rows, Mapping[str, Any]]:
        return _read_parquet(path, file, [stored[name] for name in headers])

    return DataFile(path, "parquet", tuple(n.strip() for n in file.schema_arrow.names), (), read)


def _read_parquet(
    path: Path, file: pq.ParquetFile, names: Sequence[str]
) -> tuple[Rows, Mapping[str, Any]]:
    nested = [name for name in names if pa.types.is_nested(file.schema_arrow.field(name).type)]
    if nested:
        raise OfflineError(f"{path.name}: column “{nested[0].strip()}” is nested, not one value.")
    try:
        table = file.read(columns=list(names))
    except DAMAGED:
        raise OfflineError(
            f"{path.name}: The Parquet file is damaged or cut off. Write it again."
        ) from None
    rows = np.arange(table.num_rows, dtype=np.int64) + FIRST_ROW_OF_PARQUET
    return rows, {name.strip(): _plain(table.column(name)) for name in names}


def _plain(column: Any) -> Any:
    """Join the pieces of a column; views and binary text become ordinary text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if not (pa.types.is_string(kind) or pa.types.is_floating(kind)) and _is_text(kind):
        column = column.cast(pa.string())
    return column.combine_chunks()


def _is_text(kind: pa.DataType) -> bool:
    kinds = (pa.types.is_large_string, pa.types.is_string_view, pa.types.is_binary)
    return any(is_kind(kind) for is_kind in (*kinds, pa.types.is_null))
