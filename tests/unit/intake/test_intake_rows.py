"""Checks of a row as a whole: orders of times, keys of several columns, what is withheld."""

from dataclasses import replace
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from indicators.measure.columns import ColumnType
from scorecards.intake.manner import Manner
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec, TimeOrder
from tests.unit.intake.intake_examples import codes, everything_said, make_spec, rows_of

TIMES = FeedSpec(
    (
        FeedColumn("key", "key", ColumnType.CODE),
        FeedColumn("In Room", "wheels_in_at", ColumnType.MOMENT),
        FeedColumn("Cut", "incision_at", ColumnType.MOMENT),
    ),
    "key",
    None,
    DataLevel.CODED_CASES,
    orders=(TimeOrder("wheels_in_at", "incision_at"),),
)
AGGREGATES = FeedSpec(
    (
        FeedColumn("unit", "unit", ColumnType.CODE),
        FeedColumn("year", "year", ColumnType.WHOLE),
        FeedColumn("met", "met", ColumnType.WHOLE, suppressed=("*",)),
        FeedColumn("seen", "seen", ColumnType.WHOLE),
    ),
    "",
    None,
    DataLevel.AGGREGATES,
    row_key=("unit", "year"),
)


def test_what_comes_later_may_not_lie_before_and_both_columns_are_named(check):
    outcome = check(
        b"key,In Room,Cut\n"
        b"A,2026-01-02 08:00,2026-01-02 08:00\n"
        b"B,2026-01-02 08:00,2026-01-02 07:59\n"
        b"C,,2026-01-02 07:59\n"
        b"D,2026-01-02 08:00,\n",
        spec=TIMES,
    )

    assert rows_of(outcome, "wrong-order") == [3]
    assert outcome.findings[0].message == ("Row 3: Cut lies before In Room. Correct one of them.")


def test_a_row_with_times_in_the_wrong_order_can_be_left_out(check, target):
    outcome = check(
        b"key,In Room,Cut\nA,2026-01-02 08:00,2026-01-02 08:30\nB,2026-01-02,\n"
        b"C,2026-01-02 09:00,2026-01-02 08:30\nD,,\n",
        spec=TIMES,
        manner=Manner(skip_faulty=True),
    )

    assert (outcome.accepted, outcome.rows_skipped) == (True, 2)
    assert pq.read_table(target)["key"].to_pylist() == ["A", "D"]


def test_rows_of_aggregates_are_unique_by_all_columns_of_their_key(check):
    outcome = check(
        b"unit,year,met,seen\nA,2025,1,2\nA,2026,1,2\nB,2025,1,2\nA,02026,3,4\nA2,026,1,2\n",
        spec=AGGREGATES,
    )

    assert codes(outcome) == ["duplicate-key"]
    assert outcome.findings[0].message == (
        "Row 5 has the same unit and year as row 3. Each row comes once."
    )
    assert outcome.findings[0].column == "unit and year"


def test_a_suppressed_value_is_kept_as_such_and_counted(check, target):
    outcome = check(b"unit,year,met,seen\nA,2025,*,2\nA,2026,,\nB,2025,0,3\n", spec=AGGREGATES)

    assert outcome.accepted, outcome.findings
    kept = pq.read_table(target)
    assert kept["met"].to_pylist() == [None, None, 0]
    assert kept["met_suppressed"].to_pylist() == [True, False, False]
    assert kept.column_names == ["unit", "year", "met", "met_suppressed", "seen"]
    counted = {"missing": 1, "suppressed": 1, "restored": 0, "unwrapped": 0}
    assert outcome.counts["met"] == counted


def test_restored_zeros_are_a_warning_that_counts_them(check, target):
    spec = make_spec(case_id={"width": 5})
    lines = [b"case_id,specialty,left_on,days,cost,died"]
    lines += [b"%d,CARD,2026-02-03,1,1.00,no" % key for key in (7, 8, 12345)]

    outcome = check(b"\n".join(lines), spec=spec)

    assert outcome.accepted
    assert (outcome.findings_total, outcome.warnings_total) == (1, 1)
    assert outcome.findings[0].message == (
        "2 values of case_id had lost leading zeros and got them back: 5 digits are declared."
    )
    assert pq.read_table(target)["case_id"].to_pylist() == ["00007", "00008", "12345"]


@pytest.mark.parametrize(("first", "again"), [("7", "00007"), ("007", "7")])
def test_a_key_that_lost_its_zeros_is_still_the_same_key(check, first, again):
    row = ",CARD,2026-02-03,1,1.00,no\n"
    content = f"case_id,specialty,left_on,days,cost,died\n{first}{row}{again}{row}"

    outcome = check(content.encode(), spec=make_spec(case_id={"width": 5}))

    assert rows_of(outcome, "duplicate-key") == [3]


def test_a_bare_card_number_is_judged_by_the_whole_column(check):
    """Half of the numbers fit in the first rows, one in ten of them all."""
    spec = replace(
        make_spec(),
        columns=(
            *make_spec().columns,
            FeedColumn("stock", "stock", ColumnType.DECIMAL, maximum=Decimal(10**17)),
        ),
    )
    header = b"case_id,specialty,left_on,days,cost,died,stock\n"

    def content(numbers):
        rows = (
            f"A{place},CARD,2026-02-03,1,1.00,no,{number}" for place, number in enumerate(numbers)
        )
        return header + "\n".join(rows).encode()

    cards = ["4111111111111111"] * 3
    others = [str(4_111_111_111_111_110 - 10 * place) for place in range(40)]

    assert rows_of(check(content(cards), spec=spec), "identifier-in-cell") == [2, 3, 4]
    assert "identifier-in-cell" not in codes(check(content(cards + others), spec=spec))
    assert "4111" not in everything_said(check(content(cards), spec=spec))
