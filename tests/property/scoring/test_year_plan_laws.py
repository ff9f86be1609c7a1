"""Laws of years that pay by a scoring plan, through the whole road from counts to the statement."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adjudication.years.snapshot import build, recompute
from comanage.values import Money
from comanage.values.canonical import canonical_json
from scorecards.cards.engine import prior_of, scorecard_document, year_plan_of
from scorecards.cards.reading import read_domains, read_indicators
from scorecards.plans.fitting import fit_problems
from scorecards.plans.prior import asks_for_prior, counted_alike
from scorecards.scoring.plan import Plan
from scorecards.whatif.board import answer, lay_out
from scorecards.whatif.documents import answer_document
from scorecards.whatif.pace import Pace
from scorecards.whatif.reading import read_answer
from tests.laws import examples
from tests.planned import paid_by, plan_document, pool, terms_of
from tests.property.scoring.test_plan_laws import documents as plan_documents
from tests.property.scoring.test_whatif_laws import boards
from tests.standings import met, observed, standing, terms


def signed(plan, listed):
    """Sign a plan of tiers for what is counted of each indicator."""
    definitions = {each.terms.slug: each.definition.to_document() for each in listed}
    return terms_of(plan, definitions)


def counted(listed):
    return {each.terms.slug: each.tally for each in listed}


def statement(signed_terms, tallies):
    document = build(tenant="A", terms=signed_terms, terms_sha256="", tallies=tallies, slices=())
    assert recompute(canonical_json(document))
    return document["result"]["statement"]


@settings(max_examples=examples(12))
@given(boards())
def test_terms_as_tiers_and_as_a_plan_pay_the_same_down_the_whole_road(board):
    plan, listed = board
    by_tiers = signed(plan, listed)
    by_plan = paid_by(plan_document(plan), by_tiers)

    assert fit_problems(by_plan, by_plan["scoring_plan"]) == []
    one, other = (statement(each, counted(listed)) for each in (by_tiers, by_plan))

    assert one["lines"] == other["lines"]
    assert one["total"] == other["total"]
    shown = [
        read_indicators(each, scorecard_document(each, counted(listed)))
        for each in (by_tiers, by_plan)
    ]
    for tiers, planned in zip(*shown, strict=True):
        assert (tiers.result, tiers.earned, tiers.not_scored, tiers.tier) == (
            planned.result,
            planned.earned,
            planned.not_scored,
            planned.tier,
        )


@settings(max_examples=examples(12))
@given(boards(), st.data())
def test_what_if_by_such_a_plan_answers_as_by_tiers(board, data):
    plan, listed = board
    by_tiers = signed(plan, listed)
    answers = []
    for each in (by_tiers, paid_by(plan_document(plan), by_tiers)):
        laid = lay_out(each, scorecard_document(each, counted(listed)), Pace(200, 165))
        answers.append(answer_document(laid, answer(laid, {"a": (Fraction(20), Fraction(1, 2))})))

    for one, other in zip(*(each["indicators"] for each in answers), strict=True):
        assert one["what_if"]["earned"] == other["what_if"]["earned"]
        for way, other_way in zip(one["tiers"], other["tiers"], strict=True):
            assert {**way, "earned": "", "more": ""} == {**other_way, "earned": "", "more": ""}
    assert answers[0]["what_if"] == answers[1]["what_if"]


@settings(max_examples=examples(12))
@given(plan_documents(), st.lists(st.integers(0, 40), min_size=4, max_size=4))
def test_any_plan_that_fits_is_scored_shown_and_asked(document, numerators):
    listed = [
        standing(
            terms("1/2", slug=each["slug"], improvement=each["improvement"], minimum_cases=0),
            met(numerator, 40),
        )
        for each, numerator in zip(document["indicators"], numerators, strict=True)
    ]
    agreed = Plan(
        tuple(each.terms for each in listed),
        Money.from_dollars(document["pay"][0]["amount"]),
        "redistribute",
    )
    by_plan = paid_by(document, signed(agreed, listed))
    assert fit_problems(by_plan, document) == []

    card = scorecard_document(by_plan, counted(listed))

    earned = Money.from_dollars(card["score"]["earned"])
    assert Money(0) <= earned <= agreed.pool
    readings = read_indicators(by_plan, card)
    assert sum((each.earned for each in readings), Money(0)) == earned
    assert all(each.points and each.tiers for each in readings)
    assert len(read_domains(card)) == 2
    laid = lay_out(by_plan, card, Pace(200, 165))
    assert laid.now == year_plan_of(by_plan, counted(listed)).score()
    told = answer(laid, {})
    assert (
        told.score.to_document()
        == laid.now.to_document()
        == card["score"] | {"indicators": [each["score"] for each in card["indicators"]]}
    )
    assert read_answer(laid, told).what_if == earned


# --- Small numbers ------------------------------------------------------------------------------


def small_year(rule, *, now, before):
    """One indicator that needs 20 cases; all of the pool at half of them, none below."""
    agreed = standing(terms("1/2", improvement="increase", minimum_cases=20), met(*now))
    plan = Plan((agreed.terms,), Money(100_00), "redistribute")
    document = plan_document(plan)
    document["indicators"][0]["small_numbers"]["rule"] = rule
    by_plan = paid_by(document, signed(plan, [agreed]))
    assert fit_problems(by_plan, document) == []
    prior = {"indicator": met(*before)} if before else {}
    return by_plan, {"indicator": agreed.tally}, prior


@pytest.mark.parametrize(
    ("rule", "now", "before", "compared"),
    [
        ("not_scored", (5, 10), (90, 100), None),
        ("carry_forward", (5, 10), (90, 100), "9/10"),
        ("carry_forward", (10, 20), (90, 100), "1/2"),
        ("carry_forward", (0, 0), (90, 100), "9/10"),
        ("carry_forward", (5, 10), (9, 10), None),
        ("pool", (5, 10), (15, 15), "4/5"),
        ("pool", (5, 10), (1, 1), None),
        ("pool", (5, 10), None, None),
    ],
)
def test_results_on_too_few_cases_take_what_the_plan_says_of_the_year_before(
    rule, now, before, compared
):
    by_plan, tallies, prior = small_year(rule, now=now, before=before)

    document = build(
        tenant="A", terms=by_plan, terms_sha256="", tallies=tallies, slices=(), prior=prior
    )

    (indicator,) = document["result"]["scorecard"]["indicators"]
    assert indicator["score"]["compared"] == compared
    assert recompute(canonical_json(document))
    assert prior_of(document["result"]["scorecard"]) == prior
    if compared == "4/5":  # the year before is one of the inputs: without it the result differs
        without = {**document, "inputs": {**document["inputs"], "prior_tallies": {}}}
        assert not recompute(canonical_json(without))


def test_too_few_cases_are_the_reason_also_where_their_denominator_is_zero():
    agreed = standing(
        terms("1/2", improvement="increase", scoring="ratio", minimum_cases=20),
        observed([Fraction(0)] * 3, Fraction(0)),
    )
    plan = Plan((agreed.terms,), Money(100_00), "redistribute")
    by_tiers = signed(plan, [agreed])

    for each in (by_tiers, paid_by(plan_document(plan), by_tiers)):
        (shown,) = read_indicators(each, scorecard_document(each, counted([agreed])))
        assert shown.not_scored == "Fewer cases than the agreed minimum."


def test_only_what_was_counted_alike_is_taken_from_the_year_before():
    by_plan, tallies, _ = small_year("pool", now=(5, 10), before=None)
    hashed = {**by_plan, "indicators": [by_plan["indicators"][0] | {"definition_sha256": "1"}]}
    other = json.loads(
        json.dumps(hashed).replace('"definition_sha256": "1"', '"definition_sha256": "2"')
    )
    card = scorecard_document(by_plan, tallies)
    asked = asks_for_prior(by_plan)

    assert asked == {"indicator"}
    assert counted_alike(asked, hashed, hashed, card) == tallies
    assert counted_alike(asked, hashed, other, card) == {}
    assert counted_alike(asked, hashed, {**hashed, "scope": "a = 1"}, card) == {}
    assert counted_alike(asked, hashed, {}, card) == {}
    not_asked = small_year("not_scored", now=(5, 10), before=None)[0]
    assert asks_for_prior(not_asked) == asks_for_prior(signed_tiers(by_plan)) == frozenset()


def signed_tiers(by_plan):
    return {name: value for name, value in by_plan.items() if name != "scoring_plan"}


# --- Never more than the pool --------------------------------------------------------------------


@pytest.mark.parametrize(("times", "earned"), [("2", "100.00"), ("-1", "0.00"), ("1/2", "50.00")])
def test_a_plan_pays_nothing_beyond_the_pool_and_nothing_below_zero(times, earned):
    by_plan, tallies, _ = small_year("not_scored", now=(20, 20), before=None)
    by_plan["scoring_plan"]["pay"] = [pool("100.00", "total")]
    by_plan["scoring_plan"]["adjustments"] = [
        {"name": "factor", "to": {"pay": ["incentive"]}, "multiplier": times}
    ]
    assert fit_problems(by_plan, by_plan["scoring_plan"]) == []

    scored = scorecard_document(by_plan, tallies)["score"]

    assert (scored["earned"], scored["pool"]) == (earned, "100.00")
    assert (scored["steps"][-1]["label"] == "Incentive pool") == (times != "1/2")


@pytest.mark.parametrize(
    ("method", "names"),
    [
        ({"kind": "band", "low": "0.2", "high": "0.6"}, ["Target band"]),
        ({"kind": "scale"}, ["Baseline"]),
        ({"kind": "excess", "reference": "0.4"}, ["Reference"]),
        (
            {
                "kind": "percentiles",
                "cutoffs": [
                    {"percentile": "25", "value": "0.3"},
                    {"percentile": "75", "value": "0.6"},
                ],
                "bands": {"tiers": [{"name": "upper", "goal": "50", "earns": "1"}]},
            },
            ["P25", "P75"],
        ),
        (
            {
                "kind": "achievement_improvement",
                "threshold": "0.2",
                "benchmark": "0.8",
                "counts": "improvement",
                "achievement": {"most": "1"},
                "improvement": {"most": "1"},
            },
            ["Threshold", "Benchmark"],
        ),
    ],
)
def test_every_method_has_goals_to_be_shown_with(method, names):
    by_plan, tallies, _ = small_year("not_scored", now=(10, 20), before=None)
    by_plan["scoring_plan"]["indicators"][0]["method"] = method
    assert fit_problems(by_plan, by_plan["scoring_plan"]) == []

    card = scorecard_document(by_plan, tallies)

    (reading,) = read_indicators(by_plan, card)
    assert [tier.name for tier in reading.tiers] == names
    laid = lay_out(by_plan, card, Pace(200, 165))
    (told,) = read_answer(laid, answer(laid, {})).indicators
    assert "cannot be told" in told.no_ways
    assert not told.ways


def test_two_years_are_pooled_only_where_their_counts_add_up():
    agreed = standing(terms("5", scoring="median", minimum_cases=20), observed([1, 2, 3]))
    plan = Plan((agreed.terms,), Money(100_00), "redistribute")
    document = plan_document(plan)
    document["indicators"][0]["small_numbers"]["rule"] = "pool"

    (problem,) = fit_problems(paid_by(document, signed(plan, [agreed])), document)

    assert "counts of two years do not make one median" in str(problem)


@pytest.mark.parametrize(("rounding", "told"), [({"to": "0.001"}, True), ({"to": "0.0005"}, False)])
def test_the_way_to_a_tier_is_told_where_the_printed_decimals_are_compared(rounding, told):
    by_plan, tallies, _ = small_year("not_scored", now=(9, 20), before=None)
    by_plan["scoring_plan"]["indicators"][0]["round_result"] = rounding
    card = scorecard_document(by_plan, tallies)

    (reading,) = read_indicators(by_plan, card)
    laid = lay_out(by_plan, card, Pace(200, 165))
    (asked,) = read_answer(laid, answer(laid, {})).indicators

    takes = "Tier 1 (50.0 %) takes 1 more case in the numerator."
    assert reading.next_tier == (takes if told else "")
    assert ("decimals that are printed" in asked.no_ways) == (not told)
    assert bool(asked.ways) == told
