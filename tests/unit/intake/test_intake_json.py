import gzip
import json
from dataclasses import replace
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from indicators.measure.columns import ColumnType
from scorecards.intake import json_plain, json_reading
from scorecards.intake.json_plain import plain_columns
from scorecards.intake.json_reading import read_json_array, read_ndjson
from scorecards.intake.reading import Fault
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec
from scorecards.intake.text_files import TextFile
from tests.unit.intake.intake_examples import codes, everything_said, rows_of

GOOD = {
    "case_id": "A1",
    "specialty": "CARD",
    "left_on": "2026-02-03",
    "days": 3,
    "cost": 10.5,
    "died": False,
}


def lines(*rows):
    return "".join(
        (row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows
    ).encode()


def row(key, **changes):
    return {**GOOD, "case_id": key, **changes}


@pytest.fixture(params=["ndjson", "json", "ndjson.gz", "json.gz"])
def check_json(request, check):
    """Check rows as JSON lines and as an array, packed and not."""

    def run(*rows, **more):
        content = lines(*rows)
        if request.param.startswith("json"):
            content = b"[" + b",".join(content.splitlines()) + b"]"
        if request.param.endswith("gz"):
            content = gzip.compress(content)
        return check(content, f"extract.{request.param}", **more)

    return run


def test_numbers_are_their_own_text_and_flags_and_nothing_are_read(check_json, target):
    long = '"days": 9007199254740993, "cost": 0.10, "died": true'
    first = '{"case_id": "00123", "specialty": null, "left_on": "2026-02-03", ' + long + "}"

    outcome = check_json(first, row("A2"))

    assert outcome.accepted, outcome.findings
    read = pq.read_table(target).to_pylist()
    assert (read[0]["case_id"], read[0]["specialty"]) == ("00123", None)
    assert (read[0]["days"], read[0]["cost"], read[0]["died"]) == (2**53 + 1, Decimal("0.10"), True)


def test_a_power_of_ten_is_no_decimal(check_json):
    outcome = check_json(json.dumps(row("A1")).replace("10.5", "1e-05"))

    assert rows_of(outcome, "wrong-type") == [1]


def test_a_name_that_a_row_lacks_is_an_empty_cell(check_json):
    lacking = {name: value for name, value in row("A2").items() if name not in ("days", "left_on")}

    outcome = check_json(row("A1"), lacking)

    assert rows_of(outcome, "required") == [2]
    assert outcome.counts["days"]["missing"] == 1


def test_names_that_only_late_rows_have_are_dropped_and_named(check_json):
    outcome = check_json(row("A1"), row("A2", note_code="x"))

    assert outcome.accepted, outcome.findings
    assert outcome.dropped_columns == ("note_code",)


def test_a_name_or_cell_that_identifies_refuses_the_file_wherever_it_comes(check_json):
    assert "identifier-column" in codes(check_json(row("A1"), row("A2", patient_name="x")))
    outcome = check_json(row("A1"), row("A2", extra="123-45-6789"))
    assert codes(outcome) == ["identifier-in-cell"]
    assert "6789" not in everything_said(outcome)


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ('{"case_id": "A2", "case_id": "A3"}', "duplicate-name"),
        ('{"case_id": {"a": 1}}', "nested-value"),
        ('{"case_id": ["a"]}', "nested-value"),
        ('["A2"]', "bad-json"),
        ("7", "bad-json"),
        ('{"case_id": "a\\u0000"}', "nul-byte"),
        (json.dumps({"case_id": "x" * 40_000}), "cell-too-long"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_the_others_are_checked(check_json, second, code):
    outcome = check_json(row("A1"), second, row("A3", days="x"))

    assert rows_of(outcome, code) == [2]
    assert rows_of(outcome, "wrong-type") == [3]
    assert outcome.rows == 3


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ('{"case_id": "\\ud800"}', "bad-encoding"),
        ('{"case_id": ' + "[" * 100_000, "nested-value"),
    ],
)
def test_what_no_reading_survives_ends_it_at_its_row(check, second, code):
    outcome = check(lines(row("A1"), second), "extract.ndjson")

    assert codes(outcome) == [code]
    assert outcome.findings[0].row == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"[]", "empty-file"),
        (b" [ ] ", "empty-file"),
        (b"7", "not-an-array"),
        (b'[{"a": 1}', "bad-json"),
        (b'[{"a": 1},]', "bad-json"),
        (b'[{"a": 1} {"a": 2}]', "bad-json"),
        (b'[{"a": NaN}]', "bad-json"),
        (b'[{"a": 1}] x', "unreadable"),
        (b"[" * 100_000, "nested-value"),
        (b"\xff\xfe\x00", "bad-encoding"),
        (b'[{"a": "\xe9"}]', "bad-encoding"),
        (b'{"resourceType": "Patient"}', "bad-report"),
        (b'{"a": 1}', "bad-report"),
    ],
)
def test_an_array_that_is_none_is_refused(check, content, code):
    assert codes(check(content, "extract.json")) == [code]


