"""The companion holds what the slice holds, in fewer bits, and can be lost."""

import hashlib
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from indicators.measure.columns import CasesError, Column, ColumnType
from indicators.measure.criteria import Evaluator, parse
from indicators.measure.criteria.numbers import NONE_MISSING
from indicators.measure.cube.array_file import ArrayWriter, DamagedArrayError, open_arrays
from indicators.measure.cube.companion import (
    companion_path,
    open_companion,
    write_companion,
)

SLICE = "0" * 64


def companion(tmp_path, **columns):
    write_companion(pa.table(columns), tmp_path, SLICE)
    return open_companion(tmp_path, SLICE)


def test_codes_take_one_byte_and_rise_with_their_texts(tmp_path):
    column = companion(tmp_path, code=pa.array(["b", None, "a", "b"])).column("code")

    assert list(column.vocabulary.words) == ["a", "b"]
    assert column.codes.tolist() == [1, 2, 0, 1]
    assert column.codes.dtype == np.uint8
    assert column.missing.tolist() == [False, True, False, False]


def test_codes_that_do_not_occur_are_left_out(tmp_path):
    codes = pa.DictionaryArray.from_arrays(pa.array([2, None, 0]), ["c", "b", "a"])

    column = companion(tmp_path, code=codes).column("code")

    assert list(column.vocabulary.words) == ["a", "c"]
    assert column.codes.tolist() == [0, 2, 1]


def test_a_long_list_of_codes_takes_two_bytes(tmp_path):
    column = companion(tmp_path, code=pa.array([f"{n:03}" for n in range(256)])).column("code")

    assert column.codes.dtype == np.uint16
    assert column.codes.tolist() == list(range(256))


def test_moments_are_kept_in_minutes_while_they_are_whole_minutes(tmp_path):
    at = datetime(2026, 1, 31, 14, 5)  # noqa: DTZ001 - a moment has no time zone
    moments = pa.array([at, None], pa.timestamp("s"))

    column = companion(tmp_path, at=moments).column("at")

    assert column.scaled.dtype == np.int32
    assert (column.step, column.scale) == (60, 1)
    days = (date(2026, 1, 31) - date(1970, 1, 1)).days
    assert column.scaled.tolist() == [days * 1440 + 14 * 60 + 5, 0]
    assert column.missing.tolist() == [False, True]


def test_moments_with_seconds_keep_their_seconds(tmp_path):
    at = datetime(1970, 1, 1, 0, 1, 7)  # noqa: DTZ001

    column = companion(tmp_path, at=pa.array([at], pa.timestamp("ms"))).column("at")

    assert (column.scaled.tolist(), column.step, column.scale) == ([67], 1, 1)


@pytest.mark.parametrize(
    ("largest", "kind"),
    [(127, np.int8), (128, np.int16), (2**15, np.int32), (2**31, np.int64), (2**62, np.int64)],
)
def test_numbers_take_as_few_bits_as_they_need(tmp_path, largest, kind):
    column = companion(tmp_path, n=pa.array([largest, -1], pa.int64())).column("n")

    assert column.scaled.dtype == kind
    assert column.scaled.tolist() == [largest, -1]
    assert column.missing is NONE_MISSING
    assert column.largest == largest


@pytest.mark.parametrize("text", ["n * 100000 = 0", "n / 0.00001 = 0", "n - 100000 = -100000"])
def test_a_column_of_zeros_has_room_for_large_written_numbers(tmp_path, text):
    column = Column("n", ColumnType.WHOLE)
    zeros = companion(tmp_path, n=pa.array([0, 0]))

    found = Evaluator(zeros).masks(parse(text, {"n": column}))

    assert found.true.tolist() == [True, True]


def test_decimals_beyond_64_bits_are_kept_exactly(tmp_path):
    amounts = pa.array([Decimal("99999999999999999999999.99"), None], pa.decimal128(30, 2))

    column = companion(tmp_path, cost=amounts).column("cost")

    assert column.scaled.tolist() == [9999999999999999999999999, 0]
    assert column.scale == 100


