"""`manage.py score`: what it reads, what it refuses, what it writes."""

import json
from pathlib import Path

import jsonschema
import pytest
from django.core.management import call_command

import scorecards.scoresheets
from scorecards.offline.errors import OfflineError
from scorecards.offline.fitting import UsageError
from scorecards.scoresheets.json_files import read_json
from scorecards.scoresheets.scores_out import COLUMNS
from scorecards.scoring.plans.results import KEYS, NOT_SCORED, NUMBERS
from tests.unit.scoresheets.conftest import indicator, planned

ROOM = Path(scorecards.scoresheets.__file__).parent
MANUAL = (ROOM / "README.md").read_text("utf-8")
EXAMPLES = sorted((ROOM / "examples").iterdir())
INPUT = planned(
    inputs=[{"name": "pool"}],
    pay=[{"name": "pay", "kind": "pool", "amount": {"input": "pool"}, "by": "total"}],
)


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_an_example_gives_the_scores_that_lie_beside_it(folder, tmp_path):
    given = ("--plan", folder / "plan.json", "--results", folder / "results.csv")
    out = tmp_path / "scores.csv"

    call_command("score", *map(str, given), "--out", str(out))

    assert out.read_text("utf-8") == (folder / "scores.csv").read_text("utf-8")


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_json_fits_the_schema_and_says_the_same(folder, tmp_path):
    given = ("--plan", folder / "plan.json", "--results", folder / "results.csv")
    out = tmp_path / "scores.json"

    call_command("score", *map(str, given), "--out", str(out))

    document = json.loads(out.read_text("utf-8"))
    jsonschema.validate(document, json.loads((ROOM / "scores.schema.json").read_text("utf-8")))
    totals = [each["pay_total"] for each in document["organizations"]]
    lines = (folder / "scores.csv").read_text("utf-8").splitlines()
    written = [line.split(",")[10] for line in lines if ",pay_total," in line]
    assert [total for total in totals if total is not None] == written
    assert all(each["steps"] for each in document["organizations"])


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("0.8", "0.5"),
        ("80%", "0.5"),
        ("4/5", "0.5"),
        ("0.79999999999999999999", "0"),
        ("1,000.00", "1"),
        ("9e-01", "1"),
        ("8 / 10", "0.5"),
        ("80% (5)", "0.5"),
        ("0.8*", "0.5"),
        ("0.8 [12]", "0.5"),
        ("(0.9)", "0"),
        ("\N{MINUS SIGN}0.9", "0"),
    ],
)
def test_numbers_are_read_exactly_as_people_write_them(door, text, points):
    results = f'organization,indicator,value\nA,on-time,"{text}"\n'

    assert door.figure(planned(), results, "indicator", "points", "on-time") == points


def test_semicolons_titles_odd_headers_and_a_mark_are_read(door):
    results = "\ufeffResults of 2026\nOrganization;Extra;INDICATOR;Value\nA;x;on-time;0.85\n"

    assert door.figure(planned(), results, "total", "score") == "50"
    assert any("“Extra”" in note for note in door.notes)


def test_json_results_are_read_with_their_numbers_as_written(door):
    results = '{"results": [{"organization": "A", "indicator": "on-time", "value": 0.9}]}'

    rows = door.rows(planned(), results, name="results.json")

    assert rows[0]["exact"] == "1"


@pytest.mark.parametrize(
    "text",
    [
        *("Not Available", "N/A (5)", "---", "**", "No Score", "Too few to report"),
        *("Not enough data available", "Plan too new to be measured", "Suppressed"),
    ],
)
def test_a_withheld_figure_is_missing_and_never_zero(door, text):
    plan = planned(indicators=[indicator(), indicator(slug="other")])
    results = f"organization,indicator,value\nA,on-time,{text}\nA,other,0.95\n"

    rows = door.rows(plan, results)

    assert [row["not_scored"] for row in rows[:2]] == ["Withheld in the file.", ""]
    assert rows[2]["score"] == "100"


