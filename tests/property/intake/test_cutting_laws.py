"""Where a file is cut into blocks changes nothing: no byte, no hash, no finding."""

import tempfile
from datetime import date, datetime
from pathlib import Path
from unittest import mock

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from comanage.values.period import Period
from indicators.measure.columns import ColumnType
from scorecards.intake import csv_reading, texts
from scorecards.intake.checks import check_file
from scorecards.intake.conversion import convert
from scorecards.intake.manner import Manner
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec, TimeOrder

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
SPEC = FeedSpec(
    (
        FeedColumn("key", "key", ColumnType.CODE),
        FeedColumn("ward", "ward", ColumnType.CODE, codes=("A", "B")),
        FeedColumn("stock", "stock", ColumnType.WHOLE),
        FeedColumn("came", "came", ColumnType.MOMENT),
        FeedColumn("left", "left", ColumnType.MOMENT),
    ),
    "key",
    None,
    DataLevel.CODED_CASES,
    orders=(TimeOrder("came", "left"),),
)
MOMENTS = st.sampled_from(["", "2026-02-30 10:00", "2026-02-03 10:00", "2026-02-03T09:59:00", "x"])
CARDS = st.sampled_from(["4111111111111111", "4111111111111112", "4111111111111113", "7", ""])
ROWS = st.lists(
    st.tuples(
        st.text("ab", min_size=1, max_size=3), st.sampled_from("ABC"), CARDS, MOMENTS, MOMENTS
    ),
    max_size=30,
)


def checked(content, chunk_bytes, cells_tried, manner):
    """The outcome, and the bytes of the slice."""
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(csv_reading, "CHUNK_BYTES", chunk_bytes),
        mock.patch.object(texts, "CELLS_TRIED", cells_tried),
    ):
        source, target = Path(folder, "in"), Path(folder, "out")
        source.write_bytes(content)
        outcome = check_file(source, "in.csv", SPEC, YEAR, target, manner=manner)
        return outcome, target.read_bytes() if outcome.accepted else b""


@given(ROWS, st.integers(1, 300), st.integers(1, 20), st.booleans())
def test_a_file_cut_anywhere_gives_the_same_bytes_hashes_and_findings(rows, cut, tried, skips):
    lines = ["key,ward,stock,came,left", *(",".join(row) for row in rows), ""]
    content, manner = "\n".join(lines).encode(), Manner(skip_faulty=skips)

    whole, whole_bytes = checked(content, 1_000_000, 2_048, manner)
    pieces, pieces_bytes = checked(content, cut, tried, manner)

    assert set(pieces.findings) == set(whole.findings)
    assert [f.row for f in pieces.findings] == [f.row for f in whole.findings]
    assert pieces.findings_total == whole.findings_total
    assert pieces.counts == whole.counts
    assert (pieces.slice_sha256, pieces.logical_sha256) == (
        whole.slice_sha256,
        whole.logical_sha256,
    )
    assert (pieces.rows, pieces.rows_skipped) == (whole.rows, whole.rows_skipped)
    assert pieces_bytes == whole_bytes


NEARLY = st.from_regex(r"[0-9]{4}-[0-3][0-9]-[0-3][0-9][T :][0-2][0-9]:[0-6][0-9]", fullmatch=True)
NEARLIER = st.from_regex(r"[0-9TZ:+. -]{16}", fullmatch=True)


@given(st.lists(st.datetimes().map(lambda at: str(at)[:16]) | NEARLY | NEARLIER, max_size=5))
@example(["2026-02-03 1004Z"])
@example(["2026-02-03 10+01"])
@example(["2026-02-03 240000"])
@example(["0000-01-01 00:00"])
def test_a_moment_of_sixteen_characters_is_read_as_written_or_refused(written):
    converted = convert(FeedColumn("m", "m", ColumnType.MOMENT), pa.array(written, pa.string()))

    for text, value, bad in zip(written, converted.values.to_pylist(), converted.bad, strict=True):
        assert (value, bool(bad)) == expected(text)


def expected(text):
    if not text.strip():
        return None, False
    try:
        return datetime.strptime(text.replace("T", " ", 1), "%Y-%m-%d %H:%M"), False  # noqa: DTZ007
    except ValueError:
        return None, True
