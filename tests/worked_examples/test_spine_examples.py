"""The worked examples of measuring, scoring and settling, as both parties can read them."""

import tomllib
from pathlib import Path

import pyarrow as pa
import pytest

from adjudication.compensation.settle import settle
from adjudication.compensation.terms import OpinionCaps, PayTerms
from comanage.values import Money, Period, exact_text, fraction_from_text
from indicators.catalogue import standard_definition
from indicators.measure.columns import Column, ColumnType
from indicators.measure.criteria import Evaluator, parse
from indicators.measure.definition import Definition
from indicators.measure.population import Placement, place_all
from indicators.measure.rate import performance_rate
from indicators.measure.tally import COUNTS, Tally
from scorecards.scoring.attainment import compared_value, figure_text, tier_reached
from scorecards.scoring.plan import IndicatorTerms, Plan
from scorecards.scoring.score import score

FOLDER = Path(__file__).parent


def read(name):
    return tomllib.loads((FOLDER / name).read_text("utf-8"))


PLACEMENTS = read("readmission_placements.toml")
YEAR = read("settled_year.toml")
ATTAINMENT = [
    (indicator, result)
    for indicator in read("attainment.toml")["indicator"]
    for result in indicator["results"]
]


@pytest.mark.parametrize("example", PLACEMENTS["example"], ids=lambda example: example["name"])
def test_a_stay_is_placed_as_the_example_says(example):
    definition = standard_definition(PLACEMENTS["indicator"])
    scope = parse(PLACEMENTS["scope"], definition.columns_by_name)
    names = definition.columns_by_name
    stay = pa.table({name: pa.array([example["stay"].get(name)], pa.string()) for name in names})

    placed = place_all(definition, Evaluator(stay), scope)

    assert Placement(placed.placements[0]).name == example["placement"]
    assert bool(placed.missing[0]) is example.get("missing", False)


@pytest.mark.parametrize(("indicator", "example"), ATTAINMENT)
def test_a_result_reaches_the_tier_that_the_example_says(indicator, example):
    terms = IndicatorTerms.from_document(
        {
            **{name: value for name, value in indicator.items() if name not in ("name", "results")},
            "slug": "example",
            "title": "Example",
            "weight": 1,
            "minimum_cases": 0,
        }
    )

    compared = compared_value(terms, fraction_from_text(example["result"]))
    tier = tier_reached(terms, compared)

    assert figure_text(terms, compared) == example["compared"]
    assert (tier.name if tier else "none") == example["tier"]


def scored_as(scoring):
    """Make the least definition that is scored in this way."""
    field = {"proportion": "numerator", "mean": "observation"}[scoring]
    text = {"numerator": "cost > 0", "observation": "cost"}[field]
    cost = Column("cost", ColumnType.DECIMAL)
    return Definition("x", "X", scoring, "increase", "unit", (cost,), **{field: text})


def score_of_the_year():
    plan = Plan.from_document(YEAR["plan"])
    nothing = {**dict.fromkeys(COUNTS, 0), "numerator_sum": "0", "denominator_sum": "0"}
    return score(
        plan,
        {
            terms.slug: performance_rate(
                Tally.from_document({**nothing, **YEAR["tallies"][terms.slug]}),
                scored_as(terms.scoring),
                terms.minimum_cases,
            )
            for terms in plan.indicators
        },
    )


def test_the_year_earns_what_the_pencil_says():
    result = score_of_the_year()

    assert exact_text(result.points) == YEAR["score"]["points"]
    assert result.earned.dollars_text == YEAR["score"]["earned"]


@pytest.mark.parametrize("slug", YEAR["score"]["indicators"])
def test_each_indicator_of_the_year_earns_what_the_pencil_says(slug):
    expected = YEAR["score"]["indicators"][slug]

    found = next(each for each in score_of_the_year().indicators if each.slug == slug)

    assert (found.tier, found.reason) == (expected.get("tier"), expected.get("reason"))
    assert found.available.dollars_text == expected["available"]
    assert found.earned.dollars_text == expected["earned"]


def test_the_year_pays_what_the_pencil_says():
    pay, opinion = YEAR["pay"], YEAR["pay"]["opinion"]
    caps = [Money.from_dollars(opinion[part]) for part in ("fixed", "incentive", "total")]
    terms = PayTerms(
        Period.inclusive(pay["first_day"], pay["last_day"]),
        Money.from_dollars(pay["fixed_fee"]),
        Money.from_dollars(YEAR["plan"]["pool"]),
        OpinionCaps(*caps, Period.inclusive(opinion["first_day"], opinion["last_day"])),
    )

    statement = settle(terms, score_of_the_year())

    paid = {line.component: line.amount.dollars_text for line in statement.lines}
    assert {**paid, "total": statement.total.dollars_text} == YEAR["statement"]
