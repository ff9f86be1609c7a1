"""The offline door: files in, one file out, or one sentence and an exit code."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.management import CommandError, call_command

from comanage.values.period import Period
from indicators.catalogue import FOLDER, standard_definition
from indicators.exchange.errors import ExchangeError
from indicators.exchange.exports import read_definition, read_results
from indicators.exchange.json_text import parse_json

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
PERIOD = ("--period", "2026-01-01", "2026-12-31")
ROW = {
    "definition": "readmission-30-day",
    "grain": "year",
    "start": "2026-01-01",
    "end": "2027-01-01",
    "strata": {"campus": "(all)"},
    "initial_population": 200,
    "denominator": 200,
    "denominator_exclusions": 20,
    "denominator_exceptions": 0,
    "numerator": 18,
    "numerator_exclusions": 0,
    "observations": 0,
    "numerator_exact": "18",
    "denominator_exact": "180",
    "rate": "1/10",
    "not_scored": None,
}


@pytest.fixture
def definition_file(tmp_path):
    path = tmp_path / "definition.json"
    path.write_text(json.dumps(standard_definition("readmission-30-day").to_document()))
    return path


@pytest.fixture
def results_file(tmp_path):
    path = tmp_path / "results.json"
    other = ROW | {"definition": "another"}
    part = ROW | {"strata": {"campus": "East"}, "rate": None, "not_scored": "too_few_cases"}
    path.write_text(json.dumps({"results": [ROW, other, part]}))
    return path


def test_import_writes_one_documented_file(tmp_path, files):
    out = tmp_path / "out.json"

    call_command("fhir", "import", files / "report-individual-1.json", "--out", out)

    assert json.loads(out.read_text())["schema"] == "comanage.fhir-import/1"


def test_without_a_file_to_write_the_result_is_on_the_screen(files, capsys):
    call_command("fhir", "import", files / "report-individual-1.json")

    assert json.loads(capsys.readouterr().out)["reports"][0]["groups"][0]["rate"] == "1/2"


def test_a_refusal_is_one_sentence_and_nothing_is_written(tmp_path, files):
    out = tmp_path / "out.json"

    with pytest.raises(CommandError, match=r"^bundle-composite\.json: The measure .* composite"):
        call_command("fhir", "import", files / "bundle-composite.json", "--out", out)

    assert not out.exists()


def test_a_place_that_cannot_be_written_is_said(tmp_path, files):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("fhir", "import", files / "report-individual-1.json", "--out", tmp_path)


def test_reports_are_held_against_a_measure_and_added_up(files, capsys):
    call_command(
        *("fhir", "import", files / "report-individual-1.json"),
        *(files / "report-individual-2.json", "--sum"),
    )

    assert json.loads(capsys.readouterr().out)["sum"]["made_of"] == 2


def test_a_definition_is_exported_and_its_report_names_it(
    tmp_path, definition_file, results_file, accepted_by_outsiders
):
    measure, report = tmp_path / "measure.json", tmp_path / "report.json"

    call_command(
        *("fhir", "export", "measure", "--definition", definition_file, *PERIOD),
        *("--date", "2026-01-01", "--out", measure),
    )
    call_command(
        *("fhir", "export", "report", "--definition", definition_file, *PERIOD),
        *("--results", results_file, "--reporter", "Mercy Hospital", "--out", report),
    )

    sent, stated = parse_json(measure.read_text()), parse_json(report.read_text())
    accepted_by_outsiders(sent)
    accepted_by_outsiders(stated)
    assert stated["measure"] == f"{sent['url']}|{sent['version']}"
    assert stated["group"][0]["measureScore"] == {"value": Decimal("0.1")}
    (stratum,) = stated["group"][0]["stratifier"][0]["stratum"]
    assert stratum["measureScore"]["extension"][0]["valueCode"] == "masked"


def test_a_settlement_is_exported(tmp_path, files):
    out = tmp_path / "out.json"

    call_command(
        "fhir", "export", "settlement", "--settlement", files / "settlement.json", "--out", out
    )

    assert json.loads(out.read_text())["resourceType"] == "Bundle"


def test_a_report_needs_its_period(definition_file, results_file):
    with pytest.raises(CommandError, match="--period"):
        call_command(
            *("fhir", "export", "report", "--definition", definition_file),
            *("--results", results_file),
        )


def test_a_period_the_wrong_way_round_is_refused(definition_file):
    with pytest.raises(CommandError, match="before the first day"):
        call_command(
            *("fhir", "export", "measure", "--definition", definition_file),
            *("--period", "2026-12-31", "2026-01-01"),
        )


def test_a_definition_comes_from_a_catalogue_file_too():
    assert read_definition(FOLDER / "readmission-30-day.toml").slug == "readmission-30-day"


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "not JSON"), ("[]", "one object"), ('{"slug": "x"}', "This is needed")],
)
def test_what_is_no_definition_is_said(tmp_path, text, said):
    path = tmp_path / "d.json"
    path.write_text(text)

    with pytest.raises(ExchangeError, match=rf"^d\.json: This is not a definition\. .*{said}"):
        read_definition(path)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"results": []}, "no row of this indicator"),
        ({"results": [ROW, ROW]}, "There are 2 totals"),
        ({"other": 1}, "These are no results"),
        ({"results": [ROW | {"numerator": "18"}]}, "whole numbers"),
        ({"results": [ROW | {"rate": "high"}]}, "not a number"),
        (
            {"results": [ROW | {"start": "2025-01-01"}]},
            "no row of 1 Jan 2026 to 31 Dec 2026; there are: 1 Jan 2025 to 31 Dec 2026",
        ),
        (
            {"results": [ROW | {"start": None, "end": None, "grain": "period", "period": "W1"}]},
            "“W1”",
        ),
        ({"results": [ROW | {"start": "soon"}]}, "are days such as"),
        ({"results": [ROW], "definitions": {}}, "Under “definitions” a list"),
        ({"results": [ROW | {"strata": {"campus": "East"}}]}, "There are 0 totals"),
        ({"results": [ROW | {"strata": "campus"}]}, "columns with their values"),
    ],
)
def test_results_that_do_not_fit_are_said(tmp_path, document, said):
    path = tmp_path / "r.json"
    path.write_text(json.dumps(document))

    with pytest.raises(ExchangeError, match=said):
        read_results(path, standard_definition("readmission-30-day"), YEAR)


def test_sums_of_results_are_exact(tmp_path):
    path = tmp_path / "r.json"
    path.write_text(json.dumps({"results": [ROW | {"numerator_exact": "53/660"}]}))

    measured = read_results(path, standard_definition("readmission-30-day"), YEAR)

    assert measured.total.above == Fraction(53, 660)


def test_of_two_spans_of_the_same_days_one_is_taken(tmp_path):
    path = tmp_path / "r.json"
    path.write_text(json.dumps({"results": [ROW, ROW | {"grain": "year_to_date"}]}))

    measured = read_results(path, standard_definition("readmission-30-day"), YEAR)

    assert measured.total.rate == Fraction(1, 10)


def test_results_without_days_are_those_of_all_cases(tmp_path):
    path = tmp_path / "r.json"
    whole = ROW | {"grain": "all", "start": None, "end": None}
    path.write_text(json.dumps({"results": [whole]}))

    measured = read_results(path, standard_definition("readmission-30-day"), YEAR)

    assert measured.total.counts["numerator"] == 18
    assert any("do not name the days they are of" in note for note in measured.notes)


def test_results_of_all_cases_are_not_taken_for_a_period_beside_dated_ones(tmp_path):
    path = tmp_path / "r.json"
    whole = ROW | {"grain": "all", "start": None, "end": None}
    path.write_text(json.dumps({"results": [whole, ROW | {"start": "2025-01-01"}]}))

    with pytest.raises(ExchangeError, match="there are: 1 Jan 2025 to 31 Dec 2026"):
        read_results(path, standard_definition("readmission-30-day"), YEAR)


def test_only_strata_of_the_very_period_go_out(tmp_path):
    path = tmp_path / "r.json"
    part = ROW | {"strata": {"campus": "East"}}
    other = {"start": "2025-01-01", "end": "2026-01-01"}
    path.write_text(json.dumps({"results": [ROW, part, ROW | other, part | other]}))

    measured = read_results(path, standard_definition("readmission-30-day"), YEAR)

    assert [stratum.parts for stratum in measured.strata] == [{"campus": "East"}]


def test_results_of_another_version_of_the_definition_are_refused(tmp_path):
    path = tmp_path / "r.json"
    definition = standard_definition("readmission-30-day")
    entry = {"slug": definition.slug, "sha256": "0" * 64}
    path.write_text(json.dumps({"results": [ROW], "definitions": [entry]}))
    with pytest.raises(ExchangeError, match="another version of “readmission-30-day”"):
        read_results(path, definition, YEAR)

    entry["sha256"] = definition.sha256
    path.write_text(json.dumps({"results": [ROW], "definitions": [entry]}))
    assert read_results(path, definition, YEAR).notes == ()


def test_what_to_know_of_results_is_said_beside_the_report(tmp_path, definition_file, capsys):
    path = tmp_path / "r.json"
    path.write_text(json.dumps({"results": [ROW | {"grain": "all", "start": None, "end": None}]}))

    call_command(
        *("fhir", "export", "report", "--definition", definition_file, *PERIOD, "--results", path)
    )

    assert "r.json: The results do not name the days they are of" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--url", "Measure/one", "not an absolute URI"),
        ("--url", "https://example.org/Measure/one two", "not an absolute URI"),
        ("--url", "https:///one", "not an absolute URI"),
        ("--url", "https://example.org/Measure/one|1", "not an absolute URI"),
        ("--measure-version", "1 0", "has spaces"),
    ],
)
def test_the_address_of_a_measure_is_absolute(definition_file, option, value, said):
    with pytest.raises(CommandError, match=said):
        call_command("fhir", "export", "measure", "--definition", definition_file, option, value)


@pytest.mark.parametrize("url", ["https://example.org/Measure/one", "urn:oid:1.2.3"])
def test_addresses_of_both_kinds_are_taken(definition_file, url, capsys):
    call_command("fhir", "export", "measure", "--definition", definition_file, "--url", url)

    assert json.loads(capsys.readouterr().out)["url"] == url


def test_a_name_that_cannot_be_written_leaves_the_old_file(definition_file, results_file, tmp_path):
    out = tmp_path / "out.json"
    out.write_text("old")

    with pytest.raises(CommandError, match="half a character"):
        call_command(
            *("fhir", "export", "report", "--definition", definition_file, *PERIOD),
            *("--results", results_file, "--reporter", "Mercy \udcff", "--out", out),
        )

    assert out.read_text() == "old"
    assert not list(tmp_path.glob(".*"))


def test_no_control_character_reaches_the_screen(tmp_path, report, capsys):
    made = report(measure="http://example.org/\x1b[2Jone\x9b")
    made["group"][0]["population"].append({"code": {"text": "mine \x1b[31m\u202e"}, "count": 1})
    path = tmp_path / "r.json"
    path.write_text(json.dumps(made))

    call_command("fhir", "import", path)
    printed = capsys.readouterr()
    path.write_text(json.dumps(made | {"status": "\x1b[2J"}))
    with pytest.raises(CommandError) as refused:
        call_command("fhir", "import", path)

    for text in (printed.out, printed.err, str(refused.value)):
        assert not {"\x1b", "\x9b", "\u202e"} & {*text}
    assert "\\u001b" in printed.err


def test_a_settlement_that_is_no_json_is_said(tmp_path):
    path = tmp_path / "s.json"
    path.write_text("{")
    with pytest.raises(CommandError, match=r"^s\.json: This is not JSON"):
        call_command("fhir", "export", "settlement", "--settlement", path)

    path.write_text("[]")
    with pytest.raises(CommandError, match="A settlement is one JSON object"):
        call_command("fhir", "export", "settlement", "--settlement", path)


def test_a_definition_that_is_not_there_or_no_text_is_said(tmp_path):
    with pytest.raises(ExchangeError, match="cannot be read"):
        read_definition(tmp_path / "none.json")

    (tmp_path / "d.json").write_bytes(b"\xff")
    with pytest.raises(ExchangeError, match="not text in UTF-8"):
        read_definition(tmp_path / "d.json")


def test_what_to_look_at_is_said_beside_the_document(files, capsys):
    call_command("fhir", "import", files / "report-summary-bundle.json")

    said = capsys.readouterr().err
    assert "Imported: 2 reports." in said
    assert "The score 0.66 drops decimals of the rate 2/3 of its counts." in said


def test_what_a_measure_leaves_open_is_said(files, capsys):
    call_command("fhir", "import", files / "measure-cohort-in-words.json")

    said = capsys.readouterr().err
    assert "Imported: 1 measure, 2 groups of measures." in said
    assert "Measure.group[0]: To complete: improvement." in said


def test_no_more_is_said_than_can_be_read(tmp_path, report, capsys):
    made = report(score={"value": 9})
    made["group"] *= 30
    path = tmp_path / "report.json"
    path.write_text(json.dumps(made))

    call_command("fhir", "import", path)

    assert "And 10 more; see the document." in capsys.readouterr().err
