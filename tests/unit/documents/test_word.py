"""The Word document, opened by the library that outsiders read such files with."""

import io
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from importlib import util
from pathlib import Path

import docx
import pytest
from PIL import Image, ImageColor

from adjudication.package.word import READING_COPY, report_blocks, word_report
from comanage.documents.charts import Reading, bullet, control_chart
from comanage.documents.charts.control import GOAL_DASH
from comanage.documents.charts.ink import CONCERN
from comanage.documents.raster import SHARPNESS, WIDTH, chart_png
from comanage.documents.word import Table

_spec = util.spec_from_file_location(
    "report_example", Path(__file__).with_name("report_example.py")
)
example = util.module_from_spec(_spec)
_spec.loader.exec_module(example)

PDF_SHA256 = "ab" * 32
MADE = datetime(2026, 3, 14, 15, 5, tzinfo=UTC)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def word(**changes) -> bytes:
    report = example.report_example(**changes)
    return word_report(report, created=MADE, pdf_sha256=PDF_SHA256)


@pytest.fixture(scope="module")
def opened():
    return docx.Document(io.BytesIO(word()))


def cells(table) -> list[str]:
    return [cell.text for row in table.rows for cell in row.cells]


def test_the_same_report_is_the_same_bytes_twice_in_another_zone_too():
    local = MADE.astimezone(tz=datetime.now().astimezone().tzinfo) + timedelta(0)

    again = word_report(example.report_example(), created=local, pdf_sha256=PDF_SHA256)

    assert word() == again


def test_its_first_page_says_that_the_signed_pdf_is_the_record(opened):
    assert READING_COPY in [paragraph.text for paragraph in opened.paragraphs[:4]]
    assert PDF_SHA256 in cells(opened.tables[0])
    assert READING_COPY in opened.sections[0].header.paragraphs[0].text


def test_its_headings_are_headings_in_the_order_of_the_pdf(opened):
    first = [p.text for p in opened.paragraphs if p.style.name == "Heading 1"]

    assert first == [
        "Result",
        "Documents relied on",
        "Contract compliance",
        "Physician engagement",
        "30-day readmission",
        "Average length of stay",
        "Safeguards",
        "Calculation schedule",
        "Exceptions and judgment calls",
        "Outlook",
        "Sign-offs and limitations",
    ]


def test_every_table_is_named_and_every_head_repeats(opened):
    given = [b for b in report_blocks(example.report_example(), "") if isinstance(b, Table)]
    tables = opened.tables

    assert [t._tbl.tblPr.find(f"{W}tblCaption").get(f"{W}val") for t in tables] == [
        table.about for table in given
    ]
    for table, block in zip(tables, given, strict=True):
        heads = [row._tr.trPr.find(f"{W}tblHeader") is not None for row in table.rows]
        assert heads == [bool(block.head), *[False] * (len(heads) - 1)]


def test_every_picture_says_what_it_shows_and_stands_in_a_table_too(opened):
    said = [each.get("descr") for each in opened.element.body.iter(f"{DRAWING}docPr")]

    assert [sentence[:31] for sentence in said] == [
        "30-day readmission is 8.0 % (42",
        "30-day readmission in Feb 2025 ",
        "Average length of stay is 3.5 d",
        "Of $200,000.00 available, $62,3",
    ]


def test_every_dollar_and_step_of_the_pdf_stands_in_it(opened):
    text = [text for table in opened.tables for text in cells(table)]

    assert {"$182,333.33", "$62,333.33", "$56,000.00", "424/5279"} <= set(text)
    assert "Numerator divided by eligible cases\nNumerator: 424\nEligible cases: 5,279" in text


def test_words_of_others_stay_words():
    hostile = "<w:p>&amp; \u202e</w:p>"

    document = docx.Document(io.BytesIO(word(tenant=hostile)))

    assert document.core_properties.author == hostile
    assert hostile in document.sections[0].header.paragraphs[0].text


def test_the_marks_and_dashes_of_a_course_become_dots_too():
    picture = Image.open(io.BytesIO(chart_png(control_chart(example.TREND))))

    found = Counter({color: count for count, color in picture.getcolors(maxcolors=1_000_000)})
    assert found[ImageColor.getrgb(CONCERN)] > SHARPNESS**2 * 25  # a triangle, filled
    dashed = control_chart(replace(example.TREND, goal=Reading(Fraction("0.09"), "9.0 %")))
    plain = dashed.replace(f'stroke-dasharray="{GOAL_DASH}"', "")
    ink = [sum(Image.open(io.BytesIO(chart_png(svg))).convert("L").histogram()[:99])
           for svg in (dashed, plain)]  # fmt: skip
    assert ink[0] < ink[1]


def test_a_chart_becomes_a_picture_as_wide_as_the_text_with_its_ink():
    picture = Image.open(io.BytesIO(chart_png(bullet(example.READMISSION))))

    assert picture.width == WIDTH * SHARPNESS
    found = {color for _, color in picture.getcolors(maxcolors=1_000_000)}
    assert {(0x1A, 0x1F, 0x25), (0xE9, 0xF0, 0xF7), (0xAE, 0xCB, 0xE8)} <= found
