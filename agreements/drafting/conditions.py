"""What clauses of the standard may depend on: these names, and no other. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from agreements.drafting.facts import Draft
from agreements.terms.outcomes import outcome_class
from comanage.values.money import Money

COST_CLASSES = frozenset({"internal_saving", "payor_cost"})


@dataclass(frozen=True, slots=True)
class Condition:
    """A name that a clause can ask for, and what it asks."""

    about: str
    holds: Callable[[Draft], bool]


def _has_cost_indicator(draft: Draft) -> bool:
    return draft.has_part("savings") or any(
        outcome_class(indicator) in COST_CLASSES for indicator in draft.terms["indicators"]
    )


CONDITIONS: Mapping[str, Condition] = {
    "is_co_management": Condition(
        "The arrangement is co-management.", lambda draft: draft.model == "co_management"
    ),
    "is_psa": Condition(
        "The arrangement is a professional services agreement.", lambda draft: draft.model == "psa"
    ),
    "is_employment": Condition(
        "The arrangement is employment.", lambda draft: draft.model == "employment"
    ),
    "has_fixed_fee": Condition(
        "The terms pay a fixed fee.", lambda draft: draft.dollars("fixed_fee") > Money(0)
    ),
    "has_hourly": Condition(
        "The terms pay duties by the hour.", lambda draft: draft.has_part("hourly")
    ),
    "has_salary": Condition("The terms pay a salary.", lambda draft: draft.has_part("salary")),
    "has_wrvu": Condition("The terms pay by wRVU.", lambda draft: draft.has_part("wrvu")),
    "has_savings": Condition("The terms share savings.", lambda draft: draft.has_part("savings")),
    "has_incentive": Condition(
        "The terms have an incentive pool.",
        lambda draft: draft.dollars("incentive_pool") > Money(0),
    ),
    "has_estimate": Condition(
        "A part of the incentive may be paid on account.",
        lambda draft: "incentive_estimate" in draft.terms["pay"],
    ),
    "ends_by_days": Condition(
        "The terms pay the incentive of a year that ends early by its days.",
        lambda draft: draft.terms.get("early_end", {}).get("incentive") == "by_days",
    ),
    "ends_without_incentive": Condition(
        "The terms pay no incentive for a year that ends early.",
        lambda draft: draft.terms.get("early_end", {}).get("incentive") == "none",
    ),
    "has_scoring_plan": Condition(
        "A scoring plan pays instead of weights and tiers.",
        lambda draft: "scoring_plan" in draft.terms,
    ),
    "has_cost_indicator": Condition(
        "An indicator or a share of savings is about cost.", _has_cost_indicator
    ),
    "has_scope": Condition(
        "The terms say which cases the program is about.", lambda draft: bool(draft.terms["scope"])
    ),
    "has_division": Condition(
        "The terms say how the group divides its pay.", lambda draft: "allocation" in draft.terms
    ),
    "is_bond_financed": Condition(
        "The facility stands in space financed by tax-exempt bonds.",
        lambda draft: draft.facts.is_bond_financed,
    ),
    "is_renewed_by_notice": Condition(
        "The agreement is renewed by notice.", lambda draft: draft.facts.renewal == "by_notice"
    ),
    "holds_over": Condition(
        "The agreement goes on after its term, on the same terms.",
        lambda draft: draft.facts.renewal == "holdover",
    ),
}


def hold(draft: Draft, *, when: Iterable[str], unless: Iterable[str]) -> bool:
    """Say whether all of `when` hold, and none of `unless`."""
    return all(CONDITIONS[name].holds(draft) for name in when) and not any(
        CONDITIONS[name].holds(draft) for name in unless
    )
