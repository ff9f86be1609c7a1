"""A scoring plan is part of what is signed, and is about the same indicators and dollars."""

import json
from copy import deepcopy

import pytest

from agreements.terms.actions import (
    draft_next_year,
    edit_year,
    lock_terms,
    put_scoring_plan,
    withdraw_indicator,
)
from agreements.terms.completeness import gaps
from agreements.terms.document import terms_document
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.values.canonical import sha256_of
from comanage.values.money import Money
from comanage.web.errors import PolicyError
from scorecards.plans.policies import check_plan_fits
from tests.ground import SIGNED_ON, small_draft, year_terms
from tests.planned import HBA1C, READMISSION, indicator, pool, small_plan


def put(year, document):
    return put_scoring_plan(year=year, document=document, by=member(Role.CONSULTANT))


def test_the_plan_is_signed_in_place_of_weights_and_tiers(inside):
    year = put(small_draft(), small_plan())

    assert gaps(terms_document(year)) == []
    year = lock_terms(year=year, signed_on=SIGNED_ON, by=member(Role.CONSULTANT))

    assert year.terms["scoring_plan"] == small_plan()
    assert year.terms_sha256 == sha256_of(year.terms)
    for agreed in year.terms["indicators"]:
        assert (agreed["tiers"], agreed["later_goals"], "weight" in agreed) == ([], [], False)
    following = draft_next_year(year=year, by=member(Role.CONSULTANT))
    assert following.scoring_plan == small_plan()


def test_terms_without_a_plan_say_nothing_of_one(inside):
    year = put(put(small_draft(), small_plan()), None)

    terms = terms_document(year)

    assert "scoring_plan" not in terms
    assert [each["weight"] for each in terms["indicators"]] == [60, 40]
    put_twice = Event.objects.filter(kind=EventKind.SCORING_PLAN_PUT)
    assert {event.details["sha256"] for event in put_twice} == {sha256_of(small_plan()), ""}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pay": [pool("60000.00")]}, "add up to $60,000.00, and the incentive pool"),
        ({"pay": [pool("-1")]}, "add up to -$1.00"),
        ({"pay": []}, "add up to $0.00"),
        ({"pay": [pool({"input": "incentive_pool"}), pool("1.00")]}, "add up to $60,001.01"),
        ({"small_numbers": {"minimum_cases": 5, "rule": "not_scored"}}, "20 cases by these terms"),
        ({"small_numbers": None}, "20 cases by these terms and None"),
        ({"indicators": [indicator(READMISSION, "increase", "outcomes")]}, "lower value is the"),
        ({"indicators": [indicator("falls", "decrease", "outcomes")]}, "pays for “falls”"),
        ({"indicators": "none"}, "is not in the scoring plan"),
    ],
)
def test_terms_and_a_plan_that_differ_are_not_locked(inside, changes, said):
    year = put(small_draft(), small_plan(**changes))

    with pytest.raises(PolicyError) as refusal:
        lock_terms(year=year, signed_on=SIGNED_ON, by=member(Role.CONSULTANT))
    assert said in str(refusal.value)


def test_a_plan_does_not_outlive_a_change_of_the_terms(inside):
    year = put(small_draft(), small_plan())
    edit_year(
        year=year,
        terms=year_terms(incentive_pool=Money.from_dollars("50000.00")),
        by=member(Role.CONSULTANT),
    )
    year.refresh_from_db()
    withdraw_indicator(agreed=year.indicators.last(), by=member(Role.CONSULTANT))

    found = " ".join(gaps(terms_document(year)))

    assert f"pays for “{HBA1C}”, which is not in these terms" in found
    assert "incentive pool of these terms is $50,000.00" in found