AGGREGATES = FeedSpec(
    (
        FeedColumn("measure", "measure", ColumnType.CODE),
        FeedColumn("period_start", "period_start", ColumnType.DATE),
        FeedColumn("group", "group_code", ColumnType.CODE),
        FeedColumn("numerator", "numerator", ColumnType.WHOLE),
        FeedColumn("denominator", "denominator", ColumnType.WHOLE),
        FeedColumn("denominator_exceptions", "exceptions", ColumnType.WHOLE),
    ),
    case_key="",
    date_column=None,
    level=DataLevel.AGGREGATES,
    row_key=("measure", "period_start", "group_code"),
)


def report(**changes):
    populations = [
        {"code": {"coding": [{"code": code}]}, "count": count}
        for code, count in (("denominator", 20), ("numerator", 18))
    ]
    return {
        "resourceType": "MeasureReport",
        "status": "complete",
        "type": "summary",
        "measure": "https://example.org/Measure/on-time|2",
        "period": {"start": "2026-01-01", "end": "2026-03-31"},
        "group": [{"population": populations}],
        **changes,
    }


@pytest.mark.parametrize("is_bundle", [False, True])
def test_a_summary_report_is_a_row_of_aggregates_and_a_count_it_lacks_is_missing(
    check, target, is_bundle
):
    made = report()
    if is_bundle:
        made = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": made}]}

    outcome = check(json.dumps(made).encode(), "report.json", spec=AGGREGATES)

    assert outcome.accepted, outcome.findings
    (read,) = pq.read_table(target).to_pylist()
    assert read["measure"] == "https://example.org/Measure/on-time|2"
    assert (read["numerator"], read["denominator"], read["exceptions"]) == (18, 20, None)


def populations(**counts):
    return [
        {"code": {"coding": [{"code": code.replace("_", "-")}]}, "count": count}
        for code, count in counts.items()
    ]


def scored(score, scoring="proportion"):
    """Say the scoring of the whole report, and the score of its one group: 18 of 20."""
    concept = {"coding": [{"code": scoring}]}
    said = {"url": f"{CQFM}/cqfm-scoring", "valueCodeableConcept": concept}
    group = {"population": populations(denominator=20, numerator=18), "measureScore": score}
    return {"extension": [said], "group": [group]}


CQFM = "http://hl7.org/fhir/us/cqfmeasures/StructureDefinition"
STRATUM = {"value": {"text": "F"}, "population": populations(denominator=8, numerator=8)}
GROUP = {"population": populations(initial_population=25, denominator=20, numerator=18)}


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        ({"group": [{**GROUP, "stratifier": [{"stratum": [STRATUM]}]}]}, [("1", 18, 20)]),
        (
            {"group": [{**GROUP, "id": "first"}, {**GROUP, "code": {"text": "Second"}}]},
            [("first", 18, 20), ("2", 18, 20)],
        ),
        (
            {
                "group": [
                    {
                        "code": {"coding": [{"code": "sir"}]},
                        "population": [
                            *populations(initial_population=500),
                            *populations(initial_population=480, denominator=480, numerator=3),
                        ],
                        "measureScore": {"value": 0.00625},
                    }
                ]
            },
            [("sir", 3, 480)],
        ),
        ({"subject": {"reference": "Organization/1"}}, [("1", 18, 20)]),
        ({"group": [{"measureScore": {"value": 0.9}}]}, [("1", None, None)]),
        (scored({"value": 90}), [("1", 18, 20)]),
        (scored({"value": 90, "unit": "%"}), [("1", 18, 20)]),
        (scored({"value": 1.7}, "ratio"), [("1", 18, 20)]),
    ],
)
def test_reports_of_other_shapes_are_rows_of_their_groups(check, target, changes, rows):
    outcome = check(json.dumps(report(**changes)).encode(), "report.json", spec=AGGREGATES)

    assert outcome.accepted, outcome.findings
    read = pq.read_table(target, columns=["group_code", "numerator", "denominator"]).to_pylist()
    assert [tuple(row.values()) for row in read] == rows


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": "pending"}, "The report is “…”: its counts are not final"),
        ({"measure": None}, "It has no measure"),
        ({"period": None}, "It has no period"),
        ({"group": []}, "It has no group"),
        (
            {"group": [{"population": populations(denominator=20, numerator=21)}]},
            "numerator of … is above the denominator of …,",
        ),
        ({"group": [{"population": populations(numerator=-1)}]}, "below zero"),
        (scored({"value": 1.7}), "The score is above 1, which no proportion can have"),
        (scored({"value": 170, "unit": "%"}), "The score is above 1"),
        ({"subject": {"reference": "Patient/1"}}, "may be one person"),
        ({"contained": [{"resourceType": "Patient", "id": "p"}]}, "may be one person"),
        ({"period": {"start": "2025-01-01", "end": "2025-03-31"}}, "the value is outside"),
        ({"measure": "https://example.org/Measure/other"}, "is not on the code list"),
    ],
)
def test_a_report_that_does_not_fit_is_refused_with_a_sentence(check, changes, said):
    measure = replace(AGGREGATES.columns[0], codes=("https://example.org/Measure/on-time|2",))
    spec = replace(
        AGGREGATES, columns=(measure, *AGGREGATES.columns[1:]), date_column="period_start"
    )
    made = {name: value for name, value in report(**changes).items() if value is not None}

    outcome = check(json.dumps(made).encode(), "report.json", spec=spec)

    assert not outcome.accepted
    errors = [found.message for found in outcome.findings if found.severity == "error"]
    assert [said in message for message in errors] == [True]


