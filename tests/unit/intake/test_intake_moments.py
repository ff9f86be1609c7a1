"""Moments in an extract: a day and a time by the hospital's own clock, to the second."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indicators.measure.columns import ColumnType
from scorecards.intake.spec import FeedColumn, from_document, to_document
from tests.unit.intake.intake_examples import codes, make_spec

MOMENT = datetime.fromisoformat("2026-02-03 08:05:30")
MIDNIGHT = datetime.fromisoformat("2026-02-03")


def spec():
    usual = make_spec()
    came_at = FeedColumn("came_at", "came_at", ColumnType.MOMENT)
    return replace(usual, columns=(usual.columns[0], usual.columns[2], came_at))


@pytest.fixture
def check_moments(check, target):
    """Check a CSV file of one case a moment; return the outcome and the moments kept."""

    def run(*texts):
        rows = [f"A{place},2026-02-03,{text}" for place, text in enumerate(texts)]
        lines = "\n".join(["case_id,left_on,came_at", *rows, ""])
        outcome = check(lines.encode(), spec=spec())
        kept = pq.read_table(target)["came_at"].to_pylist() if outcome.accepted else None
        return outcome, kept

    return run


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-03 08:05:30", MOMENT),
        (" 2026-02-03T08:05:30 ", MOMENT),
        ("2026-02-03 08:05:30.000", MOMENT),
        ("2026-02-03 08:05", MOMENT.replace(second=0)),
        ("2026-02-03T23:59", MOMENT.replace(hour=23, minute=59, second=0)),
        ("2026-02-03 00:00", MIDNIGHT),
        ("1969-12-31 23:59:59", datetime.fromisoformat("1969-12-31 23:59:59")),
        ("", None),
        ("?", None),
    ],
)
def test_a_moment_is_kept_as_the_hospital_sent_it(check_moments, text, moment):
    outcome, kept = check_moments(text, "2026-02-03 08:05")

    assert outcome.accepted, outcome.findings
    assert kept[0] == moment


def test_a_slice_holds_moments_without_a_zone(check_moments, target):
    check_moments("2026-02-03 08:05")

    # Parquet has nothing coarser than milliseconds.
    assert pq.read_schema(target).field("came_at").type == pa.timestamp("ms")


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-03",
        "2026-02-30 08:05",
        "0000-01-01 00:00",
        "2026-02-03 24:00",
        "2026-02-03 08:60",
        "2026-02-03 08:05:60",
        "2026-02-03 8:05",
        "2026-02-03 08:05:30.5",
        "2026-02-03 08:05Z",
        "2026-02-03 08:05 PM",
        "02/03/2026 08:05",
        "08:05",
    ],
)
def test_what_is_no_moment_is_refused_with_the_way_to_write_it(check_moments, text):
    outcome, _ = check_moments(text)

    assert codes(outcome) == ["wrong-type"]
    assert "is not a moment to the second, written like 2026-01-31 14:05." in (
        outcome.findings[0].message
    )


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_parquet_brings_its_own_moments(check, target, unit):
    content = BytesIO()
    cases = {
        "case_id": ["A1", "A2", "A3"],
        "left_on": [date(2026, 2, 3)] * 3,
        "came_at": pa.array([MOMENT, MIDNIGHT, None], pa.timestamp(unit)),
    }
    pq.write_table(pa.table(cases), content)

    outcome = check(content.getvalue(), "extract.parquet", spec=spec())

    assert outcome.accepted, outcome.findings
    assert pq.read_table(target)["came_at"].to_pylist() == [MOMENT, MIDNIGHT, None]


def test_parquet_moments_with_parts_of_a_second_or_a_zone_are_refused(check):
    half = MOMENT.replace(microsecond=500_000)
    for moments in (pa.array([half]), pa.array([MOMENT], pa.timestamp("us", "UTC"))):
        content = BytesIO()
        cases = {"case_id": ["A1"], "left_on": [date(2026, 2, 3)], "came_at": moments}
        pq.write_table(pa.table(cases), content)

        outcome = check(content.getvalue(), "extract.parquet", spec=spec())

        assert "wrong-type" in codes(outcome)


def test_a_workbook_brings_its_own_moments_and_says_midnight_by_the_day(check, target):
    book = openpyxl.Workbook()
    book.active.append(["case_id", "left_on", "came_at"])
    for place, moment in enumerate([MOMENT, MIDNIGHT, "2026-02-03T08:05:30"]):
        book.active.append([f"A{place}", date(2026, 2, 3), moment])
    content = BytesIO()
    book.save(content)

    outcome = check(content.getvalue(), "extract.xlsx", spec=spec())

    assert outcome.accepted, outcome.findings
    assert pq.read_table(target)["came_at"].to_pylist() == [MOMENT, MIDNIGHT, MOMENT]


def test_a_moment_column_survives_its_document():
    assert from_document(to_document(spec())) == spec()
