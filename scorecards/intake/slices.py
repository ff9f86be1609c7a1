"""The slice: accepted cases as an immutable Parquet file, and the two hashes that name it.

The byte hash names the file in storage. The logical hash is over the decoded columns, so
that it outlives the library that wrote the file:

    for each column in order: its name, its type and the number of rows, as one line of
    UTF-8 text ended by a line feed; one byte for each row, 1 where there is a value; then
    the values, 0 or empty where there is none:
        whole    8 bytes each, signed, little-endian
        decimal  16 bytes each, signed, little-endian, counted in the last decimal place
        date     4 bytes each, signed, little-endian, days since 1 January 1970
        moment   8 bytes each, signed, little-endian, seconds since 1 January 1970 by the
                 hospital's own clock (Parquet itself keeps them in milliseconds)
        flag     1 byte each
        code     the lengths in bytes, 8 bytes each, then the UTF-8 bytes of all
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROWS_IN_A_GROUP = 131_072
PART_SUFFIX = ".part"


@dataclass(frozen=True, slots=True)
class WrittenSlice:
    """A slice on disk."""

    sha256: str
    logical_sha256: str
    bytes: int


def part_path(target: Path) -> Path:
    """Name the file a slice is written to before it is whole."""
    return target.with_name(target.name + PART_SUFFIX)


def write_slice(table: pa.Table, target: Path) -> WrittenSlice:
    """Write a table so that the same rows always give the same bytes, then name it.

    The file appears at `target` whole or not at all.
    """
    whole = table.combine_chunks()
    part = part_path(target)
    try:
        pq.write_table(
            whole,
            part,
            compression="zstd",
            row_group_size=ROWS_IN_A_GROUP,
            version="2.6",
            store_schema=False,
        )
        with part.open("rb+") as stream:
            os.fsync(stream.fileno())
        written = WrittenSlice(_sha256_of_file(part), logical_sha256(whole), part.stat().st_size)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return written


def logical_sha256(table: pa.Table) -> str:
    """Hash the decoded columns as the module says.

    Args:
        table: as `write_slice` got it, or as any Parquet library reads the file back.
    """
    digest = hashlib.sha256()
    for name, column in zip(table.column_names, table.columns, strict=True):
        values = column.combine_chunks()
        kind = _type_name(values.type)
        digest.update(f"{name} {kind} {len(values)}\n".encode())
        digest.update(pc.is_valid(values).cast(pa.uint8()).to_numpy().tobytes())
        _add_values(digest, values)
    return digest.hexdigest()


def _type_name(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    if pa.types.is_timestamp(kind):
        return "moment"
    names = {pa.int64(): "whole", pa.date32(): "date", pa.bool_(): "flag", pa.string(): "code"}
    return names[kind]


def _add_values(digest: hashlib._Hash, values: pa.Array) -> None:
    kind = values.type
    if pa.types.is_string(kind):
        filled = values.fill_null("")
        digest.update(pc.binary_length(filled).cast(pa.int64()).to_numpy().astype("<i8").tobytes())
        digest.update(pc.binary_join(_one_list(filled), "")[0].as_buffer())
    elif pa.types.is_decimal(kind):
        filled = values.fill_null(pa.scalar(0, kind))
        start = filled.offset * 16
        digest.update(filled.buffers()[1][start : start + len(filled) * 16])
    elif pa.types.is_boolean(kind):
        digest.update(values.fill_null(False).cast(pa.uint8()).to_numpy().tobytes())  # noqa: FBT003
    else:
        if pa.types.is_timestamp(kind):
            values = values.cast(pa.timestamp("s"))
        is_day = kind == pa.date32()
        as_number, width = (pa.int32(), "<i4") if is_day else (pa.int64(), "<i8")
        digest.update(
            values.cast(as_number).fill_null(0).to_numpy().astype(np.dtype(width)).tobytes()
        )


def _one_list(texts: pa.Array) -> pa.Array:
    """Wrap all texts as one list, so that they join into one buffer."""
    return pa.LargeListArray.from_arrays(pa.array([0, len(texts)], pa.int64()), texts)


def _sha256_of_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
