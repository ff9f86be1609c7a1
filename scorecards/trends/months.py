"""The cases of a year counted month by month, in the one pass that counts the year. Pure.

Months are counted from the first day of the year, so that a year beginning on 15 October has
months from the 15th to the 14th. A month is told of once its data is complete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from comanage.values.period import Period
from indicators.measure.cube.axes import Axes
from indicators.measure.cube.plan import Cube
from indicators.measure.tally import Tally

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The months of a year, and the column that dates a case.

    Attributes:
        column: of type date.
        months: in order, each beginning where the one before ends.
        is_cut: whether cases of none of them count for nothing, because the agreement ended.
    """

    column: str
    months: tuple[Period, ...]
    is_cut: bool = False

    @property
    def axes(self) -> Axes:
        """The months, and the cases of none of them behind."""
        edges = (*(month.start for month in self.months), self.months[-1].end)
        return Axes(self.column, edges, with_rest=True)


UNDATED = Axes("", (), with_rest=True)


@dataclass(frozen=True, slots=True)
class Counted:
    """One indicator: the whole year, and its months in order; none where cases are not dated."""

    year: Tally
    months: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class MonthTally:
    """One month of one indicator."""

    month: Period
    tally: Tally


def counted_of(cube: Cube, *, is_cut: bool = False) -> list[Counted]:
    """Read every indicator of a cube: the year counts each case, a month those of its days.

    Args:
        cube: over the axes of a calendar, or UNDATED.
        is_cut: whether the year counts the cases of its months alone.
    """
    spans = cube.axes.spans
    return [
        Counted(
            cube.tally(number, 0, spans - 1 if is_cut else spans),
            tuple(cube.tally(number, month, month + 1) for month in range(spans - 1)),
        )
        for number in range(len(cube.cells))
    ]


def complete_months(months: Sequence[Period], received: Sequence[Period]) -> list[bool]:
    """Say of each month whether every day of it lies in what was received."""
    days = {day for period in received for day in _days(period)}
    return [days.issuperset(_days(month)) for month in months]


def to_document(
    calendar: Calendar, counted: Mapping[str, Counted], received: Sequence[Period]
) -> Document:
    """Write the complete months of every indicator down, as a scorecard keeps them."""
    complete = complete_months(calendar.months, received)
    kept = [place for place, is_complete in enumerate(complete) if is_complete]
    return {
        "by": calendar.column,
        "months": [
            {
                "start": calendar.months[place].start.isoformat(),
                "end": calendar.months[place].end.isoformat(),
            }
            for place in kept
        ],
        "tallies": {
            slug: [one.months[place].to_document() for place in kept]
            for slug, one in counted.items()
        },
    }


def months_of(trend: Mapping[str, Any], slug: str) -> list[MonthTally]:
    """Read the months of one indicator back, in order; none for an indicator without them."""
    periods = [
        Period(date.fromisoformat(month["start"]), date.fromisoformat(month["end"]))
        for month in trend["months"]
    ]
    tallies = trend["tallies"].get(slug)
    if tallies is None:
        return []
    return [
        MonthTally(month, Tally.from_document(tally))
        for month, tally in zip(periods, tallies, strict=True)
    ]


def _days(period: Period) -> range:
    return range(period.start.toordinal(), period.end.toordinal())
