"""Files of another shape, read by a map of their columns, as public programs publish them."""

import pytest

from tests.unit.scoresheets.conftest import indicator, planned

POINTS = {"kind": "achievement_improvement", "threshold": "0.86", "benchmark": "0.88"}
PLAN = planned(
    inputs=[{"name": "base"}],
    absent_results="not_scored",
    small_numbers={"minimum_cases": 25, "rule": "not_scored"},
    total={"kind": "earned_of_available"},
    indicators=[
        indicator(slug=slug, improvement="increase", method=POINTS) for slug in ("ami", "hf")
    ],
    pay=[
        {
            "name": "bonus",
            "kind": "rate",
            "base": {"input": "base"},
            "rate": {"reads": {"total": True}, "times": "0.01", "if_missing": "0"},
        }
    ],
)
WIDE = {
    "organization": "Facility ID",
    "inputs": {"base": "Base Payments"},
    "indicators": {
        "ami": {"value": "AMI Rate", "baseline": "AMI Baseline", "cases": "AMI Cases"},
        "hf": {"value": "HF Rate", "cases": "HF Cases"},
    },
}
WIDE_FILE = """Facility ID,State,Base Payments,AMI Rate,AMI Baseline,AMI Cases,HF Rate,HF Cases
010001,AL,"$1,000.00",0.871000,0.865000,100,Not Available,Not Available
010002,AL,"$2,000.00",0.880000,Not Available,30,0.860000,25
010003,AL,"$3,000.00",N/A,N/A,N/A,N/A,N/A
"""
LONG = {
    "organization": "Facility ID",
    "inputs": {"base": "Base"},
    "indicator": "Measure ID",
    "figures": {"value": "Score", "cases": "Denominator"},
    "names": {"ami": "MORT_30_AMI", "hf": "MORT_30_HF"},
}
LONG_FILE = """Facility ID,Measure ID,Denominator,Score,Base
010001,MORT_30_AMI,100,87.1%,1000
010001,MORT_30_PN,100,Not Available,1000
010001,MORT_30_HF,24,86.0%,1000
"""


def points(rows):
    return [
        (row["organization"], row["name"], row["points"] or row["not_scored"])
        for row in rows
        if row["part"] == "indicator"
    ]


def test_a_row_an_organization_is_read_by_a_map(door):
    rows = door.rows(PLAN, WIDE_FILE, columns=door.put("map.json", WIDE))

    assert points(rows) == [
        ("010001", "ami", "5"),
        ("010001", "hf", "There is no result."),
        ("010002", "ami", "10"),
        ("010002", "hf", "1"),
        ("010003", "ami", "There is no result."),
        ("010003", "hf", "There is no result."),
    ]
    paid = [row["amount"] for row in rows if row["part"] == "pay_total"]
    assert paid == ["500.00", "1100.00", "0.00"]


def test_an_organization_without_any_result_is_not_lost(door):
    plan = planned(indicators=PLAN["indicators"], absent_results="not_scored")
    columns = door.put("map.json", {name: WIDE[name] for name in ("organization", "indicators")})

    rows = door.rows(plan, WIDE_FILE, columns=columns)

    assert points(rows)[4:] == [
        ("010003", "ami", "There is no result."),
        ("010003", "hf", "There is no result."),
    ]


def test_other_headers_and_names_of_indicators_are_read_by_a_map(door):
    rows = door.rows(PLAN, LONG_FILE, columns=door.put("map.json", LONG))

    assert points(rows) == [
        ("010001", "ami", "5"),
        ("010001", "hf", "Fewer cases than the agreed minimum."),
    ]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({}, "map.json: organization: This is needed."),
        ({**WIDE, "inputs": {"bases": "B"}}, "map.json: inputs.bases: There is no such field"),
        ({**WIDE, "indicators": {"pn": {}}}, "map.json: indicators.pn: There is no such field"),
        ({**LONG, "figures": {"rate": "Score"}}, "map.json: figures.rate: There is no such"),
        ({**WIDE, "inputs": {}}, "map.json: inputs: Say which header has “base”, which the plan"),
        ({**WIDE, "organization": "CCN"}, "results.csv has no column “CCN”."),
    ],
)
def test_a_map_that_does_not_fit_is_refused(door, columns, sentence):
    said = door.refusal(PLAN, WIDE_FILE, columns=door.put("map.json", columns))

    assert said[0].startswith(sentence)


def test_a_name_that_no_row_bears_is_said(door):
    names = {"ami": "MORT_30_AMI", "hf": "MORT-30-HF"}

    door.run(PLAN, LONG_FILE, columns=door.put("map.json", {**LONG, "names": names}))

    assert "results.csv: no row is called “MORT-30-HF”." in door.notes


def test_a_fault_is_named_by_its_row(door):
    columns = door.put("map.json", WIDE)

    said = door.refusal(PLAN, WIDE_FILE.replace("0.880000", "high"), columns=columns)

    assert len(said) == 1
    assert said[0].startswith("results.csv, row 3 for “ami”, column “value”: expected an exact")
