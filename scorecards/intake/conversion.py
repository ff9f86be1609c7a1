"""From text to typed values, a whole column at a time; what does not fit is marked, not guessed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from indicators.measure.columns import ColumnType
from scorecards.intake.spec_columns import DEFAULT_MISSING, FeedColumn

MAX_CODE_CHARACTERS = 100
DECIMAL_DIGITS = 18
WHOLE_SHAPE = r"^-?[0-9]{1,18}$"
DATE_SHAPE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
# A fraction of a second may be written only when it is zero: nothing is rounded.
MOMENT_SHAPE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.0{1,9})?)?$"
CODE_SHAPE = rf"^[^\x00-\x1f\x7f]{{1,{MAX_CODE_CHARACTERS}}}$"
TRUE_TEXTS = ("true", "yes", "y", "t", "1")
FALSE_TEXTS = ("false", "no", "n", "f", "0")


@dataclass(frozen=True, slots=True)
class Converted:
    """One column of a block.

    Args:
        texts: trimmed cells; null where the value is missing.
        values: typed values; null where missing or bad.
        bad: cells with a text that is no value of the type.
    """

    texts: pa.Array
    values: pa.Array
    missing: NDArray[np.bool_]
    bad: NDArray[np.bool_]


def arrow_type(column: FeedColumn) -> pa.DataType:
    """Name the type that a column has in a slice."""
    return {
        ColumnType.CODE: pa.string(),
        ColumnType.WHOLE: pa.int64(),
        ColumnType.DECIMAL: pa.decimal128(DECIMAL_DIGITS, column.places),
        ColumnType.DATE: pa.date32(),
        ColumnType.MOMENT: pa.timestamp("s"),
        ColumnType.FLAG: pa.bool_(),
    }[column.type]


def convert(column: FeedColumn, cells: pa.Array, *, day_is_midnight: bool = False) -> Converted:
    """Trim, find the missing cells, and type the others.

    Spaces around a value are no part of it; leading zeros of a code are.

    Args:
        column: as the feed declares it.
        cells: texts as the file has them.
        day_is_midnight: the file has types of its own and says midnight by the day alone.
    """
    trimmed = pc.utf8_trim_whitespace(cells)
    tokens = pa.array([*DEFAULT_MISSING, *column.missing], pa.string())
    is_missing = pc.is_in(trimmed, value_set=tokens)
    texts = pc.if_else(is_missing, pa.scalar(None, pa.string()), trimmed)
    if day_is_midnight and column.type is ColumnType.MOMENT:
        texts = pc.replace_substring_regex(texts, DATE_SHAPE, r"\0 00:00")
    values = _typed(column, texts)
    missing = as_mask(is_missing)
    return Converted(texts, values, missing, as_mask(pc.is_null(values)) & ~missing)


def as_mask(flags: pa.Array) -> NDArray[np.bool_]:
    """Turn flags without nulls into a NumPy mask."""
    mask: NDArray[np.bool_] = flags.to_numpy(zero_copy_only=False)
    return mask.astype(np.bool_)


def expected_shape(column: FeedColumn) -> str:
    """Say in words what a cell of the column looks like."""
    if column.type is ColumnType.DECIMAL:
        before = DECIMAL_DIGITS - column.places
        return (
            f"a number with at most {before} digits and {column.places} decimals, "
            f"written like 1234.5"
        )
    return {
        ColumnType.CODE: f"a code: one line of at most {MAX_CODE_CHARACTERS} characters",
        ColumnType.WHOLE: "a whole number, written like 1234",
        ColumnType.DATE: "a day, written like 2026-01-31",
        ColumnType.MOMENT: "a moment to the second, written like 2026-01-31 14:05",
        ColumnType.FLAG: "true or false",
    }[column.type]


def _typed(column: FeedColumn, texts: pa.Array) -> pa.Array:
    if column.type is ColumnType.CODE:
        return _only(texts, CODE_SHAPE)
    if column.type is ColumnType.DATE:
        return _days(texts)
    if column.type is ColumnType.MOMENT:
        return _moments(texts)
    if column.type is ColumnType.FLAG:
        return _flags(texts)
    shape = WHOLE_SHAPE if column.type is ColumnType.WHOLE else _decimal_shape(column.places)
    return _only(texts, shape).cast(arrow_type(column))


def _only(texts: pa.Array, shape: str) -> pa.Array:
    """Keep the texts of a shape, so that the cast after it cannot fail."""
    fits = pc.match_substring_regex(texts, shape)
    return pc.if_else(fits, texts, pa.scalar(None, pa.string()))


def _decimal_shape(places: int) -> str:
    decimals = rf"(\.[0-9]{{1,{places}}})?" if places else ""
    return rf"^-?[0-9]{{1,{DECIMAL_DIGITS - places}}}{decimals}$"


def _days(texts: pa.Array) -> pa.Array:
    """Read ISO days; a day that the calendar lacks comes back changed and is dropped."""
    shaped = _only(texts, DATE_SHAPE)
    days = pc.strptime(shaped, format="%Y-%m-%d", unit="s", error_is_null=True).cast(pa.date32())
    is_same = pc.equal(days.cast(pa.string()), shaped)
    return pc.if_else(is_same, days, pa.scalar(None, pa.date32()))


def _moments(texts: pa.Array) -> pa.Array:
    """Read ISO moments to the second; what the clock or the calendar lacks is dropped."""
    shaped = pc.replace_substring(_only(texts, MOMENT_SHAPE), "T", " ")
    to_the_second = pc.replace_substring_regex(shaped, r"\.0+$", "")
    full = pc.replace_substring_regex(to_the_second, r"^(.{16})$", r"\1:00")
    moments = pc.strptime(full, format="%Y-%m-%d %H:%M:%S", unit="s", error_is_null=True)
    is_same = pc.equal(moments.cast(pa.string()), full)
    return pc.if_else(is_same, moments, pa.scalar(None, pa.timestamp("s")))


def _flags(texts: pa.Array) -> pa.Array:
    lowered = pc.utf8_lower(texts)
    is_true = pc.is_in(lowered, value_set=pa.array(TRUE_TEXTS))
    is_known = pc.is_in(lowered, value_set=pa.array(TRUE_TEXTS + FALSE_TEXTS))
    return pc.if_else(is_known, is_true, pa.scalar(None, pa.bool_()))
