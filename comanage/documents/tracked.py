"""Paragraphs of a Word document with real tracked changes, numbers that Word keeps, and bookmarks.

Whoever opens the file accepts or rejects each change there; the bookmarks say, when it comes back,
which paragraph is which.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from comanage.documents.ooxml import element, tag

if TYPE_CHECKING:
    from docx.document import Document

SAME, DELETED, INSERTED = "same", "deleted", "inserted"
LEVELS = ("%1.", "%1.%2")
_INDENT, _HANGING = ("720", "720"), ("720", "720")  # in twentieths of a point
_AFTER_LEVELS = "1440"


@dataclass(frozen=True, slots=True)
class Revision:
    """Whose changes they are, and of when."""

    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `mark` says whether it is the same, deleted or inserted."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Tracked:
    """A paragraph with what was taken out of it and put into it.

    Attributes:
        mark: of the paragraph as a whole.
        style: one of the names that Word gives its own.
        level: of the numbers that Word keeps, 0 or 1; None for a paragraph without.
        bookmarks: names that its words stand under.
        is_indented: whether it stands under a numbered one.
    """

    runs: tuple[Run, ...]
    revision: Revision
    mark: str = SAME
    style: str = "Normal"
    level: int | None = None
    bookmarks: tuple[str, ...] = ()
    is_indented: bool = False


def track_changes(document: Document, blocks: Sequence[object]) -> Tracker | None:
    """Have Word mark what its reader changes too; None where nothing is tracked."""
    if not any(isinstance(block, Tracked) for block in blocks):
        return None
    # Before what the schema puts after it; Word calls a file damaged whose settings are disordered.
    settings: Any = document.settings.element
    settings.insert_element_before(
        element("w:trackRevisions"), "w:defaultTabStop", "w:characterSpacingControl", "w:compat"
    )
    return Tracker(_numbering(document))


@dataclass(slots=True)
class Tracker:
    """Adds tracked paragraphs; each mark in a file has a number of its own."""

    numbering: str
    last: int = 0

    def add(self, document: Document, block: Tracked) -> None:
        """Put a paragraph at the end of the document."""
        paragraph: Any = document.add_paragraph(style=block.style).paragraph_format.element
        properties = paragraph.get_or_add_pPr()
        self._place(properties, block)
        if block.mark != SAME:
            changes = element("w:rPr")
            changes.append(self._change(block.mark, block.revision))
            properties.append(changes)
        numbers = [(str(self._next()), name) for name in block.bookmarks]
        for number, name in numbers:
            paragraph.append(element("w:bookmarkStart", id=number, name=name))
        for run in block.runs:
            paragraph.append(self._run(run, block.revision))
        for number, _ in reversed(numbers):
            paragraph.append(element("w:bookmarkEnd", id=number))

    def _place(self, properties: Any, block: Tracked) -> None:
        if block.level is not None:
            numbers = element("w:numPr")
            numbers.append(element("w:ilvl", val=str(block.level)))
            numbers.append(element("w:numId", val=self.numbering))
            properties.append(numbers)
        elif block.is_indented:
            properties.append(element("w:ind", left=_AFTER_LEVELS, hanging=_HANGING[1]))

    def _run(self, run: Run, revision: Revision) -> Any:
        written = element("w:r")
        text = element("w:delText" if run.mark == DELETED else "w:t")
        text.text = run.text
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        written.append(text)
        if run.mark == SAME:
            return written
        change = self._change(run.mark, revision)
        change.append(written)
        return change

    def _change(self, mark: str, revision: Revision) -> Any:
        at = revision.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        name = "w:del" if mark == DELETED else "w:ins"
        return element(name, id=str(self._next()), author=revision.author, date=at)

    def _next(self) -> int:
        self.last += 1
        return self.last


def _numbering(document: Document) -> str:
    """Add the numbers of clauses and of their paragraphs, and return under which name."""
    numbering: Any = document.part.numbering_part.element
    names = [int(each.get(tag("w:abstractNumId"))) for each in numbering.iter(tag("w:abstractNum"))]
    abstract = str(max(names, default=-1) + 1)
    levels = element("w:abstractNum", abstractNumId=abstract)
    levels.append(element("w:multiLevelType", val="multilevel"))
    levels.extend(_levels())
    first = numbering.find(tag("w:num"))
    if first is None:
        numbering.append(levels)
    else:
        first.addprevious(levels)
    return str(numbering.add_num(int(abstract)).numId)


def _levels() -> Iterator[Any]:
    for place, text in enumerate(LEVELS):
        level = element("w:lvl", ilvl=str(place))
        for name, value in (("start", "1"), ("numFmt", "decimal"), ("lvlText", text)):
            level.append(element(f"w:{name}", val=value))
        level.append(element("w:lvlJc", val="left"))
        properties = element("w:pPr")
        properties.append(element("w:ind", left=_INDENT[place], hanging=_HANGING[place]))
        level.append(properties)
        yield level
