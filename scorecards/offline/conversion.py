"""From the texts of a column to typed values. What does not fit is marked, not guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from indicators.measure.columns import ColumnType
from scorecards.offline.day_texts import MICROSECONDS, SECONDS_A_DAY, USUAL, Days, read_days
from scorecards.offline.number_texts import read_decimals, read_whole

Bools = npt.NDArray[np.bool_]
# Missing in every column.
MISSING = ("", "?")
# Missing in every column but codes, whatever their capitals: how public files say that a
# figure is withheld or was never there. None of them is zero.
WITHHELD = (
    *("n/a", "na", "not available", "not applicable", "too few to report"),
    *("null", "none", "nan", "nat", "***"),
)
TRUE_TEXTS = ("true", "yes", "y", "t", "1", "1.0")
FALSE_TEXTS = ("false", "no", "n", "f", "0", "0.0")
EXPECTED: Mapping[ColumnType, str] = {
    ColumnType.CODE: "a text",
    ColumnType.WHOLE: "a whole number such as 12 or 1,234",
    ColumnType.DECIMAL: "a number such as 12.5, 1,234.5 or 8.5%, of up to 38 digits",
    ColumnType.DATE: "a day such as 2026-01-31, without a time",
    ColumnType.MOMENT: "a moment such as 2026-01-31 14:05",
    ColumnType.FLAG: "yes or no (true/false, Y/N, T/F, 1/0)",
}


@dataclass(frozen=True, slots=True)
class Converted:
    """Distinct texts of a column, typed.

    Attributes:
        values: one for each text; null where missing or bad.
        bad: texts that are no value of the type.
        notes: what a reader should know of how they were read.
    """

    values: Any
    bad: Bools
    notes: tuple[str, ...] = ()


def convert(
    kind: ColumnType, distinct: pa.Array, missing: tuple[str, ...], *, at_any_time: bool = False
) -> Converted:
    """Type the distinct texts of a column.

    Args:
        kind: what the values are.
        distinct: texts as the file has them; null is missing.
        missing: further texts that mean missing here.
        at_any_time: of days, also take moments for the day they lie on.
    """
    texts = pc.utf8_trim_whitespace(distinct)
    tokens = pa.array([*MISSING, *(token.strip() for token in missing)], pa.string())
    is_missing = pc.is_in(pc.fill_null(texts, ""), value_set=tokens)
    if kind is not ColumnType.CODE:
        withheld = pc.is_in(pc.utf8_lower(texts), value_set=pa.array(WITHHELD))
        is_missing = pc.or_(is_missing, withheld)
    known = np.flatnonzero(~is_missing.to_numpy(zero_copy_only=False).astype(np.bool_))
    read = (_any_dates if at_any_time else _READERS[kind])(texts.take(pa.array(known)))
    places = np.full(len(texts), -1, np.int64)
    places[known] = np.arange(len(known))
    values = read.values.take(pa.array(places, mask=places < 0))
    bad = np.zeros(len(texts), np.bool_)
    bad[known] = read.bad
    return Converted(values, bad, read.notes)


def _codes(texts: pa.Array) -> Converted:
    return Converted(texts, np.zeros(len(texts), np.bool_))


def _whole(texts: pa.Array) -> Converted:
    return Converted(*read_whole(texts))


def _decimals(texts: pa.Array) -> Converted:
    return Converted(*read_decimals(texts))


def _flags(texts: pa.Array) -> Converted:
    lowered = pc.utf8_lower(texts)
    is_true = pc.is_in(lowered, value_set=pa.array(TRUE_TEXTS))
    is_known = pc.is_in(lowered, value_set=pa.array(TRUE_TEXTS + FALSE_TEXTS))
    values = pc.if_else(is_known, is_true, pa.scalar(None, pa.bool_()))
    return Converted(values, ~is_known.to_numpy(zero_copy_only=False).astype(np.bool_))


def _dates(texts: pa.Array) -> Converted:
    read = read_days(texts)
    return _as_dates(read, read.bad | (read.microsecond != 0))


def _any_dates(texts: pa.Array) -> Converted:
    read = read_days(texts)
    return _as_dates(read, read.bad)


def _as_dates(read: Days, bad: Bools) -> Converted:
    days = pa.array(read.day.astype(np.int32), pa.int32(), mask=bad).cast(pa.date32())
    return Converted(days, bad, tuple(_notes(read)))


def _moments(texts: pa.Array) -> Converted:
    read = read_days(texts)
    has_parts = bool((read.microsecond % MICROSECONDS).any())
    second, unit = (MICROSECONDS, "us") if has_parts else (1, "s")
    since = read.day * SECONDS_A_DAY * second + read.microsecond * second // MICROSECONDS
    moments = pa.array(since, pa.int64(), mask=read.bad).cast(pa.timestamp(unit))
    notes = list(_notes(read))
    if (~read.bad & ~read.has_time).any():
        notes.append("days without a time are taken as midnight")
    return Converted(moments, read.bad, tuple(notes))


def _notes(read: Days) -> list[str]:
    notes = [f"read as {read.form}"] if read.form != USUAL else []
    if read.has_zone.any():
        notes.append("time zones are left out: the clock counts as it is written")
    return notes


_READERS = {
    ColumnType.CODE: _codes,
    ColumnType.WHOLE: _whole,
    ColumnType.DECIMAL: _decimals,
    ColumnType.DATE: _dates,
    ColumnType.MOMENT: _moments,
    ColumnType.FLAG: _flags,
}
