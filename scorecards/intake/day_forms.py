"""Days and moments as files write them: declared forms, read over a whole column at once.

A form is spelled by its parts:

    YYYY YY   year; 00 to 68 is 2000 to 2068, 69 to 99 is 1969 to 1999, as POSIX has it
    MM M      month in two digits, or in one or two
    MON       month in three English letters, in any capitals
    DD D      day in two digits, or in one or two
    HH H      hour in two digits, or in one or two; from 1 to 12 before AM
    MI SS     minute and second; a fraction of a second may follow when it is zero
    AM        AM or PM

A feed declares the forms of a column. Nothing is guessed: the order of day and month cannot
be told from a cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Whole = NDArray[np.int64]

ISO_DAY = "YYYY-MM-DD"
DAY_FORMS = (
    *(ISO_DAY, "MM/DD/YYYY", "M/D/YYYY", "M/D/YY", "DD/MM/YYYY", "D/M/YYYY", "D/M/YY"),
    *("MM-DD-YYYY", "M-D-YYYY", "YYYY/MM/DD", "DD.MM.YYYY", "D.M.YYYY"),
    *("DD-MON-YYYY", "DD-MON-YY", "D-MON-YYYY", "D-MON-YY", "DDMONYYYY"),
    *("D MON YYYY", "MON D, YYYY", "YYYYMMDD", "MMDDYYYY"),
)
TIME_FORMS = ("HH:MI", "HH:MI:SS", "H:MI", "H:MI:SS", "H:MI AM", "H:MI:SS AM")
# By each form of a moment, the form of its day.
MOMENT_FORMS: Mapping[str, str] = {
    **{f"{day} {time}": day for day in DAY_FORMS for time in TIME_FORMS},
    "YYYYMMDDHHMI": "YYYYMMDD",
    "YYYYMMDDHHMISS": "YYYYMMDD",
}
FORMS = (*DAY_FORMS, *MOMENT_FORMS)

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FIRST_YEAR_OF_1900 = 69
NOON = 12
_PARTS = {
    "YYYY": "(?P<y>[0-9]{4})",
    "YY": "(?P<yy>[0-9]{2})",
    "MON": "(?P<mon>[A-Za-z]{3})",
    "MM": "(?P<m>[0-9]{2})",
    "MI": "(?P<mi>[0-9]{2})",
    "AM": "(?P<half>[AaPp][Mm])",
    "M": "(?P<m>[0-9]{1,2})",
    "DD": "(?P<d>[0-9]{2})",
    "D": "(?P<d>[0-9]{1,2})",
    "HH": "(?P<h>[0-9]{2})",
    "H": "(?P<h>[0-9]{1,2})",
    "SS": r"(?P<s>[0-9]{2})(?:\.0+)?",
}
_PART = re.compile("|".join(_PARTS))


@dataclass(frozen=True, slots=True)
class Days:
    """Texts, read in one form.

    Args:
        day: days since 1970-01-01; of no use where not `good`.
        second: since midnight; 0 in a form without a time.
        good: texts of the form that the calendar and the clock have.
    """

    day: Whole
    second: Whole
    good: Mask


def clashing_forms(forms: Sequence[str]) -> tuple[str, str] | None:
    """Find two forms of which one text could be meant in either."""
    for one, other in combinations(forms, 2):
        first, second = (_skeleton(MOMENT_FORMS.get(form, form)) for form in (one, other))
        swapped = first.translate(str.maketrans("MD", "DM"))
        if second == swapped != first or {first, second} == {"YMD", "MDY"}:
            return one, other
    return None


def read_form(texts: pa.Array, form: str) -> Days:
    """Read texts in one form.

    Args:
        texts: trimmed; null is not good.
        form: one of FORMS.
    """
    pattern = "^" + _PART.sub(lambda part: _PARTS[part.group()], _escaped(form)) + "$"
    parts = pc.extract_regex(texts, pattern=pattern)
    if parts.null_count == len(parts):  # as most forms are, when one is being guessed
        none = np.zeros(len(texts), np.int64)
        return Days(none, none, none.astype(np.bool_))
    names = {field.name for field in parts.type}

    def number(name: str) -> Whole:
        return whole(pc.struct_field(parts, name)) if name in names else np.zeros(len(texts), int)

    year = number("y") if "y" in names else _full_year(number("yy"))
    month = _named_month(pc.struct_field(parts, "mon")) if "mon" in names else number("m")
    day, is_day = calendar_day(year, month, number("d"))
    half = pc.struct_field(parts, "half") if "half" in names else pa.nulls(len(texts), pa.string())
    hour, is_hour = hour_of_day(number("h"), half)
    minute, second = number("mi"), number("s")
    good = mask(pc.is_valid(parts)) & is_day & is_hour & (minute < 60) & (second < 60)
    return Days(day, hour * 3_600 + minute * 60 + second, good)


def calendar_day(year: Whole, month: Whole, day: Whole) -> tuple[Whole, Mask]:
    """Count days since 1970; say where the calendar has such a day."""
    months = (year - 1970) * 12 + np.clip(month, 1, 12) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    following = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    is_day = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= following - first)
    return first + day - 1, is_day


def hour_of_day(hour: Whole, half: pa.Array) -> tuple[Whole, Mask]:
    """Turn 12-hour clocks to 24 hours; say where there is such an hour."""
    lowered = pc.utf8_lower(pc.fill_null(half, ""))
    is_am, is_pm = mask(pc.equal(lowered, "am")), mask(pc.equal(lowered, "pm"))
    is_hour = np.where(is_am | is_pm, (hour >= 1) & (hour <= NOON), hour < 2 * NOON)
    return np.where(is_am | is_pm, hour % NOON + NOON * is_pm, hour), is_hour


def whole(digits: pa.Array) -> Whole:
    """Read digits; what is not written is 0."""
    written = pc.fill_null(digits, "")
    zero = pc.if_else(pc.equal(written, ""), "0", written)
    numbers: Whole = zero.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return numbers


def mask(flags: pa.Array) -> Mask:
    """Turn flags without nulls into a NumPy mask."""
    flagged: Mask = flags.to_numpy(zero_copy_only=False).astype(np.bool_)
    return flagged


def _escaped(form: str) -> str:
    return form.replace(".", r"\.")


def _skeleton(day_form: str) -> str:
    """Keep the order of the parts and what stands between them: `M/D/YYYY` is `M/D/Y`."""
    return _PART.sub(lambda part: "N" if part.group() == "MON" else part.group()[0], day_form)


def _full_year(two_digits: Whole) -> Whole:
    return two_digits + np.where(two_digits < FIRST_YEAR_OF_1900, 2_000, 1_900)


def _named_month(names: pa.Array) -> Whole:
    places = pc.index_in(pc.utf8_lower(names), value_set=pa.array(MONTHS))
    months: Whole = (pc.fill_null(places, -1).to_numpy(zero_copy_only=False) + 1).astype(np.int64)
    return months
