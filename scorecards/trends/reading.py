"""An indicator over time as people read it: chart, sentence, table and two states. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from comanage.documents.charts import (
    ChartTable,
    Reading,
    TrendChart,
    TrendPoint,
    TrendSignal,
    control_chart,
    control_chart_sentence,
    control_chart_table,
)
from comanage.values.period import MONTH_NAMES, Period
from indicators.measure.definition import Definition
from indicators.measure.figures import figure
from indicators.measure.rate import exact_parts, judged_cases
from indicators.measure.statistics.control_charts import NotDrawn
from indicators.measure.statistics.icons import (
    ASSURANCE_WORDS,
    VARIATION_WORDS,
    AssuranceState,
    VariationState,
    assurance,
    variation,
    variation_of_side,
    variations,
)
from scorecards.cards.certainty import yardstick
from scorecards.plans.goals import with_goals
from scorecards.trends.control import TOTALS, Course, course_of
from scorecards.trends.history import CountedYear, History, history_of

_VARIATION = {
    VariationState.IMPROVING: ("Change for the better", "good"),
    VariationState.CONCERN: ("Change for the worse", "concern"),
    VariationState.NEUTRAL_HIGH: ("Upward change", "next"),
    VariationState.NEUTRAL_LOW: ("Downward change", "next"),
    VariationState.COMMON_CAUSE: ("No significant change", "quiet"),
}
_ASSURANCE = {
    AssuranceState.ALWAYS_MET: ("Goal always met", "good"),
    AssuranceState.NEVER_MET: ("Goal never met", "concern"),
    AssuranceState.HIT_OR_MISS: ("Hit or miss", "waiting"),
}
JOINED_BY_OTHER_TERMS = (
    "The year before was counted by another definition or scope, so it is not joined."
)
NO_COMPLETE_MONTH = "No month is complete yet: a month is told of once its last day has been sent."


@dataclass(frozen=True, slots=True)
class StateReading:
    """A state of variation or assurance: short word, shape and sentence."""

    word: str
    tone: str
    words: str


@dataclass(frozen=True)  # without slots: what a page does not show is not drawn
class TrendReading:
    """One indicator over time.

    Attributes:
        not_drawn: why there is no chart; then there are no states.
        assurance: None without a goal for a month.
        notes: what the reader should know of joined years.
        course: what is drawn.
        places: decimals of every printed figure.
        goal: of the tier that was reached, or of the first; None for a total.
    """

    slug: str
    title: str
    not_drawn: str = ""
    variation: StateReading | None = None
    assurance: StateReading | None = None
    notes: tuple[str, ...] = ()
    course: Course | None = None
    definition: Definition | None = None
    places: int = 0
    goal: Fraction | None = None

    @cached_property
    def drawing(self) -> TrendChart | None:
        """What the chart, its sentence and its table show."""
        if self.course is None or self.definition is None:
            return None
        return _drawing(self.definition, self.course, self.places, self.goal)

    @property
    def chart(self) -> str:
        """The control chart as SVG."""
        return control_chart(self.drawing) if self.drawing else ""

    @property
    def sentence(self) -> str:
        """The chart in one sentence."""
        return control_chart_sentence(self.drawing) if self.drawing else ""

    @property
    def table(self) -> ChartTable | None:
        """The chart as a table."""
        return control_chart_table(self.drawing) if self.drawing else None

    @property
    def trial(self) -> str:
        """The warning of trial limits, as a sentence; empty when they are none."""
        return self.course.chart.trial_words if self.course else ""


def read_trends(years: Sequence[CountedYear]) -> tuple[TrendReading, ...]:
    """Read every indicator of a year over time, in the order of the terms.

    Args:
        years: the year first, then the years before it; each with months. None at all where
            cases are not dated.
    """
    if not years:
        return ()
    document = years[0].document
    reached = {result["slug"]: result["score"]["tier"] for result in document["indicators"]}
    return tuple(
        read_trend(agreed, history_of(years, agreed["slug"]), reached[agreed["slug"]])
        for agreed in with_goals(years[0].terms)["indicators"]
    )


def read_trend(agreed: Mapping[str, Any], history: History, reached: str | None) -> TrendReading:
    """Read one indicator over time."""
    against = yardstick(agreed, reached)
    definition = against.definition
    notes = (JOINED_BY_OTHER_TERMS,) if history.was_cut else ()
    named = TrendReading(agreed["slug"], definition.title, notes=notes)
    if not history.months:
        return replace(named, not_drawn=NO_COMPLETE_MONTH)
    course = course_of(definition, history.months, history.rebased)
    if isinstance(course, NotDrawn):
        return replace(named, not_drawn=course.reason)
    goal = None if definition.scoring in TOTALS else against.goal
    now = variation(course.chart, definition.improvement)
    word, tone = _VARIATION[now.state]
    return replace(
        named,
        variation=StateReading(word, tone, VARIATION_WORDS[now.state]),
        assurance=_assured(definition, course, goal),
        course=course,
        definition=definition,
        places=against.places,
        goal=goal,
    )


def month_text(month: Period) -> str:
    """Name a month: `Mar 2026`, or `15 Mar 2026` when it begins on another day than the first."""
    day = f"{month.start.day} " if month.start.day > 1 else ""
    return f"{day}{MONTH_NAMES[month.start.month - 1]} {month.start.year}"


def _assured(definition: Definition, course: Course, goal: Fraction | None) -> StateReading | None:
    if goal is None:
        return None
    found = assurance(course.chart, goal, definition.improvement)
    word, tone = _ASSURANCE[found.state]
    return StateReading(word, tone, ASSURANCE_WORDS[found.state])


def _drawing(
    definition: Definition, course: Course, places: int, goal: Fraction | None
) -> TrendChart:
    chart, better = course.chart, definition.improvement
    periods = [month_text(month.month) for month in course.months]
    meanings = variations(chart, better)

    def printed(value: Fraction | float) -> Reading:
        exact = Fraction(value)
        return Reading(exact, figure(definition, exact, places))

    return TrendChart(
        title=definition.title,
        improvement=better,
        points=tuple(
            TrendPoint(
                period=periods[place],
                now=printed(point.value),
                center=printed(point.center),
                lower=printed(point.lower),
                upper=printed(point.upper),
                meaning=meanings[place],
                cases=_cases(definition, course, place),
                is_rebased=place > 0 and point.stretch != chart.points[place - 1].stretch,
            )
            for place, point in enumerate(chart.points)
        ),
        signals=tuple(
            TrendSignal(
                signal.words,
                variation_of_side(signal.side, better),
                periods[signal.indexes[0]],
                periods[signal.indexes[-1]],
            )
            for signal in chart.signals
        ),
        goal=None if goal is None else printed(goal),
        assurance="" if goal is None else assurance(chart, goal, better).short,
        method=chart.method_words,
        trial=chart.trial_words,
    )


def _cases(definition: Definition, course: Course, place: int) -> str:
    """Print the counts behind a point: `24 of 300 cases`, or how many cases there were."""
    tally = course.months[place].tally
    if definition.scoring == "proportion":
        above, below = exact_parts(tally, definition)
        if above.denominator == below.denominator == 1:
            return f"{int(above):,} of {int(below):,} cases"
    cases = judged_cases(tally, definition)
    return f"{cases:,} {'case' if cases == 1 else 'cases'}"
