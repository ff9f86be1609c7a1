"""What an indicator of a plan may say: values in order, points within those available."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from scorecards.scoring.plans.methods import (
    AchievementImprovement,
    Band,
    BestOf,
    Change,
    Combined,
    Method,
    Milestone,
    Percentiles,
    Tiers,
)
from scorecards.scoring.plans.node import PlanProblem
from scorecards.scoring.plans.numbers import Number, is_better
from scorecards.scoring.plans.plan import PlanIndicator, ScoringPlan
from scorecards.scoring.plans.rules_curves import curve_problems
from scorecards.scoring.plans.trail import shown

HIGHEST_PERCENTILE = 100
Found = Iterator[PlanProblem]


def indicator_problems(plan: ScoringPlan, each: PlanIndicator) -> Found:
    """Find what is wrong with one indicator."""
    place = f"indicators “{each.slug}”"
    if plan.has_domains and each.domain not in {domain.slug for domain in plan.domains}:
        yield PlanProblem(place, f"There is no domain “{each.domain}”.")
    if each.weight is not None and each.weight <= 0:
        yield PlanProblem(place, f"The weight is {shown(each.weight)}; it must be above zero.")
    for name, figure in (("Per is", each.per), ("The points are", each.points)):
        if figure <= 0:
            must = "it must" if name == "Per is" else "they must"
            yield PlanProblem(place, f"{name} {shown(figure)}; {must} be above zero.")
    if each.limits and _are_turned(each.limits.low, each.limits.high):
        yield PlanProblem(place, "The limits end before they begin.")
    yield from _methods(plan, place, each)
    for earns in _earned(each.method):
        if isinstance(earns, Fraction) and not 0 <= earns <= each.points:
            yield PlanProblem(
                place,
                f"Its method earns {shown(earns)}; that must be from 0 to its points, "
                f"{shown(each.points)}.",
            )


def _are_turned(low: Number | None, high: Number | None) -> bool:
    return isinstance(low, Fraction) and isinstance(high, Fraction) and high < low


def _earned(method: Method) -> list[Number]:
    """List what a method can earn, as the plan writes it."""
    match method:
        case Tiers(curve):
            return [*(tier.earns for tier in curve.tiers), curve.below]
        case Percentiles():
            bands = method.bands
            return [*(tier.earns for tier in bands.tiers), bands.below, method.rise_earns]
        case Band():
            return [method.earns, method.outside]
        case Milestone(earns):
            return [earns]
        case Change(curve=curve, without_baseline=without):
            earned: list[Number] = [*(tier.earns for tier in curve.tiers), curve.below]
            return earned if without is None else [*earned, without]
        case BestOf(methods):
            return [earns for each in methods for earns in _earned(each)]
    return []


def _parts(plan: ScoringPlan, place: str, each: PlanIndicator, method: Combined) -> Found:
    """Hold the parts of a combined indicator to be there, once, and worth the same points."""
    known = {other.slug: other for other in plan.indicators}
    used = [
        slug
        for other in plan.indicators
        if isinstance(other.method, Combined)
        for slug in other.method.parts
    ]
    adjusted = {
        name for change in plan.adjustments if change.level == "indicators" for name in change.names
    }
    for slug in dict.fromkeys(method.parts):
        part = known.get(slug)
        if part is None or isinstance(part.method, Combined):
            yield PlanProblem(place, f"“{slug}” is no indicator with a result of its own.")
        elif part.points != each.points or part.domain != each.domain:
            yield PlanProblem(
                place, f"“{slug}” needs the points and the domain of what it is combined to."
            )
        if used.count(slug) > 1:
            yield PlanProblem(place, f"“{slug}” is combined more than once.")
        if slug in adjusted:
            yield PlanProblem(
                place, f"An adjustment of “{slug}” would change nothing. Name the combined one."
            )


def _methods(plan: ScoringPlan, place: str, each: PlanIndicator) -> Found:
    if isinstance(each.method, Combined):
        yield from _parts(plan, place, each, each.method)
    if not isinstance(each.method, BestOf):
        yield from _method(place, each, each.method)
        return
    if not each.method.methods:
        yield PlanProblem(place, "There is no method to choose from.")
    for method in each.method.methods:
        yield from _method(place, each, method)


def _method(place: str, each: PlanIndicator, method: Method) -> Found:
    match method:
        case Tiers(curve):
            yield from curve_problems(place, curve, each.improvement)
        case AchievementImprovement():
            yield from _achievement(place, method, each)
        case Percentiles():
            yield from _ladder(place, method, each)
        case Band(low, high) if _are_turned(low, high):
            yield PlanProblem(place, "The target band ends before it begins.")
        case Change(curve=curve):
            yield from curve_problems(place, curve, "increase")
        case _:
            pass


def _achievement(place: str, method: AchievementImprovement, each: PlanIndicator) -> Found:
    threshold, benchmark = method.threshold, method.benchmark
    are_written = isinstance(threshold, Fraction) and isinstance(benchmark, Fraction)
    if are_written and not is_better(each.improvement, benchmark, threshold):  # type: ignore[arg-type]
        yield PlanProblem(
            place,
            f"The benchmark {shown(benchmark)} is no better than the threshold "
            f"{shown(threshold)}. Mend them, or the direction of improvement.",
        )
    for line in (method.achievement, method.improvement):
        if line.slope <= 0:
            yield PlanProblem(place, "The slope of points must be above zero.")
        if not 0 < line.most <= each.points:
            yield PlanProblem(
                place, f"The most is {shown(line.most)}, of {shown(each.points)} points."
            )


def _ladder(place: str, method: Percentiles, each: PlanIndicator) -> Found:
    if not method.cutoffs or not method.bands.tiers:
        yield PlanProblem(place, "A percentile ladder has cut-offs and bands.")
    if any(not 0 <= cutoff.percentile <= HIGHEST_PERCENTILE for cutoff in method.cutoffs):
        yield PlanProblem(place, "Percentiles are from 0 to 100.")
    for before, after in pairwise(method.cutoffs):
        name = f"P{shown(after.percentile)}"
        if after.percentile <= before.percentile:
            yield PlanProblem(place, f"{name} comes after P{shown(before.percentile)}.")
        values = (before.value, after.value)
        if any(not isinstance(value, Fraction) for value in values):
            continue  # they come with the results, and are held to their order then
        if not is_better(each.improvement, after.value, before.value):  # type: ignore[arg-type]
            yield PlanProblem(place, f"The value at {name} is no better than the one before.")
    yield from curve_problems(place, method.bands, "increase")
