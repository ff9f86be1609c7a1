"""Word files in LibreOffice: printed by it they read right, saved by it they come back whole."""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain

import docx
import pytest
from docx.oxml.ns import qn

from adjudication.package.word import report_blocks, word_report
from agreements.drafting.compose import compose
from agreements.drafting.document import AgreementDocument, Clause
from agreements.negotiation.word_changes import Returned, changes_in
from agreements.negotiation.word_in import read_word
from comanage.documents.word import Heading
from tests.unit.documents.report_example import report_example
from tests.unit.drafting.drafts import draft
from tests.unit.negotiation.papers import edited, word

pytestmark = pytest.mark.long

MADE = datetime(2026, 11, 28, 15, tzinfo=UTC)
DOCX = "docx:MS Word 2007 XML"
FIRST = compose(draft()).document
TAKEN_OUT, PUT_IN = "ten (10) days after", "fifteen (15) days after"
PUBLICITY = Clause("publicity", 0, "Publicity", ("Neither party uses the name of the other.",))


def second() -> AgreementDocument:
    """The agreement with a changed clause, one more, one less, and one in another place."""
    clauses = {each.key: each for each in FIRST.clauses}
    records = clauses["time-records"]
    first, *rest = records.paragraphs
    clauses["time-records"] = replace(records, paragraphs=(first.replace(TAKEN_OUT, PUT_IN), *rest))
    del clauses["peer-review"]
    notices = clauses.pop("notices")
    ordered = list(clauses.values())
    ordered[2:2] = [notices, PUBLICITY]
    numbered = (replace(each, number=number) for number, each in enumerate(ordered, 1))
    return replace(FIRST, clauses=tuple(numbered))


SECOND = second()


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Convert files by LibreOffice; return what became of each, in their order."""
    program = shutil.which("soffice")
    if program is None:
        # A machine of one's own may go without; where CI is set every check has to run.
        advice = "This needs LibreOffice. Run: sudo apt-get install libreoffice-writer-nogui"
        pytest.fail(advice) if os.environ.get("CI") else pytest.skip(advice)
    home = tmp_path_factory.mktemp("office")

    def convert(to: str, *contents: bytes) -> list[bytes]:
        taken, given = (tmp_path_factory.mktemp(name) for name in ("taken", "given"))
        for number, content in enumerate(contents):
            (taken / f"{number}.docx").write_bytes(content)
        subprocess.run(
            [
                *(program, "--headless", "--norestore"),
                f"-env:UserInstallation={home.as_uri()}",  # a profile of its own, so nobody waits
                *("--convert-to", to, "--outdir", str(given)),
                *map(str, sorted(taken.iterdir())),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return [each.read_bytes() for each in sorted(given.iterdir())]

    return convert


def text_of(pdf: bytes) -> str:
    """Read what a PDF says, in the order of reading, with single spaces."""
    read = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


def test_printed_they_say_every_heading_and_number_and_mark_the_changes(office):
    report = report_example()
    papers = office(
        "pdf",
        word(SECOND),
        word(SECOND, FIRST),
        word_report(report, created=MADE, pdf_sha256="a" * 64),
    )

    clean, tracked, settled = map(text_of, papers)
    for clause in SECOND.clauses:
        assert f"{clause.number}. {clause.heading}" in clean
        assert f"{clause.number}.1 {clause.paragraphs[0][:20]}" in clean
    for exhibit in SECOND.exhibits:
        assert f"{exhibit.name}: {exhibit.title}" in clean
    assert TAKEN_OUT not in clean
    assert re.search(r"ten ?fifteen \(10 ?15\) days after", tracked)  # both, the first one struck
    assert tracked.count("Peer review") > clean.count("Peer review")
    for block in report_blocks(report, ""):
        assert not isinstance(block, Heading) or block.text in settled


def test_what_libreoffice_saves_comes_back_as_the_same_changes(office):
    def edit(document):
        paragraph = next(
            each for each in document.paragraphs if "notice before coverage ends" in each.text
        )
        paragraph.add_run(" By mail.")
        exhibit = next(each for each in document.paragraphs if each.text.startswith("Exhibit A"))
        exhibit.insert_paragraph_before("Language", "Heading 2")
        exhibit.insert_paragraph_before("The English text counts.")

    went = word(SECOND, FIRST)
    sent = edited(went, edit)
    untouched, changed = office(DOCX, went, sent)

    body = docx.Document(BytesIO(untouched)).element.body
    marks = chain(body.iter(qn("w:ins")), body.iter(qn("w:del")))
    assert {each.get(qn("w:author")) for each in marks} == {"Casey Consultant"}
    assert came(untouched).edits == came(untouched).refused == ()
    assert came(changed) == came(sent)
    assert [(each.kind, each.heading) for each in came(changed).edits] == [
        ("replace", "Insurance"),
        ("add", "Language"),
    ]


def came(content: bytes) -> Returned:
    """Read what a file brings back."""
    return changes_in(read_word(content), read_word(word(SECOND, FIRST)), SECOND)
