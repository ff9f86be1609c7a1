"""The worked examples of every way of scoring, through the offline door."""

import csv
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from indicators.catalogue import standard_definitions
from indicators.measure.definition import Definition
from indicators.measure.scoring import Scoring
from tests.unit.offline.conftest import Door

EXAMPLES = {
    path.stem.removeprefix("scoring_"): tomllib.loads(path.read_text("utf-8"))
    for path in sorted(Path(__file__).parent.glob("scoring_*.toml"))
}
STANDS_AT = "stands at"


def drawn(table):
    """Take a drawn table apart: its header, and its rows."""
    header, *rows = (
        [cell.strip() for cell in line.split("|")] for line in table.split("\n") if line
    )
    return header, rows


def measured(example, folder):
    """Measure the cases of an example as a CSV file; return the total and where cases stand."""
    header, rows = drawn(example["cases"]["table"])
    with (folder / "cases.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([header, *rows])
    door = Door(folder)
    stands = folder / "stands.csv"
    total = door.total(example["indicator"], folder / "cases.csv", cases=stands)
    with stands.open(newline="", encoding="utf-8") as stream:
        return total, list(csv.DictReader(stream))


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_case_stands_where_the_example_says(name, tmp_path):
    header, rows = drawn(EXAMPLES[name]["cases"]["table"])
    expected = [row[header.index(STANDS_AT)] for row in rows]

    _, stands = measured(EXAMPLES[name], tmp_path)

    assert [each["placement"].replace("_", " ") for each in stands] == expected


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_result_is_what_the_pencil_says(name, tmp_path):
    total, _ = measured(EXAMPLES[name], tmp_path)

    expected = EXAMPLES[name]["result"]
    assert {field: total[field] for field in expected} == expected


def test_every_way_of_scoring_has_a_worked_example():
    documents = [Definition.from_document(each["indicator"]) for each in EXAMPLES.values()]

    assert {definition.scoring for definition in documents} == set(get_args(Scoring))
    assert {definition.data for definition in documents} == {"cases", "aggregates"}


@pytest.mark.parametrize("definition", standard_definitions(), ids=lambda each: each.slug)
def test_the_deck_of_a_standard_indicator_holds_for_a_file_of_its_cases(definition, tmp_path):
    names = [column.source or column.name for column in definition.columns]
    rows = [
        [example.case.get(column.name) or "?" for column in definition.columns]
        for example in definition.deck
    ]
    with (tmp_path / "cases.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([names, *rows])

    door = Door(tmp_path)
    door.run(
        definition.to_document(), tmp_path / "cases.csv", cases=tmp_path / "s.csv", skip_deck=True
    )

    with (tmp_path / "s.csv").open(newline="", encoding="utf-8") as stream:
        stands = [row["placement"] for row in csv.DictReader(stream)]
    assert stands == [example.expected for example in definition.deck]
