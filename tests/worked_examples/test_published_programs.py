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


@pytest.fixture(scope="module")
def purchasing(tmp_path_factory):
    """The hospitals as published, each with what was found."""
    plan, results, columns = (
        FOLDER / f"hospital_vbp_2024.{end}" for end in ("plan.json", "csv", "columns.json")
    )
    scores = tmp_path_factory.mktemp("scores") / "scores.csv"
    given = {"--plan": plan, "--results": results, "--columns": columns, "--out": scores}
    call_command("score", *(str(each) for pair in given.items() for each in pair), "--wide")
    found = {each["organization"]: each for each in read(scores)}
    figures = json.loads(columns.read_text())["indicators"]
    names = {slug: each["value"] for slug, each in figures.items() if slug != "outcomes"}
    return [(row, found[row["Facility ID"]]) for row in read(results)], names


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


def as_points(score):
    """Read `7 out of 10`, `7`, or nothing."""
    return "" if score == "Not Available" else score.removesuffix(" out of 10")


def number(text):
    return None if text in {"", "Not Available"} else Decimal(text)
