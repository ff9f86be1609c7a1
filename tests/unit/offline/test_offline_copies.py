"""Cases handed in twice, gaps that look like bad care, and units that a tree lacks."""

import json

import pytest

from tests.unit.offline.conftest import defined

STAYS = "stay_days,disposition,readmitted\n3,01,Y\n2,01,N\n"


def test_a_file_that_is_given_twice_is_refused(door):
    data, copy = door.put("a.csv", STAYS), door.put("copy.csv", STAYS)
    other = door.put("b.csv", STAYS.replace("3", "4"))

    said = "which have the same content. Give each file once."
    assert door.refusal(defined(), data, other, copy) == (
        f"--data names a.csv and copy.csv, {said}",
    )
    assert door.refusal(defined(), data, data) == (f"--data names a.csv and a.csv, {said}",)
    assert door.total(defined(), data, other)["eligible"] == "4"


RETURNED = {
    **defined(),
    "columns": [
        {"name": "patient", "type": "code"},
        {"name": "admitted_on", "type": "date"},
        {"name": "discharged_on", "type": "date"},
    ],
    "initial_population": "",
    "denominator_exclusion": "",
    "numerator": "followed_within(30, patient, discharged_on, admitted_on)",
}
HEADER = "patient,admitted_on,discharged_on,ward\n"
ONE, TWO, THREE = (f"{name},2026-01-05,2026-01-09,A\n" for name in "PQR")


def test_rows_that_repeat_another_are_noted_before_a_look_back(door):
    data = door.put("a.csv", HEADER + ONE + TWO + ONE.replace("A", "B") + ONE + THREE)

    door.run(RETURNED, data)

    (note,) = door.notes
    said = "2 rows repeat another in every column that is read, the first at a.csv, row 4."
    assert note.startswith(f"readmission: {said}")


def test_a_copy_in_another_file_is_named_by_its_own_place(door):
    first, second = door.put("a.csv", HEADER + ONE), door.put("b.csv", HEADER + TWO + ONE)

    door.run(RETURNED, first, second)

    assert "1 row repeats another" in door.notes[0]
    assert "the first at b.csv, row 3." in door.notes[0]


def test_rows_that_differ_and_rows_without_a_look_back_get_no_note(door):
    door.run(RETURNED, door.put("a.csv", HEADER + ONE + TWO + THREE))
    assert door.notes == []

    door.run(defined(), door.put("a.csv", STAYS + "3,01,Y\n"))
    assert door.notes == []


def test_cases_not_met_for_want_of_a_value_are_noted_and_kept_in_json(door):
    data = door.put("a.csv", STAYS + "4,01,\n5,01,N\n6,01,?\n")
    note = "readmission: of 4 cases not met, 2 only because a value is missing (not_known)."

    path = door.run(defined(), data, out="out.json")

    assert door.notes == [note]
    assert json.loads(path.read_text("utf-8"))["warnings"] == [note]


MILESTONE = {
    **defined(),
    "scoring": "milestone",
    "columns": [{"name": "status", "type": "code"}, {"name": "evidence", "type": "code"}],
    "initial_population": "",
    "denominator_exclusion": "",
    "numerator": "status = 'approved'",
    "evidence_column": "evidence",
}


@pytest.mark.parametrize("word", ["N/A", "not available", "None", "***", "?", ""])
def test_a_word_for_missing_is_no_evidence_of_a_milestone(door, word):
    data = door.put("a.csv", f"status,evidence\napproved,{word}\n")

    total = door.total(MILESTONE, data)

    assert (total["rate"], total["not_known"]) == ("0", "1")
    proven = door.put("a.csv", "status,evidence\napproved,Memo 12\n")
    assert door.total(MILESTONE, proven)["rate"] == "1"


def test_a_word_for_missing_stays_a_code_in_a_stratum_and_a_criterion(door):
    data = door.put("a.csv", "status,evidence\nN/A,Memo 12\napproved,N/A\n")
    met = {**MILESTONE, "numerator": "status = 'N/A'"}

    rows = door.rows(met, data, by="evidence")

    assert [row["evidence"] for row in rows] == ["(all)", "Memo 12", "N/A"]
    assert rows[0]["rate"] == "1"


WARDS = "stay_days,disposition,readmitted,ward\n"


def rolled(door, tree, *wards):
    data = door.put("a.csv", WARDS + "".join(f"1,01,Y,{ward}\n" for ward in wards))
    return defined(), data, {"by": "ward", "organization": door.put("tree.csv", tree)}


def test_all_units_that_the_tree_lacks_are_named_at_once(door):
    definition, data, options = rolled(door, "unit,parent\nA,\n", "A", "C", "B")

    assert door.refusal(definition, data, **options) == (
        "The organization has no unit “B”, “C”. Add each, with what it belongs to.",
    )


def test_of_many_units_the_first_twenty_are_named(door):
    wards = [f"W{number:02}" for number in range(23)]
    definition, data, options = rolled(door, "unit,parent\nA,\n", *wards)

    (refused,) = door.refusal(definition, data, **options)

    assert "“W19” and 3 more." in refused
    assert "“W20”" not in refused


def test_units_that_others_belong_to_are_named_at_once_too(door):
    definition, data, options = rolled(door, "unit,parent\nA,North\nB,South\n", "A")

    (refused,) = door.refusal(definition, data, **options)

    assert refused.startswith("tree.csv: The organization has no unit “North”, “South”. Add each")


def test_the_headers_of_a_tree_may_be_spelled_otherwise(door):
    definition, data, options = rolled(door, " Unit ,PARENT\nA,\n", "A")

    assert door.rows(definition, data, **options)[1]["ward"] == "A"
