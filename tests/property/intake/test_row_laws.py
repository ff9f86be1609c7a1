"""No row is lost, added or changed: in no kind of file, and when faulty rows are left out."""

import csv
import json
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from comanage.values.period import Period
from indicators.measure.columns import ColumnType
from scorecards.intake.checks import check_file
from scorecards.intake.manner import AS_IT_IS, Manner
from scorecards.intake.outcome import Severity
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec
from tests.laws import examples

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
SKIPPING = Manner(skip_faulty=True)
NAMES = ("key", "ward", "days", "cost", "left_on", "died")
SPEC = FeedSpec(
    (
        FeedColumn("key", "key", ColumnType.CODE),
        FeedColumn("ward", "ward", ColumnType.CODE),
        FeedColumn("days", "days", ColumnType.WHOLE),
        FeedColumn("cost", "cost", ColumnType.DECIMAL, places=2),
        FeedColumn("left_on", "left_on", ColumnType.DATE),
        FeedColumn("died", "died", ColumnType.FLAG),
    ),
    "key",
    "left_on",
    DataLevel.CODED_CASES,
)
TYPES = (pa.string(), pa.string(), pa.int64(), pa.decimal128(18, 2), pa.date32(), pa.bool_())
# Codes that a reader may take for something else: a number, nothing, two fields, a quote.
ODD = st.sampled_from(["007", "1e5", "None", "NA", "TRUE", "a,b", "a;b", "a|b", '"', 'a"b', "é"])


def or_nothing(values):
    return st.none() | values


ROWS = st.lists(
    st.tuples(
        st.text("aB0é", min_size=1, max_size=6) | ODD,
        or_nothing(ODD),
        or_nothing(st.integers(-(10**14), 10**14)),
        or_nothing(st.decimals(-(10**10), 10**10, places=2)),
        st.integers(0, 364).map(lambda days: YEAR.start + timedelta(days)),
        or_nothing(st.booleans()),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row[0],
)


def as_csv(rows, separator):
    text = StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows([NAMES, *rows])
    return text.getvalue().encode()


def as_json(row):
    """Write an object; a decimal as the digits it has."""
    cells = [
        str(cell).lower() if isinstance(cell, int | Decimal) else json.dumps(cell and str(cell))
        for cell in row
    ]
    return "{" + ", ".join(map('"{}": {}'.format, NAMES, cells)) + "}"


def as_workbook(rows):
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, NAMES)
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                elif cell is not None:
                    sheet.write(number, place, cell)
    return stream.getvalue()


def as_parquet(rows):
    columns = zip(*rows, strict=True)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, TYPES, strict=True)]
    stream = BytesIO()
    pq.write_table(pa.table(arrays, list(NAMES)), stream)
    return stream.getvalue()


def checked(content, name, manner=AS_IT_IS):
    """The outcome, and the rows of the slice."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in"), Path(folder, "out")
        source.write_bytes(content)
        outcome = check_file(source, name, SPEC, YEAR, target, manner=manner)
        kept = pq.read_table(target).to_pylist() if outcome.accepted else []
    return outcome, [tuple(row.values()) for row in kept]


@settings(max_examples=examples(15))
@given(ROWS, st.sampled_from(",;\t|"))
def test_every_kind_of_file_gives_the_rows_that_were_put_into_it(rows, separator):
    objects = [as_json(row) for row in rows]
    files = {
        "a.csv": as_csv(rows, separator),
        "a.ndjson": "\n".join(objects).encode(),
        "a.json": f"[{', '.join(objects)}]".encode(),
        "a.xlsx": as_workbook(rows),
        "a.parquet": as_parquet(rows),
    }

    hashes = set()
    for name, content in files.items():
        outcome, kept = checked(content, name)
        assert outcome.accepted, (name, outcome.findings)
        assert kept == rows, name
        hashes.add(outcome.slice_sha256)
    assert len(hashes) == 1


# Most rows are good, for at most half of a file is left out.
LINES = st.lists(
    st.tuples(
        st.text("abc", min_size=1, max_size=3),
        st.just("A"),
        st.sampled_from(["3", "4", "", "x"]),
        st.sampled_from(["1.5", "2", "", "0"]),
        st.sampled_from(["2026-02-03", "2026-12-31", "2026-01-01", "2027-01-01"]),
        st.just("no"),
    ).map(",".join)
    | st.sampled_from(["short", '"A, 1",B,3,1,2026-02-03,yes']),
    max_size=25,
)


@settings(max_examples=examples(25))
@given(LINES)
def test_leaving_faulty_rows_out_is_sending_the_file_without_them(lines):
    outcome, kept = checked("\n".join([",".join(NAMES), *lines]).encode(), "a.csv", SKIPPING)

    faulty = {each.row for each in outcome.findings if each.severity is Severity.ERROR} - {None}
    if not outcome.accepted:
        assert len(faulty) * 2 > len(lines) or not lines
        return
    rest = [line for number, line in enumerate(lines, 2) if number not in faulty]
    without, kept_without = checked("\n".join([",".join(NAMES), *rest]).encode(), "a.csv")
    assert (without.accepted, kept_without) == (True, kept)
    assert without.slice_sha256 == outcome.slice_sha256
    assert (outcome.rows, outcome.rows_skipped) == (len(lines), len(faulty))
