"""Programs whose results are public: `manage.py score` comes to what was published."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

FOLDER = Path(__file__).parents[1] / "files" / "published"
DOMAINS = {
    "outcomes": "Unweighted Normalized Clinical Outcomes Domain Score",
    "experience": "Unweighted Person And Community Engagement Domain Score",
    "safety": "Unweighted Normalized Safety Domain Score",
    "efficiency": "Unweighted Normalized Efficiency And Cost Reduction Domain Score",
}


def read(file):
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def scored(program, organization, folder):
    """Score a program's file; pair each row as published with what was found."""
    plan, results, columns = (
        FOLDER / f"{program}.{end}" for end in ("plan.json", "csv", "columns.json")
    )
    scores = folder / f"{program}.csv"
    given = {"--plan": plan, "--results": results, "--columns": columns, "--out": scores}
    call_command("score", *(str(each) for pair in given.items() for each in pair), "--wide")
    found = {each["organization"]: each for each in read(scores)}
    return [(row, found[row[organization]]) for row in read(results)]


@pytest.fixture(scope="module")
def purchasing(tmp_path_factory):
    """The hospitals as published, each with what was found; and what each rate is called."""
    pairs = scored("hospital_vbp_2024", "Facility ID", tmp_path_factory.mktemp("scores"))
    columns = json.loads((FOLDER / "hospital_vbp_2024.columns.json").read_text())
    figures = columns["indicators"].items()
    return pairs, {slug: each["value"] for slug, each in figures if slug != "outcomes"}


def test_points_of_every_measure_of_fiscal_year_2024_are_those_published(purchasing):
    pairs, names = purchasing
    published = {
        slug: name.replace("Performance Rate", "Measure Score") for slug, name in names.items()
    }
    checked = 0
    for row, found in pairs:
        for slug, name in published.items():
            score = row.get(name) or row[name.replace("Measure", "Dimension")]
            assert found[f"points {slug}"] == as_points(score), (row["Facility ID"], slug)
            checked += 1
    assert checked == 15 * 14


def test_domains_and_totals_of_fiscal_year_2024_are_those_published(purchasing):
    pairs, _ = purchasing
    for row, found in pairs:
        for slug, name in DOMAINS.items():
            assert number(found[f"domain {slug}"]) == number(row[name]), (row["Facility ID"], slug)
        assert number(found["total"]) == number(row["Total Performance Score"])
    assert sum(not found["domain safety"] for _, found in pairs) == 4  # too few measures


def test_shared_savings_of_2022_are_those_published(tmp_path):
    pairs = scored("shared_savings_2022", "ACO_ID", tmp_path)

    for row, found in pairs:
        published, earned = (
            Decimal(each) for each in (row["EarnSaveLoss"], found["pay shared-savings"])
        )
        # Benchmark and spending are published without their cents.
        assert abs(published - earned) <= 1, row["ACO_ID"]
        share = Decimal(row["FinalShareRate"].rstrip("%")) / 100
        assert Decimal(found["pay shared-savings share_rate"]) == share
    assert sum(row["EarnSaveLoss"] == "0" for row, _ in pairs) == 2  # short of the minimum rate


def test_shared_savings_and_minimum_rates_of_2018_are_those_published(tmp_path):
    pairs = scored("shared_savings_2018", "ACO_ID", tmp_path)

    for row, found in pairs:
        published, earned = (
            Decimal(each) for each in (row["EarnSaveLoss"], found["pay shared-savings"])
        )
        # The share rate is published with four decimals: half of the last is what is not known.
        unknown = Decimal(row["GenSaveLoss"]) * Decimal("0.00005") + 1
        assert abs(published - earned) <= unknown, row["ACO_ID"]
        if row["Current_Track_1"] == "1":
            rate = round(Decimal(found["pay shared-savings minimum_rate"]), 9)
            if Decimal(row["N_AB"]) < 60_000:
                assert rate == Decimal(row["MinSavPerc"]), row["ACO_ID"]
    assert sum(row["Current_Track_1"] == "1" for row, _ in pairs) == 10


def test_conditions_scores_of_fiscal_year_2024_are_those_published(tmp_path):
    for row, found in scored("conditions_2024", "Facility ID", tmp_path):
        published = row["Total HAC Score"].replace("N/A", "")
        assert number(found["total"]) == number(published), row["Facility ID"]


def as_points(score):
    """Read `7 out of 10`, `7`, or nothing."""
    return "" if score == "Not Available" else score.removesuffix(" out of 10")


def number(text):
    return None if text in {"", "Not Available"} else Decimal(text)
