"""A year's score: the pool split by weight, each part times the share that was earned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from comanage.values.money import Money, split_by_weight
from comanage.values.rounding import decimal_text, exact_text
from indicators.measure.rate import NotScored
from scorecards.scoring.attainment import (
    attainment_steps,
    compared_value,
    tier_reached,
)
from scorecards.scoring.plan import IndicatorTerms, Plan, PlanError
from scorecards.scoring.steps import Step

POINTS_OF_A_FULL_SCORE = 100
SHOWN_PLACES = 2


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """What one indicator earned.

    Attributes:
        compared: the value that was compared with the goals; None when not scored.
        tier: the name of the tier that was reached; None below them all or not scored.
        share: earned share of the available dollars, from 0 to 1.
        weight_applied: points of 100 after the missing rule.
        available: the indicator's part of the pool.
        earned: available times share.
        reason: why it is not scored; None when it is.
        points: earned and available, where a scoring plan pays; None where tiers do.
    """

    slug: str
    compared: Fraction | None
    tier: str | None
    share: Fraction
    weight_applied: Fraction
    available: Money
    earned: Money
    reason: str | None
    steps: tuple[Step, ...]
    points: tuple[Fraction, Fraction] | None = None

    def to_document(self) -> dict[str, Any]:
        """Write the score of the indicator as plain values, exact numbers as text."""
        points = self.points and {"points": [exact_text(each) for each in self.points]}
        return {
            **(points or {}),
            "slug": self.slug,
            "compared": None if self.compared is None else exact_text(self.compared),
            "tier": self.tier,
            "share": exact_text(self.share),
            "weight_applied": exact_text(self.weight_applied),
            "available": self.available.dollars_text,
            "earned": self.earned.dollars_text,
            "reason": self.reason,
            "steps": [step.to_document() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Score:
    """What a plan's results earned.

    Attributes:
        points: of 100, exact.
        earned: the sum of what the indicators earned; never above the pool.
        whole: where a scoring plan pays, its domains, total and parts of the pay, as plain
            values; None where tiers do.
    """

    indicators: tuple[IndicatorScore, ...]
    points: Fraction
    earned: Money
    pool: Money
    steps: tuple[Step, ...]
    whole: Mapping[str, Any] | None = None

    def to_document(self) -> dict[str, Any]:
        """Write the score as plain values, exact numbers as text."""
        return {
            **(self.whole or {}),
            "indicators": [indicator.to_document() for indicator in self.indicators],
            "points": exact_text(self.points),
            "earned": self.earned.dollars_text,
            "pool": self.pool.dollars_text,
            "steps": [step.to_document() for step in self.steps],
        }


def score(plan: Plan, results: Mapping[str, Fraction | NotScored]) -> Score:
    """Score the results of a period against the signed terms.

    The pool is split by the applied weights, to the cent; each part is multiplied by the
    share of the tier reached, half a cent upward.

    Args:
        plan: the signed terms.
        results: by slug, an exact rate or mean or why there is none, for every indicator
            of the plan. Other results are left aside.

    Raises:
        PlanError: an indicator has no entry in the results.

    Source:
        Agreement, compensation exhibit, "Incentive": weights, tiers, rule for results
        that are missing.
    """
    absent = [terms.slug for terms in plan.indicators if terms.slug not in results]
    if absent:
        raise PlanError(f"There is no result for {', '.join(absent)}. Give a reason instead.")
    weights = _applied_weights(plan, results)
    total = sum(weights)
    parts = split_by_weight(plan.pool, weights) if total else [Money(0)] * len(weights)
    indicators = tuple(
        _indicator_score(
            terms,
            results[terms.slug],
            Fraction(POINTS_OF_A_FULL_SCORE * weight, total or 1),
            available,
        )
        for terms, weight, available in zip(plan.indicators, weights, parts, strict=True)
    )
    points = sum((each.weight_applied * each.share for each in indicators), Fraction(0))
    earned = sum((each.earned for each in indicators), Money(0))
    steps = (_split_step(plan, indicators), *_total_steps(plan, indicators, points, earned))
    return Score(indicators, points, earned, plan.pool, steps)


def _applied_weights(plan: Plan, results: Mapping[str, Fraction | NotScored]) -> list[int]:
    """Return the agreed weights; 0 for what is not scored when the others take its dollars."""
    redistribute = plan.missing_rule == "redistribute"
    return [
        0 if redistribute and isinstance(results[terms.slug], NotScored) else terms.weight
        for terms in plan.indicators
    ]


def _indicator_score(
    terms: IndicatorTerms,
    result: Fraction | NotScored,
    weight_applied: Fraction,
    available: Money,
) -> IndicatorScore:
    if isinstance(result, NotScored):
        reason = str(result)
        steps: tuple[Step, ...] = (
            Step("Not scored", "An indicator without a rate earns nothing.", (), reason),
        )
        nothing = Fraction(0)
        return IndicatorScore(
            terms.slug, None, None, nothing, weight_applied, available, Money(0), reason, steps
        )
    compared = compared_value(terms, result)
    tier = tier_reached(terms, compared)
    share = tier.share if tier else Fraction(0)
    earned = available.times(share)
    steps = (
        *attainment_steps(terms, result, compared, tier),
        Step(
            "Earned",
            "Available dollars times the share, half a cent upward.",
            (("Available", str(available)), ("Share", exact_text(share))),
            str(earned),
        ),
    )
    name = tier.name if tier else None
    return IndicatorScore(
        terms.slug, compared, name, share, weight_applied, available, earned, None, steps
    )


def _split_step(plan: Plan, indicators: tuple[IndicatorScore, ...]) -> Step:
    rules = {
        "redistribute": "Indicators without a rate take no part: the others share their dollars.",
        "unpaid": "Indicators without a rate keep their part, unpaid.",
    }
    return Step(
        "Pool split by weight",
        f"Divide the pool by weight, to the cent; cents left over go to the largest "
        f"remainders, then to the first in order. {rules[plan.missing_rule]}",
        (
            ("Pool", str(plan.pool)),
            *((f"Weight of {terms.title}", str(terms.weight)) for terms in plan.indicators),
        ),
        "; ".join(
            f"{terms.title} {each.available}"
            for terms, each in zip(plan.indicators, indicators, strict=True)
        ),
    )


def _total_steps(
    plan: Plan, indicators: tuple[IndicatorScore, ...], points: Fraction, earned: Money
) -> tuple[Step, Step]:
    titles = [terms.title for terms in plan.indicators]
    return (
        Step(
            "Points",
            "Add each indicator's points of 100 times its share.",
            tuple(
                (title, f"{exact_text(each.weight_applied)} x {exact_text(each.share)}")
                for title, each in zip(titles, indicators, strict=True)
            ),
            decimal_text(points, SHOWN_PLACES),
        ),
        Step(
            "Incentive earned",
            "Add what the indicators earned.",
            tuple(
                (title, str(each.earned)) for title, each in zip(titles, indicators, strict=True)
            ),
            str(earned),
        ),
    )