def test_a_plan_is_read_again_at_the_lock(inside):
    """Its numbers may follow the baseline, which can be changed after the plan was put there."""
    follows = json.loads(
        json.dumps(small_plan(inputs=[{"name": "baseline_rate", "of": "indicator"}]))
        .replace('"threshold": "10%"', '"threshold": "20%"')
        .replace('"benchmark": "5%"', '"benchmark": {"input": "baseline_rate"}')
    )
    year = put(small_draft(), follows)
    check_plan_fits(terms_document(year), follows)
    year.indicators.filter(version__indicator__slug=READMISSION).update(baseline_numerator=12)

    with pytest.raises(PolicyError, match="benchmark is no better than the threshold"):
        lock_terms(year=year, signed_on=SIGNED_ON, by=member(Role.CONSULTANT))


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"title": 0.5}, "is 0.5, a float"),
        ({"title": "a\x00b"}, "U+0000"),
        ({"title": "a" * 500_000}, "500,000 characters"),
    ],
)
def test_a_plan_that_cannot_be_kept_as_it_is_written_is_refused(inside, document, said):
    with pytest.raises(PolicyError) as refusal:
        put(small_draft(), document)
    assert said in str(refusal.value)


# --- What fits: all of it read and tried before it is put ---------------------------------------


def test_what_fits_the_terms(inside):
    terms = terms_document(small_draft())
    a_year_can_supply = {
        "inputs": [{"name": "incentive_pool"}, {"name": "baseline_rate", "of": "indicator"}],
        "pay": [pool({"input": "incentive_pool"})],
    }

    check_plan_fits(terms, small_plan())
    check_plan_fits({**terms, "scoring_plan": {}}, small_plan(**a_year_can_supply))


FOLLOWS = {"reads": {"domain": "process", "as": "share"}}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"small_numbers": None}, "no rule for small numbers"),
        ({"inputs": [{"name": "cases_of_the_year"}]}, "cannot supply “cases_of_the_year”"),
        ({"inputs": [{"name": "baseline_rate"}]}, "is a number of the indicator"),
        (
            {
                "across": [
                    {
                        "name": "p50",
                        "kind": "percentile",
                        "share": "50%",
                        "method": "linear",
                        "of": {"indicator": HBA1C},
                    }
                ]
            },
            "found over many organizations",
        ),
        (
            {
                "pay": [
                    {
                        "name": "penalty",
                        "kind": "rate",
                        "base": "1",
                        "rate": "1%",
                        "direction": "owed",
                    }
                ]
            },
            "could owe money",
        ),
        (
            {
                "adjustments": [
                    {"name": "gate", "to": {"domains": ["outcomes"]}, "multiplier": FOLLOWS}
                ]
            },
            "may not be scored",
        ),
        (
            {"pay": [pool("60000.01", "total", share={"reads": {"total": True}}, most={"x": "1"})]},
            "has a cap, and no part",
        ),
        ({"weights_add_up_to": "90"}, "add up to 100, not to 90"),
        ({"pay": [pool("1.00")]}, "the incentive pool of these terms is $60,000.01"),
    ],
)
def test_a_plan_that_a_year_could_not_pay_by_is_refused(inside, changes, said):
    with pytest.raises(PolicyError) as refusal:
        check_plan_fits(terms_document(small_draft()), small_plan(**changes))
    assert said in str(refusal.value)


def with_method(**method):
    plan = deepcopy(small_plan())
    plan["indicators"][1]["method"] = method
    return plan


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (with_method(kind="milestone"), "reached or not, and this is a proportion"),
        (with_method(kind="scale", unit="0"), "unit of the scale is zero"),
        (
            json.loads(
                json.dumps(small_plan(inputs=[{"name": "baseline_rate", "of": "indicator"}]))
                .replace('"threshold": "10%"', '"threshold": "2%"')
                .replace('"benchmark": "5%"', '"benchmark": {"input": "baseline_rate"}')
            ),
            "benchmark is no better than the threshold",
        ),
    ],
)
def test_what_only_scoring_finds_is_found_before_anybody_signs(inside, plan, said):
    with pytest.raises(PolicyError) as refusal:
        check_plan_fits(terms_document(small_draft()), plan)
    assert said in str(refusal.value)
