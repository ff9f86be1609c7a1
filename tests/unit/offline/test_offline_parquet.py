"""Parquet files, and files of several kinds together."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from tests.unit.offline.conftest import (
    DAYS,
    MOMENTS,
    STAY,
    WAIT,
    counts,
    defined,
    moment,
    numbers_of,
    parquet,
    workbook,
)


def test_a_parquet_file_of_exact_types_is_read_as_it_is(door):
    path = parquet(
        door,
        stay_days=pa.array([3, 2, 5, 0, None], pa.int16()),
        disposition=pa.array(["01", "01", "20", "01", "01"]).dictionary_encode(),
        readmitted=pa.array([True, False, True, None, True]),
        nested=pa.array([[1], [2], [3], [4], [5]]),
    )

    assert counts(door.total(defined(), path)) == ("1", "2", "1")


def test_a_parquet_file_of_binary_numbers_is_read_by_their_shortest_text(door):
    path = parquet(
        door,
        stay_days=pa.array([3.0, float("nan"), 5.0, 0.0]),
        disposition=pa.array([1.0, 1.0, 20.0, None]),
        readmitted=pa.array([1, 0, 1, 0], pa.int8()),
    )
    assert counts(door.total(defined(), path)) == ("1", "1", "1")

    for kind in (pa.float64(), pa.float32()):
        columns = [{"name": "cost", "type": "decimal"}]
        path = parquet(door, cost=pa.array([0.1, 0.2, None], kind))
        assert door.total(numbers_of(*columns, observation="cost"), path)["rate"] == "3/10"


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_moments_of_parquet_keep_their_unit(door, unit):
    first, second = moment(2026, 1, 31, 14, 5), moment(2026, 1, 31, 14, 35)
    path = parquet(
        door,
        arrived_at=pa.array([first], pa.timestamp(unit)),
        seen_at=pa.array([second], pa.timestamp(unit)),
    )

    assert door.total(numbers_of(*MOMENTS, observation=WAIT), path)["rate"] == "30"


def test_moments_with_a_zone_are_taken_by_the_clock_of_that_zone(door):
    chicago = ZoneInfo("America/Chicago")
    moments = [datetime(2026, 1, 31, 23, 30, tzinfo=chicago)]
    path = parquet(
        door,
        arrived_at=pa.array(moments, pa.timestamp("us", tz="America/Chicago")),
        seen_at=pa.array(["2026-01-31 23:45"]),
    )

    total = door.total(numbers_of(*MOMENTS, observation=WAIT), path)

    assert total["rate"] == "15"
    assert moments[0].astimezone(UTC).date() != date(2026, 1, 31)
    assert any("clock of America/Chicago" in note for note in door.notes)


def test_days_and_decimals_of_parquet_are_exact(door):
    path = parquet(
        door,
        admitted_on=pa.array([date(2026, 1, 31)], pa.date64()),
        discharged_on=pa.array([moment(2026, 2, 2)], pa.timestamp("ns")),
    )
    assert door.total(numbers_of(*DAYS, observation=STAY), path)["rate"] == "2"

    columns = [{"name": "cost", "type": "decimal"}]
    path = parquet(door, cost=pa.array([Decimal("0.10"), Decimal("2.25")], pa.decimal128(9, 2)))
    assert door.total(numbers_of(*columns, observation="cost"), path)["rate"] == "47/20"


def test_files_of_different_kinds_are_one_table(door):
    columns = [{"name": "cost", "type": "decimal"}, {"name": "room", "type": "code"}]
    definition = numbers_of(*columns, observation="cost", denominator="room like 'OR%'")
    files = [
        parquet(door, cost=pa.array([Decimal("1.10")]), room=pa.array(["OR 1"])),
        workbook(door, A=[["cost", "room"], [2.5, "OR 2"], [7, "ED"]]),
        door.put("b.csv", "room;Cost\nOR 1;0.125\n"),
    ]

    rows = door.rows(definition, *files, by="room")

    assert rows[0]["rate"] == "149/40"
    assert [(row["room"], row["rate"]) for row in rows[2:]] == [("OR 1", "49/40"), ("OR 2", "5/2")]


def test_a_binary_number_that_is_none_is_a_missing_code(door):
    path = parquet(
        door,
        stay_days=pa.array([3, 3]),
        disposition=pa.array([float("nan"), 1e15]),
        readmitted=pa.array(["Y", "Y"]),
    )
    definition = defined(initial_population="disposition = '1000000000000000'")

    assert door.total(definition, path)["initial_population"] == "1"
    assert door.total(definition, path)["missing"] == "1"


def test_a_nested_column_that_is_needed_is_refused(door):
    path = parquet(door, stay_days=pa.array([[1]]), disposition=["01"], readmitted=[True])

    assert door.refusal(defined(), path) == (
        "a.parquet: column “stay_days” is nested, not one value.",
    )


def test_text_of_parquet_may_be_large_a_view_or_nothing(door):
    path = parquet(
        door,
        stay_days=pa.array(["3", "1,000"], pa.large_string()),
        disposition=pa.array(["01", "01"], pa.string_view()),
        readmitted=pa.nulls(2),
    )

    total = door.total(defined(), path)

    assert (total["eligible"], total["not_known"]) == ("2", "2")


def test_files_whose_numbers_do_not_fit_one_scale_are_refused(door):
    columns = [{"name": "cost", "type": "decimal"}]
    small = parquet(door, "a.parquet", cost=pa.array([Decimal("0." + "1" * 30)]))
    large = parquet(door, "b.parquet", cost=pa.array([Decimal("9" * 20)]))

    (refused,) = door.refusal(numbers_of(*columns, observation="cost"), small, large)

    assert refused == "The numbers of column “cost” need more than 38 digits together."