def test_there_is_no_companion_before_one_is_written(tmp_path):
    assert open_companion(tmp_path, SLICE) is None


@pytest.mark.parametrize("keep", [0, 10, 100, -1])
def test_a_companion_that_was_cut_short_counts_as_none(tmp_path, keep):
    companion(tmp_path, code=pa.array(["a", "b"]))
    path = companion_path(tmp_path, SLICE)
    path.write_bytes(path.read_bytes()[:keep])

    assert open_companion(tmp_path, SLICE) is None


def test_a_file_of_something_else_counts_as_none(tmp_path):
    companion_path(tmp_path, SLICE).write_bytes(b"something else, long enough to be looked at")

    assert open_companion(tmp_path, SLICE) is None


def test_a_companion_that_could_not_be_finished_leaves_nothing(tmp_path):
    writer = ArrayWriter()
    writer.place(np.arange(3))

    with pytest.raises(TypeError):
        writer.write(tmp_path / "unfinished", {"not for JSON": object()})
    with pytest.raises(OSError, match="No such file"):
        writer.write(tmp_path / "no folder" / "file", {})

    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        writer.write(tmp_path / "taken", {})

    assert list(tmp_path.iterdir()) == [tmp_path / "taken"]
    assert open_arrays(tmp_path / "unfinished") is None


def test_a_column_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CasesError, match="no column 'days'"):
        companion(tmp_path, code=pa.array(["a"])).column("days")


def test_a_type_that_criteria_do_not_know_is_refused(tmp_path):
    with pytest.raises(CasesError, match="'share' of the cases is double"):
        write_companion(pa.table({"share": [0.5]}), tmp_path, SLICE)

    assert list(tmp_path.iterdir()) == []


class Xor:
    """A cipher to be seen through: it turns every bit and ends in its context."""

    overhead = 8

    def seal(self, clear, context):
        return bytes(byte ^ 255 for byte in bytes(clear)) + self._tag(context)

    def open(self, sealed, context):
        sealed = bytes(sealed)
        if not sealed.endswith(self._tag(context)):
            return None
        return bytes(byte ^ 255 for byte in sealed[:-8])

    def _tag(self, context):
        return hashlib.sha256(context.encode()).digest()[:8]


@pytest.fixture
def sealed(tmp_path):
    table = pa.table({"ward": ["A", "B", None], "days": pa.array([3, None, 5], pa.int64())})
    return write_companion(table, tmp_path, SLICE, Xor())


def test_a_sealed_companion_opens_with_its_cipher_alone(tmp_path, sealed):
    opened = open_companion(tmp_path, SLICE, Xor())

    assert list(opened.column("ward").vocabulary.words) == ["A", "B"]
    assert opened.column("days").scaled.tolist()[::2] == [3, 5]
    assert open_companion(tmp_path, SLICE) is None
    assert b"ward" not in sealed.read_bytes()


def test_a_sealed_companion_under_another_name_is_none(tmp_path, sealed):
    sealed.rename(companion_path(tmp_path, "other"))

    assert open_companion(tmp_path, "other", Xor()) is None


def test_a_sealed_column_that_was_changed_is_refused(tmp_path, sealed):
    content = bytearray(sealed.read_bytes())
    content[-64:] = bytes(64)
    sealed.write_bytes(content)

    opened = open_companion(tmp_path, SLICE, Xor())
    with pytest.raises(DamagedArrayError, match="Remove it"):
        [opened.column(name).missing for name in ("ward", "days")]


def test_a_companion_in_the_clear_is_none_to_a_cipher(tmp_path):
    write_companion(pa.table({"ward": ["A"]}), tmp_path, SLICE)

    assert open_companion(tmp_path, SLICE, Xor()) is None
