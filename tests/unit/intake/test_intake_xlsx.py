import random
import re
import struct
import zipfile
import zlib
from datetime import date, datetime
from io import BytesIO

import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from scorecards.intake import xlsx_guard
from tests.unit.intake.intake_examples import (
    HEADER,
    codes,
    everything_said,
    good_row,
    make_spec,
    rows_of,
)

COLUMNS = HEADER.split(",")
GOOD = ["A1", "CARD", date(2026, 2, 3), 3, 10.5, True]
SHEET = "xl/worksheets/sheet1.xml"
# Hexadecimal digits do not pack well: it is the length that counts, not the ratio.
NOISE = random.Random(7).randbytes(1_000_000).hex().encode()
PADDING = b"<!--" + NOISE[:600_000] + b"-->"
RELATIONS = "xl/_rels/workbook.xml.rels"
PRINTER = "xl/printerSettings/"  # no XML, and no reader opens it


def workbook(*rows, header=COLUMNS, change=None):
    """The bytes of a workbook; `change` may alter it before it is saved."""
    book = Workbook()
    book.active.append(list(header))
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(content, parts=None, edit=None, *, times=1, packing=zipfile.ZIP_DEFLATED):
    """The same archive with parts added, and one part edited by a pair of texts."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w", 8) as new:
        for name in old.namelist():
            part = old.read(name)
            if edit and name == edit[0]:
                assert re.search(edit[1], part)
                part = re.sub(edit[1], lambda found: found.expand(edit[2]), part, count=times)
            new.writestr(name, part)
        for name, part in (parts or {}).items():
            new.writestr(name, part, packing)
    return stream.getvalue()


def stating(content, size, name=PRINTER):
    """The same archive whose directory states another size of some parts, with the check sum."""
    changed, place = bytearray(content), content.find(b"PK\x01\x02")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for member in archive.infolist():
            if member.filename.startswith(name):
                crc = zlib.crc32(archive.read(member)[:size])
                struct.pack_into("<I", changed, place + 16, crc)
                struct.pack_into("<I", changed, place + 24, size)
            place = content.find(b"PK\x01\x02", place + 1)
    return bytes(changed)


@pytest.fixture
def check_book(check):
    return lambda content, **more: check(content, "extract.xlsx", **more)


def test_a_workbook_gives_the_same_slice_as_the_csv_of_it(check_book, check_rows, target):
    from_book = check_book(workbook(GOOD, ["A2", None, date(2026, 3, 31), None, 0.1, False]))
    from_text = check_rows(
        good_row("A1", died="yes"),
        good_row("A2", specialty="", left_on="2026-03-31", days="", cost="0.10"),
    )

    assert from_book.accepted, from_book.findings
    assert from_book.slice_sha256 == from_text.slice_sha256


def test_empty_rows_and_columns_at_the_end_are_nothing(check_book):
    def style_far_away(book):
        book.active.cell(40, 20).number_format = "0.00"

    outcome = check_book(workbook(GOOD, change=style_far_away))

    assert outcome.accepted, outcome.findings
    assert outcome.rows == 1


def test_an_empty_row_in_between_keeps_the_row_numbers(check_book):
    outcome = check_book(workbook(GOOD, [None] * 6, ["A3", "C", date(2026, 2, 3), "x", 1, False]))

    assert rows_of(outcome, "required") == [3, 3]
    assert rows_of(outcome, "wrong-type") == [4]


def test_a_time_of_day_is_no_day_but_midnight_is(check_book):
    noon = ["A2", "CARD", datetime.fromisoformat("2026-02-03 12:00"), 3, 1, True]
    midnight = ["A3", "CARD", datetime.fromisoformat("2026-02-03"), 3, 1, True]

    outcome = check_book(workbook(noon, midnight))

    assert rows_of(outcome, "wrong-type") == [2]


def test_a_fraction_in_a_whole_column_is_refused(check_book):
    outcome = check_book(workbook(["A1", "CARD", date(2026, 2, 3), 3.5, 1, True]))

    assert "the value is not a whole number" in outcome.findings[0].message
    assert outcome.findings[0].value == "'3.5'"


def test_text_keeps_leading_zeros_and_long_numbers(check_book, target):
    outcome = check_book(workbook(["00123", "01", date(2026, 2, 3), str(2**53 + 1), "0.30", "no"]))

    assert outcome.accepted, outcome.findings
    row = pq.read_table(target).to_pylist()[0]
    assert (row["case_id"], row["specialty"], row["days"]) == ("00123", "01", 2**53 + 1)


def test_a_number_that_a_spreadsheet_cannot_keep_is_refused(check_book):
    outcome = check_book(workbook([2**53 + 1, "CARD", date(2026, 2, 3), 3, 1, True]))

    assert codes(outcome) == ["number-too-long"]


def test_an_error_value_is_no_code(check_book):
    outcome = check_book(workbook(["A1", "#N/A", date(2026, 2, 3), 3, 1, True]))

    assert codes(outcome) == ["error-value"]
    assert rows_of(outcome, "error-value") == [2]


def test_the_sheet_with_the_declared_columns_is_read(check_book):
    def put_notes_first(book):
        book.create_sheet("Read me", 0).append(["Export of March"])

    outcome = check_book(workbook(GOOD, change=put_notes_first))

    assert outcome.accepted, outcome.findings
    assert outcome.rows == 1


def test_identifiers_on_another_sheet_are_found(check_book):
    def add_people(book):
        book.create_sheet("People").append(["x", "123-45-6789"])

    outcome = check_book(workbook(GOOD, change=add_people))

    assert codes(outcome) == ["identifier-in-cell"]
    assert "123-45" not in everything_said(outcome)


def test_a_hidden_sheet_is_refused(check_book):
    def hide_one(book):
        book.create_sheet("Old").sheet_state = "hidden"

    assert codes(check_book(workbook(GOOD, change=hide_one))) == ["hidden-sheet"]


def test_formulas_are_refused(check_book):
    formula = ["A1", "CARD", date(2026, 2, 3), "=1+2", 1, True]

    assert codes(check_book(workbook(formula))) == ["formula"]


def test_an_identifier_column_in_a_workbook_is_refused(check_book):
    outcome = check_book(workbook([*GOOD, "x"], header=[*HEADER.split(","), "Patient Name"]))

    assert codes(outcome) == ["identifier-column"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (workbook(header=()), "empty-file"),
        (workbook(), "no-rows"),
        (workbook(GOOD)[:-300], "unreadable"),
        (workbook(GOOD)[:2_000], "unreadable"),
        (repacked(workbook(GOOD), {"xl/vbaProject.bin": b"x"}), "macros"),
        (
            repacked(workbook(GOOD), {"xl/externalLinks/externalLink1.xml": b"<a/>"}),
            "external-link",
        ),
        (repacked(workbook(GOOD), {"xl/embeddings/oleObject1.bin": b"x"}), "embedded-object"),
        (repacked(workbook(GOOD), {"xl/media/image1.png": b"x"}), "embedded-object"),
        (
            repacked(
                workbook(GOOD), edit=("[Content_Types].xml", b"sheet.main", b"macroEnabled.main")
            ),
            "macros",
        ),
        (
            repacked(
                workbook(GOOD),
                edit=(
                    RELATIONS,
                    b"</Relationships>",
                    b'<Relationship TargetMode="External" Target="http://x"/></Relationships>',
                ),
            ),
            "external-link",
        ),
        (
            repacked(workbook(GOOD), edit=(SHEET, b"^", b'<!DOCTYPE a [<!ENTITY b "c">]>')),
            "dtd",
        ),
        (repacked(workbook(GOOD), edit=(SHEET, b"^", b'<?xml encoding="utf-16"?>')), "unreadable"),
        (repacked(workbook(GOOD), edit=(SHEET, b'r="A2"', b'r="XFD1048576"')), "too-many-cells"),
        (repacked(workbook(GOOD), edit=(SHEET, b"CARD|<v>", NOISE)), "cell-too-long"),
        (repacked(workbook(GOOD), edit=(SHEET, b"CARD|<v>", NOISE[:40_000])), "cell-too-long"),
        (repacked(workbook(GOOD), edit=(SHEET, b"</worksheet>", b"")), "unreadable"),
        (workbook(header=[f"c{place}" for place in range(1_001)]), "too-many-columns"),
        (repacked(workbook(GOOD), {"xl/a.xml": b"<a/>" * 400_000}), "zip-bomb"),
        (repacked(workbook(GOOD), {f"xl/a{n}.xml": b"<a/>" for n in range(1_001)}), "too-large"),
        (repacked(workbook(GOOD), {"docProps/CORE.xml": b"<a/>"}), "unreadable"),
        (
            repacked(workbook(GOOD), {"xl/odd.xml": b"<a/>"}, packing=zipfile.ZIP_BZIP2),
            "unreadable",
        ),
        (repacked(workbook(GOOD), {"xl/odd.xml": b"<a b='" + NOISE + b"'/>"}), "cell-too-long"),
        (repacked(workbook(GOOD), {"xl/odd.bin": b"<worksheet><f>1</f></worksheet>"}), "formula"),
        (
            repacked(workbook(GOOD), {"xl/odd.xml": PADDING + b"<worksheet><f>1</f></worksheet>"}),
            "formula",
        ),
        (repacked(workbook(GOOD), {"xl/odd.bin": bytes(100)}), "unreadable"),
    ],
)
def test_a_workbook_that_carries_more_than_cells_is_refused(check_book, content, code):
    assert codes(check_book(content)) == [code]


def test_a_hundred_megabytes_of_zeros_in_a_small_archive_are_refused(check_book):
    bomb = repacked(workbook(GOOD), {"xl/zeros.bin": bytes(100_000_000)})

    assert len(bomb) < 200_000
    assert codes(check_book(bomb)) == ["zip-bomb"]


@pytest.mark.parametrize(
    ("parts", "stated", "limits"),
    [
        ([b"x"], 100_000_001, {"MAX_RATIO": 10**9}),
        ([b"x"] * 60, 1_000_000, {}),  # all together unpack too far, none of them alone
        ([bytes(10_000)], 5_000_000, {}),
    ],
    ids=["size of all", "ratio of all", "ratio of one"],
)
def test_a_directory_that_states_too_much_is_enough(check_book, monkeypatch, parts, stated, limits):
    """Each of these unpacks to next to nothing: it is the directory that is judged."""
    for limit, value in limits.items():
        monkeypatch.setattr(xlsx_guard, limit, value)
    noise = {"xl/noise.xml": b"<a>" + NOISE[:600_000] + b"</a>"} if len(parts) == 1 else {}
    printers = {f"{PRINTER}{n}.bin": part for n, part in enumerate(parts)}
    content = repacked(workbook(GOOD), printers | noise)

    assert check_book(content).accepted
    assert codes(check_book(stating(content, stated))) == ["zip-bomb"]


@pytest.mark.parametrize(
    ("part", "code"),
    [(NOISE[:1_500_000], "zip-bomb"), (bytes(1_100_000), "zip-bomb"), (b"xyz", "unreadable")],
    ids=["size", "ratio", "small"],
)
def test_a_part_is_unpacked_to_its_end_whatever_the_directory_says(
    check_book, monkeypatch, part, code
):
    """The check sum is that of the first bytes: who stops there finds nothing wrong."""
    monkeypatch.setattr(xlsx_guard, "MAX_UNPACKED_BYTES", 1_200_000)
    content = repacked(workbook(GOOD), {f"{PRINTER}a.bin": part})

    assert codes(check_book(stating(content, 2))) == [code]


@pytest.mark.parametrize(
    ("text", "instead", "is_plain"),
    [
        (b'<row r="4"', b'<row r="3"', True),
        (b'r="4"><c r="A4"(.*)B4', b'r="3"><c r="A3"\\1B3', False),
        (b'<c r="A4"(.*)B4', b'<c r="A3"\\1B3', False),
        (b'<c r="B3"', b'<c r="A3"', False),
        (b'<c r="A3"', b"<c", False),
        (b'(<row r="4".*</row>)</sheetData>', b"</sheetData><sheetData>\\1</sheetData>", False),
    ],
    ids=[
        "row twice",
        "row and cells",
        "its cells",
        "cell twice",
        "one without place",
        "two tables",
    ],
)
def test_a_row_or_cell_that_a_reader_would_lose_is_seen(check_book, text, instead, is_plain):
    """Of two in one place the reader keeps the later one; a second table it does not read."""
    good = workbook(GOOD, ["A2", *GOOD[1:]], ["A3", *GOOD[1:]])
    good = repacked(good, edit=(SHEET, rb' r="[A-Z]\d"', b""), times=0) if is_plain else good

    assert check_book(good).rows == 3
    assert codes(check_book(repacked(good, edit=(SHEET, text, instead)))) == ["unreadable"]


@pytest.mark.parametrize("place", [rb' r="[A-Z]\d"', rb' r="\d"', rb' r="[A-Z]?\d"'])
def test_cells_and_rows_that_name_no_place_follow_each_other(check_book, place):
    rows = [[key, *GOOD[1:]] for key in ("A1", "A2", "A3")]
    content = repacked(workbook(*rows), edit=(SHEET, place, b""), times=0)

    outcome = check_book(content)

    assert (outcome.accepted, outcome.rows) == (True, 3)


def test_an_encrypted_member_is_refused(check_book):
    content = bytearray(workbook(GOOD))
    directory = content.find(b"PK\x01\x02")
    content[directory + 8] |= 1

    assert codes(check_book(bytes(content))) == ["encrypted"]


def test_a_million_cells_are_too_many(check_book):
    rows = b"<row>" + b"<c/>" * 1_000_001 + b"</row>"
    without_places = repacked(workbook(GOOD), edit=(SHEET, rb' r="[A-Z]?\d"', b""), times=0)
    # Stored, not packed, so that it is the cells that count and not the ratio.
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(without_places)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b"</sheetData>", rows + b"</sheetData>"))

    assert codes(check_book(stream.getvalue())) == ["too-many-cells"]


def test_a_zip_archive_that_is_no_workbook_is_refused(check_book):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("extract.csv", HEADER)

    assert codes(check_book(stream.getvalue())) == ["not-what-it-says"]


@pytest.mark.parametrize("name", ["extract.xlsm", "EXTRACT.XLSB"])
def test_a_macro_workbook_is_refused_by_its_name(check, name):
    assert codes(check(workbook(GOOD), name)) == ["macros"]


def test_a_spec_of_other_columns_names_what_the_workbook_lacks(check_book):
    outcome = check_book(workbook(GOOD), spec=make_spec(days={"name_in_file": "stay"}))

    assert codes(outcome) == ["missing-column"]


@pytest.mark.parametrize(
    ("tag", "damaged"), [(rb"</c><c r=\"B2\"", b'</c\xc3\xa9c r="B2"'), (b"</row>", b"</r\tow>")]
)
def test_a_damaged_tag_gives_no_cell_the_value_of_another(check_book, tag, damaged):
    content = repacked(workbook(GOOD, ["A2", *GOOD[1:]]), edit=(SHEET, tag, damaged))

    assert codes(check_book(content)) == ["unreadable"]
