import hashlib
import struct
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scorecards.intake import slices
from scorecards.intake.checks import RowsLostError
from scorecards.intake.slices import logical_sha256, write_slice
from tests.unit.intake.intake_examples import good_row

CASES = pa.table(
    {
        "key": pa.array(["A", None, "\u00e9\u00e9"], pa.string()),
        "days": pa.array([1, None, -3], pa.int64()),
        "cost": pa.array([Decimal("1.50"), None, Decimal("-0.01")], pa.decimal128(18, 2)),
        "left_on": pa.array([date(1970, 1, 2), None, date(1969, 12, 31)], pa.date32()),
        "came_at": pa.array(
            [
                datetime.fromisoformat("1970-01-01 01:00"),
                None,
                datetime.fromisoformat("1969-12-31"),
            ],
            pa.timestamp("s"),
        ),
        "died": pa.array([True, None, False], pa.bool_()),
    }
)


def test_a_slice_has_the_declared_types(check_rows, target):
    check_rows(good_row())

    assert pq.read_schema(target).remove_metadata() == pa.schema(
        {
            "case_id": pa.string(),
            "specialty": pa.string(),
            "left_on": pa.date32(),
            "days": pa.int64(),
            "cost": pa.decimal128(18, 2),
            "died": pa.bool_(),
        }
    )


def test_the_outcome_names_the_bytes_that_are_there(check_rows, target):
    outcome = check_rows(good_row())

    assert outcome.slice_sha256 == hashlib.sha256(target.read_bytes()).hexdigest()
    assert outcome.slice_bytes == target.stat().st_size
    assert outcome.logical_sha256 == logical_sha256(pq.read_table(target))


def test_a_slice_with_fewer_rows_than_were_read_is_not_kept(check_rows, target, monkeypatch):
    """A row that Arrow lost on the way to the disk is our fault, and nobody's silent loss."""
    write_all = pq.ParquetWriter.write_table

    def write_all_but_one(self, rows, **given):
        write_all(self, rows.slice(1), **given)

    monkeypatch.setattr(pq.ParquetWriter, "write_table", write_all_but_one)

    with pytest.raises(RowsLostError, match="2 rows gave 1 cases"):
        check_rows(good_row("A1"), good_row("A2"))
    assert not target.exists()


def write(cases, target):
    return write_slice(iter(cases.to_batches()), cases.schema, target)


def test_the_same_rows_give_the_same_bytes_however_they_were_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(slices, "ROWS_IN_A_GROUP", 2)
    cut = pa.concat_tables([CASES.slice(0, 1), CASES.slice(1)])

    first = write(CASES, tmp_path / "a")
    second = write(cut, tmp_path / "b")

    assert first == second
    assert first.rows == len(CASES)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_logical_hash_is_the_one_that_is_documented():
    present = hashlib.sha256(b"\1\0\1").hexdigest()
    values = {
        "key code": b"A\xff" + b"\xff" + "\u00e9\u00e9".encode() + b"\xff",
        "days whole": struct.pack("<3q", 1, 0, -3),
        "cost decimal(18,2)": b"".join(n.to_bytes(16, "little", signed=True) for n in (150, 0, -1)),
        "left_on date": struct.pack("<3i", 1, 0, -1),
        "came_at moment": struct.pack("<3q", 3600, 0, -86400),
        "died flag": b"\1\0\0",
    }
    lines = [
        f"{column} 3 {present} {hashlib.sha256(given).hexdigest()}\n"
        for column, given in values.items()
    ]

    assert logical_sha256(CASES) == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_logical_hash_survives_storage(tmp_path):
    written = write(CASES, tmp_path / "a")

    assert logical_sha256(pq.read_table(tmp_path / "a")) == written.logical_sha256


def test_the_logical_hash_tells_missing_from_zero_and_one_text_from_two():
    def digest(values, kind):
        return logical_sha256(pa.table({"x": pa.array(values, kind)}))

    assert digest([None], pa.int64()) != digest([0], pa.int64())
    assert digest(["ab", "c"], pa.string()) != digest(["a", "bc"], pa.string())
    assert digest([None], pa.string()) != digest([""], pa.string())


def test_the_order_of_rows_is_part_of_a_slice(tmp_path):
    backwards = CASES.take([2, 1, 0])

    assert logical_sha256(backwards) != logical_sha256(CASES)
