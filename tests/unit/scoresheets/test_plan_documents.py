"""Plan documents: good ones are read, misshapen ones refused by the program and the schema."""

import json
from pathlib import Path

import jsonschema
import pytest

import scorecards.scoresheets
import scorecards.scoring.plans
from scorecards.scoring.plans.reading import read_plan
from tests.unit.scoresheets.conftest import TIERS, indicator, planned
from tests.unit.scoresheets.plans import (
    BEST_OF,
    CHANGE,
    FLAT,
    POOL,
    RESETS,
    WITH_INPUTS,
    adjusted,
    combined,
    in_domains,
    saved,
    sentences,
    steps,
    without,
)
from tests.worked_examples.test_plan_examples import EXAMPLES

SCHEMA = json.loads(
    (Path(scorecards.scoring.plans.__file__).parent / "plan.schema.json").read_text("utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
ROOM = Path(scorecards.scoresheets.__file__).parent
GOOD = [
    planned(),
    in_domains(),
    planned(pay=[POOL]),
    planned(pay=[{**POOL, "amount": "0"}]),
    planned(indicators=[], pay=[FLAT]),
    WITH_INPUTS,
    adjusted({"cap": {"most": "50"}}),
    adjusted({"gate": {"reads": {"domain": "a"}, "at_least": 50}}),
    *(json.loads(example["plan"]) for example in EXAMPLES.values()),
    *(json.loads(path.read_text("utf-8")) for path in ROOM.glob("examples/*/plan.json")),
]
# What the shape alone tells; the schema refuses it too.
MISSHAPEN = [
    (
        planned(
            adjustments=[{"name": "s", "to": {"total": True}, "becomes": {"reads": {"sum": []}}}]
        ),
        "adjustments[0].becomes.reads.sum: There is nothing to make a figure of.",
    ),
    ({}, "title: This is needed."),
    (planned(pool="100"), "pool: There is no such field here."),
    (planned(schema="other/2"), "schema: This program reads plans of the schema"),
    (without("missing") | {"missing": {}}, "missing.indicators: This is needed."),
    (
        planned(small_numbers={"minimum_cases": 20}),
        "small_numbers.rule: This is needed.",
    ),
    (
        planned(small_numbers={"minimum_cases": -1, "rule": "pool"}),
        "small_numbers.minimum_cases: This field takes a whole number, zero or more.",
    ),
    (
        planned(indicators=[indicator(slug="On Time")]),
        "indicators[0].slug: A short name has small letters, digits and single hyphens.",
    ),
    (
        planned(indicators=[indicator(improvement="up")]),
        "indicators[0].improvement: This field takes one of: increase, decrease.",
    ),
    (
        planned(indicators=[steps({**TIERS[0], "goal": "1e3x"})]),
        "indicators[0].method.tiers[0].goal: This field takes an exact number, such as",
    ),
    (
        planned(indicators=[indicator(method={"kind": "magic"})]),
        "indicators[0].method.kind: This field takes one of: steps, line,",
    ),
    (planned(pay=[{**POOL, "by": "referrals"}]), "pay[0].by: This field takes one of:"),
    (
        planned(indicators=[indicator(method={"kind": "best_of", "methods": [BEST_OF]})]),
        "indicators[0].method.methods[0].kind: Methods are named side by side",
    ),
    (
        planned(indicators=[indicator(method={**CHANGE, "of": "gap"})]),
        "indicators[0].method.goal: This is needed.",
    ),
    (
        planned(indicators=[indicator(method={**CHANGE, "goal": "1"})]),
        "indicators[0].method.goal: There is no such field here.",
    ),
    (planned(pay=[saved()]), "pay[0].share_rate: This is needed."),
    (planned(inputs=[{"name": "x", "words": {"Yes": "y"}}]), "inputs[0].words.Yes: This field"),
    (adjusted({}), "adjustments[0]: An adjustment does exactly one thing"),
    (
        adjusted({"gate": {"reads": {"domain": "a"}, "at_least": 1, "below": 2}}),
        "adjustments[0].gate: A gate compares in exactly one way: at_least, at_most, above, below.",
    ),
    (
        adjusted({"cap": {"most": "1"}}, to={"total": True, "pay": ["x"]}),
        "adjustments[0].to: Name exactly one of: indicators, domains, total, pay.",
    ),
    (adjusted({"cap": {}}), "adjustments[0].cap: A cap has a most, a least, or both."),
    (
        planned(indicators=[steps({**TIERS[0], "beyond": "yes"})]),
        "indicators[0].method.tiers[0].beyond: This field takes true or false.",
    ),
    (combined(), "indicators[0].method.of: This field takes a list of names."),
    (
        planned(
            pay=[
                {
                    "name": "s",
                    "kind": "savings",
                    "share_rate": "1",
                    "per_case": {**RESETS, "year": "1"},
                }
            ]
        ),
        "pay[0].per_case.base_year: A base that resets has both: year and base_year.",
    ),
    (
        adjusted({"gate": {"reads": {}, "at_least": 1}}),
        "adjustments[0].gate.reads: Name exactly one figure",
    ),
]


@pytest.mark.parametrize("document", GOOD, ids=lambda document: document["title"])
def test_a_good_plan_is_read_and_fits_the_schema(document):
    read_plan(document)
    VALIDATOR.validate(document)


@pytest.mark.parametrize(("document", "sentence"), MISSHAPEN)
def test_a_misshapen_plan_is_refused_by_program_and_schema(document, sentence):
    assert any(found.startswith(sentence) for found in sentences(document)), sentences(document)
    assert not VALIDATOR.is_valid(document)


def test_everything_that_is_wrong_is_said_at_once():
    wrong = planned(title="", indicators=[indicator(improvement="up", weight="x")])

    assert len(sentences(wrong)) == 3


@pytest.mark.parametrize("document", [None, [], "x", 1, {"indicators": 5}, {"pay": [[]]}])
def test_a_document_that_is_no_plan_is_refused(document):
    assert sentences(document)
