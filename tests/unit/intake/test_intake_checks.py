from datetime import date
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from scorecards.intake.outcome import Outcome
from tests.unit.intake.intake_examples import HEADER, codes, everything_said, good_row, rows_of

SSN = "123-45-6789"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("days", "3.0"),
        ("days", "3.5"),
        ("days", "1,931".replace(",", " ")),
        ("days", "1e3"),
        ("days", "1" * 19),
        ("cost", "10.505"),
        ("cost", "1e3"),
        ("cost", "$5"),
        ("cost", ".5"),
        ("left_on", "2026-02-30"),
        ("left_on", "02/03/2026"),
        ("left_on", "2026-02-03 10:00"),
        ("left_on", "2026-2-3"),
        ("died", "maybe"),
        ("specialty", "x" * 101),
        ("specialty", '"two\nlines"'),
    ],
)
def test_a_value_of_another_type_is_refused_with_its_row(check_rows, column, value):
    outcome = check_rows(good_row("A1"), good_row("A2", **{column: value}))

    assert codes(outcome) == ["wrong-type"]
    assert (outcome.findings[0].row, outcome.findings[0].column) == (3, column)


def test_a_mark_that_nobody_declared_is_an_error_that_says_what_to_do(check_rows):
    outcome = check_rows(good_row("A1", days="Not Available"), good_row("A2", cost="N/A (5)"))

    assert codes(outcome) == ["undeclared-mark", "undeclared-mark"]
    assert rows_of(outcome, "undeclared-mark") == [2, 3]
    assert outcome.findings[1].message == (
        "Row 3, cost: the text is no value. If it means missing or suppressed, declare it in the "
        "map of the feed."
    )
    assert outcome.findings[1].value == "'N/A (5)'"


def test_a_column_that_needs_a_value_takes_no_suppressed_one(check_rows):
    outcome = check_rows(
        good_row("A1", days="***"), good_row("A2"), days={"suppressed": ("***",), "required": True}
    )

    assert [finding.message for finding in outcome.findings] == [
        "Row 2 has a suppressed value in days. Every row needs one."
    ]


def test_exact_values_stay_exact(check_rows, target):
    outcome = check_rows(
        good_row("00123", days=str(2**53 + 1), cost="0.10", specialty="None", died="Y"),
        good_row(" A2 ", days="-7", cost="9999999999999999.99", specialty="NA", died="0"),
    )

    assert outcome.accepted, outcome.findings
    assert pq.read_table(target).to_pylist() == [
        {
            "case_id": "00123",
            "specialty": "None",
            "left_on": date(2026, 2, 3),
            "days": 9_007_199_254_740_993,
            "cost": Decimal("0.10"),
            "died": True,
        },
        {
            "case_id": "A2",
            "specialty": "NA",
            "left_on": date(2026, 2, 3),
            "days": -7,
            "cost": Decimal("9999999999999999.99"),
            "died": False,
        },
    ]


def test_missing_is_empty_a_question_mark_or_what_the_column_says(check_rows, target):
    outcome = check_rows(
        good_row("A1", specialty="99", days="", cost="?", died=" "),
        good_row("A2", specialty="None", days="99"),
    )

    assert outcome.accepted, outcome.findings
    assert {name: counts["missing"] for name, counts in outcome.counts.items()} == {
        "case_id": 0,
        "specialty": 1,
        "left_on": 0,
        "days": 1,
        "cost": 1,
        "died": 1,
    }
    assert pq.read_table(target)["specialty"].to_pylist() == [None, "None"]


@pytest.mark.parametrize("column", ["case_id", "left_on"])
def test_the_key_and_the_date_may_not_be_missing(check_rows, column):
    row = good_row("?") if column == "case_id" else good_row("A1", left_on="")

    outcome = check_rows(row)

    assert codes(outcome) == ["required"]
    assert outcome.findings[0].message == f"Row 2 has no value in {column}. Every row needs one."


def test_a_required_column_needs_a_value_in_every_row(check_rows):
    outcome = check_rows(good_row("A1", days="?"), good_row("A2"), days={"required": True})

    assert rows_of(outcome, "required") == [2]


def test_limits_hold_with_both_ends_inside(check_rows):
    limits = {"minimum": Decimal(1), "maximum": Decimal(14)}
    money = {"minimum": Decimal("0.5"), "maximum": Decimal("99.5")}
    rows = [good_row(f"A{days}", days=str(days)) for days in (0, 1, 14, 15)]
    rows += [good_row(f"B{cost}", cost=cost) for cost in ("0.49", "0.5", "99.50", "99.51")]

    outcome = check_rows(*rows, days=limits, cost=money)

    assert rows_of(outcome, "out-of-range") == [2, 5, 6, 9]
    assert outcome.findings[1].message == "Row 5, days: the value is above 14. Correct it."
    assert outcome.findings[1].value == "'15'"


def test_codes_must_be_on_the_list(check_rows):
    outcome = check_rows(
        good_row("A1", specialty="CARD"),
        good_row("A2", specialty="card"),
        good_row("A3", specialty="?"),
        specialty={"codes": ("CARD", "ORTH")},
    )

    assert rows_of(outcome, "unknown-code") == [3]
    assert "the value is not on the code list" in outcome.findings[0].message
    assert outcome.findings[0].value == "'card'"


def test_every_repeated_key_is_named_with_its_first_row_and_without_the_key(check_rows):
    outcome = check_rows(good_row("K77"), good_row("B"), good_row(" K77"), good_row("K77"))

    assert rows_of(outcome, "duplicate-key") == [4, 5]
    assert "row 2" in outcome.findings[0].message
    assert "K77" not in everything_said(outcome)


