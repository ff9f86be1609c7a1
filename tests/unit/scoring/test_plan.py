"""Scoring terms that contradict themselves are refused."""

from fractions import Fraction

import pytest

from comanage.values import Money
from scorecards.scoring.plan import IndicatorTerms, Plan, PlanError, Tier

TARGET = Tier("target", Fraction("0.08"), Fraction(1, 2))
STRETCH = Tier("stretch", Fraction("0.07"), Fraction(1))


def terms(**changes):
    fields = {
        "slug": "readmission",
        "title": "Readmission",
        "improvement": "decrease",
        "scoring": "proportion",
        "weight": 40,
        "minimum_cases": 20,
        "compare_places": 1,
        "tiers": (TARGET, STRETCH),
        **changes,
    }
    return IndicatorTerms(**fields)


def plan_document(**changes):
    return {**Plan((terms(),), Money(100), "unpaid").to_document(), **changes}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"weight": 0}, "the weight is 1 or more"),
        ({"weight": True}, "the weight is 1 or more"),
        ({"minimum_cases": -1}, "the minimum of cases is 0 or more"),
        ({"compare_places": 7}, "decimals before comparison are 0 to 6"),
        ({"improvement": "up"}, "improvement is unknown"),
        ({"scoring": "rate"}, "scoring is unknown"),
        ({"tiers": ()}, "there is no tier"),
        ({"improvement": "increase"}, "the goal must get better from “target” to “stretch”"),
        ({"tiers": (TARGET, TARGET)}, "the goal must get better from “target” to “target”"),
        (
            {"tiers": (TARGET, Tier("stretch", Fraction("0.07"), Fraction(1, 2)))},
            "the share must rise from “target” to “stretch”",
        ),
        (
            {"tiers": (Tier("target", Fraction(8), Fraction(1)),)},
            "goals of a proportion are from 0 to 1",
        ),
    ],
)
def test_an_indicators_terms_must_be_followable(changes, rule):
    with pytest.raises(PlanError, match=rule):
        terms(**changes)


def test_a_mean_may_have_any_goal():
    assert terms(scoring="mean", tiers=(Tier("target", Fraction(4), Fraction(1)),))


def test_a_share_is_part_of_a_whole():
    with pytest.raises(PlanError, match="share 3/2 is not from 0 to 1"):
        Tier("target", Fraction(1), Fraction(3, 2))


def test_a_tier_has_a_name():
    with pytest.raises(PlanError, match="needs a name"):
        Tier(" ", Fraction(1), Fraction(1))


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        (((), Money(1), "unpaid"), "has no indicator"),
        (((terms(), terms()), Money(1), "unpaid"), "“readmission” is in the plan more than once"),
        (((terms(),), Money(-1), "unpaid"), r"The pool is -\$0.01"),
        (((terms(),), Money(1), "carry"), "redistribute or unpaid"),
    ],
)
def test_a_plan_must_be_payable(fields, rule):
    with pytest.raises(PlanError, match=rule):
        Plan(*fields)


def test_a_plan_survives_its_document():
    plan = Plan((terms(), terms(slug="other")), Money(6233333), "redistribute")

    assert Plan.from_document(plan.to_document()) == plan


def test_goals_may_be_written_as_percentages():
    indicator = {**terms().to_document(), "tiers": [{"name": "t", "goal": "8%", "share": "0.5"}]}

    plan = Plan.from_document(plan_document(indicators=[indicator]))

    assert plan.indicators[0].tiers == (Tier("t", Fraction(2, 25), Fraction(1, 2)),)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"indicators": [{}]}, "lacks the field 'tiers'"),
        ({"indicators": ["x"]}, "cannot be read"),
        ({"indicators": 5}, "cannot be read"),
        ({"pool": "1.005"}, "cannot be read: 1.005 has more than two decimals"),
        ({"gate": "x"}, "cannot be read"),
        ({"missing_rule": "carry"}, "redistribute or unpaid"),
    ],
)
def test_a_document_that_is_not_a_plan_is_refused(changes, message):
    with pytest.raises(PlanError, match=message):
        Plan.from_document(plan_document(**changes))
