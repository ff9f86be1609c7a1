"""What a scoring plan takes from the year before, for results on too few cases. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from indicators.measure.tally import Tally
from scorecards.plans.goals import plan_of_terms

_RULES = ("carry_forward", "pool")

Document = Mapping[str, Any]


def asks_for_prior(terms: Document) -> frozenset[str]:
    """Name the indicators whose rule for small numbers reads the year before."""
    plan = plan_of_terms(terms)
    if plan is None:
        return frozenset()
    return frozenset(each.slug for each in plan.indicators if each.small_numbers.rule in _RULES)


def counted_alike(
    asked: Collection[str], terms: Document, before: Document, scorecard: Document
) -> dict[str, Tally]:
    """Take the counts of the year before that are of the same definition over the same cases.

    Args:
        asked: slugs.
        terms: of the year.
        before: terms of the year before.
        scorecard: of the year before.
    """
    if not before or before["scope"] != terms["scope"]:
        return {}
    now, then = (
        {each["slug"]: each["definition_sha256"] for each in year["indicators"]}
        for year in (terms, before)
    )
    return {
        each["slug"]: Tally.from_document(each["tally"])
        for each in scorecard["indicators"]
        if each["slug"] in asked and now.get(each["slug"]) == then.get(each["slug"])
    }
