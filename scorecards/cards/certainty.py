"""How sure a result is: its interval, and what may be said of it against a goal.

Pure. It stands beside the tier for the reader; what is paid is decided in `scorecards.scoring`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from comanage.values.rounding import fraction_from_text
from indicators.measure.columns import ColumnType
from indicators.measure.criteria.tree import ColumnValue
from indicators.measure.definition import Definition
from indicators.measure.figures import figure
from indicators.measure.rate import exact_parts, judged_cases
from indicators.measure.statistics.intervals import Interval, interval_of, poisson_rate_interval
from indicators.measure.statistics.judgement import Aim, Judgement, JudgementState, judge
from indicators.measure.tally import Tally

WILSON, POISSON = "Wilson", "exact Poisson"
_METHODS = {
    "proportion": WILSON,
    "count": POISSON,
    "observed_over_expected": POISSON,
    "ratio": POISSON,
}
# Rows of counts: each adds events that were counted elsewhere, not a measurement of one case.
_COUNTS = ("public_aggregate", "registry_aggregate")


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure a result is, in words.

    Attributes:
        state: the judgement's; `too few to judge` is a state of its own.
        word: the state as printed, with the shape of `tone` beside it.
        tone: of the status component.
        words: one or two sentences with the numbers.
        interval: both ends and the method as printed, or why there is none.
    """

    state: JudgementState
    word: str
    tone: str
    words: str
    interval: str


def counts_events(definition: Definition) -> bool:
    """Say whether the numerator is a number of events, so that chance is known from it.

    Days, minutes and dollars that cases add up are no events, whatever the denominator.
    """
    observed = definition.numbers.get("numerator_observation")
    if observed is None:
        return definition.scoring in _METHODS
    if definition.data == "aggregates":
        return True
    return (
        definition.scoring in ("ratio", "observed_over_expected")
        and definition.governance.get("data_grain") in _COUNTS
        and isinstance(observed, ColumnValue)
        and definition.columns_by_name[observed.name].type is ColumnType.WHOLE
    )


def interval_of_tally(definition: Definition, tally: Tally) -> Interval | None:
    """Return the 95 % interval of a result in its own unit, where it has one."""
    if not counts_events(definition):
        return None
    above, below = exact_parts(tally, definition)
    if definition.scoring != "ratio":
        return interval_of(definition.scoring, above, below)
    return poisson_rate_interval(int(above), below) if above.denominator == 1 else None


def interval_text(definition: Definition, interval: Interval | None, places: int) -> str:
    """Print an interval: `7.3 % to 8.8 %`; empty for none."""
    if interval is None:
        return ""
    low, high = (figure(definition, Fraction(end), places) for end in interval)
    return f"{low} to {high}"


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What results are held against.

    Attributes:
        goal: in the unit of the rate.
        minimum_cases: fewest cases that the parties agreed to judge.
        places: decimals that are compared and printed.
    """

    definition: Definition
    goal: Fraction
    minimum_cases: int
    places: int


def yardstick(agreed: Mapping[str, Any], reached: str | None) -> Yardstick:
    """Take the goal of the tier that was reached or, below all, of the first.

    Args:
        agreed: the indicator in the terms.
        reached: the tier; None below all.
    """
    goals = {tier["name"]: fraction_from_text(tier["goal"]) for tier in agreed["tiers"]}
    return Yardstick(
        definition=Definition.from_document(agreed["definition"]),
        goal=goals[reached] if reached else next(iter(goals.values())),
        minimum_cases=agreed["minimum_cases"],
        places=agreed["compare_places"],
    )


def certainty_of(
    against: Yardstick, tally: Tally, compared: Fraction | None, not_scored: str = ""
) -> Certainty:
    """Say how sure a result is.

    Args:
        against: the goal and the agreed minimum.
        tally: what was counted.
        compared: the value that is held against the goals; None when not scored.
        not_scored: why there is no value, as a sentence.
    """
    definition, places = against.definition, against.places
    interval = interval_of_tally(definition, tally)
    judgement = judge(
        compared,
        Aim(against.goal, definition.improvement, against.minimum_cases),
        cases=judged_cases(tally, definition),
        interval=interval,
        printed=lambda value: figure(definition, value, places),
        not_scored=not_scored,
    )
    word, tone = _said(judgement, has_interval=interval is not None)
    method = f" ({_METHODS.get(definition.scoring, '')})" if interval else ""
    printed = interval_text(definition, interval, places)
    return Certainty(
        state=judgement.state,
        word=word,
        tone=tone,
        words=judgement.words,
        interval=f"{printed}{method}" if interval else no_interval_words(definition),
    )


def no_interval_words(definition: Definition) -> str:
    """Say why a result has no interval."""
    if definition.scoring in _METHODS and counts_events(definition):
        return "none without cases"
    noun = definition.scoring.replace("_", " ")
    if definition.scoring in _METHODS:
        return f"none: this {noun} adds up numbers that are not counts"
    return f"none for a {noun}"


_CLEAR = {
    JudgementState.MET: ("Clearly met", "good"),
    JudgementState.NOT_MET: ("Clearly not met", "concern"),
}
_OPEN = {
    JudgementState.MET: ("Met, within the reach of chance", "waiting"),
    JudgementState.NOT_MET: ("Not met, within the reach of chance", "waiting"),
    JudgementState.TOO_FEW_TO_JUDGE: ("Too few cases to judge", "waiting"),
    JudgementState.NOT_SCORED: ("Not scored", "quiet"),
}
_WITHOUT = {
    JudgementState.MET: ("Met, without an interval", "quiet"),
    JudgementState.NOT_MET: ("Not met, without an interval", "quiet"),
}


def _said(judgement: Judgement, *, has_interval: bool) -> tuple[str, str]:
    if judgement.is_clear:
        return _CLEAR[judgement.state]
    without = None if has_interval else _WITHOUT.get(judgement.state)
    return without or _OPEN[judgement.state]
