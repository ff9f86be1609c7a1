"""What stands in a Word file that came back, clause by clause. Pure.

It is read as if every tracked change in it were accepted: whoever sent it back left, undid or added
what they wanted to stand. Bookmarks say which clause is which, however its heading reads now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from agreements.negotiation.word_comments import LONGEST_NAME
from agreements.negotiation.word_marks import (
    AGAINST,
    CLAUSE,
    EXHIBIT,
    FRONT,
    HEADING_STYLE,
    VERSION,
)
from comanage.documents.word_parts import Element, WordError, WordParts, read_parts

MOST_COMMENTS = 500
MOST_PARTS = 500
LONGEST_COMMENT = 4_000
LONGEST_CLAUSE = 20_000
LONGEST_HEADING = 120
_GONE = {"w:del", "w:moveFrom", "w:pPr", "w:sectPr", "mc:Fallback", "w:txbxContent", "w:object"}
_SAID = {"w:tab": " ", "w:br": " ", "w:cr": " ", "w:noBreakHyphen": "-"}
_IN_A_WORD = {"w:t"}
_OURS = re.compile(rf"(?:{VERSION}|{AGAINST}|{CLAUSE}|{EXHIBIT})[0-9a-z]+\Z")


@dataclass(frozen=True, slots=True)
class ReadClause:
    """A part of the file: its bookmark (empty for one that is new), heading and paragraphs."""

    mark: str
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadComment:
    """A comment: the part it stands at, who wrote it when by the file's word, and what it says."""

    part: int
    author: str
    text: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class WordReading:
    """A file, read.

    Attributes:
        version: the mark of the version it was made from.
        against: the mark of the version it was compared with; empty for none.
        parts: in their order; the first is what stands before the clauses.
    """

    version: str
    against: str
    parts: tuple[ReadClause, ...]
    comments: tuple[ReadComment, ...]


def read_word(content: bytes) -> WordReading:
    """Read a file.

    Raises:
        WordError: it is refused, or was not made here.
    """
    parts = read_parts(content)
    reader = _Reader()
    reader.read(parts.body)
    if not reader.version:
        raise WordError(
            "This file was not made here, or its marks were lost. Take the Word file of a version "
            "from here, and edit that one."
        )
    if len(reader.found) > MOST_PARTS:
        raise WordError(
            f"The file holds more than {MOST_PARTS} headings of clauses. Leave out what is not of "
            f"the agreement."
        )
    return WordReading(
        reader.version, reader.against, tuple(reader.parts()), tuple(_comments(parts, reader))
    )


@dataclass(slots=True)
class _Part:
    mark: str
    heading: str = ""
    paragraphs: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """Goes through a body once, paragraph by paragraph."""

    version: str = ""
    against: str = ""
    found: list[_Part] = field(default_factory=lambda: [_Part(FRONT)])
    comment_places: dict[str, int] = field(default_factory=dict)
    carried: str = ""  # of a paragraph whose end was deleted: it goes on in the next one

    def read(self, body: Element) -> None:
        before: list[str] = []  # marks that stand between two paragraphs are of the next one
        for each in _visible(body, stop="w:p"):
            if each.tag == "w:p":
                self._take(each, [*before, *_marks(each)])
                before = []
            else:
                before += _marks_here(each)
        if self.carried:
            self._add(self.carried)

    def parts(self) -> Iterator[ReadClause]:
        for each in self.found:
            yield ReadClause(each.mark, each.heading, tuple(each.paragraphs))

    def _take(self, paragraph: Element, marks: list[str]) -> None:
        text = self.carried + _text(paragraph)
        is_open = _ends_deleted(paragraph)
        self._note(marks)
        self.carried = text if is_open else ""
        said = " ".join(text.split())
        begun = self._begun(paragraph, marks)
        if begun and (said or not is_open):
            self.found.append(_Part(begun if begun in marks else "", said))
        elif not is_open:
            self._add(said)
        for number in _comment_numbers(paragraph):
            self.comment_places.setdefault(number, len(self.found) - 1)

    def _begun(self, paragraph: Element, marks: list[str]) -> str:
        """Return what a paragraph begins: a marked part, a new clause, or nothing."""
        known = {each.mark for each in self.found}
        fresh = [each for each in marks if each.startswith((CLAUSE, EXHIBIT)) and each not in known]
        if fresh:
            return fresh[0]
        if any(each.mark.startswith(EXHIBIT) for each in self.found):
            return ""  # headings inside exhibits are none of clauses
        style = paragraph.find("w:pPr", "w:pStyle")
        is_heading = style is not None and style.attributes.get("val") == HEADING_STYLE
        return HEADING_STYLE if is_heading and _text(paragraph).strip() else ""

    def _note(self, marks: list[str]) -> None:
        for each in marks:
            if each.startswith(VERSION):
                self.version = self.version or each
            elif each.startswith(AGAINST):
                self.against = self.against or each

    def _add(self, text: str) -> None:
        said = " ".join(text.split())
        if said:
            self.found[-1].paragraphs.append(said)


def _visible(root: Element, *, stop: str = "") -> Iterator[Element]:
    """Go through what is left when every change is accepted; not into elements of one tag."""
    waiting = list(reversed(root.children))
    while waiting:
        here = waiting.pop()
        if here.tag in _GONE:
            continue
        yield here
        if here.tag != stop:
            waiting.extend(reversed(here.children))


def _text(paragraph: Element) -> str:
    said = []
    for each in _visible(paragraph):
        if each.tag in _IN_A_WORD:
            said.append(each.text)
        elif each.tag in _SAID:
            said.append(_SAID[each.tag])
    return "".join(said)


def _ends_deleted(paragraph: Element) -> bool:
    marks = paragraph.find("w:pPr", "w:rPr")
    return marks is not None and any(each.tag in {"w:del", "w:moveFrom"} for each in marks.children)


def _marks(paragraph: Element) -> list[str]:
    return [mark for each in paragraph.walk() for mark in _marks_here(each)]


def _marks_here(each: Element) -> list[str]:
    name = each.attributes.get("name", "") if each.tag == "w:bookmarkStart" else ""
    return [name] if _OURS.match(name) else []


def _comment_numbers(paragraph: Element) -> Iterator[str]:
    for each in paragraph.walk():
        if each.tag in {"w:commentRangeStart", "w:commentReference"}:
            yield each.attributes.get("id", "")


def _comments(parts: WordParts, reader: _Reader) -> Iterator[ReadComment]:
    if parts.comments is None:
        return
    written = [each for each in parts.comments.children if each.tag == "w:comment"]
    if len(written) > MOST_COMMENTS:
        raise WordError(
            f"The file holds more than {MOST_COMMENTS} comments. Leave the settled out."
        )
    for each in written:
        text = "\n".join(
            said
            for paragraph in _visible(each)
            if paragraph.tag == "w:p" and (said := " ".join(_text(paragraph).split()))
        )
        if len(text) > LONGEST_COMMENT:
            raise WordError(
                f"A comment is longer than {LONGEST_COMMENT:,} characters. Part it in two."
            )
        place = reader.comment_places.get(each.attributes.get("id", ""))
        if text and place is not None:
            author, at = (each.attributes.get(name, "") for name in ("author", "date"))
            yield ReadComment(place, author[:LONGEST_NAME], text, f"{at[:19]}Z")  # whole seconds