REFUSED = [
    ("value\n0.8\n", "results.csv has no column “organization”."),
    ("organization,indicator,value\n", "results.csv has no rows of results."),
    (
        "organization,indicator,value\nA,on-time,good\n",
        "results.csv, row 2, column “value”: expected an exact number",
    ),
    (
        "organization,indicator,value\nA,on-time,no\n",
        "results.csv, row 2, column “value”: expected an exact number",
    ),
    (
        "organization,indicator,value\nA,on-time,0.8 (0.7-0.9)\n",
        "results.csv, row 2, column “value”: expected an exact number",
    ),
    (
        "organization,indicator,value\nA,on-time,\n",
        "results.csv, row 2: there is no result. Give a value, or numerator and denominator",
    ),
    (
        "organization,indicator,numerator\nA,on-time,5\n",
        "results.csv, row 2: there is no result. Give a value, or numerator and denominator",
    ),
    (
        "organization,indicator,value\nA,other,0.8\nA,on-time,0.8\n",
        "results.csv, row 2: the plan has no indicator “other”.",
    ),
    (
        "organization,indicator,value\nA,on-time,0.8\nA,on-time,0.9\n",
        "results.csv, row 3: this organization and indicator are in results.csv, row 2 too.",
    ),
    ("organization,indicator,value\n,on-time,0.8\n", "results.csv, row 2: the organization is"),
    (
        "organization,indicator,value,not_scored\nA,on-time,0.8,late\n",
        "results.csv, row 2: there is a result and a reason why there is none.",
    ),
    (
        "organization,indicator,value,numerator,denominator\nA,on-time,0.8,7,10\n",
        "results.csv, row 2: the value is not the numerator divided by the denominator.",
    ),
    ("organization,indicator,value\nA,on-time,1/0\n", "results.csv, row 2, column “value”:"),
    (
        "organization,indicator,value\nA,on-time,0.8\nA,,0.8\n",
        "results.csv, row 3, column “value”: the row has figures and no indicator. Name it.",
    ),
]
IN_JSON = [
    ({"rows": []}, "results.json: a list of rows is expected, or an object with `results`."),
    ([[]], "results.json, row 1: a row is an object with named fields."),
    (
        [{"organization": "A", "indicator": "on-time", "value": "1", "surname": "x"}],
        "results.json, row 1: there is no field “surname”. Leave it out, or declare it as an input",
    ),
]


@pytest.mark.parametrize(("results", "sentence"), REFUSED)
def test_bad_results_are_refused_with_file_row_and_column(door, results, sentence):
    said = door.refusal(planned(), results)

    assert said[0].startswith(sentence)
    assert "good" not in "".join(said)


@pytest.mark.parametrize(("results", "sentence"), IN_JSON)
def test_bad_json_results_are_refused_with_their_row(door, results, sentence):
    assert door.refusal(planned(), results, name="results.json")[0].startswith(sentence)


def test_a_map_of_columns_is_for_tables(door):
    columns = door.put("columns.json", {"organization": "organization"})

    said = door.refusal(planned(), [], name="results.json", columns=columns)

    assert said[0] == "A map of columns is for tables; leave it out for JSON."


def test_a_document_is_as_large_as_it_may_be(door):
    path = door.put("plan.json", "{}")
    assert read_json(path, 2) == {}

    with pytest.raises(OfflineError, match="larger than 1 bytes"):
        read_json(path, 1)


def test_a_missing_result_is_named_with_its_organization(door):
    plan = planned(indicators=[indicator(), indicator(slug="other")])
    results = "organization,indicator,value\nA,on-time,0.8\n"

    assert door.refusal(plan, results)[0] == (
        "results.csv, row 2: there is no result for “other”. Give it, or a reason in "
        "`not_scored`; or let the plan say `absent_results`: `not_scored`."
    )
    door.run(plan | {"absent_results": "not_scored"}, results)


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("-5", "results.csv, row 2: The pool is -$5.00; it cannot be negative."),
        ("", "results.csv, row 2: The plan needs “pool”, and it is empty."),
    ],
)
def test_inputs_that_cannot_be_are_refused(door, column, sentence):
    results = f"organization,indicator,value,pool\nA,on-time,0.8,{column}\n"

    assert door.refusal(INPUT, results)[0].startswith(sentence)


def test_an_organization_has_one_value_of_an_input(door):
    plan = INPUT | {"indicators": [indicator(), indicator(slug="other")]}
    results = "organization,indicator,value,pool\nA,on-time,0.8,5\nA,other,0.8,6\n"

    assert (
        "this organization has another value in results.csv, row 2"
        in door.refusal(plan, results)[0]
    )


