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

from scorecards.intake.day_forms import calendar_day, hour_of_day, mask, whole
from scorecards.offline.manner import DAY_FIRST, MONTH_FIRST

Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
SECONDS_A_DAY = 86_400
MICROSECONDS = 10**6
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
    found = mask(pc.is_valid(parts))
    texts_of = {name: pc.struct_field(parts, name) for name in ("z", "p", "H", "f")}
    numbers = {name: whole(pc.struct_field(parts, name)) for name in ("y", "m", "d", "H", "M", "S")}
    day, is_day = calendar_day(numbers["y"], numbers["m"], numbers["d"])
    hour, is_hour = hour_of_day(numbers["H"], texts_of["p"])
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


def _is_there(texts: Any) -> Bools:
    return mask(pc.not_equal(pc.fill_null(texts, ""), ""))
