"""Edges of methods that the worked examples do not reach."""

import json

import pytest

from tests.unit.scoresheets.conftest import indicator, planned
from tests.worked_examples.test_plan_examples import EXAMPLES

AT = {"kind": "achievement_improvement", "threshold": "0.5", "benchmark": "1"}
TIER = {"name": "t", "goal": "0.5", "earns": "1"}
EDGES = [
    ("a goal that must be passed", {"kind": "steps", "tiers": [{**TIER, "beyond": True}]}, 0.5, 0),
    ("and is", {"kind": "steps", "tiers": [{**TIER, "beyond": True}]}, 0.51, 1),
    ("never above the most", {**AT, "achievement": {"slope": "30"}}, 0.9, 10),
    ("never below zero", {**AT, "achievement": {"plus": "-5"}}, 0.5, 0),
    ("unrounded", {**AT, "round": "none", "achievement": {"slope": "9", "plus": "0"}}, 0.75, 4.5),
    ("both ends of a band are inside", {"kind": "band", "low": "0.5", "high": "1"}, 0.5, 1),
    ("a scale is kept within its ends", {"kind": "scale", "least": "0", "most": "1"}, 1.5, 1),
    ("no excess at the reference", {"kind": "excess", "reference": "0.5"}, 0.5, 0),
]


@pytest.mark.parametrize(("method", "value", "points"), [e[1:] for e in EDGES],
                         ids=[e[0] for e in EDGES])  # fmt: skip
def test_an_edge_earns_what_the_manual_says(door, method, value, points):
    plan = planned(indicators=[indicator(method=method)])
    results = f"organization,indicator,value\nA,on-time,{value}\n"

    assert door.figure(plan, results, "indicator", "points", "on-time") == str(points)


@pytest.mark.parametrize(
    ("how", "rounded"),
    [("half_up", "-1"), ("half_away", "-2"), ("half_even", "-2"), ("down", "-2"), ("up", "-1")],
)
def test_halves_below_zero_are_rounded_as_the_plan_says(door, how, rounded):
    plan = planned(indicators=[indicator(method={"kind": "scale", "round": {"to": 1, "how": how}})])
    results = "organization,indicator,value\nA,on-time,-1.5\n"

    assert door.figure(plan, results, "indicator", "points", "on-time") == rounded


def test_a_base_year_that_did_not_reset_is_refused(door):
    example = EXAMPLES["savings_by_case"]
    header, row = "organization,base_cost,cost,patients,base_patients,year,base_year\n", "A,2,1,1,1"

    said = door.refusal(json.loads(example["plan"]), f"{header}{row},2027,2025\n")

    assert len(said) == 1
    assert said[0].startswith("results.csv, row 2: The base resets every year: for 2027 it is 2026")


@pytest.mark.parametrize(
    ("compare", "total"), [("at_least", "100"), ("at_most", "100"), ("above", "0"), ("below", "0")]
)
def test_a_gate_says_whether_its_limit_opens_it(door, compare, total):
    gate = {"reads": {"indicator": "on-time"}, compare: "0.9"}
    plan = planned(adjustments=[{"name": "gate", "to": {"total": True}, "gate": gate}])
    results = "organization,indicator,value\nA,on-time,0.9\n"

    assert door.figure(plan, results, "total", "score") == total


def test_a_milestone_is_reached_or_not(door):
    plan = planned(indicators=[indicator(method={"kind": "milestone"})])

    said = door.refusal(plan, "organization,indicator,value\nA,on-time,0.5\n")

    assert said == ("results.csv, row 2: A milestone is reached (1) or not (0). Give one of both.",)
