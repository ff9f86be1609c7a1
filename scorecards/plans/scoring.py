"""What the scoring plan of signed terms makes of a year's counts. Pure.

The plan is scored by the engine that scores any plan, for one organization, with every step;
the outcome is written in the shape in which every year is read: points, share and dollars of
each indicator, and dollars of the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from comanage.values.money import Money, split_by_weight
from comanage.values.rounding import exact_text
from indicators.measure.definition import Definition
from indicators.measure.rate import NotScored, exact_parts, judged_cases, performance_rate
from indicators.measure.tally import Tally
from scorecards.plans.goals import Goal, goals_of, reached
from scorecards.plans.supplies import baselines_of, own_inputs, result_of
from scorecards.scoring.plans.engine import score_all
from scorecards.scoring.plans.pay_parts import Pool
from scorecards.scoring.plans.plan import PlanIndicator, ScoringPlan
from scorecards.scoring.plans.results import Counts, Organization, Result
from scorecards.scoring.plans.scored import Paid, Scored, ScoredDomain, ScoredIndicator
from scorecards.scoring.plans.trail import shown
from scorecards.scoring.score import POINTS_OF_A_FULL_SCORE, IndicatorScore, Score
from scorecards.scoring.steps import Step

NOTHING = Money(0)
# A result that somebody supposes is of enough cases for any rule of small numbers.
_ENOUGH = Fraction(10**9)
# Of these a numerator and a denominator are counted, of which the result is the quotient.
_COUNTED = ("proportion", "mean", "ratio", "observed_over_expected")


@dataclass(frozen=True)
class YearPlan:
    """A scoring plan with everything of the year that it is scored with.

    Attributes:
        tallies: of the year, by slug.
        prior: of the year before, by slug, where its rule for small numbers asks for it.
    """

    terms: Mapping[str, Any]
    plan: ScoringPlan
    tallies: Mapping[str, Tally]
    prior: Mapping[str, Tally]

    @cached_property
    def definitions(self) -> dict[str, Definition]:
        """The definitions, by slug."""
        return {
            each["slug"]: Definition.from_document(each["definition"])
            for each in self.terms["indicators"]
        }

    @cached_property
    def goals(self) -> dict[str, tuple[Goal, ...]]:
        """The goals that stand in for tiers, by slug."""
        return goals_of(self.terms, self.plan)

    @property
    def pool(self) -> Money:
        """The incentive dollars of the terms."""
        return Money.from_dollars(self.terms["pay"]["incentive_pool"])

    def score(self, supposed: Mapping[str, Fraction | NotScored] | None = None) -> Score:
        """Score the year as it was counted, or as somebody supposes it.

        Args:
            supposed: results in place of those counted, by slug; None for the year as it is.
        """
        return _written(self, self._scored(supposed or {}))

    def _scored(self, supposed: Mapping[str, Fraction | NotScored]) -> Scored:
        baselines = baselines_of(self.terms)
        results = {
            each.slug: self._result(each, baselines[each.slug], supposed.get(each.slug))
            for each in self.plan.indicators
        }
        organization = Organization("The year", results, own_inputs(self.terms))
        return score_all(self.plan, [organization], keep_steps=True).organizations[0]

    def _result(
        self, indicator: PlanIndicator, baseline: Fraction, supposed: Fraction | NotScored | None
    ) -> Result:
        definition = self.definitions[indicator.slug]
        minimum = indicator.small_numbers.minimum_cases
        prior = self.prior.get(indicator.slug)
        before = Counts() if prior is None else counts_of(prior, definition, minimum)[0]
        now, reason = counts_of(self.tallies[indicator.slug], definition, minimum)
        if isinstance(supposed, Fraction) and supposed != now.figure:
            now, reason = Counts(value=supposed, cases=_ENOUGH), ""
        return result_of(now, baseline, before, reason)


def counts_of(tally: Tally, definition: Definition, minimum_cases: int) -> tuple[Counts, str]:
    """Take a result apart as far as a plan reads it; else say why there is none.

    Too few cases are left to the plan's rule; where there is no result either, they are the reason.
    """
    rate = performance_rate(tally, definition)
    if isinstance(rate, NotScored):
        return Counts(), str(performance_rate(tally, definition, minimum_cases))
    cases = Fraction(judged_cases(tally, definition))
    if definition.scoring not in _COUNTED:
        return Counts(value=rate, cases=cases), ""
    above, below = exact_parts(tally, definition)
    return Counts(numerator=above, denominator=below, cases=cases), ""


def _written(year: YearPlan, scored: Scored) -> Score:
    """Write an outcome in the shape of every year's score."""
    points, pool = scored.points, year.pool
    paid = scored.pay_total or NOTHING
    earned = min(max(paid, NOTHING), pool)
    steps = [step for step, about in _told(scored) if not about]
    if earned != paid:
        steps.append(
            Step(
                "Incentive pool",
                "No more than the pool that was agreed, and never less than nothing.",
                (("Earned by the plan", str(paid)), ("Pool", str(pool))),
                str(earned),
            )
        )
    available = _split(pool, [each.weight for each in points.indicators])
    parts = _parts(year.plan, scored, available, earned)
    return Score(
        indicators=tuple(
            _indicator(year, scored, each, have, part)
            for each, have, part in zip(points.indicators, available, parts, strict=True)
        ),
        points=(points.total.share or Fraction(0)) * POINTS_OF_A_FULL_SCORE,
        earned=earned,
        pool=pool,
        steps=tuple(steps),
        whole=_whole(year.plan, scored),
    )


