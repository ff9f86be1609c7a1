"""Reading Parquet: flat columns of text, whole numbers, decimals, dates and flags.

Binary floating point is refused in declared columns: what was 0.1 at the hospital is no
longer 0.1 in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from scorecards.intake.reading import (
    FIRST_ROW_OF_CASES,
    MAX_FILE_COLUMNS,
    MAX_ROWS,
    MEGABYTE,
    Block,
    Extract,
    Fault,
    UnreadableError,
    header_name,
)

MAX_UNPACKED_BYTES = 400 * MEGABYTE
# What a footer says is packed twice over: a word that a million rows repeat stands in it once,
# and a column of nothing takes no room. As text a cell takes four bytes and its characters.
MAX_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 100 * MEGABYTE
BYTES_OF_A_CELL = 4
MAX_ROW_GROUPS = 10_000
MAX_FOOTER_TEXT = 10 * MEGABYTE
MAX_FOOTER_ITEMS = 1_000_000
ROWS_AT_A_TIME = 65_536
CELLS_AT_A_TIME = 40 * ROWS_AT_A_TIME
MIDNIGHT = r" 00:00:00(\.0+)?$"

# Arrow's ways to say that bytes are no Parquet: a bad footer or page, a packing that nobody knows,
# a file that ends too early.
DAMAGED = (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError)


def read_parquet(source: Path, wanted: frozenset[str]) -> Extract:
    """Open a Parquet file and judge its size and columns by its footer."""
    try:
        file = pq.ParquetFile(
            source,
            pre_buffer=False,
            thrift_string_size_limit=MAX_FOOTER_TEXT,
            thrift_container_size_limit=MAX_FOOTER_ITEMS,
        )
        schema = file.schema_arrow
    except DAMAGED:
        raise _damaged() from None
    file_bytes = source.stat().st_size
    _check_size(file.metadata, len(schema))
    _check_ratio(BYTES_OF_A_CELL * file.metadata.num_rows * len(schema), file_bytes)
    for field in schema:
        if not _is_plain(field.type):
            raise UnreadableError(
                "column-kind",
                "A column is nested or binary. Only text, numbers, dates and flags are read.",
            )
    return Extract(
        tuple(header_name(name) for name in schema.names),
        _parts(file, schema, wanted, file_bytes),
        header_row=None,
        has_own_types=True,
    )


def _check_size(footer: pq.FileMetaData, columns: int) -> None:
    if columns > MAX_FILE_COLUMNS:
        raise UnreadableError(
            "too-many-columns", f"At most {MAX_FILE_COLUMNS:,} columns are read, not {columns:,}."
        )
    if footer.num_rows > MAX_ROWS:
        raise UnreadableError("too-many-rows", f"At most {MAX_ROWS:,} rows are read.")
    if footer.num_row_groups > MAX_ROW_GROUPS:
        raise UnreadableError("too-large", f"At most {MAX_ROW_GROUPS:,} row groups are read.")
    unpacked = sum(
        footer.row_group(group).total_byte_size for group in range(footer.num_row_groups)
    )
    if unpacked > MAX_UNPACKED_BYTES:
        raise UnreadableError(
            "too-large", f"The file unpacks to more than {MAX_UNPACKED_BYTES // MEGABYTE} MB."
        )


def _check_ratio(unpacked: int, file_bytes: int) -> None:
    """Refuse a file that is made to grow when it is read."""
    if unpacked > max(RATIO_COUNTS_FROM_BYTES, MAX_RATIO * file_bytes):
        raise UnreadableError(
            "too-large",
            f"The file unpacks to more than {MAX_RATIO} times its size. Send CSV, or a shorter "
            f"period.",
        )


def _parts(
    file: pq.ParquetFile, schema: pa.Schema, wanted: frozenset[str], file_bytes: int
) -> Iterator[Block | Fault]:
    for field in schema:
        if header_name(field.name) in wanted and not _keeps_exact_values(field.type):
            yield Fault(
                "wrong-type",
                f"Column {header_name(field.name)} is stored as {field.type}, which is not exact. "
                f"Store whole numbers as integers, others as decimals or text, days as dates.",
                column=header_name(field.name),
            )
    row, unpacked = FIRST_ROW_OF_CASES, 0
    rows_at_a_time = min(ROWS_AT_A_TIME, max(1, CELLS_AT_A_TIME // max(1, len(schema))))
    try:
        for batch in file.iter_batches(rows_at_a_time, use_threads=False):
            rows = np.arange(row, row + batch.num_rows, dtype=np.int64)
            row += batch.num_rows
            read = file_bytes * (row - FIRST_ROW_OF_CASES) // max(1, file.metadata.num_rows)
            texts = []
            for column in batch.columns:
                texts.append(_texts(column))
                unpacked += texts[-1].nbytes
                _check_ratio(unpacked, file_bytes)
            yield Block(rows, texts, read)
    except DAMAGED:
        raise _damaged() from None
    if row - FIRST_ROW_OF_CASES != file.metadata.num_rows:
        raise _damaged()


def _value_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_plain(kind: pa.DataType) -> bool:
    kind = _value_type(kind)
    return _keeps_exact_values(kind) or pa.types.is_floating(kind) or pa.types.is_timestamp(kind)


def _keeps_exact_values(kind: pa.DataType) -> bool:
    kind = _value_type(kind)
    asked = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
        pa.types.is_integer,
        pa.types.is_decimal,
        pa.types.is_date,
        pa.types.is_boolean,
        pa.types.is_null,
    )
    is_local_time = pa.types.is_timestamp(kind) and kind.tz is None
    return is_local_time or any(is_kind(kind) for is_kind in asked)


def _texts(column: pa.Array) -> pa.Array:
    """Write every value as text, a missing one as the empty text."""
    kind = _value_type(column.type)
    if column.type != kind:
        column = column.cast(kind)
    if pa.types.is_date(kind):
        column = column.cast(pa.date32())
    texts = column.cast(pa.string())
    if pa.types.is_timestamp(kind):
        texts = pc.replace_substring_regex(texts, MIDNIGHT, "")
    return texts.fill_null("")


def _damaged() -> UnreadableError:
    return UnreadableError("unreadable", "The Parquet file is damaged or cut off. Write it again.")
