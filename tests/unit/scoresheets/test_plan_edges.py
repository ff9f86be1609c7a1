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


SAVED = {"name": "s", "kind": "savings", "benchmark": "100", "actual": {"input": "actual"}}
CORRIDORS = [{"above": "5%", "share": "50%"}, {"above": {"input": "second"}, "share": "10%"}]


def saved(**more):
    return {"title": "x", "inputs": [{"name": "actual"}, {"name": "second", "default": "20%"}],
            "pay": [{**SAVED, **more}]}  # fmt: skip


@pytest.mark.parametrize(
    ("actual", "amount"),
    [(100, "0.00"), (95, "0.00"), (85, "5.00"), (80, "7.50"), (0, "15.50"), (120, "0.00")],
)
def test_a_corridor_passes_on_its_slice(door, actual, amount):
    results = f"organization,actual\nA,{actual}\n"

    assert door.figure(saved(corridors=CORRIDORS), results, "pay_total", "amount") == amount


def test_corridors_that_come_with_the_results_rise(door):
    said = door.refusal(saved(corridors=CORRIDORS), "organization,actual,second\nA,50,5%\n")

    assert said == (
        "results.csv, row 2: Corridors rise: each begins above the one before. Mend them.",
    )


@pytest.mark.parametrize(("actual", "amount"), [(90, "5.00"), (110, "-20.00")])
def test_what_is_only_of_pay_leaves_what_is_owed(door, actual, amount):
    halved = {"name": "half", "to": {"pay": ["s"]}, "only": "paid", "multiplier": "0.5"}
    doubled = {"name": "double", "to": {"pay": ["s"]}, "only": "owed", "multiplier": "2"}
    plan = saved(share_rate="1", losses={"rate": "1"}) | {"adjustments": [halved, doubled]}

    assert door.figure(plan, f"organization,actual\nA,{actual}\n", "pay_total", "amount") == amount


def test_a_change_needs_a_baseline_other_than_zero(door):
    method = {"kind": "change", "of": "relative", "tiers": [TIER]}
    plan = planned(indicators=[indicator(method=method)])

    said = door.refusal(plan, "organization,indicator,value,baseline\nA,on-time,0.5,0\n")

    assert said[0].startswith("results.csv, row 2: There is no baseline to change from, or it is")


@pytest.mark.parametrize(
    ("weights", "total"), [(("30", "10"), "75"), (("0", "1"), "0"), (("0", "0"), "")]
)
def test_weights_may_come_with_each_organization(door, weights, total):
    each = indicator(weight={"input": "weight"})
    plan = planned(
        indicators=[each, indicator(slug="other", weight={"input": "other_weight"})],
        inputs=[{"name": "weight"}, {"name": "other_weight"}],
    )
    rows = f"A,on-time,0.9,{weights[0]},{weights[1]}\nA,other,0,,\n"
    header = "organization,indicator,value,weight,other_weight\n"

    assert door.figure(plan, header + rows, "total", "score") == total


def test_a_negative_weight_is_refused(door):
    plan = planned(indicators=[indicator(weight={"input": "w"})], inputs=[{"name": "w"}])

    said = door.refusal(plan, "organization,indicator,value,w\nA,on-time,0.9,-1\n")

    assert said == ("results.csv, row 2: The weight “w” is -1; it cannot be negative.",)


def grouped(**more):
    mean = {"name": "mean", "kind": "mean", "of": {"indicator": "on-time"}, "by": "group"}
    method = {"kind": "excess", "reference": {"input": "mean"}}
    return planned(
        indicators=[indicator(method=method)], inputs=[{"name": "group"}], across=[mean | more]
    )


def test_a_number_of_a_group_needs_the_group(door):
    said = door.refusal(grouped(), "organization,indicator,value,group\nA,on-time,0.9,\n")

    assert said[0] == "results.csv, row 2: The plan needs “group”, and it is empty. Give it."


def test_one_organization_alone_has_no_deviation(door):
    said = door.refusal(
        grouped(kind="standard_deviation"), "organization,indicator,value,group\nA,on-time,0.9,1\n"
    )

    assert said == ("“mean”: one organization alone has no standard deviation.",)


@pytest.mark.parametrize(("value", "points"), [("-100000", "0"), ("0", "0.5"), ("100000", "1")])
def test_a_logistic_curve_is_found_far_from_its_middle(door, value, points):
    curve = {"middle": "0", "steepness": "1"}
    follows = {"reads": {"total": True}, "logistic": curve}
    plan = planned(
        indicators=[indicator(method={"kind": "scale"})],
        total={"kind": "sum"},
        adjustments=[{"name": "s", "to": {"total": True}, "becomes": follows}],
    )

    results = f"organization,indicator,value\nA,on-time,{value}\n"
    assert door.figure(plan, results, "total", "score") == points


