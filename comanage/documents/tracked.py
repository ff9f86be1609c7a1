"""Paragraphs of a Word document with real tracked changes and moves, comments, and bookmarks.

Whoever opens the file accepts or rejects each change there, and answers comments beside the words;
the bookmarks say, when it comes back, which paragraph is which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from comanage.documents.ooxml import element, printable, tag

if TYPE_CHECKING:
    from docx.document import Document

SAME, DELETED, INSERTED = "same", "deleted", "inserted"
MOVED_AWAY, MOVED_HERE = "moved away", "moved here"
_CHANGES = {
    DELETED: "w:del",
    INSERTED: "w:ins",
    MOVED_AWAY: "w:moveFrom",
    MOVED_HERE: "w:moveTo",
}
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
    """A stretch of text; `mark` says whether it is the same, deleted, inserted or moved."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment beside a paragraph: who wrote it, when, and what it says, line by line."""

    author: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Move:
    """Of which move a moved paragraph is, and whether the move begins or ends with it."""

    name: str
    begins: bool = False
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Tracked:
    """A paragraph with what was taken out of it and put into it.

    Attributes:
        mark: of the paragraph as a whole.
        style: one of the names that Word gives its own.
        level: of the numbers that Word keeps, 0 or 1; None for a paragraph without.
        bookmarks: names that its words stand under.
        is_indented: whether it stands under a numbered one.
        remarks: comments on its words.
        move: for a paragraph that is moved away or here.
    """

    runs: tuple[Run, ...]
    revision: Revision
    mark: str = SAME
    style: str = "Normal"
    level: int | None = None
    bookmarks: tuple[str, ...] = ()
    is_indented: bool = False
    remarks: tuple[Remark, ...] = ()
    move: Move | None = None


def stamp(at: datetime) -> str:
    """Write a moment as Word does."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


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
    moving: str = ""  # the number of the move that has begun

    def add(self, document: Document, block: Tracked) -> None:
        """Put a paragraph at the end of the document."""
        paragraph: Any = document.add_paragraph(style=block.style).paragraph_format.element
        properties = paragraph.get_or_add_pPr()
        self._place(properties, block)
        if block.mark != SAME:
            changes = element("w:rPr")
            changes.append(self._change(block.mark, block.revision))
            properties.append(changes)
        if block.move and block.move.begins:
            paragraph.append(self._begun(block, block.move.name))
        paragraph.extend(self._marked(block, _commented(document, block, self._runs(block))))
        if block.move and block.move.ends:
            paragraph.addnext(element(f"{_CHANGES[block.mark]}RangeEnd", id=self.moving))

    def _runs(self, block: Tracked) -> list[Any]:
        return [self._run(run, block.revision) for run in block.runs]

    def _marked(self, block: Tracked, inside: Iterable[Any]) -> Iterator[Any]:
        """Put bookmarks around the words of a paragraph."""
        numbers = [(str(self._next()), name) for name in block.bookmarks]
        for number, name in numbers:
            yield element("w:bookmarkStart", id=number, name=name)
        yield from inside
        for number, _ in reversed(numbers):
            yield element("w:bookmarkEnd", id=number)

    def _begun(self, block: Tracked, name: str) -> Any:
        """Open the range by which Word finds both places of a move."""
        self.moving = str(self._next())
        at, author = stamp(block.revision.at), printable(block.revision.author)
        tag_of_range = f"{_CHANGES[block.mark]}RangeStart"
        return element(tag_of_range, id=self.moving, author=author, date=at, name=name)

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
        text.text = printable(run.text)
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        written.append(text)
        if run.mark == SAME:
            return written
        change = self._change(run.mark, revision)
        change.append(written)
        return change

    def _change(self, mark: str, revision: Revision) -> Any:
        at, author = stamp(revision.at), printable(revision.author)
        return element(_CHANGES[mark], id=str(self._next()), author=author, date=at)

    def _next(self) -> int:
        self.last += 1
        return self.last


def _commented(document: Document, block: Tracked, inside: Iterable[Any]) -> Iterator[Any]:
    """Put comments beside the words of a paragraph."""
    numbers = [_remark(document, each) for each in block.remarks]
    for number in numbers:
        yield element("w:commentRangeStart", id=number)
    yield from inside
    for number in numbers:
        yield element("w:commentRangeEnd", id=number)
        yield _reference(number)


def _remark(document: Document, remark: Remark) -> str:
    """Write a comment beside the document, and return its number."""
    initials = "".join(word[0] for word in remark.author.split())[:3]
    made = document.comments.add_comment(remark.text, remark.author, initials)
    written: Any = made.paragraphs[0].paragraph_format.element.getparent()
    written.set(tag("w:date"), stamp(remark.at))  # it would be the hour of printing
    return str(made.comment_id)


def _reference(number: str) -> Any:
    """Say where a comment is read from."""
    run, properties = element("w:r"), element("w:rPr")
    properties.append(element("w:rStyle", val="CommentReference"))
    run.append(properties)
    run.append(element("w:commentReference", id=number))
    return run


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
