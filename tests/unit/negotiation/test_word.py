"""Word out and in: real tracked changes, and each difference found again."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from time import process_time

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from agreements.negotiation.word_changes import Edit, Returned, changes_in
from agreements.negotiation.word_comments import Said
from agreements.negotiation.word_in import read_word
from agreements.negotiation.word_out import HOW_TO_SEND_BACK, word_of
from comanage.documents.word_parts import WordError
from tests.unit.negotiation.papers import (
    AT,
    FIRST,
    FIXED_FEE,
    SECOND,
    edited,
    printed,
    repacked,
    word,
)

TRACKED = word(SECOND, FIRST)
SOON = 2.0  # seconds of a core, on one that does other work beside


MOVED = replace(  # the fee stands last, less one item, with a word changed
    FIRST,
    clauses=tuple(
        replace(each, number=number)
        for number, each in enumerate(
            (
                *FIRST.clauses[:1],
                *FIRST.clauses[2:],
                replace(
                    FIXED_FEE,
                    paragraphs=(
                        FIXED_FEE.paragraphs[0].replace("each", "every"),
                        *FIXED_FEE.paragraphs[1:3],
                    ),
                ),
            ),
            1,
        )
    ),
)


def returned(content: bytes):
    return changes_in(read_word(content), read_word(TRACKED), SECOND)


def paragraph(document, text: str):
    """Find a paragraph by its words, also those that were put in with tracking."""
    return next(
        each
        for each in document.paragraphs
        if text in "".join(said.text for said in each._element.iter(qn("w:t")))
    )


PUT_IN, TAKEN_OUT = ("ins", "moveTo"), ("del", "moveFrom")


def settled(content: bytes, *, drop: tuple[str, ...]) -> list[str]:
    """Do what Word does on "accept all" or "refuse all", and give the paragraphs that are left."""
    body = docx.Document(BytesIO(content)).element.body
    for gone in list(body.iter(*(qn(f"w:{name}") for name in drop))):
        if gone.getparent().tag == qn("w:rPr"):
            whole = gone.getparent().getparent().getparent()
            whole.getparent().remove(whole)
        else:
            gone.getparent().remove(gone)
    text = qn("w:t"), qn("w:delText")
    found = ["".join(t.text for t in p.iter(*text)) for p in body.iter(qn("w:p"))]
    return [each for each in found if each]


def test_a_file_says_what_it_is_and_whose_changes_it_holds():
    document = docx.Document(BytesIO(TRACKED))

    assert word(SECOND, FIRST) == TRACKED
    assert "starting point for counsel" in document.sections[0].header.paragraphs[0].text
    assert document.settings.element.find(qn("w:trackRevisions")) is not None
    changes = list(document.element.body.iter(qn("w:ins"), qn("w:del")))
    assert {each.get(qn("w:author")) for each in changes} == {"Casey Consultant"}
    assert {each.get(qn("w:date")) for each in changes} == {"2026-11-28T00:00:00Z"}
    numbers = [each.get(qn("w:id")) for each in changes]
    assert len(set(numbers)) == len(numbers)


def test_accepting_all_in_word_gives_the_new_version_and_refusing_all_the_old_one():
    moved = word(MOVED, FIRST)
    for version, found in (
        (SECOND, settled(TRACKED, drop=TAKEN_OUT)),
        (FIRST, settled(TRACKED, drop=PUT_IN)),
        (MOVED, settled(moved, drop=TAKEN_OUT)),
        (FIRST, settled(moved, drop=PUT_IN)),
    ):
        words = [text for each in version.clauses for text in (each.heading, *each.paragraphs)]
        start = found.index("Recitals")
        assert found[start : start + len(words)] == words


def test_a_clause_that_moved_is_one_move_to_word_with_its_new_words_marked():
    content = word(MOVED, FIRST)
    document = docx.Document(BytesIO(content))
    body = document.element.body
    ranges = {
        tag: [each.get(qn("w:name")) for each in body.iter(qn(f"w:{tag}RangeStart"))]
        for tag in ("moveFrom", "moveTo")
    }
    ends = [each.get(qn("w:id")) for each in body.iter(qn("w:moveToRangeEnd"))]

    assert ranges == {"moveFrom": ["move2"], "moveTo": ["move2"]}
    assert ends == [each.get(qn("w:id")) for each in body.iter(qn("w:moveToRangeStart"))]
    told = [each.text for each in document.comments]
    assert told == [
        (
            "This clause moved, and words were taken out of it: “each”, "
            "“(b) none after the agreement ends, as Section 3 says.”."
        )
    ]
    put_in = [text.text for each in body.iter(qn("w:ins")) for text in each.iter(qn("w:t"))]
    assert put_in == ["every"]
    assert changes_in(read_word(content), read_word(content), MOVED) == Returned((), (), ())


@pytest.mark.parametrize("content", [TRACKED, word(SECOND)], ids=["with changes", "without"])
def test_a_file_that_comes_back_as_it_went_changes_nothing(content: bytes):
    came = read_word(content)

    assert changes_in(came, read_word(content), SECOND) == returned(TRACKED)
    assert returned(TRACKED).edits == returned(TRACKED).refused == ()


def test_each_difference_becomes_a_change_of_its_clause():
    def edit(document):
        paragraph(document, "in writing").add_run(" or by courier")
        exhibit = paragraph(document, "Exhibit B")
        exhibit.insert_paragraph_before("Insurance", "Heading 2")
        exhibit.insert_paragraph_before("Manager is insured.")
        heading = paragraph(document, "Hospital may look")
        heading._element.getparent().remove(heading._element)
        document.add_comment(paragraph(document, "Hospital and Manager").runs, "Who?", "A. Lawyer")

    found = returned(edited(TRACKED, edit))

    assert found.edits == (
        Edit("omit", "audit"),
        Edit("replace", "notices", "Notice", ("Notices are in writing, by mail. or by courier",)),
        Edit("add", "", "Insurance", ("Manager is insured.",), "notices"),
    )
    assert [(each.key, each.author, each.text) for each in found.remarks] == [
        ("recitals", "A. Lawyer", "Who?")
    ]
    assert found.refused == ()


def tracked(paragraph, tag: str, run) -> None:
    """Mark a run as Word does."""
    change = OxmlElement(tag)
    change.append(run._element)
    paragraph._element.append(change)


def undo_first_deletion(document) -> None:
    """Refuse the first whole paragraph that was taken out: it stands again."""
    ends = next(
        each
        for each in document.element.body.iter(qn("w:del"))
        if each.getparent().tag == qn("w:rPr")
    )
    whole = ends.getparent().getparent().getparent()
    ends.getparent().remove(ends)
    for gone in list(whole.iter(qn("w:del"))):
        for text in list(gone.iter(qn("w:delText"))):
            text.tag = qn("w:t")
        for run in list(gone):
            gone.addprevious(run)
        whole.remove(gone)


def test_changes_that_are_tracked_undone_or_moved_in_word_count_as_they_stand():
    def edit(document):
        undo_first_deletion(document)
        audit = paragraph(document, "Hospital may look")
        tracked(audit, "w:ins", audit.add_run(" of Manager"))
        recital = paragraph(document, "Hospital and Manager")
        tracked(recital, "w:del", recital.runs[0])
        recital.add_run("The parties agree.")
        notices = paragraph(document, "by mail")
        ends = notices._element.get_or_add_pPr()
        marks = OxmlElement("w:rPr")
        marks.append(OxmlElement("w:del"))
        ends.append(marks)
        following = notices.insert_paragraph_before("")._element
        notices._element.addnext(following)
        following.append(notices.add_run("or by courier.")._element)

    found = {each.key: each for each in returned(edited(TRACKED, edit)).edits}

    assert found["audit"].paragraphs == ("Hospital may look at the books. of Manager",)
    assert found["recitals"].paragraphs == ("The parties agree.",)
    assert found["fixed-fee"].paragraphs == FIXED_FEE.paragraphs
    assert found["notices"].paragraphs == ("Notices are in writing, by mail.or by courier.",)


def test_a_heading_that_lost_its_bookmark_is_still_known_by_its_words():
    def edit(document):
        for each in list(document.element.body.iter(qn("w:bookmarkStart"))):
            if each.get(qn("w:name")).startswith("clause_"):
                each.getparent().remove(each)

    assert returned(edited(TRACKED, edit)).edits == ()


def test_edits_of_what_is_printed_from_the_terms_are_refused_in_words():
    def edit(document):
        document.tables[0].cell(1, 1).text = "$90,000.00"
        paragraph(document, "Heart Group").add_run(", a bigger one")

    found = returned(edited(TRACKED, edit))

    assert found.edits == ()
    assert [said.partition(" is printed")[0] for said in found.refused] == [
        "What stands before the first clause",
        "Exhibit B",
    ]


def test_a_clause_that_stands_elsewhere_is_moved_after_the_one_before_it():
    def moved(first: str, second: str, *, after: str) -> bytes:
        def edit(document):
            behind = paragraph(document, after)._element
            for each in [paragraph(document, text)._element for text in (second, first)]:
                behind.addnext(each)

        return edited(TRACKED, edit)

    last = returned(moved("Recitals", "Hospital and Manager", after="by mail"))
    front = returned(moved("Notice", "by mail", after="Term: January"))

    assert last.edits == (Edit("move", "recitals", after="notices"),)
    assert (last.refused, front.edits) == ((), ())
    assert ["stands before every other" in said for said in front.refused] == [True]


def test_comments_go_out_in_the_name_of_a_side_and_only_new_ones_come_back():
    said = [
        Said("term", "Riverside Health", "Is two\x07 years\r\n\r\n  usual?", AT),
        Said("exhibit-b", "Heart Group", "Whose rate?", AT, written_by="Riverside Health"),
        Said("front", "Heart Group", "Who signs?", AT),
        Said("fixed-fee", "Heart Group", "Agreed.", AT),
    ]
    went = word(FIRST, said=said)
    document = docx.Document(BytesIO(went))

    assert [(each.author, each.initials, each.text) for each in document.comments] == [
        ("Heart Group", "HG", "Who signs?"),
        ("Heart Group", "HG", "Agreed."),
        ("Riverside Health", "RH", "Is two years\nusual?"),
        ("Riverside Health, for Heart Group", "RHf", "Whose rate?"),
    ]
    assert word(FIRST, said=said) == went

    def edit(document):
        answered = paragraph(document, "two years")
        document.add_comment(answered.runs, "Agreed.", "Heart Group")
        elsewhere = paragraph(document, "Notices are in writing")._element
        for each in list(paragraph(document, "Fixed fee")._element):  # its words went there
            if "omment" in "".join(found.tag for found in each.iter()):
                elsewhere.append(each)

    came = changes_in(read_word(edited(went, edit)), read_word(word(FIRST)), FIRST, said)

    assert [(each.key, each.text) for each in came.remarks] == [("term", "Agreed.")]


RELATION = (
    b'<Relationship Id="r99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/%s" Target="https://evil.example/x" TargetMode="External"/></Relationships>'
)
BODY = b"<w:body>"
HEADING = b'<w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr><w:r><w:t>A clause</w:t></w:r></w:p>'
FIELD = b'<w:fldChar w:fldCharType="%s"/><w:instrText>%s</w:instrText>'


def grown(more: bytes) -> bytes:
    """Put more before the first paragraph of a file."""
    return repacked(TRACKED, swap=(BODY, BODY + more))


HOSTILE = {
    "not a zip archive": (b"%PDF-1.7 nothing", "not a Word document"),
    "an old or encrypted file": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
    "cut off": (TRACKED[: len(TRACKED) // 2], "damaged"),
    "too large": (b"PK\x03\x04" + b"\0" * 5_000_001, "larger than 5 MB"),
    "macros": (repacked(TRACKED, parts={"word/vbaProject.bin": b"x"}), "macros"),
    "macros by type": (
        repacked(TRACKED, swap=(b"document.main+xml", b"document.macroEnabled.main+xml")),
        "macros",
    ),
    "embedded": (repacked(TRACKED, parts={"word/embeddings/a.xlsx": b"x"}), "embedded"),
    "linked template": (
        repacked(TRACKED, swap=(b"</Relationships>", RELATION % b"attachedTemplate")),
        "open by themselves",
    ),
    "a path out": (repacked(TRACKED, parts={"../../etc/x.xml": b"<a/>"}), "strange way"),
    "an entity": (
        repacked(
            TRACKED,
            parts={
                "word/document.xml": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
                b"<x>&a;</x>"
            },
        ),
        "document type",
    ),
    "an entity in another encoding": (
        repacked(
            TRACKED,
            parts={
                "word/document.xml": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x>'
                "<x/>".encode("utf-16")
            },
        ),
        "document type",
    ),
    "a bomb": (repacked(TRACKED, parts={"word/media/a.xml": b"\0" * 30_000_000}), "unpacks to"),
    "deep": (
        repacked(TRACKED, parts={"word/document.xml": b"<a>" * 5_000 + b"</a>" * 5_000}),
        "nested deeper",
    ),
    "very many paragraphs": (grown(b"<w:p/>" * 100_000), "more than 10,000 paragraphs"),
    "very many elements": (grown(b"<w:r/>" * 400_000), "very many parts"),
    "very many clauses": (grown(HEADING * 501), "more than 500 headings"),
    "a field that runs a command": (
        grown(
            FIELD % (b"begin", b"DD") + b"<w:r><w:instrText>EAUTO c:\\\\cmd.exe</w:instrText></w:r>"
        ),
        "a field that fetches",
    ),
    "a field that fetches a picture": (
        grown(b'<w:fldSimple w:instr=" INCLUDEPICTURE https://evil.example/x "/>'),
        "a field that fetches",
    ),
    "part of another file": (
        repacked(TRACKED, swap=(b"</Relationships>", RELATION % b"aFChunk")),
        "embedded",
    ),
    "another document": (repacked(TRACKED, swap=(b"version_", b"nothing_")), "not made here"),
    "no document": (repacked(TRACKED, parts={"word/document.xml": b"<a/>"}), "not a Word document"),
    "too many comments": (
        repacked(
            TRACKED,
            parts={
                "word/comments.xml": b'<w:comments xmlns:w="http://schemas.openxmlformats.org/'
                b'wordprocessingml/2006/main">' + b"<w:comment/>" * 501 + b"</w:comments>"
            },
        ),
        "500 comments",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_foreign_file_is_refused_with_a_sentence(name: str):
    content, said = HOSTILE[name]
    started = process_time()

    with pytest.raises(WordError, match=said):
        read_word(content)

    assert process_time() - started < SOON


def test_a_bomb_whose_directory_lies_is_stopped_while_it_is_unpacked():
    bomb = bytearray(repacked(TRACKED, parts={"word/media/a.xml": b"\0" * 30_000_000}))
    size = (30_000_000).to_bytes(4, "little")
    assert bomb.count(size) == 2

    with pytest.raises(WordError, match=r"unpacks to|damaged"):
        read_word(bytes(bomb.replace(size, (1_000).to_bytes(4, "little"))))


def test_a_field_that_only_counts_is_read_by_what_it_shows():
    numbered = grown(b"<w:p>" + FIELD % (b"begin", b" REF clause ") + b"</w:p>")

    assert returned(numbered).edits == ()


def test_a_link_that_a_person_would_press_is_only_words():
    linked = repacked(TRACKED, swap=(b"</Relationships>", RELATION % b"hyperlink"))

    assert returned(linked).edits == ()
    assert FIXED_FEE.key not in {each.key for each in returned(linked).edits}


def test_a_version_that_is_executed_says_so_and_asks_for_no_edits():
    paper = replace(printed(FIRST, 1), executed_on=date(2026, 12, 20))
    executed, drafted = (
        [each.text for each in docx.Document(BytesIO(word_of(each, None))).paragraphs]
        for each in (paper, printed(FIRST, 1))
    )

    assert "Executed on December 20, 2026, the day of the last signature." in executed
    assert {FIRST.notice, HOW_TO_SEND_BACK} <= set(drafted)
    assert not {FIRST.notice, HOW_TO_SEND_BACK} & set(executed)