def test_a_bundle_that_holds_a_patient_beside_the_report_is_refused(check):
    entries = [{"resource": report()}, {"resource": {"resourceType": "Patient", "id": "p"}}]
    made = {"resourceType": "Bundle", "type": "collection", "entry": entries}

    outcome = check(json.dumps(made).encode(), "report.json", spec=AGGREGATES)

    assert codes(outcome) == ["bad-report"]


def test_a_report_about_one_person_is_refused(check):
    outcome = check(json.dumps(report(type="individual")).encode(), "report.json", spec=AGGREGATES)

    assert codes(outcome) == ["bad-report"]


@pytest.mark.parametrize("last", ["A6", "\u00e9"])
@pytest.mark.parametrize("chunk_bytes", [1, 100, 10_000])
def test_no_row_is_lost_where_a_file_is_cut(check_json, target, monkeypatch, chunk_bytes, last):
    """One escape is enough for a file to be read row by row."""
    cuts = {"CHUNK_BYTES": chunk_bytes, "MAX_ROWS_HELD": 5, "ROWS_AT_A_TIME": 2}
    for name, value in cuts.items():
        monkeypatch.setattr(json_reading, name, value)
    keys = [*(f"A{number}" for number in range(6)), last]

    outcome = check_json(*map(row, keys))

    assert (outcome.accepted, outcome.rows) == (True, 7)
    assert pq.read_table(target)["case_id"].to_pylist() == keys


def test_rows_beyond_what_is_held_are_gone_through_twice(check, monkeypatch):
    monkeypatch.setattr(json_reading, "MAX_ROWS_HELD", 5)
    many = [*(row(f"K{n}") for n in range(7)), row("K8", late="x")]

    outcome = check(lines(*many), "extract.ndjson", spec=TWO_COLUMNS)

    assert outcome.dropped_columns == ("left_on", "days", "cost", "died", "late")


TWO_COLUMNS = FeedSpec(
    (
        FeedColumn("case_id", "case_id", ColumnType.CODE),
        FeedColumn("specialty", "specialty", ColumnType.CODE),
    ),
    "case_id",
    None,
    DataLevel.CODED_CASES,
)


PLAIN = '{"case_id": "A:1", "died": null}'


@pytest.mark.parametrize(
    "rows",
    [
        [PLAIN, '{"case_id": "A2", "died": true}', '{"died": "no: yes", "case_id": 7.50}'],
        [PLAIN, '{"case_id": "A2", "case_id": "A3", "died": "a:b"}'],
        [PLAIN, '{"case_id": "A2", "died": "x", "died": "\\u003a"}'],
        [PLAIN, '{"case_id": "A2"}'],
        [PLAIN, '{"case_id": "A2", "other": "x"}'],
        [PLAIN, '{"case_id": {"died": 1}, "died": []}'],
        [PLAIN, f'{{"case_id": "{"é" * 40_000}", "died": "x"}}'],
        [PLAIN, "7"],
        [PLAIN, "{}"],
        ['{"a:b": "c:d", "e": "f"}', '{"a:b": ":", "e": ":", "e": ""}'],
    ],
    ids=str,
)
def test_rows_are_read_alike_by_column_and_one_by_one(rows, tmp_path, monkeypatch):
    def read(path, reader):
        extract = reader(TextFile(path), frozenset())
        parts = list(extract.parts)
        return extract.header, [
            part
            if isinstance(part, Fault)
            else (part.rows.tolist(), [column.to_pylist() for column in part.columns])
            for part in parts
        ]

    array, lines_ = tmp_path / "array.json", tmp_path / "lines.ndjson"
    array.write_text(f"[{', '.join(rows)}]")
    lines_.write_text("\n".join(rows))
    files = [(array, read_json_array), (lines_, read_ndjson)]
    by_column = [read(*each) for each in files]

    monkeypatch.setattr(json_plain, "MOST_CHARACTERS", 0)

    assert by_column == [read(*each) for each in files]


def test_plain_rows_are_read_by_column_and_what_is_not_plain_one_by_one():
    first = {"a": "1", "b": None}

    assert plain_columns('{"a": 1, "b": null}', [first]) is not None
    for text, other in (
        ('{"a": 1, "b": 2}{"a": 1, "b": 3, "b": 2}', {"a": "1", "b": "2"}),
        ('{"a": 1, "b": 2}{"a": 1}', {"a": "1"}),
        ('{"a": 1, "b": 2}{"a": 1, "b": {}}', {"a": "1", "b": {}}),
    ):
        assert plain_columns(text, [first, other]) is None
