"""The numbers that a year has for its scoring plan. Pure.

A plan may read a result and its cases, the baseline that was signed, the result of the year
before where its rule for small numbers asks for it, and two inputs by name. The number of cases
is none of them: pay does not follow volume.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from comanage.values.rounding import fraction_from_text
from scorecards.scoring.plans.methods import Milestone
from scorecards.scoring.plans.plan import InputOf, PlanIndicator, ScoringPlan
from scorecards.scoring.plans.results import Counts, Organization, Result

INCENTIVE_POOL, BASELINE_RATE = "incentive_pool", "baseline_rate"
SUPPLIED: Mapping[str, InputOf] = {INCENTIVE_POOL: "organization", BASELINE_RATE: "indicator"}

_ENOUGH = Fraction(10**9)


def own_inputs(terms: Mapping[str, Any]) -> dict[str, Fraction]:
    """Return the numbers of the year as a whole, by name."""
    return {INCENTIVE_POOL: fraction_from_text(terms["pay"]["incentive_pool"])}


def baselines_of(terms: Mapping[str, Any]) -> dict[str, Fraction]:
    """Return the baseline of each indicator as it was signed, by slug."""
    return {
        each["slug"]: fraction_from_text(each["baseline"]["numerator"])
        / fraction_from_text(each["baseline"]["denominator"])
        for each in terms["indicators"]
    }


def result_of(now: Counts, baseline: Fraction, prior: Counts, reason: str = "") -> Result:
    """Set a result beside what a plan may hold it against.

    The baseline has no cases to it: it was signed, so that none is too small to count.
    """
    inputs = {BASELINE_RATE: baseline}
    return Result(now, Counts(value=baseline), prior, reason, inputs)


def trial(terms: Mapping[str, Any], plan: ScoringPlan, *, is_scored: bool) -> Organization:
    """Make up results that stand at their baselines, or that are not there."""
    baselines = baselines_of(terms)
    return Organization(
        "The scoring plan",
        {
            each.slug: result_of(
                _at_baseline(each, baselines[each.slug]) if is_scored else Counts(),
                baselines[each.slug],
                Counts(),
                "" if is_scored else "No result is tried.",
            )
            for each in plan.indicators
        },
        own_inputs(terms),
    )


def _at_baseline(indicator: PlanIndicator, baseline: Fraction) -> Counts:
    is_milestone = isinstance(indicator.method, Milestone)
    return Counts(value=Fraction(0) if is_milestone else baseline, cases=_ENOUGH)
