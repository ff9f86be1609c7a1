"""Which control chart an indicator gets, and what it says. Pure.

A proportion gets a p chart, events over an exposure a u chart, every other number an XmR
chart. What stands on the page is in `reading.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from indicators.measure.definition import Definition
from indicators.measure.rate import exact_parts, performance_rate
from indicators.measure.statistics.control_charts import (
    LEAST_POINTS,
    ControlChart,
    NotDrawn,
    Stretches,
    p_chart,
    u_chart,
    xmr_chart,
)
from scorecards.cards.certainty import counts_events
from scorecards.trends.months import MonthTally

# A total of a year is no goal for a month.
TOTALS = ("count", "sum")
MILESTONE = NotDrawn("A milestone is reached once, so it has no course over time.")


@dataclass(frozen=True, slots=True)
class Course:
    """The months that have a result, and their chart: each month is one point."""

    months: tuple[MonthTally, ...]
    chart: ControlChart


def course_of(
    definition: Definition, months: Sequence[MonthTally], rebased: Sequence[int] = ()
) -> Course | NotDrawn:
    """Chart the months of an indicator; those without a result are left out.

    Args:
        definition: of the indicator.
        months: in time order.
        rebased: places among the months where limits begin anew, by a recorded decision.
    """
    if definition.scoring == "milestone":
        return MILESTONE
    kept = [
        place for place, month in enumerate(months) if month_result(definition, month) is not None
    ]
    shown = tuple(months[place] for place in kept)
    chart = _chart(definition, shown, _stretches(kept, rebased))
    return chart if isinstance(chart, NotDrawn) else Course(shown, chart)


def month_result(definition: Definition, month: MonthTally) -> Fraction | None:
    """Return a month's result; a total without a case is zero, for its data is complete."""
    if definition.scoring in TOTALS:
        return exact_parts(month.tally, definition)[0]
    rate = performance_rate(month.tally, definition)
    return rate if isinstance(rate, Fraction) else None


def _stretches(kept: Sequence[int], rebased: Sequence[int]) -> Stretches:
    """Place the rebasings among the points; one with too few points after it waits for more."""
    starts: list[int] = []
    for start in sorted({sum(place < start for place in kept) for start in rebased}):
        before = starts[-1] if starts else 0
        if min(start - before, len(kept) - start) >= LEAST_POINTS:
            starts.append(start)
    return Stretches(tuple(starts))


def _chart(
    definition: Definition, months: Sequence[MonthTally], stretches: Stretches
) -> ControlChart | NotDrawn:
    parts = [exact_parts(month.tally, definition) for month in months]
    whole = all(above.denominator == 1 and above >= 0 for above, _ in parts)
    if whole and counts_events(definition):
        if definition.scoring == "proportion" and all(below.denominator == 1 for _, below in parts):
            counts = [(int(above), int(below)) for above, below in parts]
            return p_chart(counts, stretches=stretches)
        if definition.scoring in ("ratio", "observed_over_expected"):
            return u_chart([(int(above), below) for above, below in parts], stretches=stretches)
    values = [value for month in months if (value := month_result(definition, month)) is not None]
    low = Fraction(0) if all(value >= 0 for value in values) else None
    high = Fraction(1) if definition.scoring == "proportion" else None
    return xmr_chart(values, stretches=stretches, bounds=(low, high))
