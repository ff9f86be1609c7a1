"""A hundred thousand damaged texts, ten thousand damaged workbooks: no column shifts, none breaks.

What is read is held against a plain reader of the same bytes; a workbook against the cells that
were written into it, under the mutation that was made.
"""

import io
import random
import re
import zipfile
from datetime import date
from functools import cache

import openpyxl
import pyarrow.parquet as pq
import pytest

from comanage.values.period import Period
from indicators.measure.columns import ColumnType
from scorecards.intake.checks import check_file
from scorecards.intake.csv_reading import read_csv
from scorecards.intake.json_reading import read_ndjson
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec
from tests.property.intake.test_mutation_laws import (
    check_csv_rows,
    check_json_rows,
    mutated,
    rows_read,
)

pytestmark = pytest.mark.long
CSV = b'a,b,c\n1,"x, y",3\n4,"say ""no""",6\r\n7,,9\n"8\n8",b,"""c"""\n'
LINES = b'{"a": 1.50, "b": "x"}\n{"a": null, "b": "\\u00e9"}\n{"a": true, "c": "1"}\n'
PIECES = [b'"', b'""', b",", b",,", b"\n", b"\r", b"\r\n", b"x", b"{", b"}", b":", b"\\", b"", b"1"]
PIECES += [b" ", b"\0", b"\xff", b"\xe9", b"\xc3\xa9", b"\xef\xbb\xbf", b"null", b"[", b";", b"\t"]
PARTS = 10
TEXTS_EACH, BOOKS_EACH = 5_000, 1_000  # in each part; texts of two kinds
SHEET = "xl/worksheets/sheet1.xml"
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
KEYS, WARDS = [f"K{place}" for place in range(6)], ["A", "B", "Ü&<", "C", "E", "D"]
CELLS = KEYS, WARDS, [str(10 + place) for place in range(6)]
SPEC = FeedSpec(
    (
        FeedColumn("key", "key", ColumnType.CODE),
        FeedColumn("ward", "ward", ColumnType.CODE),
        FeedColumn("days", "days", ColumnType.WHOLE),
    ),
    "key",
    None,
    DataLevel.CODED_CASES,
)


def damaged(content, chance):
    many = chance.choice([1, 1, 2, 3, 6])
    places = range(len(content) + 1)
    return mutated(
        content,
        [(chance.choice(places), chance.randrange(4), chance.choice(PIECES)) for _ in range(many)],
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_a_damaged_csv_is_read_as_written_or_refused(part):
    chance, read = random.Random(part), 0
    for _ in range(TEXTS_EACH):
        content = damaged(CSV, chance)
        header, rows = rows_read(read_csv, content)
        check_csv_rows(content, header, rows)
        read += bool(rows)
    assert read > TEXTS_EACH // 20  # enough of them are read to say something


@pytest.mark.parametrize("part", range(PARTS))
def test_a_damaged_json_line_is_read_as_written_or_refused(part):
    chance, read = random.Random(part), 0
    for _ in range(TEXTS_EACH):
        content = damaged(LINES, chance)
        header, rows = rows_read(read_ndjson, content)
        check_json_rows(content, header, rows)
        read += bool(rows)
    assert read > TEXTS_EACH // 20


@cache
def workbook():
    """A small workbook: its members by name."""
    book, written = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["key", "ward", "days"])
    for place, (key, ward) in enumerate(zip(KEYS, WARDS, strict=True)):
        book.active.append([key, ward, 10 + place])
    book.save(written)
    with zipfile.ZipFile(written) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def cell_moved(xml, chance):
    """Say of a cell that it stands elsewhere, or of a row."""
    places = list(re.finditer(rb'r="([A-Z]*)([0-9]+)"', xml))
    place = chance.choice(places)
    column = chance.choice([b"A", b"B", b"C", b"D", b"XFD", b""]) if place.group(1) else b""
    row = chance.choice([b"1", b"2", b"3", b"9", b"0", b"1048576", b"99999999999"])
    return xml[: place.start()] + b'r="' + column + row + b'"' + xml[place.end() :]


def tag_dropped(xml, chance):
    """Take a whole tag out."""
    tag = chance.choice(list(re.finditer(rb"<[^>]*>", xml)))
    return xml[: tag.start()] + xml[tag.end() :]


def damaged_book(chance):
    """A workbook with a damaged member, or damaged as it is packed."""
    if chance.random() < 0.3:
        return damaged(packed(workbook()), chance)
    members = dict(workbook())
    name = SHEET if chance.random() < 0.7 else chance.choice([*members])
    members[name] = chance.choice([tag_dropped, damaged])(members[name], chance)
    return packed(members)


def moved_book(chance):
    """A workbook in which one cell or row says that it stands elsewhere."""
    return packed(workbook() | {SHEET: cell_moved(workbook()[SHEET], chance)})


def cells_by_openpyxl(content):
    """Read the declared columns as another reader does; None where it cannot."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(content))
        read = [[_text(cell.value) for cell in row] for row in book.active.iter_rows()]
        header, *cases = [row for row in read if any(row)]
        wanted = [header.index(column.name) for column in SPEC.columns]
        return [[row[place] or "None" for place in wanted] for row in cases]
    except Exception:
        return None


def _text(value):
    return "" if value is None else str(value).strip()


def rows_accepted(content, folder):
    """Check a workbook; return the rows of its slice, or None when it is refused."""
    source, target = folder / "in", folder / "out"
    source.write_bytes(content)
    outcome = check_file(source, "stays.xlsx", SPEC, YEAR, target)
    assert outcome.accepted == target.exists()
    assert outcome.accepted or outcome.findings
    if not outcome.accepted:
        return None
    return [list(map(str, row.values())) for row in pq.read_table(target).to_pylist()]


@pytest.mark.parametrize("part", range(PARTS))
def test_a_damaged_workbook_keeps_each_value_in_its_column_or_is_refused(part, tmp_path):
    chance, accepted = random.Random(part), 0
    for number in range(BOOKS_EACH // 2):
        rows = rows_accepted(damaged_book(chance), tmp_path)
        for place, own in enumerate(CELLS if rows else ()):
            others = {cell for cells in CELLS for cell in cells} - set(own)
            assert not others & {row[place] for row in rows}, (part, number)
        accepted += bool(rows)
    assert accepted > BOOKS_EACH // 40


@pytest.mark.parametrize("part", range(PARTS))
def test_a_cell_stands_where_the_workbook_says_or_the_file_is_refused(part, tmp_path):
    chance, compared = random.Random(part), 0
    for number in range(BOOKS_EACH // 2):
        content = moved_book(chance)
        rows = rows_accepted(content, tmp_path)
        expected = cells_by_openpyxl(content) if rows else None
        if expected is not None:
            assert rows == expected, (part, number)
            compared += 1
    assert compared  # most are out of order now, and refused


def test_the_plain_reader_is_what_rows_are_held_against():
    header, rows = rows_read(read_csv, CSV)

    check_csv_rows(CSV, header, rows)
    assert len(rows) == 4
    with pytest.raises(AssertionError):
        check_csv_rows(CSV, header, {2: ("x, y", "1", "3")})
