"""What a control chart says of an indicator: is it changing, and can it be relied on.

The two questions of NHS England's Making Data Count, answered in states and words. The
pictures of that program are not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from indicators.measure.statistics.control_charts import ControlChart
from indicators.measure.statistics.control_points import Side
from indicators.measure.statistics.special_causes import side_of_point

Improvement = Literal["increase", "decrease"]


class VariationState(StrEnum):
    """Whether the latest point shows change, and whether for the better."""

    IMPROVING = "improving"
    CONCERN = "concern"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"
    COMMON_CAUSE = "common_cause"


class AssuranceState(StrEnum):
    """Whether the process as it runs now meets its goal."""

    ALWAYS_MET = "always_met"
    NEVER_MET = "never_met"
    HIT_OR_MISS = "hit_or_miss"


VARIATION_WORDS = {
    VariationState.IMPROVING: "Improving: a change for the better that chance rarely makes.",
    VariationState.CONCERN: "Concern: a change for the worse that chance rarely makes.",
    VariationState.NEUTRAL_HIGH: "Higher: an upward change that chance rarely makes.",
    VariationState.NEUTRAL_LOW: "Lower: a downward change that chance rarely makes.",
    VariationState.COMMON_CAUSE: "No significant change: ups and downs that chance makes.",
}
ASSURANCE_WORDS = {
    AssuranceState.ALWAYS_MET: "Goal always met, as long as nothing changes.",
    AssuranceState.NEVER_MET: "Goal never met, unless something changes.",
    AssuranceState.HIT_OR_MISS: "Hit or miss: chance decides whether a period meets the goal.",
}
TRIAL_WORDS = " The limits are trial limits: fewer than 12 points."


@dataclass(frozen=True, slots=True)
class Variation:
    """The state of the latest point, its side, and both in words."""

    state: VariationState
    side: Side | None
    words: str


@dataclass(frozen=True, slots=True)
class Assurance:
    """The goal against the limits, and the same in words."""

    state: AssuranceState
    words: str

    @property
    def short(self) -> str:
        """The state alone, such as `hit or miss`; a goal is `always met`."""
        return self.state.replace("_", " ")


def variation_of_side(side: Side | None, improvement: Improvement | None) -> VariationState:
    """Say what a special cause on one side means.

    Args:
        side: of a signal or a point; None for common cause.
        improvement: which direction is better; None when neither is.
    """
    if side is None:
        return VariationState.COMMON_CAUSE
    is_high = side is Side.HIGH
    if improvement is None:
        return VariationState.NEUTRAL_HIGH if is_high else VariationState.NEUTRAL_LOW
    is_better = is_high == (improvement == "increase")
    return VariationState.IMPROVING if is_better else VariationState.CONCERN


def variations(chart: ControlChart, improvement: Improvement | None) -> tuple[VariationState, ...]:
    """Say what each point shows, in the order of the points."""
    return tuple(
        variation_of_side(side_of_point(chart.signals, index), improvement)
        for index in range(len(chart.points))
    )


def variation(chart: ControlChart, improvement: Improvement | None) -> Variation:
    """Say whether the indicator is changing, as its latest point shows.

    Source:
        NHS England, Making Data Count: the variation icon tells of the latest point. Of a
        trend the direction counts, not the side of the mean on which it has arrived.
    """
    side = side_of_point(chart.signals, len(chart.points) - 1)
    state = variation_of_side(side, improvement)
    return Variation(state, side, VARIATION_WORDS[state] + (TRIAL_WORDS if chart.is_trial else ""))


def assurance(chart: ControlChart, goal: Fraction, improvement: Improvement) -> Assurance:
    """Say whether the latest limits lie wholly on the good or the bad side of the goal.

    A goal on a limit is hit or miss. Compared exactly.

    Args:
        chart: with its limits.
        goal: in the unit of the chart's values.
        improvement: which direction is better.

    Source:
        NHS England, Making Data Count: the assurance icon.
    """
    side = chart.points[-1].side_of_goal(goal)
    if side is None:
        state = AssuranceState.HIT_OR_MISS
    elif (side is Side.LOW) == (improvement == "increase"):
        state = AssuranceState.ALWAYS_MET
    else:
        state = AssuranceState.NEVER_MET
    return Assurance(state, ASSURANCE_WORDS[state] + (TRIAL_WORDS if chart.is_trial else ""))
