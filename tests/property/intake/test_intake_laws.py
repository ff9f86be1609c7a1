"""Laws of intake, held against slow and obvious readings."""

import csv
import re
import tempfile
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from unittest import mock

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comanage.values.period import Period
from indicators.measure.columns import ColumnType
from scorecards.intake import csv_reading
from scorecards.intake.checks import check_file
from scorecards.intake.conversion import convert
from scorecards.intake.csv_reading import read_csv
from scorecards.intake.identifiers import identifier_kind, pattern_hits
from scorecards.intake.reading import Block, UnreadableError
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec
from scorecards.intake.text_files import TextFile
from tests.laws import examples

# No lone surrogates, which are no text, and no NUL, which is refused.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
TRICKY = st.sampled_from(['"', '""', ",", "\n", "\r\n", 'a"b', " ", "", "\u00e9", "\ufeff", "None"])
CELL = TEXT | TRICKY
GRID = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=12)
)
SPEC = FeedSpec(
    (
        FeedColumn("key", "key", ColumnType.CODE),
        FeedColumn("days", "days", ColumnType.WHOLE, minimum=Decimal(0)),
    ),
    "key",
    None,
    DataLevel.CODED_CASES,
)

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))


def written(rows):
    stream = StringIO()
    csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return stream.getvalue().encode()


def cells_read(content, chunk_bytes):
    """All cells as the strict reader finds them, with chunks so small that they cut everywhere."""
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(csv_reading, "CHUNK_BYTES", chunk_bytes),
    ):
        source = Path(folder) / "extract.csv"
        source.write_bytes(content)
        extract = read_csv(TextFile(source), frozenset())
        rows, numbers = [], []
        for part in extract.parts:
            assert isinstance(part, Block)
            rows += zip(*(column.to_pylist() for column in part.columns), strict=True)
            numbers += part.rows.tolist()
    return rows, numbers


@given(rows=GRID, chunk_bytes=st.integers(1, 40))
def test_what_a_csv_writer_writes_comes_back_cell_by_cell(rows, chunk_bytes):
    header = [f"c{place}" for place in range(len(rows[0]))]

    read, numbers = cells_read(written([header, *rows]), chunk_bytes)

    assert read == [tuple(row) for row in rows]
    assert numbers == list(range(2, 2 + len(rows)))


@given(
    content=st.text(st.sampled_from('a,"=\n\r1'), max_size=40).map(str.encode),
    chunk_bytes=st.integers(1, 9),
)
def test_where_the_strict_reader_reads_a_plain_reader_agrees(content, chunk_bytes):
    try:
        extract_rows, _ = cells_read(b"x,y\n" + content, chunk_bytes)
    except (UnreadableError, AssertionError):
        return
    text = (b"x,y\n" + content).decode().rstrip("\r\n")
    plain = list(csv.reader(StringIO(text, newline=""), strict=True))[1:]

    assert extract_rows == [tuple(row) for row in plain]


@settings(max_examples=examples(100))
@given(
    st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from(["csv", "xlsx", "parquet"]),
)
@example(b"PK\x03\x04", "xlsx")
@example(b"PAR1PAR1", "parquet")
def test_no_bytes_break_the_check(content, suffix):
    start = {"csv": b"key,days\n", "xlsx": b"PK\x03\x04", "parquet": b"PAR1"}[suffix]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in", Path(folder) / "out"
        source.write_bytes(start + content)

        outcome = check_file(source, f"extract.{suffix}", SPEC, YEAR, target)

        assert outcome.accepted == target.exists()
        assert outcome.accepted or outcome.findings


NUMBERS = st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{0,4})?", fullmatch=True) | TEXT


@example(["0.000", "1.0001", "1."], ColumnType.DECIMAL)
@given(st.lists(NUMBERS, min_size=1), st.sampled_from([ColumnType.WHOLE, ColumnType.DECIMAL]))
def test_numbers_are_exactly_what_is_written_or_refused(texts, kind):
    column = FeedColumn("n", "n", kind, places=2)
    shape = {
        ColumnType.WHOLE: r"-?[0-9]{1,18}",
        ColumnType.DECIMAL: r"-?[0-9]{1,16}(\.[0-9]{1,2}0*)?",
    }[kind]

    converted = convert(column, pa.array(texts, pa.string()))

    for text, value, missing, bad in zip(
        texts, converted.values.to_pylist(), converted.missing, converted.bad, strict=True
    ):
        cell = text.strip()
        if missing:
            assert cell in ("", "?")
        elif re.fullmatch(shape, cell):
            assert value == Decimal(cell)
        else:
            assert bad
            assert value is None


CALENDAR_LIKE = st.from_regex(r"20[0-9]{2}-[0-3][0-9]-[0-3][0-9]", fullmatch=True)


@given(st.lists(st.dates().map(str) | CALENDAR_LIKE))
def test_days_are_days_of_the_calendar_or_refused(texts):
    converted = convert(FeedColumn("d", "d", ColumnType.DATE), pa.array(texts, pa.string()))

    for text, value, bad in zip(texts, converted.values.to_pylist(), converted.bad, strict=True):
        try:
            expected = date.fromisoformat(text) if len(text) == len("2026-01-31") else None
        except ValueError:
            expected = None
        assert (value, bool(bad)) == (expected, expected is None)


@given(
    st.integers(0, 999),
    st.integers(0, 99),
    st.integers(0, 9999),
    st.sampled_from(["", "id ", "(", "\u00e9 "]),
    st.sampled_from(["", ".", ") x", " \u00e9"]),
)
def test_a_social_security_number_is_found_in_any_plain_surrounding(area, group, serial, pre, post):
    text = f"{pre}{area:03}-{group:02}-{serial:04}{post}"

    assert pattern_hits(pa.array(["x", text]))[0].cells.tolist() == [1]


@given(st.text(max_size=40))
def test_every_text_can_be_a_column_name_in_question(name):
    assert identifier_kind(name) is None or isinstance(identifier_kind(name), str)