def _told(scored: Scored) -> list[tuple[Step, str]]:
    return list(zip(scored.steps, scored.about, strict=True))


def _split(amount: Money, weights: list[Fraction]) -> list[Money]:
    if not any(weights):
        return [NOTHING] * len(weights)
    return split_by_weight(amount, weights)


def _is_by_indicator(plan: ScoringPlan) -> bool:
    """Say whether what each indicator earned is what it was paid."""
    return all(isinstance(part.kind, Pool) and part.kind.by == "indicator" for part in plan.pay)


def _parts(plan: ScoringPlan, scored: Scored, available: list[Money], earned: Money) -> list[Money]:
    """Say how much of the earned dollars each indicator brought; the parts add up.

    Where the pool is not paid by indicator, the dollars are divided by weight times share; where
    that would give one more than its part of the pool, as a bonus does, by weight alone.
    """
    found = scored.points.indicators
    if _is_by_indicator(plan):
        amounts = [NOTHING] * len(found)
        for each in scored.pay:
            for place, share in enumerate(each.shares):
                amounts[place] += share.amount
        if sum(amounts, NOTHING) == earned:
            return amounts
    brought = _split(earned, [max(each.weight * each.share, Fraction(0)) for each in found])
    is_within = all(part <= have for part, have in zip(brought, available, strict=True))
    if is_within and sum(brought, NOTHING) == earned:
        return brought
    return _split(earned, [Fraction(have.cents) for have in available])


def _indicator(
    year: YearPlan, scored: Scored, found: ScoredIndicator, available: Money, earned: Money
) -> IndicatorScore:
    steps = [step for step, about in _told(scored) if about == found.slug]
    steps.append(_dollars(year.plan, found, available, earned))
    planned = next(each for each in year.plan.indicators if each.slug == found.slug)
    goal = reached(year.goals[found.slug], planned.improvement, found.value)
    return IndicatorScore(
        slug=found.slug,
        compared=found.value,
        tier=goal.name if goal else None,
        share=found.share,
        weight_applied=found.weight * POINTS_OF_A_FULL_SCORE,
        available=available,
        earned=earned,
        reason=found.reason or None,
        steps=tuple(steps),
        points=(found.points or Fraction(0), found.available),
    )


def _dollars(plan: ScoringPlan, found: ScoredIndicator, available: Money, earned: Money) -> Step:
    rule = (
        "Its part of the pool by weight, times the share of its points."
        if _is_by_indicator(plan)
        else "The pool is not paid by indicator: this is its part of the dollars earned in all, "
        "divided by weight times share, or by weight alone where a bonus was earned."
    )
    pairs = (
        ("Weight", shown(found.weight)),
        ("Share of the points", shown(found.share)),
        ("Part of the pool", str(available)),
    )
    return Step("Part of the dollars", rule, pairs, str(earned))


def _whole(plan: ScoringPlan, scored: Scored) -> dict[str, Any]:
    """Write down domains, total and parts of the pay."""
    titles = {each.slug: each.title for each in plan.domains}
    total = scored.points.total
    return {
        "domains": [
            _domain(each, titles[each.slug]) for each in scored.points.domains if plan.has_domains
        ],
        "total": {
            "score": _text(total.score),
            "of": exact_text(plan.total.scale),
            "reason": total.reason or None,
        },
        "pay": [_pay(each) for each in scored.pay],
    }


def _domain(found: ScoredDomain, title: str) -> dict[str, Any]:
    return {
        "slug": found.slug,
        "title": title,
        "points": [exact_text(found.points), exact_text(found.available)],
        "score": _text(found.score),
        "share": _text(found.share),
        "weight_applied": exact_text(found.weight * POINTS_OF_A_FULL_SCORE),
        "reason": found.reason or None,
    }


def _pay(found: Paid) -> dict[str, Any]:
    return {
        "name": found.name,
        "amount": None if found.amount is None else found.amount.dollars_text,
        "shares": [
            {
                "slug": each.slug,
                "available": each.available.dollars_text,
                "earned": each.amount.dollars_text,
            }
            for each in found.shares
        ],
        "reason": found.reason or None,
    }


def _text(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)
