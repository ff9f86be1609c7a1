"""The worked examples of scoring plans, through the offline door."""

import csv
import json
import tomllib
from pathlib import Path

import pytest

from scorecards.scoresheets.run import run, score_options
from scorecards.scoring.plans.reading_methods import _READERS as METHODS
from scorecards.scoring.plans.reading_pay import _PARTS_OF_PAY as PAY

EXAMPLES = {
    path.stem.removeprefix("plan_"): tomllib.loads(path.read_text("utf-8"))
    for path in sorted(Path(__file__).parent.glob("plan_*.toml"))
}


def drawn(table):
    """Take a drawn table apart, a dictionary for each line."""
    header, *rows = (
        [cell.strip() for cell in line.split("|")] for line in table.split("\n") if line
    )
    return [dict(zip(header, row, strict=True)) for row in rows]


def scored(example, folder):
    """Score an example as files; return the rows of the CSV."""
    results = drawn(example["results"])
    (folder / "plan.json").write_text(example["plan"], "utf-8")
    with (folder / "results.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, results[0])
        writer.writeheader()
        writer.writerows(results)
    given = {"plan": folder / "plan.json", "results": folder / "results.csv", "columns": None}
    options = {"out": str(folder / "out.csv"), "format": "", "wide": False, "without_steps": False}
    run(score_options({**given, **options}), lambda note: None, print)
    with (folder / "out.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_plan_scores_what_the_pencil_says(name, tmp_path):
    example = EXAMPLES[name]
    expected = drawn(example["scores"])

    rows = {
        (row["organization"], row["part"], row["name"]): row for row in scored(example, tmp_path)
    }

    found = [
        {**each, "figure": rows[each["organization"], each["part"], each["name"]][each["column"]]}
        for each in expected
    ]
    assert found == expected


def test_every_method_and_part_of_pay_has_a_worked_example():
    plans = [json.loads(example["plan"]) for example in EXAMPLES.values()]
    room = Path(__file__).parents[2] / "scorecards" / "scoresheets" / "examples"
    plans += [json.loads(path.read_text("utf-8")) for path in room.glob("*/plan.json")]

    methods = {each["method"]["kind"] for plan in plans for each in plan.get("indicators", ())}
    assert methods == set(METHODS)
    assert {part["kind"] for plan in plans for part in plan.get("pay", ())} == set(PAY)


def test_every_example_names_its_source():
    assert all(example["source"] for example in EXAMPLES.values())
