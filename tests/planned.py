"""Scoring plans for the small year, as documents."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from comanage.values.money import Money
from scorecards.scoring.plan import IndicatorTerms, Plan

READMISSION, HBA1C = "readmission-30-day", "hba1c-measured"


def small_plan(**changes: Any) -> dict[str, Any]:
    """Pay the small year's pool by achievement and improvement, in two domains."""
    plan = {
        "schema": "comanage.scoring-plan/1",
        "title": "Heart co-management",
        "small_numbers": {"minimum_cases": 20, "rule": "not_scored"},
        "weights_add_up_to": "100",
        "missing": {"indicators": "redistribute", "domains": "redistribute"},
        "domains": [
            domain("outcomes", "Outcomes", "60"),
            domain("process", "Process", "40"),
        ],
        "indicators": [
            indicator(READMISSION, "decrease", "outcomes", threshold="10%", benchmark="5%"),
            indicator(HBA1C, "increase", "process", threshold="20%", benchmark="60%"),
        ],
        "pay": [pool("60000.01")],
    }
    return plan | changes


def domain(slug: str, title: str, weight: str, **changes: Any) -> dict[str, Any]:
    """Score a domain by points earned of points available."""
    score = "earned_of_available"
    return {"slug": slug, "title": title, "weight": weight, "score": score} | changes


def indicator(slug: str, improvement: str, of: str, **ends: str) -> dict[str, Any]:
    """Score an indicator by its better of achievement and improvement."""
    return {
        "slug": slug,
        "title": slug.replace("-", " ").capitalize(),
        "improvement": improvement,
        "domain": of,
        "round_result": {"to": "0.001"},
        "method": {"kind": "achievement_improvement", **ends},
    }


def pool(amount: Any, by: str = "domain", **changes: Any) -> dict[str, Any]:
    """Pay out of a pool."""
    return {"name": "incentive", "kind": "pool", "by": by, "amount": amount} | changes


def terms_of(plan: Plan, definitions: Mapping[str, Any], baseline: str = "1/2") -> dict[str, Any]:
    """Write signed terms that pay by weights and tiers, with a fixed fee of 1,000 dollars."""
    pool_text = plan.pool.dollars_text
    return {
        "pay": {"fixed_fee": "1000.00", "incentive_pool": pool_text},
        "opinion": {
            "fixed": "1000.00",
            "incentive": pool_text,
            "total": (plan.pool + Money.from_dollars("1000.00")).dollars_text,
            "valid_from": "2026-01-01",
            "valid_until": "2027-01-01",
        },
        "period": {"start": "2026-01-01", "end": "2027-01-01"},
        "scope": "",
        "missing_rule": plan.missing_rule,
        "indicators": [
            {
                **each.to_document(),
                "definition": definitions[each.slug],
                "version": 1,
                "baseline": {"numerator": baseline, "denominator": "1", "source": "Before"},
                "later_goals": [],
            }
            for each in plan.indicators
        ],
    }


def paid_by(document: Mapping[str, Any], terms: Mapping[str, Any]) -> dict[str, Any]:
    """Sign the same terms with a plan in place of weights and tiers."""
    bare = [
        {name: value for name, value in each.items() if name != "weight"} | {"tiers": []}
        for each in terms["indicators"]
    ]
    return {**terms, "indicators": bare, "scoring_plan": dict(document)}


def plan_document(plan: Plan) -> dict[str, Any]:
    """Write signed terms as a plan document that pays the same."""
    return {
        "title": "Terms",
        "small_numbers": {"minimum_cases": 0, "rule": "not_scored"},
        "weights_add_up_to": str(sum(each.weight for each in plan.indicators)),
        "missing": {"indicators": plan.missing_rule},
        "indicators": [_planned(each) for each in plan.indicators],
        "pay": [pool(plan.pool.dollars_text, "indicator")],
    }


def _planned(terms: IndicatorTerms) -> dict[str, Any]:
    """Write one indicator's terms; decimals of a percentage are two more of the rate."""
    smallest = Fraction(1, terms.printed_multiplier * 10**terms.compare_places)
    return {
        "slug": terms.slug,
        "title": terms.title,
        "improvement": terms.improvement,
        "weight": str(terms.weight),
        "small_numbers": {"minimum_cases": terms.minimum_cases, "rule": "not_scored"},
        "round_result": {"to": str(smallest)},
        "method": {
            "kind": "steps",
            "tiers": [
                {"name": each.name, "goal": str(each.goal), "earns": str(each.share)}
                for each in terms.tiers
            ],
        },
    }
