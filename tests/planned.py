"""Scoring plans for the small year, as documents."""

from typing import Any

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
