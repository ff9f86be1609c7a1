"""The cells of one column of one file, before and after they are typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from indicators.measure.columns import ColumnType
from scorecards.offline.conversion import convert
from scorecards.offline.faults import Faults, no_faults
from scorecards.offline.manner import Manner

FIRST_BEYOND_WHOLE = 10**18


@dataclass(frozen=True, slots=True)
class Typed:
    """One column of one file, typed.

    Attributes:
        values: one a row; null where missing; codes keep each text once.
        faults: what is wrong with each cell.
        notes: how the column was read, where a reader should know.
        has_percents: numbers are written with a percent sign; None where there is no number.
    """

    values: Any
    faults: Faults
    notes: tuple[str, ...] = ()
    has_percents: bool | None = None


def typed(cells: Any, kind: ColumnType, manner: Manner) -> Typed:
    """Type the cells of a column.

    Args:
        cells: text, or the type that a Parquet file holds them in.
        kind: what the values are.
        manner: how they are to be read.
    """
    if pa.types.is_timestamp(cells.type) and cells.type.tz is not None:
        local = typed(pc.local_timestamp(cells), kind, manner)
        note = f"moments are taken by the clock of {cells.type.tz}"
        return Typed(local.values, local.faults, (*local.notes, note))
    if _is_of(kind, cells.type):
        has_percents = False if kind is ColumnType.DECIMAL and len(cells) else None
        return Typed(_at_home(cells, kind), no_faults(len(cells)), has_percents=has_percents)
    coded = _as_texts(cells).dictionary_encode()
    converted = convert(kind, coded.dictionary, manner)
    if kind is ColumnType.CODE:
        # Encoded anew: trimmed texts may be equal, and missing ones must not be words.
        words = converted.values.dictionary_encode()
        values = pa.DictionaryArray.from_arrays(words.indices.take(coded.indices), words.dictionary)
    else:
        values = converted.values.take(coded.indices)
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    faults = np.append(converted.faults, np.int8(0))[codes]
    return Typed(values, faults, converted.notes, converted.has_percents)


def _is_of(kind: ColumnType, stored: pa.DataType) -> bool:
    """Say whether a Parquet type holds these values exactly, with nothing to read."""
    is_stored = {
        ColumnType.WHOLE: pa.types.is_signed_integer,
        ColumnType.DECIMAL: pa.types.is_decimal128,
        ColumnType.DATE: pa.types.is_date,
        ColumnType.MOMENT: pa.types.is_timestamp,
        ColumnType.FLAG: pa.types.is_boolean,
    }.get(kind)
    return is_stored is not None and bool(is_stored(stored))


def _at_home(cells: Any, kind: ColumnType) -> Any:
    if kind is ColumnType.WHOLE:
        return cells.cast(pa.int64())
    return cells.cast(pa.date32()) if kind is ColumnType.DATE else cells


def _as_texts(cells: Any) -> Any:
    """Write cells as a person would: `12` for 12.0, the shortest text of a binary number."""
    kind = cells.type
    if pa.types.is_dictionary(kind):
        return _as_texts(cells.cast(kind.value_type))
    if pa.types.is_floating(kind):
        distinct = cells.dictionary_encode()
        words = [None if word is None else float_text(word) for word in _floats(distinct, kind)]
        return pa.array(words, pa.string()).take(distinct.indices)
    if pa.types.is_date(kind):
        return cells.cast(pa.date32()).cast(pa.string())
    return cells if pa.types.is_string(kind) else cells.cast(pa.string())


def _floats(coded: Any, kind: pa.DataType) -> Any:
    """Give floats of fewer bits by their own shortest text: 0.1, not 0.10000000149."""
    if pa.types.is_float64(kind):
        return coded.dictionary.to_pylist()
    return coded.dictionary.to_numpy(zero_copy_only=False)


def float_text(number: Any) -> str | None:
    """Write the shortest text that reads back as the same number; None for what is none."""
    if number != number:  # NaN is the one number that is not itself
        return None
    if abs(number) < FIRST_BEYOND_WHOLE and float(number).is_integer():
        return str(int(number))
    return str(number)
