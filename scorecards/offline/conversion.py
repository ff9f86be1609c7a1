"""From the texts of a column to typed values. What does not fit is marked, not guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from indicators.measure.columns import ColumnType
from scorecards.intake.wrapped_texts import unwrapped
from scorecards.offline.day_texts import MICROSECONDS, SECONDS_A_DAY, USUAL, Days, read_days
from scorecards.offline.faults import Fault, Faults, no_faults
from scorecards.offline.manner import DAY_FIRST, MONTH_FIRST, Manner
from scorecards.offline.number_texts import are_percents, have_one_comma, read_decimals, read_whole

Bools = npt.NDArray[np.bool_]
# Missing in every column.
MISSING = ("", "?")
# Missing in every column but codes, whatever their capitals: how public files say that a
# figure is withheld or was never there. None of them is zero.
WITHHELD = (
    *("n/a", "na", "not available", "not applicable", "too few to report"),
    *("null", "none", "nan", "nat", "***"),
)
WRAPPED = ('codes written like ="010001" are taken as 010001',)
TRUE_TEXTS = ("true", "yes", "y", "t", "1", "1.0")
FALSE_TEXTS = ("false", "no", "n", "f", "0", "0.0")


@dataclass(frozen=True, slots=True)
class Converted:
    """Distinct texts of a column, typed.

    Attributes:
        values: one for each text; null where missing, of no use where there is a fault.
        faults: what is wrong with each text.
        notes: what a reader should know of how they were read.
        has_percents: numbers are written with a percent sign; None where there is no number.
    """

    values: Any
    faults: Faults
    notes: tuple[str, ...] = ()
    has_percents: bool | None = None


def convert(kind: ColumnType, distinct: pa.Array, manner: Manner) -> Converted:
    """Type the distinct texts of a column.

    Args:
        kind: what the values are.
        distinct: texts as the file has them; null is missing.
        manner: how they are to be read.
    """
    texts = pc.utf8_trim_whitespace(distinct)
    notes: tuple[str, ...] = ()
    if kind is ColumnType.CODE:
        texts, is_wrapped = unwrapped(texts)
        notes = WRAPPED if is_wrapped.any() else ()
    tokens = pa.array([*MISSING, *(token.strip() for token in manner.missing)], pa.string())
    is_missing = pc.is_in(pc.fill_null(texts, ""), value_set=tokens)
    if kind is not ColumnType.CODE or manner.says_withheld:
        withheld = pc.is_in(pc.utf8_lower(texts), value_set=pa.array(WITHHELD))
        is_missing = pc.or_(is_missing, withheld)
    known = np.flatnonzero(~is_missing.to_numpy(zero_copy_only=False).astype(np.bool_))
    read = _READERS[kind](texts.take(pa.array(known)), manner)
    places = np.full(len(texts), -1, np.int64)
    places[known] = np.arange(len(known))
    values = read.values.take(pa.array(places, mask=places < 0))
    faults = no_faults(len(texts))
    faults[known] = read.faults
    return Converted(values, faults, (*notes, *read.notes), read.has_percents)


def _codes(texts: pa.Array, _: Manner) -> Converted:
    return Converted(texts, no_faults(len(texts)))


def _whole(texts: pa.Array, manner: Manner) -> Converted:
    values, bad = read_whole(texts)
    return Converted(values, _number_faults(texts, bad, manner))


def _decimals(texts: pa.Array, manner: Manner) -> Converted:
    values, bad = read_decimals(texts)
    faults = _number_faults(texts, bad, manner)
    percents, is_good = are_percents(texts), faults == Fault.NONE
    with_sign, without = is_good & percents, is_good & ~percents
    if with_sign.any() and without.any():
        # The rarer spelling is likelier to be the slip.
        faults[with_sign if with_sign.sum() < without.sum() else without] = Fault.PERCENT
    has_percents = bool(percents.any()) if len(texts) else None
    return Converted(values, faults, has_percents=has_percents)


def _number_faults(texts: pa.Array, bad: Bools, manner: Manner) -> Faults:
    faults = _faults(bad)
    if manner.is_comma_open:
        faults[have_one_comma(texts)] = Fault.OPEN_COMMA
    return faults


def _flags(texts: pa.Array, _: Manner) -> Converted:
    lowered = pc.utf8_lower(texts)
    is_true = pc.is_in(lowered, value_set=pa.array(TRUE_TEXTS))
    is_known = pc.is_in(lowered, value_set=pa.array(TRUE_TEXTS + FALSE_TEXTS))
    values = pc.if_else(is_known, is_true, pa.scalar(None, pa.bool_()))
    return Converted(values, _faults(~is_known.to_numpy(zero_copy_only=False).astype(np.bool_)))


def _dates(texts: pa.Array, manner: Manner) -> Converted:
    read = read_days(texts, manner.order)
    bad = read.bad if manner.at_any_time else read.bad | (read.microsecond != 0)
    days = pa.array(read.day.astype(np.int32), pa.int32(), mask=bad).cast(pa.date32())
    return Converted(days, _day_faults(read, bad), tuple(_notes(read, manner)))


def _moments(texts: pa.Array, manner: Manner) -> Converted:
    read = read_days(texts, manner.order)
    has_parts = bool((read.microsecond % MICROSECONDS).any())
    second, unit = (MICROSECONDS, "us") if has_parts else (1, "s")
    since = read.day * SECONDS_A_DAY * second + read.microsecond * second // MICROSECONDS
    moments = pa.array(since, pa.int64(), mask=read.bad).cast(pa.timestamp(unit))
    notes = _notes(read, manner)
    if (~read.bad & ~read.has_time).any():
        notes.append("days without a time are taken as midnight")
    return Converted(moments, _day_faults(read, read.bad), tuple(notes))


def _faults(bad: Bools) -> Faults:
    return np.where(bad, np.int8(Fault.TYPE), np.int8(Fault.NONE))


def _day_faults(read: Days, bad: Bools) -> Faults:
    """Name the other order of day and month where only that one fits the column."""
    faults = _faults(bad)
    if read.bad.any() and read.other_order:
        only = {DAY_FIRST: Fault.ONLY_DAY_FIRST, MONTH_FIRST: Fault.ONLY_MONTH_FIRST}
        faults[read.bad] = only[read.other_order]
    return faults


def _notes(read: Days, manner: Manner) -> list[str]:
    notes = [f"read as {read.form}"] if read.form != USUAL else []
    if read.other_order and not manner.order:
        notes = [f"read as {read.form}, and could be otherwise: --dates {read.other_order}"]
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
