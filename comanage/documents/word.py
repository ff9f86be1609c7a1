"""A Word document (OOXML) from plain blocks: the same input gives the same bytes.

You find here the press, not what is printed: rooms give headings, paragraphs, tables and
charts. Whoever reads by ear finds headings by level, header rows that repeat, and a sentence
for each picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from comanage.documents.ooxml import element, tag
from comanage.documents.raster import chart_png
from comanage.documents.tracked import Tracked, Tracker, track_changes

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph as WordParagraph

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ACCENT, _QUIET, _RULE = "005EB8", "4A525B", "B9C0C8"
_FONT = "Calibri"
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_TEXT_WIDTH = 6.5  # inches
_APART = 28  # points between a short part and what stands before it


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 begins a page, unless what it heads is short."""

    text: str
    level: int = 1
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words; `style` is one of the names that Word gives its own."""

    text: str
    style: str = "Normal"
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a head; the first cell of each row heads it.

    Attributes:
        head: empty for a table of facts, which has row headers alone.
        numbers: places of the columns that are set flush right.
        widths: of the columns, in any unit; empty for equal ones.
        has_total: whether the last row is the sum of the others.
    """

    about: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    widths: tuple[float, ...] = ()
    has_total: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as SVG of `comanage.documents.charts`, with the sentence that says the same."""

    svg: str
    sentence: str


Block = Heading | Paragraph | Table | Chart | Tracked


@dataclass(frozen=True, slots=True)
class Facts:
    """What the file says of itself.

    Attributes:
        created: the only clock it knows.
        identifier: of what it was made from.
        running: words at the head of every page.
    """

    title: str
    author: str
    subject: str
    identifier: str
    created: datetime
    running: str


def render_word(blocks: Sequence[Block], facts: Facts) -> bytes:
    """Write a document."""
    # Only here, because it takes a third of a second to load.
    import docx

    document = docx.Document()
    _describe(document, facts)
    _dress(document)
    _run_along(document, facts.running)
    tracker = track_changes(document, blocks)
    for block in blocks:
        _add(document, block, tracker)
    _explain(document, blocks)
    return _packed(document)


def _add(document: Document, block: Block, tracker: Tracker | None) -> None:
    if isinstance(block, Tracked):
        if tracker is not None:
            tracker.add(document, block)
    elif isinstance(block, Heading):
        _add_heading(document, block)
    elif isinstance(block, Paragraph):
        paragraph = document.add_paragraph(block.text, block.style)
        if block.is_quiet:
            _color(paragraph, _QUIET)
    elif isinstance(block, Table):
        _add_table(document, block)
    else:
        _add_chart(document, block)


def _add_heading(document: Document, heading: Heading) -> None:
    from docx.shared import Pt

    paragraph = document.add_heading(heading.text, heading.level)
    if heading.is_short:
        paragraph.paragraph_format.page_break_before = False
        paragraph.paragraph_format.space_before = Pt(_APART)


def _add_chart(document: Document, chart: Chart) -> None:
    from docx.shared import Inches

    document.add_picture(BytesIO(chart_png(chart.svg)), width=Inches(_TEXT_WIDTH))


def _add_table(document: Document, given: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    rows = [given.head, *given.rows] if given.head else list(given.rows)
    bold = ({0} if given.head else set()) | ({len(rows) - 1} if given.has_total else set())
    widths = _widths(given, len(rows[0]))
    table = document.add_table(len(rows), len(rows[0]), "Normal Table")
    for place, width in enumerate(widths):
        table.columns[place].width = width
    for line, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = widths[place]
            paragraph = cell.paragraphs[0]
            paragraph.style = "Table text"
            paragraph.add_run(text).bold = line in bold or place == 0 or None
            if place in given.numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph(style="After a table")


def _explain(document: Document, blocks: Sequence[Block]) -> None:
    """Say what each picture shows, what each table is about, and which row heads it."""
    body: Any = document.element.body
    charts = [block for block in blocks if isinstance(block, Chart)]
    for drawn, chart in zip(body.iter(tag("wp:docPr")), charts, strict=True):
        drawn.set("descr", chart.sentence)
    tables = [block for block in blocks if isinstance(block, Table)]
    for table, given in zip(body.findall(tag("w:tbl")), tables, strict=True):
        _name(table.tblPr, given)
        for place, row in enumerate(table.findall(tag("w:tr"))):
            properties = row.get_or_add_trPr()
            properties.append(element("w:cantSplit"))
            if given.head and place == 0:
                properties.append(element("w:tblHeader"))


def _name(properties: Any, given: Table) -> None:
    """Say what a table is about, and rule its rows."""
    rules = element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        rules.append(element(f"w:{side}", val="single", sz="4", space="0", color=_RULE))
    for name in ("w:tblLook", "w:tblLayout"):  # what follows stands in the order of the schema
        for before in properties.findall(tag(name)):
            properties.remove(before)
    has_head = "1" if given.head else "0"
    properties.append(rules)
    properties.append(element("w:tblLayout", type="fixed"))
    properties.append(
        element("w:tblLook", val="0480", firstRow=has_head, firstColumn="1", noHBand="1")
    )
    properties.append(element("w:tblCaption", val=given.about))


def _widths(given: Table, columns: int) -> list[Any]:
    from docx.shared import Inches

    parts = given.widths or (1.0,) * columns
    return [Inches(_TEXT_WIDTH * part / sum(parts)) for part in parts]


def _describe(document: Document, facts: Facts) -> None:
    properties = document.core_properties
    at = facts.created.astimezone(UTC).replace(tzinfo=None)
    properties.title, properties.author = facts.title, facts.author
    properties.subject, properties.identifier = facts.subject, facts.identifier
    properties.last_modified_by, properties.comments = facts.author, ""
    properties.created = properties.modified = at
    properties.language, properties.revision = "en-US", 1


def _dress(document: Document) -> None:
    """Set paper, margins and styles."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Inches, Pt

    (section,) = document.sections
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = section.top_margin = Inches(1)
    section.bottom_margin = Inches(0.9)
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(10.5)
    normal.paragraph_format.space_after = Pt(6)
    for name, size, before in (("Title", 30, 120), ("Heading 1", 20, 0), ("Heading 2", 13, 14)):
        _dress_heading(document.styles[name], Pt(size), Pt(before))
    text: Any = document.styles.add_style("Table text", WD_STYLE_TYPE.PARAGRAPH)
    text.base_style = normal
    text.font.size = Pt(9)
    text.paragraph_format.space_before = text.paragraph_format.space_after = Pt(2)
    gap: Any = document.styles.add_style("After a table", WD_STYLE_TYPE.PARAGRAPH)
    gap.base_style = normal
    gap.font.size = Pt(4)
    gap.paragraph_format.space_after = Pt(2)


