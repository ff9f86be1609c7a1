"""The functions of the language: what each takes, what it gives, how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indicators.measure.criteria.tree import Function, Kind, Look

DAYS = frozenset({Kind.DATE, Kind.MOMENT})
MOMENTS = frozenset({Kind.MOMENT})
MOST_DAYS_OF_A_LOOK = 36_525  # a hundred years


@dataclass(frozen=True, slots=True)
class Signature:
    """How a function is called.

    Attributes:
        usage: how it is written.
        expected: each argument in words, for the message when it is not there.
        takes: the kinds an argument may be of.
        gives: the kind of the answer.
    """

    usage: str
    expected: tuple[str, ...]
    takes: frozenset[Kind]
    gives: Kind = Kind.NUMBER


_TWO_DAYS = ("the first date or moment", "the second date or moment")
_TWO_MOMENTS = ("the first moment", "the second moment")

SIGNATURES: Mapping[Function, Signature] = {
    Function.DAYS_BETWEEN: Signature("days_between(first, second)", _TWO_DAYS, DAYS),
    Function.HOURS_BETWEEN: Signature("hours_between(first, second)", _TWO_MOMENTS, MOMENTS),
    Function.MINUTES_BETWEEN: Signature("minutes_between(first, second)", _TWO_MOMENTS, MOMENTS),
    Function.YEARS_BETWEEN: Signature("years_between(first, second)", _TWO_DAYS, DAYS),
    Function.MINUTE_OF_DAY: Signature("minute_of_day(moment)", ("the moment",), MOMENTS),
    Function.WEEKDAY_OF: Signature("weekday_of(day)", ("the date or moment",), DAYS),
    Function.DATE_OF: Signature("date_of(moment)", ("the moment",), MOMENTS, Kind.DATE),
}
LOOK_USAGE: Mapping[Look, str] = {
    Look.FOLLOWED: "followed_within(30, patient, discharged_on, admitted_on)",
    Look.PRECEDED: "preceded_within(30, patient, admitted_on, discharged_on)",
}
FUNCTION_NAMES = (*Function, *Look)
