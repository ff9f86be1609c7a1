"""What a figure earns: step tiers, or straight lines between them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from scorecards.scoring.plans.numbers import (
    ZERO,
    Improvement,
    Input,
    Inputs,
    Number,
    ResultsError,
    Rounding,
    is_better,
    known,
    rounded,
)
from scorecards.scoring.plans.trail import Trail


@dataclass(frozen=True, slots=True)
class CurveTier:
    """A goal and what it earns.

    Attributes:
        name: as agreed: threshold, target, stretch.
        goal: in the unit of the figure.
        earns: at the goal.
        is_beyond: the goal itself is not enough, as in "exceeds the 75th percentile".
    """

    name: str
    goal: Number
    earns: Number
    is_beyond: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """Tiers, from the easiest goal to the hardest.

    Attributes:
        is_line: what is earned rises in a straight line from each goal to the next; else it
            stays until the next goal.
        below: earned short of the first goal.
        rounding: of what is earned.
    """

    tiers: tuple[CurveTier, ...]
    is_line: bool = False
    below: Number = ZERO
    rounding: Rounding | None = None


def earned_on(
    curve: Curve, improvement: Improvement, value: Fraction, inputs: Inputs, trail: Trail
) -> tuple[Fraction, str]:
    """Return what a value earns, and the name of the tier it reached, empty below them all.

    Raises:
        ResultsError: goals that come with the results are out of order.
    """
    goals = [known(tier.goal, inputs) for tier in curve.tiers]
    _check_order(curve, goals, improvement)
    reached = -1
    for place, (tier, goal) in enumerate(zip(curve.tiers, goals, strict=True)):
        if is_better(improvement, value, goal) or (value == goal and not tier.is_beyond):
            reached = place
    earns = known(curve.tiers[reached].earns if reached >= 0 else curve.below, inputs)
    name = curve.tiers[reached].name if reached >= 0 else ""
    if curve.is_line and 0 <= reached < len(goals) - 1:
        further = known(curve.tiers[reached + 1].earns, inputs)
        way = (value - goals[reached]) / (goals[reached + 1] - goals[reached])
        earns += (further - earns) * way
    earned = rounded(earns, curve.rounding)
    if trail.is_kept:
        _note(curve, improvement, value, goals, (name, earned), inputs, trail)
    return earned, name


def _check_order(curve: Curve, goals: list[Fraction], improvement: Improvement) -> None:
    if not any(isinstance(tier.goal, Input) for tier in curve.tiers):
        return
    for (before, after), tier in zip(pairwise(goals), curve.tiers[1:], strict=True):
        if not is_better(improvement, after, before):
            raise ResultsError(
                f"The goal of “{tier.name}” is no better than the one before it. Mend the goals."
            )


def _note(
    curve: Curve,
    improvement: Improvement,
    value: Fraction,
    goals: list[Fraction],
    found: tuple[str, Fraction],
    inputs: Inputs,
    trail: Trail,
) -> None:
    side = "at least" if improvement == "increase" else "at most"
    beyond = "above" if improvement == "increase" else "below"
    way = "in a straight line to the next goal" if curve.is_line else "until the next goal"
    rule = f"The best goal that is met earns, {way}; short of all of them a value earns the least."
    if curve.rounding:
        rule += f" Rounded {curve.rounding}."
    pairs: list[tuple[str, object]] = [("Value", value)]
    for tier, goal in zip(curve.tiers, goals, strict=True):
        pairs.append((f"{tier.name}, {beyond if tier.is_beyond else side}", goal))
        pairs.append((f"{tier.name} earns", known(tier.earns, inputs)))
    pairs.append(("Short of all", known(curve.below, inputs)))
    trail.add(f"Tier: {found[0] or 'none'}", rule, pairs, found[1])
