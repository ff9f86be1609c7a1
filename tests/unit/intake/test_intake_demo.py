"""The published stays are accepted, and their counts are the published ones."""

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

import comanage.demo
from comanage.values.period import Period
from scorecards.intake.checks import check_file
from scorecards.intake.spec import from_document

DEMO = Path(comanage.demo.__file__).parent
SPEC = from_document(json.loads((DEMO / "stays_feed.json").read_text()))
YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))


def check_demo(name, target):
    outcome = check_file(DEMO / "data" / name, name, SPEC, YEAR, target)
    assert outcome.accepted, outcome.findings
    return outcome


@pytest.mark.parametrize(
    ("name", "rows"), [("stays.csv", 12_367), ("stays_orthopedics.xlsx", 2_633)]
)
def test_the_demo_extracts_are_accepted_whole(name, rows, target):
    outcome = check_demo(name, target)

    assert (outcome.rows, outcome.findings) == (rows, ())
    assert len(outcome.dropped_columns) == 27 - len(SPEC.columns)


def test_the_cardiology_stays_are_those_that_were_published(target):
    check_demo("stays.csv", target)
    stays = pq.read_table(target).filter(pc.field("medical_specialty") == "Cardiology")

    def count(column, *values):
        return pc.sum(pc.is_in(stays[column], value_set=pa.array(values))).as_py()

    assert stays.num_rows == 5_352
    assert count("discharge_disposition_id", "11", "19", "20", "21") == 56
    assert count("discharge_disposition_id", "13", "14") == 17
    assert count("readmitted", "<30") == 425
    assert round(pc.mean(stays["time_in_hospital"]).as_py(), 4) == 3.5256


def test_not_measured_is_a_value_and_no_missing_one(target):
    outcome = check_demo("stays.csv", target)

    assert outcome.counts["A1Cresult"]["missing"] == 0
    assert "None" in pq.read_table(target)["A1Cresult"].unique().to_pylist()


def test_the_workbook_gives_the_same_cases_as_the_text(target):
    check_demo("stays_orthopedics.xlsx", target)
    from_book = pq.read_table(target)
    check_demo("stays.csv", target)
    from_text = pq.read_table(target)
    orthopedics = pc.starts_with(from_text["medical_specialty"], "Orthopedics")

    assert from_book.equals(from_text.filter(orthopedics))


def test_the_slice_agrees_with_a_plain_reading_of_the_text(target):
    check_demo("stays.csv", target)
    text = pa.string()
    plain = pacsv.read_csv(
        DEMO / "data" / "stays.csv",
        convert_options=pacsv.ConvertOptions(column_types={"encounter_id": text}),
    )

    taken = pq.read_table(target)

    assert taken["encounter_id"].to_pylist() == plain["encounter_id"].to_pylist()
    assert taken["time_in_hospital"].to_pylist() == plain["time_in_hospital"].to_pylist()
    assert taken["readmitted"].to_pylist() == plain["readmitted"].to_pylist()
