"""Every table that leaves, read back by two readers for each form."""

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import openpyxl
import pytest
from pyarrow import csv as arrow_csv
from python_calamine import CalamineWorkbook

from comanage.exports import tables
from comanage.exports.cells import original_text, safe_text
from comanage.exports.tables import Table, TableError, csv_bytes, write_csv, xlsx_bytes

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    "'=1",
    "''=1",
]
PLAIN = ["", "a=1", "'quoted'", "1 - 2", " =1", 'say "no", please', "zwei\nZeilen", "Zoë"]


def as_csv(cell) -> str:
    (_, (read,)) = csv.reader(
        io.StringIO(csv_bytes(Table("t", ["x"], [[cell]])).decode("utf-8"), newline="")
    )
    return read


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_begins_a_formula_gets_an_apostrophe(text):
    assert as_csv(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN[1:])
def test_any_other_text_stays_as_it_is(text):
    assert as_csv(text) == text


@pytest.mark.parametrize("text", FORMULAS + PLAIN)
def test_guarding_can_be_undone(text):
    assert original_text(safe_text(text)) == text


CELLS = {
    "nothing": (None, ""),
    "yes": (True, "true"),
    "a whole number": (-5, "-5"),
    "a long number": (12345678901234567890, "12345678901234567890"),
    "a decimal": (Decimal("-62333.30"), "-62333.30"),
    "a small decimal": (Decimal("1E-9"), "0.000000001"),
    "a day": (date(2026, 3, 14), "2026-03-14"),
    "a moment": (
        datetime(2026, 3, 14, 8, 5, tzinfo=timezone(timedelta(hours=-5))),
        "2026-03-14T13:05:00Z",
    ),
    "a moment without a zone": (datetime(2026, 3, 14, 8, 5), "2026-03-14T08:05:00"),  # noqa: DTZ001
    "an id": (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    "a list": (["=1", 2], '["=1", 2]'),
    "a document": ({"b": None, "a": "ü"}, '{"a": "ü", "b": null}'),
}


@pytest.mark.parametrize("name", CELLS)
def test_each_type_has_one_way_to_be_written(name):
    cell, text = CELLS[name]

    assert as_csv(cell) == text


def test_csv_is_that_of_rfc_4180():
    table = Table("t", ["a", "=b"], [['x "y", z', "1\n2"], [None, -3]])

    assert csv_bytes(table) == b'a,\'=b\r\n"x ""y"", z","1\n2"\r\n,-3\r\n'


def test_two_readers_of_csv_find_the_same_cells():
    rows = [[text, number] for number, text in enumerate(FORMULAS[:4] + PLAIN[1:])]
    content = csv_bytes(Table("t", ["text", "number"], rows))

    here = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    there = arrow_csv.read_csv(
        io.BytesIO(content), parse_options=arrow_csv.ParseOptions(newlines_in_values=True)
    ).to_pylist()

    assert [(row["text"], int(row["number"])) for row in here] == [
        (row["text"], row["number"]) for row in there
    ]
    assert [original_text(row["text"]) for row in here] == [row[0] for row in rows]


def test_rows_are_counted_while_they_are_written():
    assert write_csv(Table("t", ["a"], ([n] for n in range(3))), io.BytesIO()) == 3


# --- XLSX -------------------------------------------------------------------------------------

LINK, LONG = "https://elsewhere.example/", Decimal("1234567890123456.78")
ROW = ["=1+1", "-1", LINK, -5, Decimal("0.1"), LONG, True, None, date(2026, 3, 14)]


def workbook(*rows) -> bytes:
    return xlsx_bytes(Table("Cases", [f"c{at}" for at in range(len(rows[0]))], rows))


def test_two_readers_of_a_workbook_find_texts_numbers_and_days():
    content = workbook(ROW)

    (_, openpyxl_row) = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()
    (_, calamine_row) = (
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )

    assert [cell.value for cell in openpyxl_row[:8]] == [
        "=1+1",
        "-1",
        LINK,
        -5,
        0.1,
        "1234567890123456.78",
        True,
        None,
    ]
    assert openpyxl_row[8].value == datetime(2026, 3, 14)  # noqa: DTZ001
    assert calamine_row[:7] == ["=1+1", "-1", LINK, -5, 0.1, "1234567890123456.78", True]
    assert calamine_row[8] == date(2026, 3, 14)


def test_a_workbook_holds_no_formula_and_no_link():
    with zipfile.ZipFile(io.BytesIO(workbook(ROW))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        names = archive.namelist()

    assert not re.search(r"<f[ >]|hyperlink", sheet)
    assert not [name for name in names if "rels" in name and "worksheets" in name]


@pytest.mark.parametrize("text", [*FORMULAS[:4], "<b>&", "x\ty"])
def test_a_text_is_that_text_in_a_workbook(text):
    (_, (cell,)) = openpyxl.load_workbook(io.BytesIO(workbook([text]))).active.iter_rows()

    assert (cell.value, cell.data_type) == (text, "s")


def test_a_control_character_is_escaped_as_workbooks_do():
    (_, (cell,)) = openpyxl.load_workbook(io.BytesIO(workbook(["\0=1\x01"]))).active.iter_rows()

    assert (cell.value, cell.data_type) == ("_x0000_=1_x0001_", "s")


def test_what_a_sheet_program_would_round_or_shift_is_a_text():
    cells = [10**15 + 1, Decimal("0.1234567890123456"), Decimal("NaN"), date(1899, 5, 1)]

    (_, row) = openpyxl.load_workbook(io.BytesIO(workbook(cells))).active.iter_rows()

    assert [cell.value for cell in row] == [
        "1000000000000001",
        "0.1234567890123456",
        "NaN",
        "1899-05-01",
    ]


def test_moments_are_shown_in_utc():
    moment = datetime(2026, 3, 14, 8, 5, tzinfo=timezone(timedelta(hours=-5)))

    (_, (cell,)) = openpyxl.load_workbook(io.BytesIO(workbook([moment]))).active.iter_rows()

    assert cell.value.replace(tzinfo=UTC) == moment


def test_a_table_that_no_workbook_holds_is_refused_in_a_sentence(monkeypatch):
    with pytest.raises(TableError, match="32,767 characters"):
        workbook(["x" * 32_768])
    with pytest.raises(TableError, match="16,384 columns"):
        xlsx_bytes(Table("t", ["c"] * 16_385, []))
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    with pytest.raises(TableError, match="rows at most"):
        workbook([1], [2], [3])


def test_a_sheet_is_named_as_sheets_can_be():
    content = xlsx_bytes(
        Table("a/b[c]: a name that is too long for it", ["x"], []), Table("", [], [])
    )

    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == [
        "a b c   a name that is too long",
        "Table",
    ]
