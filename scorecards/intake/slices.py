"""The slice: accepted cases as an immutable Parquet file, and the two hashes that name it.

The byte hash names the file in storage. The logical hash is over the decoded columns, so
that it outlives the library that wrote the file. It is the SHA-256 of one line of UTF-8 text
for each column in order, ended by a line feed:

    NAME TYPE ROWS PRESENT VALUES

PRESENT and VALUES are SHA-256 in hexadecimal: the first over one byte for each row, 1 where
there is a value; the second over the values in order, 0 or empty where there is none:

    whole    8 bytes each, signed, little-endian
    decimal  16 bytes each, signed, little-endian, counted in the last decimal place
    date     4 bytes each, signed, little-endian, days since 1 January 1970
    moment   8 bytes each, signed, little-endian, seconds since 1 January 1970 by the
             hospital's own clock (Parquet itself keeps them in milliseconds)
    flag     1 byte each
    code     its UTF-8 bytes, then one byte FF, which is in no UTF-8 text

Each is read from first to last once, so that rows are written as they come; where they were
cut into parts is in neither hash. Hashes given before November 2026 were made otherwise
(decision 0019, files stream into slices).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

ROWS_IN_A_GROUP = 131_072
PART_SUFFIX = ".part"
END_OF_TEXT = b"\xff"


@dataclass(frozen=True, slots=True)
class WrittenSlice:
    """A slice on disk.

    Attributes:
        rows: that are in the file, as it says itself.
    """

    rows: int
    sha256: str
    logical_sha256: str
    bytes: int


def part_path(target: Path) -> Path:
    """Name the file a slice is written to before it is whole."""
    return target.with_name(target.name + PART_SUFFIX)


def write_slice(parts: Iterable[pa.RecordBatch], schema: pa.Schema, target: Path) -> WrittenSlice:
    """Write rows as they come so that the same rows always give the same bytes.

    The file appears at `target` whole or not at all: what the parts raise leaves nothing.
    """
    digest, part = LogicalDigest(schema), part_path(target)
    try:
        with pq.ParquetWriter(part, schema, **_layout(schema)) as file:
            for group in _groups(parts, schema):
                digest.update(group)
                file.write_table(group, row_group_size=ROWS_IN_A_GROUP)
        with part.open("rb+") as stream:
            os.fsync(stream.fileno())
        written = WrittenSlice(
            pq.read_metadata(part).num_rows,
            _sha256_of_file(part),
            digest.hexdigest(),
            part.stat().st_size,
        )
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return written


def _layout(schema: pa.Schema) -> dict[str, object]:
    """Choose what each type packs well into: numbers into differences, codes into a list.

    Decimals have at most 18 digits and lie as integers. Nobody reads a part of a slice by the
    least and largest values of its pages, so none are kept.
    """
    return {
        "compression": "zstd",
        "version": "2.6",
        "store_schema": False,
        "store_decimal_as_integer": True,
        "write_statistics": False,
        "use_dictionary": [
            field.name
            for field in schema
            if pa.types.is_string(field.type) or pa.types.is_date(field.type)
        ],
        "column_encoding": {
            field.name: "DELTA_BINARY_PACKED"
            for field in schema
            if pa.types.is_timestamp(field.type)
            or pa.types.is_integer(field.type)
            or pa.types.is_decimal(field.type)
        },
    }


def _groups(parts: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterable[pa.Table]:
    """Cut rows into groups of one size, wherever the parts were cut."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for part in parts:
        waiting.append(part)
        rows += part.num_rows
        while rows >= ROWS_IN_A_GROUP:
            together = pa.Table.from_batches(waiting, schema)
            yield together.slice(0, ROWS_IN_A_GROUP).combine_chunks()
            waiting = together.slice(ROWS_IN_A_GROUP).to_batches()
            rows -= ROWS_IN_A_GROUP
    if rows:
        yield pa.Table.from_batches(waiting, schema).combine_chunks()


def logical_sha256(table: pa.Table) -> str:
    """Hash the decoded columns of a whole table, as any Parquet library reads it back."""
    digest = LogicalDigest(table.schema)
    digest.update(table)
    return digest.hexdigest()


class LogicalDigest:
    """The logical hash of rows that come in parts; the module says how it is made."""

    def __init__(self, schema: pa.Schema) -> None:
        """Begin with no rows."""
        self._columns = [
            (f"{field.name} {_type_name(field.type)}", hashlib.sha256(), hashlib.sha256())
            for field in schema
        ]
        self._rows = 0

    def update(self, rows: pa.Table) -> None:
        """Add the rows that follow."""
        self._rows += rows.num_rows
        for (_, present, values), column in zip(self._columns, rows.columns, strict=True):
            for chunk in column.chunks:
                present.update(
                    _bytes_of_flags(chunk.is_valid()) if chunk.null_count else b"\1" * len(chunk)
                )
                values.update(_bytes_of(chunk))

    def hexdigest(self) -> str:
        """Name the rows so far."""
        lines = [
            f"{column} {self._rows} {present.hexdigest()} {values.hexdigest()}\n"
            for column, present, values in self._columns
        ]
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def _type_name(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    if pa.types.is_timestamp(kind):
        return "moment"
    names = {pa.int64(): "whole", pa.date32(): "date", pa.bool_(): "flag", pa.string(): "code"}
    return names[kind]


def _bytes_of(values: pa.Array) -> bytes | memoryview | pa.Buffer:
    """Write the values of one array as the module says."""
    kind = values.type
    if pa.types.is_string(kind):
        return _ended_texts(values.fill_null("").cast(pa.binary()))
    if pa.types.is_boolean(kind):
        return _bytes_of_flags(pc.fill_null(values, fill_value=False))
    if pa.types.is_decimal(kind):
        filled = values.fill_null(pa.scalar(0, kind))
        start = filled.offset * 16
        return filled.buffers()[1][start : start + len(filled) * 16]
    if pa.types.is_timestamp(kind):
        values = values.cast(pa.timestamp("s"))
    as_number, width = (pa.int32(), "<i4") if kind == pa.date32() else (pa.int64(), "<i8")
    numbers: NDArray[np.signedinteger] = values.cast(as_number).fill_null(0).to_numpy()
    return numbers.astype(np.dtype(width), copy=False).tobytes()


def _bytes_of_flags(flags: pa.Array) -> bytes:
    ones: NDArray[np.uint8] = flags.cast(pa.uint8()).to_numpy()
    return ones.tobytes()


def _ended_texts(texts: pa.Array) -> bytes:
    """Join texts, each with its end, in one go."""
    if not len(texts):
        return b""
    bounds = pa.array([0, len(texts)], pa.int64())
    together = pa.LargeListArray.from_arrays(bounds, texts)
    joined: bytes = pc.binary_join(together, END_OF_TEXT)[0].as_py()
    return joined + END_OF_TEXT


def _sha256_of_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