def test_a_total_may_be_said_for_those_with_too_little_to_score(door):
    doubled = {
        "name": "up",
        "to": {"total": True},
        "becomes": {"reads": {"total": True}, "plus": 1},
    }
    plan = planned(
        total={"kind": "sum", "if_missing": "5"},
        adjustments=[doubled],
        absent_results="not_scored",
    )

    rows = door.rows(plan, "organization,indicator,value\nA,on-time,N/A\n")

    total = next(row for row in rows if row["part"] == "total")
    assert (total["score"], total["not_scored"]) == ("6", "")


def test_a_pool_by_indicator_is_not_split_where_nothing_is_scored(door):
    pool = {"name": "pool", "kind": "pool", "amount": "100.00", "by": "indicator"}
    domain = {"slug": "a", "title": "A", "score": "weighted_mean"}
    plan = planned(
        domains=[domain],
        indicators=[indicator(domain="a")],
        missing={"indicators": "redistribute", "domains": "redistribute"},
        total={"if_missing": "0"},
        absent_results="not_scored",
        pay=[pool],
    )

    rows = door.rows(plan, "organization,indicator,value\nA,on-time,N/A\n")

    assert rows[-1]["part"] == "pay"
    assert rows[-1]["not_scored"] == "The score it follows is not there."


def test_a_milestone_is_reached_or_not(door):
    plan = planned(indicators=[indicator(method={"kind": "milestone"})])

    said = door.refusal(plan, "organization,indicator,value\nA,on-time,0.5\n")

    assert said == ("results.csv, row 2: A milestone is reached (1) or not (0). Give one of both.",)


NESTED = {"reads": {"total": True}}
for _ in range(8):
    NESTED = {"reads": {"total": True}, "plus": NESTED}
FACTORS = [
    ({"reads": {"total": True}, "unit": {"input": "a"}}, "“Total” is counted by a unit of zero."),
    ({"reads": {"input": "b"}}, "The plan needs “b”, and it is empty. Give it."),
    (
        {"reads": {"total": True}, "least": {"reads": {"indicator": "other", "as": "points"}}},
        "“sum” follows a figure that is not scored. Say in the plan what it is then (if_missing).",
    ),
]


@pytest.mark.parametrize(("factor", "sentence"), FACTORS)
def test_a_factor_without_a_figure_says_so_or_what_it_is_then(door, factor, sentence):
    inputs = [{"name": "a"}, {"name": "b"}]
    results = "organization,indicator,value,a,b\nA,on-time,1,0,\nA,other,N/A,,\n"

    def plan(becomes):
        change = {"name": "sum", "to": {"total": True}, "becomes": becomes}
        both = [indicator(), indicator(slug="other")]
        return planned(inputs=inputs, indicators=both, adjustments=[change])

    said = door.refusal(plan(factor), results)
    total = door.figure(plan({**factor, "if_missing": "7"}), results, "total", "score")

    assert [each.partition("row 2: ")[2][: len(sentence)] for each in said] == [sentence]
    assert total == "7"


def test_factors_lie_within_each_other_up_to_a_depth(door):
    change = {"name": "sum", "to": {"total": True}, "becomes": NESTED}

    said = door.refusal(
        planned(adjustments=[change]), "organization,indicator,value\nA,on-time,1\n"
    )

    place = f"plan.json: adjustments[0].becomes{'.plus' * 8}"
    assert said == (f"{place}: Factors lie within each other at most 8 deep.",)


@pytest.mark.parametrize(
    ("kind", "figure"), [("sum", "2.5"), ("mean", "1.25"), ("highest", "2"), ("lowest", "0.5")]
)
def test_a_figure_is_made_of_several_that_are_scored(door, kind, figure):
    points = [
        {"reads": {"indicator": slug, "as": "points"}, "times": times}
        for slug, times in (("on-time", "0.5"), ("also", "2"), ("other", "7"))
    ]
    several = {"reads": {kind: points}}
    none = {"name": "none", "kind": "sum", "of": {**several, "reads": {kind: points[2:]}}}
    plan = planned(
        indicators=[indicator(), indicator(slug="also"), indicator(slug="other")],
        adjustments=[{"name": "made", "to": {"total": True}, "becomes": several}],
        across=[{"name": "all", "kind": "sum", "of": several}],
    )
    results = "organization,indicator,value\nA,on-time,1\nA,also,1\nA,other,N/A\n"

    rows = {(row["part"], row["name"]): row for row in door.rows(plan, results)}

    assert rows["total", ""]["score"] == rows["across", "all"]["value"] == figure
    assert door.refusal({**plan, "across": [none]}, results, out="none.csv") == (
        "“none”: no organization has a figure to find it from.",
    )


def test_a_figure_of_several_lies_within_others_up_to_a_depth(door):
    nested = {"reads": {"total": True}}
    for _ in range(9):
        nested = {"reads": {"sum": [nested]}}
    plan = planned(adjustments=[{"name": "made", "to": {"total": True}, "becomes": nested}])

    said = door.refusal(plan, "organization,indicator,value\nA,on-time,1\n")

    assert len(said) == 1
    assert said[0].endswith("Factors lie within each other at most 8 deep.")
