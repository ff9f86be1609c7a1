"""What the functions of the language answer, on whole columns of dates and moments.

Days count from 1970-01-01, moments in seconds from its midnight, both by the hospital's own
clock: there are no time zones here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.measure.criteria.numbers import Numbers, either
from indicators.measure.criteria.tree import Function, Kind

DAY_ZERO = date(1970, 1, 1)
MOMENT_ZERO = datetime(1970, 1, 1)  # noqa: DTZ001 - a moment has no time zone
SECONDS_A_MINUTE, SECONDS_AN_HOUR, SECONDS_A_DAY = 60, 3_600, 86_400
MINUTES_A_DAY = 1_440
DAY_ZERO_IN_ITS_WEEK = 3  # 1970-01-01 was a Thursday: three days after the Monday
DAYS_A_WEEK = 7


def days(numbers: Numbers) -> Numbers:
    """Take the calendar day of dates or moments."""
    if numbers.kind is Kind.DATE:
        return numbers
    return Numbers(_floors_of(numbers, SECONDS_A_DAY), 1, numbers.missing, Kind.DATE)


def answered(function: Function, arguments: Sequence[Numbers]) -> Numbers:
    """Answer a function for every case; missing where an argument is missing.

    Args:
        function: of the language.
        arguments: dates or moments, as many as it takes.
    """
    return _ANSWERS[function](*arguments)


def _days_between(first: Numbers, second: Numbers) -> Numbers:
    return days(second).calculated("-", days(first))


def _minutes_between(first: Numbers, second: Numbers) -> Numbers:
    return second.calculated("-", first).divided_by(Fraction(SECONDS_A_MINUTE))


def _hours_between(first: Numbers, second: Numbers) -> Numbers:
    return second.calculated("-", first).divided_by(Fraction(SECONDS_AN_HOUR))


def _years_between(first: Numbers, second: Numbers) -> Numbers:
    """Count completed years; when the second is earlier, those completed back to it.

    Written as YYYYMMDD, two days lie a completed year apart for each 10,000 between them. Who
    is born on 29 February completes the year on 1 March.
    """
    start, end = days(first), days(second)
    apart = _year_month_day(end) - _year_month_day(start)
    completed = np.sign(apart) * (np.abs(apart) // 10_000)
    missing = either(start.missing, end.missing)
    return Numbers(np.where(missing, 0, completed), 1, missing)


def _minute_of_day(moment: Numbers) -> Numbers:
    minutes = _floors_of(moment, SECONDS_A_MINUTE)
    # A division and a product take a tenth of the time of a remainder.
    of_day = minutes - minutes // MINUTES_A_DAY * MINUTES_A_DAY
    return Numbers(of_day, 1, moment.missing, largest=MINUTES_A_DAY)


def _weekday_of(day: Numbers) -> Numbers:
    """Number the days of the week as ISO 8601 does: Monday is 1, Sunday is 7."""
    day = days(day)
    place = (day.scaled + DAY_ZERO_IN_ITS_WEEK) % DAYS_A_WEEK + 1
    return Numbers(np.where(day.missing, 0, place), 1, day.missing, largest=DAYS_A_WEEK)


def _floors_of(moment: Numbers, seconds: int) -> npt.NDArray[Any]:
    """Count the whole units of so many seconds."""
    unit = Fraction(seconds * moment.scale, moment.step)
    scaled = moment.scaled * unit.denominator if unit.denominator > 1 else moment.scaled
    floors: npt.NDArray[Any] = scaled // unit.numerator if unit.numerator > 1 else scaled
    return floors


def _year_month_day(day: Numbers) -> npt.NDArray[np.int64]:
    of_day = day.scaled.astype("datetime64[D]")
    months = of_day.astype("datetime64[M]")
    since_zero = months.astype(np.int64)
    in_month = (of_day - months.astype("datetime64[D]")).astype(np.int64) + 1
    years = since_zero // 12 + DAY_ZERO.year
    written: npt.NDArray[np.int64] = years * 10_000 + (since_zero % 12 + 1) * 100 + in_month
    return written


_ANSWERS: Mapping[Function, Callable[..., Numbers]] = {
    Function.DAYS_BETWEEN: _days_between,
    Function.HOURS_BETWEEN: _hours_between,
    Function.MINUTES_BETWEEN: _minutes_between,
    Function.YEARS_BETWEEN: _years_between,
    Function.MINUTE_OF_DAY: _minute_of_day,
    Function.WEEKDAY_OF: _weekday_of,
    Function.DATE_OF: days,
}
