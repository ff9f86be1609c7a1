"""Days and moments out of text, a whole column of distinct texts at a time.

One form is chosen for a column, never guessed cell by cell: the order of day and month
cannot be told from one cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from scorecards.offline.manner import DAY_FIRST, MONTH_FIRST

Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
SECONDS_A_DAY = 86_400
MICROSECONDS = 10**6
NOON = 12
_TIME = (
    r"(?:[T ]+(?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:\.(?P<f>[0-9]{1,6})0*)?)?"
    r" ?(?P<p>[AaPp][Mm])?)? ?(?P<z>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?"
)
FORMS: Mapping[str, str] = {
    "year-month-day": rf"^(?P<y>[0-9]{{4}})[-/](?P<m>[0-9]{{1,2}})[-/](?P<d>[0-9]{{1,2}}){_TIME}$",
    "month/day/year": rf"^(?P<m>[0-9]{{1,2}})/(?P<d>[0-9]{{1,2}})/(?P<y>[0-9]{{4}}){_TIME}$",
    "day/month/year": rf"^(?P<d>[0-9]{{1,2}})/(?P<m>[0-9]{{1,2}})/(?P<y>[0-9]{{4}}){_TIME}$",
    "yearmonthday": rf"^(?P<y>[0-9]{{4}})(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}}){_TIME}$",
}
USUAL, PLAIN = "year-month-day", "yearmonthday"
OF_ORDER: Mapping[str, str] = {MONTH_FIRST: "month/day/year", DAY_FIRST: "day/month/year"}


@dataclass(frozen=True, slots=True)
class Days:
    """Distinct texts, read.

    Attributes:
        form: how all of them are written, a key of FORMS.
        day: days since 1970-01-01; 0 where bad.
        microsecond: since midnight; 0 where no time is written.
        bad: texts that are no day or moment of this form.
        has_time: texts with a time of day.
        has_zone: texts with a time zone, which is left out.
        other_order: the other order of day and month, where it fits all texts and gives
            other days; else empty.
    """

    form: str
    day: Whole
    microsecond: Whole
    bad: Bools
    has_time: Bools
    has_zone: Bools
    other_order: str = ""


def read_days(texts: pa.Array, order: str = "") -> Days:
    """Read texts by the form that fits most of them, the usual one first.

    Only a form that fits all of them is of use: a text of another form is bad.

    Args:
        texts: distinct, trimmed, none missing.
        order: of day and month between slashes; empty is month first.
    """
    order, other = (DAY_FIRST, MONTH_FIRST) if order == DAY_FIRST else (MONTH_FIRST, DAY_FIRST)
    best = _read(texts, USUAL)
    for form in (OF_ORDER[order], PLAIN):
        if not best.bad.any():
            break
        read = _read(texts, form)
        best = read if read.bad.sum() < best.bad.sum() else best
    if best.bad.any() or best.form == OF_ORDER[order]:
        turned = _read(texts, OF_ORDER[other])
        if not turned.bad.any() and (turned.day != best.day).any():
            return replace(best, other_order=other)
    return best


def _read(texts: pa.Array, form: str) -> Days:
    parts = pc.extract_regex(texts, pattern=FORMS[form])
    found = _mask(pc.is_valid(parts))
    texts_of = {name: pc.struct_field(parts, name) for name in ("z", "p", "H", "f")}
    numbers = {name: _whole(parts, name) for name in ("y", "m", "d", "H", "M", "S")}
    day, is_day = _calendar_day(numbers["y"], numbers["m"], numbers["d"])
    hour, is_hour = _hour(numbers["H"], texts_of["p"])
    is_time = is_hour & (numbers["M"] < 60) & (numbers["S"] < 60)
    good = found & is_day & is_time
    seconds = hour * 3_600 + numbers["M"] * 60 + numbers["S"]
    fraction = pc.utf8_rpad(pc.fill_null(texts_of["f"], ""), 6, "0").cast(pa.int64())
    microsecond = seconds * MICROSECONDS + fraction.to_numpy(zero_copy_only=False)
    return Days(
        form,
        np.where(good, day, 0),
        np.where(good, microsecond, 0),
        ~good,
        good & _is_there(texts_of["H"]),
        good & _is_there(texts_of["z"]),
    )


def _calendar_day(year: Whole, month: Whole, day: Whole) -> tuple[Whole, Bools]:
    """Count days since 1970; say where the calendar has such a day."""
    months = (year - 1970) * 12 + np.clip(month, 1, 12) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    following = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    is_day = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= following - first)
    return first + day - 1, is_day


def _hour(hour: Whole, half: Any) -> tuple[Whole, Bools]:
    """Turn 12-hour clocks to 24 hours; say where there is such an hour."""
    lowered = pc.utf8_lower(pc.fill_null(half, ""))
    is_am, is_pm = _mask(pc.equal(lowered, "am")), _mask(pc.equal(lowered, "pm"))
    is_hour = np.where(is_am | is_pm, (hour >= 1) & (hour <= NOON), hour < 2 * NOON)
    return np.where(is_am | is_pm, hour % NOON + NOON * is_pm, hour), is_hour


def _whole(parts: Any, name: str) -> Whole:
    """Read digits; what is not written is 0."""
    digits = pc.fill_null(pc.struct_field(parts, name), "")
    zero = pc.if_else(pc.equal(digits, ""), "0", digits)
    numbers: Whole = zero.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return numbers


def _is_there(texts: Any) -> Bools:
    return _mask(pc.not_equal(pc.fill_null(texts, ""), ""))


def _mask(flags: Any) -> Bools:
    mask: Bools = flags.to_numpy(zero_copy_only=False).astype(np.bool_)
    return mask