@pytest.mark.parametrize(
    ("day", "is_inside"),
    [("2025-12-31", False), ("2026-01-01", True), ("2026-03-31", True), ("2026-04-01", False)],
)
def test_a_day_outside_the_period_is_refused(check_rows, day, is_inside):
    outcome = check_rows(good_row("A1", left_on=day))

    assert codes(outcome) == ([] if is_inside else ["outside-period"])


def test_the_period_is_printed_with_both_days(check_rows):
    outcome = check_rows(good_row("A1", left_on="2026-04-02"))

    assert outcome.findings[0].message == (
        "Row 2, left_on: the value is outside 1 Jan 2026 to 31 Mar 2026. "
        "Export that period, or remove the row."
    )


def test_columns_that_are_not_declared_are_dropped_before_anything_is_written(check_rows, target):
    outcome = check_rows(good_row("A1") + ",secret7", header=f"{HEADER},ward")

    assert outcome.accepted
    assert outcome.dropped_columns == ("ward",)
    assert b"secret7" not in target.read_bytes()
    assert "ward" not in pq.read_schema(target).names


@pytest.mark.parametrize("column", ["patient_name", "MRN", "ssn", "dob", "Zip Code"])
def test_an_identifier_column_refuses_the_whole_file_declared_or_not(check_rows, column):
    outcome = check_rows(good_row("A1") + ",Sixpack", header=f"{HEADER},{column}")

    assert codes(outcome) == ["identifier-column"]
    assert outcome.findings[0].column == column
    assert "Sixpack" not in everything_said(outcome)


@pytest.mark.parametrize("column", ["specialty", "days", "ward"])
def test_an_identifier_in_a_cell_is_found_anywhere_and_never_echoed(check_rows, column):
    cells = {} if column == "ward" else {column: SSN}
    ward = SSN if column == "ward" else "W1"

    outcome = check_rows(
        good_row("A1") + ",W1", good_row("A2", **cells) + f",{ward}", header=f"{HEADER},ward"
    )

    assert rows_of(outcome, "identifier-in-cell") == [3]
    assert SSN not in everything_said(outcome)


def test_no_value_at_all_is_shown_of_a_file_with_identifiers(check_rows):
    outcome = check_rows(good_row("A1", days="Miller", specialty=SSN))

    assert "wrong-type" in codes(outcome)
    assert "Miller" not in everything_said(outcome)


@pytest.mark.parametrize(
    "value", ["123456789", "Ann Miller", "Miller; Ann", "987 65 4321 1", "a@b"]
)
def test_a_bad_value_that_could_name_a_person_is_withheld(check_rows, value):
    outcome = check_rows(good_row("A1", days=value, died=value))

    assert value not in everything_said(outcome)
    found = [finding.value for finding in outcome.findings if finding.code == "wrong-type"]
    assert set(found) == {"not shown"}


def test_no_message_holds_a_value_of_a_cell_even_one_that_could_stand_beside_it(check_rows):
    odd = {"specialty": "zq1", "left_on": "2031-01-07", "days": "zq2", "cost": "(977.25)"}

    outcome = check_rows(
        good_row("A1", **odd), good_row("A2", cost="978.5"), good_row("A2", died="zq3"),
        specialty={"codes": ("CARD",)}, cost={"maximum": Decimal(900)},
    )  # fmt: skip

    said = " ".join(finding.message for finding in outcome.findings)
    assert len(outcome.findings) == 7
    assert not [value for value in (*odd.values(), "978.5", "zq3", "A2") if value in said]
    assert [finding.value for finding in outcome.findings].count("") == 1  # the repeated key


def test_a_long_bad_value_is_cut(check_rows):
    outcome = check_rows(good_row("A1", days="x" * 500))

    assert "x" * 37 + "..." in everything_said(outcome)
    assert "x" * 38 not in everything_said(outcome)


def test_an_identifier_in_the_header_is_not_repeated(check_rows):
    outcome = check_rows(good_row("A1") + ",1", header=f"{HEADER},{SSN}")

    assert "identifier-in-cell" in codes(outcome)
    assert SSN not in everything_said(outcome)


def test_all_findings_come_together(check_rows):
    outcome = check_rows(
        good_row("A1", days="x"),
        good_row("A1", cost="x", left_on="2027-01-01"),
        "short",
    )

    assert codes(outcome) == [
        "wrong-type",
        "outside-period",
        "wrong-type",
        "duplicate-key",
        "wrong-width",
    ]
    assert outcome.rows == 3


def test_findings_are_capped_counted_and_show_every_kind(check_rows):
    rows = [good_row(f"A{place}", days="x") for place in range(1_500)]

    outcome = check_rows(*rows, good_row("A0", cost="x"))

    assert len(outcome.findings) == 1_000
    assert outcome.findings_total == 1_502
    assert rows_of(outcome, "duplicate-key") == [1_502]


def test_a_column_without_any_value_is_a_warning_and_no_refusal(check_rows):
    outcome = check_rows(good_row("A1", days=""), good_row("A2", days="?"))

    assert outcome.accepted
    assert [(f.code, f.severity.value, f.column) for f in outcome.findings] == [
        ("empty-column", "warning", "days")
    ]


def test_an_outcome_survives_the_way_through_json(check_rows):
    for outcome in (check_rows(good_row("A1", days="")), check_rows(good_row("A1", days="x"))):
        assert Outcome.from_document(outcome.to_document()) == outcome
