"""The cases of a year counted month by month, in the one pass that counts the year. Pure.

Months are counted from the first day of the year, so that a year beginning on 15 October has
months from the 15th to the 14th. A month is told of once its data is complete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from comanage.values.period import Period
from indicators.measure.criteria import Criterion, Evaluator
from indicators.measure.definition import Definition
from indicators.measure.kernel import sees_other_cases, tallies_of
from indicators.measure.population import place_all
from indicators.measure.tally import Tally

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The months of a year, and the column that dates a case.

    Attributes:
        column: of type date.
        months: in order, each beginning where the one before ends.
    """

    column: str
    months: tuple[Period, ...]

    @property
    def outside(self) -> int:
        """The group of a case in none of the months."""
        return len(self.months)

    def codes_of(self, cases: pa.Table) -> npt.NDArray[np.int64]:
        """Number the month of each case, from 0; `outside` for a case in none of them."""
        edges = [month.start for month in self.months] + [self.months[-1].end]
        days = cases.column(self.column).cast(pa.int32())
        known = pc.fill_null(days, -(2**31)).to_numpy()
        starts = np.array([(edge - date(1970, 1, 1)).days for edge in edges])
        places: npt.NDArray[np.int64] = np.searchsorted(starts, known, side="right") - 1
        places[places < 0] = self.outside
        return places


@dataclass(frozen=True, slots=True)
class Counted:
    """One indicator: the whole year, and its months in the order of the calendar."""

    year: Tally
    months: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class MonthTally:
    """One month of one indicator."""

    month: Period
    tally: Tally


def count_months(
    definitions: Sequence[tuple[Definition, Criterion | None]],
    slices: Sequence[pa.Table],
    calendar: Calendar,
) -> list[Counted]:
    """Count every indicator for the year and its months at once.

    What indicators share is evaluated once per slice. An indicator that looks at other cases
    of a patient sees all slices together.

    Args:
        definitions: each with its scope.
        slices: the cases; with the calendar's column.
        calendar: the months. A case in none of them counts for the year alone.
    """
    groups = calendar.outside + 1
    sums = [[Tally()] * groups for _ in definitions]
    looks_back = {
        number for number, (one, scope) in enumerate(definitions) if sees_other_cases(one, scope)
    }
    whole = [pa.concat_tables(slices)] if looks_back and slices else []
    each = ((cases, False) for cases in slices)
    for cases, is_whole in chain(each, ((cases, True) for cases in whole)):
        evaluator, codes = Evaluator(cases), calendar.codes_of(cases)
        for number, (definition, scope) in enumerate(definitions):
            if (number in looks_back) is is_whole:
                placed = place_all(definition, evaluator, scope)
                found = tallies_of(definition, placed, codes, groups)
                sums[number] = [a + b for a, b in zip(sums[number], found, strict=True)]
    return [Counted(sum(tallies, Tally()), tuple(tallies[:-1])) for tallies in sums]


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
