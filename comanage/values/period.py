"""Stretches of days: measurement years, quarters, months, validity of an opinion."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

MONTHS_IN_A_QUARTER = 3
MONTHS_IN_A_YEAR = 12
# Not strftime: its month names follow the server's locale.
MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class PeriodError(ValueError):
    """Two ends that do not make a period."""


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """Days from `start` up to but not including `end`; printed with both days named."""

    start: date
    end: date

    def __post_init__(self) -> None:
        """Refuse instants (a day has no time zone) and periods without a day."""
        for day in (self.start, self.end):
            if type(day) is not date:
                raise PeriodError(f"{day!r} is not a day. Give a date without a time.")
        if self.end <= self.start:
            raise PeriodError(f"The period from {self.start} must end after it, not on {self.end}.")

    @classmethod
    def inclusive(cls, first: date, last: date) -> Period:
        """Make the period of two named days, both inside, as people write it."""
        if last == date.max:
            raise PeriodError(f"{last} is too far away to be a last day.")
        if last < first:
            raise PeriodError(f"The last day {last} is before the first day {first}.")
        return cls(first, last + timedelta(days=1))

    @property
    def last(self) -> date:
        """The last day inside the period."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days are inside."""
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        """Say whether a day is inside."""
        return self.start <= day < self.end

    def covers(self, other: Period) -> bool:
        """Say whether every day of the other period is inside this one."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Period) -> bool:
        """Say whether the two periods share a day."""
        return self.start < other.end and other.start < self.end

    def months(self) -> list[Period]:
        """Cut into months counted from the start; the last one may be shorter."""
        return self._cut(1)

    def quarters(self) -> list[Period]:
        """Cut into quarters counted from the start; the last one may be shorter.

        A measurement year need not begin in January: its first quarter is its own
        first three months.
        """
        return self._cut(MONTHS_IN_A_QUARTER)

    def following_year(self) -> Period:
        """Return the twelve months after this period."""
        return Period(self.end, months_after(self.end, MONTHS_IN_A_YEAR))

    def _cut(self, months: int) -> list[Period]:
        """Cut at every so many months after the start."""
        edges = [self.start]
        while edges[-1] < self.end:
            edges.append(min(months_after(self.start, months * len(edges)), self.end))
        return [Period(start, end) for start, end in pairwise(edges)]

    def __str__(self) -> str:
        """Name both days: `1 Jan 2026 to 31 Mar 2026`."""
        return f"{day_text(self.start)} to {day_text(self.last)}"


def months_after(day: date, months: int) -> date:
    """Go forward by calendar months; the 31st becomes the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, MONTHS_IN_A_YEAR)
    year = day.year + years
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def day_text(day: date) -> str:
    """Write a day as it stands on pages: `5 Mar 2026`."""
    return f"{day.day} {month_text(day)}"


def month_text(day: date) -> str:
    """Write the month of a day: `Mar 2026`."""
    return f"{MONTH_NAMES[day.month - 1]} {day.year}"