WORDS = INPUT | {"inputs": [{"name": "pool", "words": {"Yes": "100", "-": "7", "No": "0"}}]}


@pytest.mark.parametrize(("cell", "paid"), [("yes", "50.00"), ("-", "3.50"), ("12", "6.00")])
def test_words_stand_for_numbers(door, cell, paid):
    results = f"organization,indicator,value,pool\nA,on-time,0.8,{cell}\n"

    assert door.figure(WORDS, results, "pay_total", "amount") == paid


def test_a_word_that_the_plan_does_not_know_is_refused_with_those_it_knows(door):
    said = door.refusal(WORDS, "organization,indicator,value,pool\nA,on-time,0.8,maybe\n")

    assert said[0].startswith("results.csv, row 2, column “pool”: expected an exact number, such")
    assert said[0].endswith(", or a word that the plan knows: yes, -, no.")


@pytest.mark.parametrize("mark", ["-", "*", ".", "No Score", "N/A (5)", "#N/A"])
def test_marks_of_public_files_are_missing(door, mark):
    plan = planned(indicators=[indicator(), indicator(slug="other")])

    rows = door.rows(plan, f"organization,indicator,value\nA,on-time,{mark}\nA,other,1\n")

    assert rows[0]["not_scored"] == "Withheld in the file."


def test_cases_are_needed_where_the_plan_has_a_minimum(door):
    plan = planned(small_numbers={"minimum_cases": 20, "rule": "not_scored"})

    said = door.refusal(plan, "organization,indicator,value\nA,on-time,0.8\n")

    assert "The plan needs at least 20 cases, and `cases` is empty." in said[0]


def test_many_faults_are_counted(door):
    rows = "".join(f"A{n},on-time,bad\n" for n in range(50))

    said = door.refusal(planned(), "organization,indicator,value\n" + rows)

    assert len(said) == 21
    assert said[-1] == "results.csv: 30 more faults."


def test_one_row_an_organization_if_asked(door):
    results = "organization,indicator,value,pool\n=A,on-time,0.8,10\nB,on-time,0.1,10\n"

    rows = door.rows(INPUT, results, wide=True)

    assert [row["organization"] for row in rows] == ["'=A", "B"]
    assert [row["pay total"] for row in rows] == ["5.00", "0.00"]


def test_a_row_has_the_columns_of_all_organizations(door):
    plan = {**INPUT, "absent_results": "not_scored"}
    results = "organization,indicator,value,pool\nA,on-time,N/A,10\nB,on-time,0.9,10\n"

    first, second = door.rows(plan, results, wide=True)

    assert (first["pay total"], second["pay total"]) == ("", "10.00")
    assert [row[name] for row in (first, second) for name in row if name.endswith("share")] == [
        "", "1",
    ]  # fmt: skip


def test_options_that_do_not_fit_are_refused(door, capsys):
    results = "organization,indicator,value\nA,on-time,0.8\n"
    for options in ({"out": "out.txt"}, {"out": "plan.json"}, {"out": "o.json", "wide": True}):
        with pytest.raises(UsageError):
            door.run(planned(), results, **options)

    given = ["--plan", str(door.folder / "plan.json"), "--results", str(door.folder / "none.csv")]
    for out, code in (("-", 1), ("x.txt", 2)):
        with pytest.raises(SystemExit) as ended:
            call_command("score", *given, "--out", out)
        assert ended.value.code == code
    assert "none.csv cannot be read" in capsys.readouterr().err


def test_the_manual_explains_every_column_option_and_field():
    schema = json.loads((ROOM.parent / "scoring/plans/plan.schema.json").read_text("utf-8"))
    options = ("--plan", "--results", "--columns", "--out", "--wide", "--without-steps", "--format")
    kinds = [each["properties"]["kind"]["const"]
             for each in (*schema["$defs"]["single_method"]["oneOf"],
                          *schema["$defs"]["method"]["anyOf"][1:],
                          *schema["properties"]["pay"]["items"]["oneOf"])]  # fmt: skip
    names = (*KEYS, *NUMBERS, NOT_SCORED, *COLUMNS, *options, *schema["properties"], *kinds)
    assert [name for name in names if f"`{name}" not in MANUAL] == []
