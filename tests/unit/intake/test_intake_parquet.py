import re
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scorecards.intake import parquet_reading
from tests.unit.intake.intake_examples import codes, good_row, rows_of

MIDNIGHT = datetime.fromisoformat("2026-02-03")
GOOD = {
    "case_id": pa.array(["A1", "A2"]),
    "specialty": pa.array(["CARD", None]),
    "left_on": pa.array([date(2026, 2, 3)] * 2),
    "days": pa.array([2**53 + 1, None]),
    "cost": pa.array([Decimal("10.50")] * 2, pa.decimal128(9, 2)),
    "died": pa.array([False, False]),
}


def parquet(**columns):
    stream = BytesIO()
    pq.write_table(pa.table({**GOOD, **columns}), stream)
    return stream.getvalue()


@pytest.fixture
def check_parquet(check):
    return lambda content: check(content, "extract.parquet")


def test_parquet_gives_the_same_slice_as_the_csv_of_it(check_parquet, check_rows):
    from_parquet = check_parquet(parquet())
    from_text = check_rows(
        good_row("A1", days=str(2**53 + 1)), good_row("A2", specialty="", days="")
    )

    assert from_parquet.accepted, from_parquet.findings
    assert from_parquet.slice_sha256 == from_text.slice_sha256


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("case_id", pa.array([1, 2])),
        ("specialty", pa.array(["CARD", None]).dictionary_encode()),
        ("specialty", pa.array(["CARD", None], pa.large_string())),
        ("specialty", pa.nulls(2)),
        ("left_on", pa.array([MIDNIGHT] * 2, pa.timestamp("us"))),
        ("left_on", pa.array([date(2026, 2, 3)] * 2, pa.date64())),
        ("cost", pa.array([10, 11])),
        ("note_count", pa.array([1.5, 2.5])),
    ],
)
def test_columns_stored_in_another_exact_way_are_taken(check_parquet, name, column):
    outcome = check_parquet(parquet(**{name: column}))

    assert outcome.accepted, outcome.findings


REPEATED = pa.array(["x" * 1_000]).take(pa.array([0] * 150_000))


@pytest.mark.parametrize(
    ("columns", "most_rows"),
    [
        (
            {f"c{place}": pa.nulls(1_000_000, pa.string()) for place in range(30)},
            0,
        ),  # by its footer
        ({"c": REPEATED}, 140_000),
        ({"c": REPEATED.dictionary_encode()}, 140_000),
    ],
)
def test_a_small_file_that_grows_when_it_is_read_is_refused_soon(check_parquet, columns, most_rows):
    stream = BytesIO()
    pq.write_table(pa.table(columns), stream, compression="zstd")
    footer = pq.ParquetFile(stream).metadata

    outcome = check_parquet(stream.getvalue())

    assert footer.row_group(0).total_byte_size < parquet_reading.MAX_UNPACKED_BYTES
    assert "too-large" in codes(outcome)
    assert outcome.rows <= most_rows


@pytest.mark.parametrize(
    ("name", "column", "code"),
    [
        ("days", pa.array([1.0, 2.0]), "wrong-type"),
        ("cost", pa.array([1.5, 2.5]), "wrong-type"),
        ("case_id", pa.array([1.0, 2.0]), "wrong-type"),
        ("left_on", pa.array([MIDNIGHT] * 2, pa.timestamp("us", "UTC")), "wrong-type"),
        ("ward", pa.array([b"x", b"y"]), "column-kind"),
        ("ward", pa.array([["x"], ["y"]]), "column-kind"),
    ],
)
def test_columns_that_are_not_exact_or_not_plain_are_refused(check_parquet, name, column, code):
    outcome = check_parquet(parquet(**{name: column}))

    assert code in codes(outcome)
    assert not outcome.accepted


def test_a_time_of_day_is_no_day(check_parquet):
    times = pa.array([MIDNIGHT, datetime.fromisoformat("2026-02-03 08:00")], pa.timestamp("us"))

    assert rows_of(check_parquet(parquet(left_on=times)), "wrong-type") == [3]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (parquet()[:-20], "unreadable"),
        (parquet()[:300], "unreadable"),
        (b"PAR1" + bytes(500) + b"PAR1", "unreadable"),
        (b"PARE" + bytes(100) + b"PARE", "encrypted"),
    ],
)
def test_a_damaged_file_is_refused(check_parquet, content, code):
    assert codes(check_parquet(content)) == [code]


def test_a_file_damaged_in_the_middle_is_refused(check_parquet):
    content = bytearray(parquet())
    content[4:200] = bytes(196)

    assert not check_parquet(bytes(content)).accepted


def test_no_row_is_lost_where_a_file_is_cut(check_parquet, target, monkeypatch):
    monkeypatch.setattr(parquet_reading, "ROWS_AT_A_TIME", 2)
    keys = [f"A{number}" for number in range(5)]
    rows = {name: column.take(pa.array([0] * 5)) for name, column in GOOD.items()}

    outcome = check_parquet(parquet(**{**rows, "case_id": pa.array(keys)}))

    assert (outcome.accepted, outcome.rows) == (True, 5)
    assert pq.read_table(target)["case_id"].to_pylist() == keys


@pytest.mark.parametrize("place", ["of the group", "of all"])
def test_a_footer_that_counts_fewer_rows_than_there_are_is_refused(check_parquet, place):
    """A reader takes as many rows as the group says, and leaves the last one without a word."""
    rows = pa.table({name: column.take(pa.array([0] * 21)) for name, column in GOOD.items()})
    rows = rows.set_column(0, "case_id", pa.array([f"A{n}" for n in range(21)]))
    stream = BytesIO()
    pq.write_table(rows, stream, store_schema=False, write_statistics=False)
    content = bytearray(stream.getvalue())
    # 21 as Thrift writes it, after the tag of a long number.
    counts = [found.start() + 1 for found in re.finditer(rb"\x16\x2a", content)]
    assert check_parquet(bytes(content)).rows == 21

    content[counts[0 if place == "of all" else -1]] -= 2

    outcome = check_parquet(bytes(content))
    assert (outcome.accepted, codes(outcome)) == (False, ["unreadable"])


def test_a_file_without_rows_is_refused(check_parquet):
    stream = BytesIO()
    pq.write_table(pa.table(GOOD).slice(0, 0), stream)

    assert "no-rows" in codes(check_parquet(stream.getvalue()))


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ("MAX_FILE_COLUMNS", "too-many-columns"),
        ("MAX_ROWS", "too-many-rows"),
        ("MAX_ROW_GROUPS", "too-large"),
        ("MAX_UNPACKED_BYTES", "too-large"),
    ],
)
def test_a_file_over_a_limit_is_refused_by_its_footer(check_parquet, monkeypatch, limit, code):
    monkeypatch.setattr(parquet_reading, limit, 0)

    assert codes(check_parquet(parquet())) == [code]
