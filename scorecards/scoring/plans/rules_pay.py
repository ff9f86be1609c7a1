"""Pay in a plan: pools that can be paid, within their limit, by scores that they follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from fractions import Fraction
from itertools import pairwise

from scorecards.scoring.plans.follows import Follows
from scorecards.scoring.plans.node import PlanProblem
from scorecards.scoring.plans.numbers import ZERO
from scorecards.scoring.plans.pay_parts import PayPart, Pool, Savings
from scorecards.scoring.plans.plan import ScoringPlan
from scorecards.scoring.plans.rules_curves import goal_problems
from scorecards.scoring.plans.trail import dollars, shown

Found = Iterator[PlanProblem]


def pay_problems(plan: ScoringPlan) -> Found:
    """Find pay that cannot be paid, and curves of factors that are out of order."""
    for each in plan.adjustments:
        yield from factor_curves(f"adjustments “{each.name}”", each)
    for part in plan.pay:
        yield from factor_curves(f"pay “{part.name}”", part.kind)
        if isinstance(part.kind, Pool):
            yield from _pool(plan, part, part.kind)
        if isinstance(part.kind, Savings):
            yield from _corridors(f"pay “{part.name}”", part.kind)
    limit = plan.pay_limit
    pools = [part.kind.amount for part in plan.pay if isinstance(part.kind, Pool)]
    written = sum((amount for amount in pools if isinstance(amount, Fraction)), ZERO)
    if limit and isinstance(limit.amount, Fraction) and written > limit.amount:
        yield PlanProblem(
            "pay",
            f"The pools add up to {dollars(written)}, above the limit of {dollars(limit.amount)} "
            f"set by {limit.source}. Lower them, or get a new opinion.",
        )


def factor_curves(place: str, thing: object) -> Found:
    """Hold the curves of factors to the order of tiers."""
    if isinstance(thing, Follows) and thing.curve:
        yield from goal_problems(place, thing.curve, thing.improvement)
    if isinstance(thing, tuple):
        for each in thing:
            yield from factor_curves(place, each)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from factor_curves(place, getattr(thing, field.name))


def _corridors(place: str, savings: Savings) -> Found:
    """Hold corridors to their order, and what they pass on to what there is."""
    for corridors in (savings.corridors, savings.losses.corridors if savings.losses else ()):
        starts = [each.above for each in corridors if isinstance(each.above, Fraction)]
        for before, after in pairwise(starts):
            if after <= before:
                yield PlanProblem(
                    place, f"Corridors rise: one begins at {shown(after)}, after {shown(before)}."
                )
        for each in corridors:
            if isinstance(each.share, Fraction) and not 0 <= each.share <= 1:
                yield PlanProblem(
                    place, f"A corridor shares {shown(each.share)}; that must be from 0 to 1."
                )


def _pool(plan: ScoringPlan, part: PayPart, pool: Pool) -> Found:
    place = f"pay “{part.name}”"
    if isinstance(pool.amount, Fraction) and pool.amount < 0:
        yield PlanProblem(place, f"The pool is {dollars(pool.amount)}; it cannot be negative.")
    if isinstance(pool.amount, Fraction) and (pool.amount * 100).denominator != 1:
        yield PlanProblem(place, "The pool is finer than a cent. Give whole cents.")
    yield from _payable(plan, place, pool)


def _payable(plan: ScoringPlan, place: str, pool: Pool) -> Found:
    """Find what keeps a pool from being paid as it says."""
    if not plan.indicators:
        yield PlanProblem(place, "A pool needs indicators to be paid by.")
    names = {
        "indicator": {each.slug for each in plan.indicators},
        "domain": {each.slug for each in plan.domains} if plan.has_domains else set(),
        "total": set(),
    }[pool.by]
    for name, _ in pool.most:
        if name not in names:
            yield PlanProblem(place, f"“{name}” has a cap, and no part of this pool.")
    if pool.by == "domain" and not plan.has_domains:
        yield PlanProblem(place, "A pool that is paid by domain needs domains.")
    if pool.by != "total" and _is_unshared(plan):
        yield PlanProblem(
            place,
            "The scores it is paid by are sums or averages without a whole. Pay it by the total, "
            "with a share that follows it.",
        )
    ignored = _ignored(plan, pool)
    if ignored:
        yield PlanProblem(
            place,
            f"It is paid by {pool.by}, so {ignored} would change nothing. Pay it by the total.",
        )


def _is_unshared(plan: ScoringPlan) -> bool:
    return any(domain.score in ("average", "sum") for domain in plan.domains)


def _ignored(plan: ScoringPlan, pool: Pool) -> str:
    """Name what would bear on scores that this pool is not paid by."""
    levels = {"indicator": ("domains", "total"), "domain": ("total",), "total": ()}[pool.by]
    for each in plan.adjustments:
        if each.level in levels:
            return f"the adjustment “{each.name}”"
    if pool.by == "indicator":
        for domain in plan.domains:
            if domain.bonus or domain.times != 1 or domain.points_rounding:
                return f"the bonus or product of points of “{domain.slug}”"
    return ""
