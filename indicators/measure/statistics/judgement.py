"""What may honestly be said of a result against its goal, in a state and a sentence.

The state is a reading aid beside the scorecard. Whether a result earns is decided by the
terms, on exact fractions, in `scorecards.scoring`; nothing here pays or refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from indicators.measure.statistics.intervals import Interval

Improvement = Literal["increase", "decrease"]
Printer = Callable[[Fraction], str]


class JudgementState(StrEnum):
    """The four things that may be said."""

    MET = "met"
    NOT_MET = "not_met"
    TOO_FEW_TO_JUDGE = "too_few_to_judge"
    NOT_SCORED = "not_scored"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A state of its own for each of: met, not met, too few cases to judge, not scored.

    Attributes:
        state: which.
        words: one sentence or two, with the numbers.
        is_clear: the 95 % interval lies wholly on one side of the goal; False when it
            includes the goal, when there is no interval, and when nothing is judged.
    """

    state: JudgementState
    words: str
    is_clear: bool = False


@dataclass(frozen=True, slots=True)
class Aim:
    """What a result is held against.

    Attributes:
        goal: in the unit of the rate.
        improvement: which direction is better; a rate equal to the goal meets it.
        minimum_cases: fewest cases that the parties agreed to judge; 0 for no minimum.
    """

    goal: Fraction
    improvement: Improvement
    minimum_cases: int = 0


def judge(
    rate: Fraction | None,
    aim: Aim,
    *,
    cases: int,
    interval: Interval | None,
    printed: Printer,
    not_scored: str = "",
) -> Judgement:
    """Say whether a result met its goal, and whether chance could explain the difference.

    Args:
        rate: as the terms compare it with the goal; None when there is no rate.
        aim: the goal, its direction and the agreed minimum of cases.
        cases: behind the rate. None at all is not scored, rather than too few.
        interval: 95 % interval in the unit of the rate; None where there is none.
        printed: writes a rate for people, with its unit.
        not_scored: why there is no rate, for `rate` None; a sentence.
    """
    if 0 < cases < aim.minimum_cases:
        return Judgement(JudgementState.TOO_FEW_TO_JUDGE, _too_few(aim, cases, interval, printed))
    if rate is None:
        return Judgement(JudgementState.NOT_SCORED, not_scored or "Not scored: there is no rate.")
    is_met = rate >= aim.goal if aim.improvement == "increase" else rate <= aim.goal
    state = JudgementState.MET if is_met else JudgementState.NOT_MET
    verb = "meets" if is_met else "does not meet"
    words = f"{printed(rate)} {verb} the goal of {printed(aim.goal)}"
    if interval is None:
        return Judgement(state, f"{words}; no interval is given for this kind of number.")
    stretch = _stretch(interval, printed)
    if _includes(interval, aim.goal):
        return Judgement(
            state, f"{words}, but {stretch} includes the goal: chance alone could explain it."
        )
    side = "above" if interval[0] > aim.goal else "below"
    return Judgement(state, f"{words}, and {stretch} lies wholly {side} it.", is_clear=True)


def _too_few(aim: Aim, cases: int, interval: Interval | None, printed: Printer) -> str:
    """Say that the minimum is not reached, and how little the cases could show."""
    number = "1 case is" if cases == 1 else f"{cases:,} cases are"
    words = f"Too few cases to judge: {number} fewer than the agreed minimum of "
    words += f"{aim.minimum_cases:,}."
    if interval is None:
        return words
    includes = "includes" if _includes(interval, aim.goal) else "does not include"
    stretch = _stretch(interval, printed)
    return f"{words} T{stretch[1:]} {includes} the goal of {printed(aim.goal)}."


def _includes(interval: Interval, goal: Fraction) -> bool:
    """Say whether a goal lies in an interval; its ends belong to it."""
    return interval[0] <= goal <= interval[1]


def _stretch(interval: Interval, printed: Printer) -> str:
    low, high = (printed(Fraction(end)) for end in interval)
    return f"the 95 % interval {low} to {high}"
