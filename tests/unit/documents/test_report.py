"""The adjudication report, from its context to its pages."""

import io
import re
import shutil
import subprocess
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib import util
from pathlib import Path

import pikepdf
import pytest
from django.template.loader import render_to_string

from comanage.documents.pdf import render_pdf

_spec = util.spec_from_file_location(
    "report_example", Path(__file__).with_name("report_example.py")
)
report_example = util.module_from_spec(_spec)
_spec.loader.exec_module(report_example)


def html(**changes):
    report = report_example.report_example(**changes)
    return render_to_string("adjudication/package/report.html", {"report": report})


def pdf(**changes):
    return render_pdf(
        html(**changes),
        stylesheets=["css/report.css"],
        created=datetime(2026, 3, 14, 15, 5, tzinfo=UTC),
        title="Adjudication report 2025",
    )


class Headers(HTMLParser):
    """Collects header cells that do not say what they head."""

    def __init__(self):
        super().__init__()
        self.without_scope = 0

    def handle_starttag(self, tag, attrs):
        self.without_scope += tag == "th" and "scope" not in dict(attrs)


def test_the_report_is_the_same_bytes_twice():
    assert pdf() == pdf()


def test_the_report_has_the_sections_that_a_year_is_judged_by_and_a_page_for_each_indicator():
    with pikepdf.open(io.BytesIO(pdf())) as document, document.open_outline() as outline:
        names = [str(entry.title) for entry in outline.root]

    assert names == [
        "Adjudication report 2025",
        "Contents",
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


def test_every_header_cell_of_the_report_says_what_it_heads():
    headers = Headers()

    headers.feed(html())

    assert headers.without_scope == 0


def test_every_dollar_and_every_hash_is_printed():
    page = html()

    assert "$182,333.33" in page
    assert page.count(report_example.SNAPSHOT) >= 3  # the cover and two sign-offs
    assert "Harbor Valuation" in page


def test_a_report_of_before_has_no_pages_about_the_conduct_of_the_year():
    page = html(conduct=None, safeguards=[])

    assert "Contract compliance</h1>" not in page
    assert "Safeguards</h1>" not in page
    assert "Calculation schedule</h1>" in page


def test_hostile_text_stays_text():
    page = html(tenant='<script src="file:///etc/passwd"></script>')

    assert "<script" not in page
    assert "&lt;script" in page


def test_the_report_is_typeset_in_its_own_fonts_alone():
    with pikepdf.open(io.BytesIO(pdf())) as document:
        fonts = {
            str(font.BaseFont) for page in document.pages for font in page.Resources.Font.values()
        }

    assert fonts
    assert all(re.search("Source-S(ans-3|erif-4)", font) for font in fonts)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler-utils")
def test_words_charts_and_hostile_text_stand_on_the_pages(tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf(headline="<b>1 & 1</b>"))

    text = subprocess.run(
        [shutil.which("pdftotext"), str(file), "-"], capture_output=True, text=True, check=True
    ).stdout

    assert "<b>1 & 1</b>" in text
    assert "Mean 8.0 %" in text
    assert "Now 8.0 %" in text  # a chart that could not be drawn would be left out silently
    assert "Page 2 of " in text
