"""Scoring plans to be changed: with domains, adjustments, methods and pay of every kind."""

import pytest

from scorecards.scoring.plans.node import PlanDocumentError
from scorecards.scoring.plans.reading import read_plan
from tests.unit.scoresheets.conftest import TIERS, indicator, planned

POOL = {"name": "pool", "kind": "pool", "amount": "100.00", "by": "indicator"}
DOMAINS = [
    {"slug": "a", "title": "A", "weight": "60", "score": "weighted_mean"},
    {"slug": "b", "title": "B", "weight": "30", "score": "weighted_mean"},
]
RULES = {"indicators": "redistribute", "domains": "redistribute"}
IN_ONE = {
    "indicators": [indicator(domain="a")],
    "missing": RULES,
}
ONE_DOMAIN = {"slug": "a", "title": "A", "score": "earned_of_available"}
CHANGE = {"kind": "change", "of": "difference", "tiers": TIERS}
BEST_OF = {"kind": "best_of", "methods": [CHANGE]}
ACHIEVEMENT = {"kind": "achievement_improvement", "threshold": "0.8", "benchmark": "0.9"}
MIDDLE = {"percentile": "50", "value": "0.8"}
LADDER = {
    "kind": "percentiles",
    "cutoffs": [MIDDLE, {"percentile": "90", "value": "0.9"}],
    "bands": {"tiers": [{"name": "half", "goal": "50", "earns": "1"}]},
}
FLAT = {"name": "flat", "kind": "rate", "base": "1", "rate": "1"}
BY_TOTAL = {**POOL, "by": "total"}
RESETS = {"benchmark": "1", "actual": "1", "cases": "1", "base_cases": "1"}
MEAN = {"name": "mean", "kind": "mean", "of": {"indicator": "a"}}
X = {"input": "x"}
COMES = {"goal": X, "earns": X}


def steps(*tiers, **more):
    return indicator(method={"kind": "steps", "tiers": list(tiers), **more})


def without(name):
    return {key: value for key, value in planned().items() if key != name}


def in_domains(**changes):
    """A plan with two domains, changed."""
    held = [indicator(slug=slug, domain=slug) for slug in "ab"]
    plan = {"domains": DOMAINS, "indicators": held, "missing": RULES, "weights_add_up_to": "90"}
    return planned(**{**plan, **changes})


def adjusted(deed, to=None, **changes):
    adjustment = {"name": "x", "to": to or {"total": True}, **deed}
    return in_domains(adjustments=[adjustment], **changes)


def saved(*corridors):
    """A share of savings in corridors."""
    return {
        "name": "s", "kind": "savings", "benchmark": "1", "actual": "1",
        "corridors": list(corridors),
    }  # fmt: skip


def combined(*parts, **changes):
    """A plan whose indicator `both` is combined of parts."""
    both = indicator(slug="both", method={"kind": "combined", "of": list(parts)}, **changes)
    return planned(indicators=[both, indicator(slug="a"), indicator(slug="b")])


def when(*missing, **weights):
    """A plan with weights for one case of missing domains."""
    case = {"missing": list(missing), "weights": weights}
    return in_domains(missing={**RULES, "weights_when": [case]})


def across(*numbers, **changes):
    """A plan with numbers over all organizations."""
    return in_domains(across=list(numbers), inputs=[{"name": "group"}], **changes)


def scored_by(**method):
    """A plan whose indicator has a method."""
    return planned(indicators=[indicator(method=method)])


def with_bonus(**changes):
    """A plan of one domain with a bonus."""
    looks = [{"indicator": "on-time", "floor": "0", "threshold": "1"}]
    bonus = {"kind": "weakest_link", "points": "5", "positions": looks, **changes}
    return planned(**IN_ONE, domains=[{**ONE_DOMAIN, "bonus": bonus}])


WITH_INPUTS = planned(
    inputs=[{"name": "x"}],
    indicators=[
        steps(
            {**TIERS[0], "goal": X, "earns": X}, TIERS[1], {"name": "top", "goal": X, "earns": X}
        ),
        indicator(slug="b", method={**ACHIEVEMENT, "threshold": X, "benchmark": X}),
    ],
    total={"kind": "average"},
    pay=[
        {**BY_TOTAL, "amount": X, "share": {"reads": {"total": True}}},
        saved({"above": "0", "share": "0"}, {"above": X, "share": X}, {"above": "1", "share": "1"}),
    ],
    pay_limit={"amount": X, "source": "the opinion"},
)


def sentences(document):
    """Read a document that is no plan, and return what is said of it."""
    with pytest.raises(PlanDocumentError) as refused:
        read_plan(document)
    return [str(problem) for problem in refused.value.problems]