def _dress_heading(style: Any, size: Any, before: Any) -> None:
    from docx.shared import Pt, RGBColor

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()  # of the theme, which would win over a name
    style.font.name, style.font.size, style.font.bold = _FONT, size, False
    style.font.color.rgb = RGBColor.from_string(_ACCENT)
    style.paragraph_format.space_before = before
    style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.page_break_before = style.name == "Heading 1"
    borders = style.element.find(f".//{tag('w:pBdr')}")
    if borders is not None:
        borders.getparent().remove(borders)


def _run_along(document: Document, running: str) -> None:
    """Put words at the head of every page, and its number at the foot."""
    (section,) = document.sections
    head = section.header.paragraphs[0]
    head.text = running
    _color(head, _QUIET)
    foot = section.footer.paragraphs[0]
    foot.add_run("Page ")
    _add_field(foot, "PAGE")
    foot.add_run(" of ")
    _add_field(foot, "NUMPAGES")
    _color(foot, _QUIET)


def _add_field(paragraph: WordParagraph, name: str) -> None:
    run: Any = paragraph.add_run().font.element
    run.append(element("w:fldChar", fldCharType="begin"))
    instruction = element("w:instrText")
    instruction.text = name
    run.append(instruction)
    run.append(element("w:fldChar", fldCharType="end"))


def _color(paragraph: WordParagraph, color: str) -> None:
    from docx.shared import Pt, RGBColor

    for run in paragraph.runs:
        run.font.color.rgb = RGBColor.from_string(color)
        run.font.size = Pt(9)


def _packed(document: Document) -> bytes:
    """Save a document, and pack it anew without the hour at which it was saved."""
    saved, packed = BytesIO(), BytesIO()
    document.save(saved)
    with ZipFile(saved) as before, ZipFile(packed, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = ZipInfo(name, _ZIP_DAY)
            part.compress_type = ZIP_DEFLATED
            after.writestr(part, before.read(name))
    return packed.getvalue()
