"""Definitions that cannot be used get one clear sentence each, and nothing is written."""

import pytest

from tests.unit.offline.conftest import defined

STAYS = "stay_days,disposition,readmitted\n3,01,Y\n"


@pytest.mark.parametrize(
    ("numerator", "said"),
    [
        ("readmited = true", "There is no column"),
        ("stay_days = 'three'", "text"),
        ("disposition > 3", "text"),
        ("readmitted = 'Y'", "true or false"),
        ("(" * 60 + "readmitted = true" + ")" * 60, "deep"),
        ("readmitted = true or " * 60_000 + "readmitted = true", "10,000"),
        ("__import__('os').system('x') = 1", "__import__"),
        ("disposition = 'it's'", "quote"),
        ("disposition = '", "quote"),
        ("greatest(stay_days, 1) = 1", "greatest"),
        ("stay_days / 0 = 1", "zero"),
        ("stay_days / stay_days = 1", "number"),
        ("disposition like '%1'", "beginning"),
        ("stay_days", "expected"),
        ("", "needs this field"),
    ],
)
def test_a_criterion_that_cannot_be_read_is_refused_in_its_place(door, numerator, said):
    refused = door.refusal(defined(numerator=numerator), door.put("a.csv", STAYS))

    assert len(refused) == 1
    assert refused[0].startswith("definition.json: numerator")
    assert said.lower() in refused[0].lower()
    assert "\n" not in refused[0]
    assert len(refused[0]) < 500


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "definition.json: not JSON at line 1, column 1"),
        ("{", "definition.json: not JSON at line 1, column 2"),
        ("[]", "definition.json: a definition is an object with named fields."),
        ('{"slug": "a", "slug": "b"}', "the field “slug” is written twice"),
        ("[" * 100_000, "definition.json: the file is nested too deeply."),
        ("\udcff", "definition.json: the file is not UTF-8 text."),
    ],
)
def test_a_file_that_is_no_definition_is_refused(door, content, said):
    path = door.put("definition.json", content.encode("utf-8", "surrogateescape"))

    (refused,) = door.refusal(path, door.put("a.csv", STAYS))

    assert said in refused


def test_toml_that_cannot_be_read_is_refused(door):
    path = door.put("definition.toml", "slug = ")

    (refused,) = door.refusal(path, door.put("a.csv", STAYS))

    assert refused.startswith("definition.toml: not TOML: ")


def test_everything_that_is_wrong_is_said_at_once(door):
    definition = defined(slug="Readmission!", scoring="portion", owner="me", multiplier=0)

    refused = door.refusal(definition, door.put("a.csv", STAYS))

    assert len(refused) == 2
    assert any("owner" in said for said in refused)
    assert any("multiplier" in said for said in refused)


def test_a_definition_file_that_is_not_there_is_refused(door):
    assert door.refusal(door.folder / "gone.json", door.put("a.csv", STAYS)) == (
        "gone.json cannot be read: No such file or directory.",
    )


def test_imported_logic_is_never_executed_and_never_guessed(door):
    foreign = [{"language": "CQL", "place": "numerator", "name": "N", "expression": "exists X"}]
    definition = {**defined(foreign=foreign), "numerator": ""}

    (refused,) = door.refusal(definition, door.put("a.csv", STAYS))

    assert "is not executable here" in refused


DECK = [
    {
        "name": "back in time",
        "case": {"stay_days": "3", "readmitted": "true"},
        "expected": "numerator_not_met",
    }
]


def test_an_example_that_fails_stops_the_run_unless_it_is_skipped(door):
    definition = defined(deck=DECK)
    data = door.put("a.csv", STAYS)

    (refused,) = door.refusal(definition, data)
    said = "“back in time” should be “numerator not met” and is “numerator”."
    assert refused == f"definition.json: test deck: {said}"
    assert door.total(definition, data, skip_deck=True)["numerator"] == "1"


def test_two_definitions_of_one_slug_are_refused(door):
    refused = door.refusal([defined(), defined()], door.put("a.csv", STAYS))

    assert refused == ("Two definitions have the slug “readmission”. Give each its own.",)


def test_a_fhir_measure_is_told_apart(door):
    path = door.put("measure.json", '{"resourceType": "Measure"}')

    (refused,) = door.refusal(path, door.put("a.csv", STAYS))

    assert refused.startswith("measure.json is a FHIR Measure, not a definition.")


def test_a_deck_with_a_value_of_another_type_is_refused(door):
    deck = [{"name": "odd", "case": {"stay_days": "three"}, "expected": "numerator"}]

    assert door.refusal(defined(deck=deck), door.put("a.csv", STAYS)) == (
        "definition.json: Example “odd”: column “stay_days” takes a whole number such as 12.",
    )


def test_a_definition_of_many_megabytes_is_refused(door):
    path = door.put("definition.json", b" " * 10_000_001)

    assert door.refusal(path, door.put("a.csv", STAYS)) == (
        "definition.json: a definition has at most 10,000,000 bytes.",
    )
