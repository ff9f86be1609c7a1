"""Spans that results are reported for: months, quarters, years, rolling years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from indicators.measure.tally import Tally

MONTHS = 12
MONTHS_OF_A_QUARTER = 3
Month = tuple[int, int]
Key = TypeVar("Key")


class Grain(StrEnum):
    """How long a span is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR_TO_DATE = "year_to_date"
    YEAR = "year"
    ROLLING_12 = "rolling_12_months"


@dataclass(frozen=True, slots=True)
class Span:
    """Whole months that are reported together.

    Attributes:
        grain: how long.
        first: year and month it begins with.
        last: year and month it ends with, inside.
        year_starts: the month in which a year begins, from 1.
    """

    grain: Grain
    first: Month
    last: Month
    year_starts: int = 1

    @property
    def start(self) -> date:
        """Its first day."""
        return date(*self.first, 1)

    @property
    def end(self) -> date:
        """The day after its last day."""
        return date(*_moved(self.last, 1), 1)

    @property
    def label(self) -> str:
        """Its name: `2026-03`, `2026-Q1`, `2026 to 2026-03`, `2026`, `2025-04 to 2026-03`."""
        year = _year_of(self.first, self.year_starts)
        named = f"{year}" if self.year_starts == 1 else f"FY{year + 1}"
        match self.grain:
            case Grain.MONTH:
                return _month_text(self.first)
            case Grain.QUARTER:
                number = _since_year_start(self.first, self.year_starts) // MONTHS_OF_A_QUARTER
                return f"{named}-Q{number + 1}"
            case Grain.YEAR:
                return named
            case Grain.YEAR_TO_DATE:
                return f"{named} to {_month_text(self.last)}"
        return f"{_month_text(self.first)} to {_month_text(self.last)}"

    @property
    def months(self) -> tuple[Month, ...]:
        """The months inside, in order."""
        return tuple(_from_to(self.first, self.last))


def spans(
    first: Month, last: Month, grains: Iterable[Grain] = tuple(Grain), year_starts: int = 1
) -> list[Span]:
    """List the spans that lie in these months, by grain and then by date.

    Quarters and years are listed when any of their months lies inside; a rolling span only
    when all twelve do.

    Args:
        first: year and month of the earliest case.
        last: year and month of the latest case.
        grains: which to list.
        year_starts: the month in which a year begins, 10 for a federal fiscal year, which
            is named by the calendar year in which it ends.
    """
    months = list(_from_to(first, last))
    listed = [
        Span(grain, *_ends(grain, month, year_starts), year_starts)
        for grain in grains
        for month in months
    ]
    rolling_from = _moved(first, MONTHS - 1)
    return [
        span
        for span in dict.fromkeys(listed)
        if span.grain is not Grain.ROLLING_12 or span.last >= rolling_from
    ]


def roll_up(monthly: Mapping[Month, Tally], span: Span) -> Tally:
    """Add up the months of a span: the ratio of sums, never a mean of ratios."""
    total = Tally()
    for month in span.months:
        if month in monthly:
            total += monthly[month]
    return total


def add_up(tallies: Iterable[Tally]) -> Tally:
    """Add up any tallies."""
    return sum(tallies, Tally())


def _ends(grain: Grain, month: Month, year_starts: int) -> tuple[Month, Month]:
    since = _since_year_start(month, year_starts)
    match grain:
        case Grain.MONTH:
            return month, month
        case Grain.QUARTER:
            start = _moved(month, -(since % MONTHS_OF_A_QUARTER))
            return start, _moved(start, MONTHS_OF_A_QUARTER - 1)
        case Grain.YEAR_TO_DATE:
            return _moved(month, -since), month
        case Grain.YEAR:
            start = _moved(month, -since)
            return start, _moved(start, MONTHS - 1)
    return _moved(month, 1 - MONTHS), month


def _since_year_start(month: Month, year_starts: int) -> int:
    return (month[1] - year_starts) % MONTHS


def _year_of(month: Month, year_starts: int) -> int:
    return month[0] if month[1] >= year_starts else month[0] - 1


def _moved(month: Month, by: int) -> Month:
    number = month[0] * MONTHS + month[1] - 1 + by
    return number // MONTHS, number % MONTHS + 1


def _from_to(first: Month, last: Month) -> Sequence[Month]:
    count = (last[0] - first[0]) * MONTHS + last[1] - first[1] + 1
    return [_moved(first, step) for step in range(count)]


def _month_text(month: Month) -> str:
    return f"{month[0]:04d}-{month[1]:02d}"
