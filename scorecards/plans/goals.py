"""What a scoring plan holds results against, as goals that a chart can draw. Pure.

Pages, charts and what-if know tiers: goals in order, each with the share it earns. Of every
method such goals can be named, and they stand in for tiers wherever a result is shown. Nothing
is paid by them: what a result earns is found by the plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from comanage.values.rounding import exact_text
from indicators.measure.definition import Definition
from scorecards.plans.supplies import BASELINE_RATE, baselines_of, own_inputs
from scorecards.scoring.plan import MOST_PLACES
from scorecards.scoring.plans.earning import Judged, points_of
from scorecards.scoring.plans.methods import (
    AchievementImprovement,
    Band,
    BestOf,
    Change,
    Excess,
    Milestone,
    Percentiles,
    Tiers,
)
from scorecards.scoring.plans.numbers import Improvement, Inputs, Number, Rounding, is_better, known
from scorecards.scoring.plans.plan import PlanIndicator, ScoringPlan
from scorecards.scoring.plans.reading import read_plan
from scorecards.scoring.plans.trail import Trail

ONE, ZERO = Fraction(1), Fraction(0)
_QUIET = Trail(is_kept=False)


@dataclass(frozen=True, slots=True)
class Goal:
    """A value that a result is held against, and the share of its points that is earned there.

    Attributes:
        is_beyond: the value itself is not enough.
    """

    name: str
    value: Fraction
    share: Fraction
    is_beyond: bool = False

    def is_met(self, improvement: Improvement, result: Fraction) -> bool:
        """Say whether a result is at the goal or better."""
        return is_better(improvement, result, self.value) or (
            result == self.value and not self.is_beyond
        )


def plan_of_terms(terms: Mapping[str, Any]) -> ScoringPlan | None:
    """Read the scoring plan in the terms; None where weights and tiers pay."""
    return read_plan(terms["scoring_plan"]) if "scoring_plan" in terms else None


def with_goals(terms: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return terms as pages read them: goals of the plan in place of tiers.

    The decimals in print are those the plan compares. Terms without a plan are returned as
    they are.
    """
    plan = plan_of_terms(terms)
    if plan is None:
        return terms
    goals = goals_of(terms, plan)
    planned = {each.slug: each for each in plan.indicators}
    return {
        **terms,
        "indicators": [
            {
                **agreed,
                "weight": 1,
                "compare_places": _places(agreed, planned[agreed["slug"]]),
                "tiers": [
                    {
                        "name": goal.name,
                        "goal": exact_text(goal.value),
                        "share": exact_text(goal.share),
                    }
                    for goal in goals[agreed["slug"]]
                ],
            }
            for agreed in terms["indicators"]
        ],
    }


def goals_of(terms: Mapping[str, Any], plan: ScoringPlan) -> dict[str, tuple[Goal, ...]]:
    """Name the goals of every indicator, easiest first, at least one; by slug."""
    own, baselines = own_inputs(terms), baselines_of(terms)
    definitions = {
        each["slug"]: Definition.from_document(each["definition"]) for each in terms["indicators"]
    }
    return {
        each.slug: _goals(
            each,
            {**own, BASELINE_RATE: baselines[each.slug]},
            is_share=definitions[each.slug].scoring == "proportion",
        )
        for each in plan.indicators
    }


def reached(
    goals: Sequence[Goal], improvement: Improvement, result: Fraction | None
) -> Goal | None:
    """Return the best goal that a result meets; None below them all, or without a result."""
    if result is None:
        return None
    met = [goal for goal in goals if goal.is_met(improvement, result)]
    return met[-1] if met else None


def compares_printed(agreed: Mapping[str, Any], planned: PlanIndicator) -> bool:
    """Say whether a result is compared just as it is printed: the same decimals, halves upward."""
    return planned.rounding == _printed(agreed, _places(agreed, planned))


def _places(agreed: Mapping[str, Any], planned: PlanIndicator) -> int:
    """Return the decimals in print: those that are compared, or else those of the terms."""
    for places in range(MOST_PLACES + 1):
        if planned.rounding == _printed(agreed, places):
            return places
    return int(agreed["compare_places"])


def _printed(agreed: Mapping[str, Any], places: int) -> Rounding:
    multiplier = Definition.from_document(agreed["definition"]).printed_multiplier
    return Rounding(Fraction(1, multiplier * 10**places))


def _goals(planned: PlanIndicator, inputs: Inputs, *, is_share: bool) -> tuple[Goal, ...]:
    """Keep the goals that get better and earn more, as tiers do."""
    kept: list[Goal] = []
    for name, value, is_beyond in _named(planned, inputs) or [
        ("Baseline", inputs[BASELINE_RATE], False)
    ]:
        share = _share_at(planned, value, inputs)
        is_next = not kept or (
            is_better(planned.improvement, value, kept[-1].value) and share > kept[-1].share
        )
        if is_next and (not is_share or ZERO <= value <= ONE):
            kept.append(Goal(name, value, share, is_beyond))
    if kept:
        return tuple(kept)
    baseline = inputs[BASELINE_RATE]
    return (Goal("Baseline", baseline, _share_at(planned, baseline, inputs)),)


def _named(planned: PlanIndicator, inputs: Inputs) -> list[tuple[str, Fraction, bool]]:
    """Name the values that a method holds a result against, easiest first; whether beyond."""
    if isinstance(planned.method, BestOf):
        named = (_named(replace(planned, method=each), inputs) for each in planned.method.methods)
        return next(filter(None, named), [])
    if isinstance(planned.method, Tiers):
        return [
            (tier.name, known(tier.goal, inputs), tier.is_beyond)
            for tier in planned.method.curve.tiers
        ]
    return [(name, known(value, inputs), False) for name, value in _ends(planned)]


def _ends(planned: PlanIndicator) -> list[tuple[str, Number]]:
    match planned.method:
        case AchievementImprovement(threshold, benchmark):
            return [("Threshold", threshold), ("Benchmark", benchmark)]
        case Percentiles(cutoffs):
            return [(f"P{cutoff.percentile}", cutoff.value) for cutoff in cutoffs]
        case Band(low, high):
            return [("Target band", low if planned.improvement == "increase" else high)]
        case Milestone():
            return [("Reached", ONE)]
        case Excess(reference):
            return [("Reference", reference)]
        case Change(goal=goal) if goal is not None:
            return [("Goal", goal)]
    return []


def _share_at(planned: PlanIndicator, value: Fraction, inputs: Inputs) -> Fraction:
    """Find the share of the points that a value earns without a baseline to improve on."""
    method = planned.method
    if isinstance(method, AchievementImprovement) and method.counts == "improvement":
        return ONE if value == known(method.benchmark, inputs) else ZERO
    if isinstance(method, Milestone):
        value = ONE
    # A change is of the baseline; other methods are shown without one.
    baseline = inputs[BASELINE_RATE] if isinstance(method, Change | BestOf) else None
    judged = Judged(value, baseline, planned.improvement, planned.points, inputs)
    share = points_of(method, judged, _QUIET).points / planned.points
    return min(max(share, ZERO), ONE)
