"""Tiers in order, and names that are there once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from scorecards.scoring.plans.curves import Curve
from scorecards.scoring.plans.node import PlanProblem
from scorecards.scoring.plans.numbers import Improvement, is_better
from scorecards.scoring.plans.trail import shown

Found = Iterator[PlanProblem]


def repeated(place: str, names: Sequence[str]) -> Found:
    """Find names that are there more than once."""
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield PlanProblem(place, f"“{name}” is there more than once. Keep one of them.")


def curve_problems(place: str, curve: Curve, improvement: Improvement) -> Found:
    """Find tiers whose goals do not get better, or that earn less than those before."""
    yield from goal_problems(place, curve, improvement)
    earned = [("what is earned below all tiers", curve.below)]
    earned += [(f"“{tier.name}”", tier.earns) for tier in curve.tiers]
    for (lower, less), (higher, more) in pairwise(earned):
        if isinstance(less, Fraction) and isinstance(more, Fraction) and more < less:
            yield PlanProblem(place, f"{higher} earns {shown(more)}, less than {lower}.")


def goal_problems(place: str, curve: Curve, improvement: Improvement) -> Found:
    """Find tiers whose goals do not get better; what they give may fall, as a rate does."""
    if not curve.tiers:
        yield PlanProblem(place, "There is no tier.")
    yield from repeated(place, [tier.name for tier in curve.tiers])
    for before, after in pairwise(curve.tiers):
        first, second = before.goal, after.goal
        if not (isinstance(first, Fraction) and isinstance(second, Fraction)):
            continue  # they come with the results, and are held to their order then
        if not is_better(improvement, second, first):
            yield PlanProblem(
                place,
                f"Tiers out of order: the goal of “{after.name}”, {shown(second)}, is no better "
                f"than that of “{before.name}”, {shown(first)}.",
            )
