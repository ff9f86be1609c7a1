"""A version as a Word file with real tracked changes against an earlier one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from agreements.drafting.document import (
    AgreementDocument,
    Clause,
    Exhibit,
    Heading,
    Paragraph,
    Table,
    numbered,
)
from agreements.negotiation.comparison import Mark, Piece, accepted
from agreements.negotiation.redline import (
    ClauseRedline,
    ParagraphRedline,
    compare_clauses,
    compare_without_moves,
    exhibit_key,
    exhibits_of,
    front_of,
)
from agreements.negotiation.word_marks import (
    against_mark,
    clause_mark,
    exhibit_mark,
    version_mark,
)
from comanage.documents import word
from comanage.documents.tracked import Revision, Run, Tracked
from comanage.values.period import day_text

STARTING_POINT = "A starting point for counsel, not legal advice."
HOW_TO_SEND_BACK = (
    "Change the clauses here with tracked changes, and upload the file: each difference becomes a "
    "proposal. Figures, names and the exhibits are printed from the terms, and change there."
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A version with what a paper says of it.

    Attributes:
        by: who made it.
    """

    document: AgreementDocument
    number: int
    sha256: str
    made_at: datetime
    by: str

    def __str__(self) -> str:
        return f"Version {self.number} of {day_text(self.made_at.date())}"


def word_of(version: Printed, against: Printed | None) -> bytes:
    """Write a version as a Word file; the same versions give the same bytes.

    Args:
        version: as it reads when every change is accepted.
        against: as it reads when every change is refused; None for a file without changes.
    """
    document = version.document
    facts = word.Facts(
        title=document.title,
        author=document.parties[0].name,
        subject=f"Version {version.number}",
        identifier=f"Version SHA-256 {version.sha256}",
        created=version.made_at,
        running=f"{document.title}, version {version.number}. {STARTING_POINT}",
    )
    return word.render_word(list(_blocks(version, against or version)), facts)


def _blocks(version: Printed, against: Printed) -> Iterator[word.Block]:
    old, new = against.document, version.document
    revision = Revision(version.by, version.made_at)
    (front,) = compare_clauses([front_of(old)], [front_of(new)])
    marks = [version_mark(version.sha256)]
    if against is not version:
        marks.append(against_mark(against.sha256))
    yield Tracked(_runs(front.heading), revision, style="Title", bookmarks=tuple(marks))
    yield word.Paragraph(_about(version, against))
    yield word.Paragraph(new.notice, is_quiet=True)
    yield word.Paragraph(HOW_TO_SEND_BACK, is_quiet=True)
    for paragraph in front.paragraphs:
        yield Tracked(_runs(paragraph.pieces), revision, mark=paragraph.mark)
    for clause in compare_without_moves(old.clauses, new.clauses):
        yield from _clause(clause, revision)
    yield from _exhibits(old, new, against.number, revision)


def _about(version: Printed, against: Printed) -> str:
    if version is against:
        return f"{version}."
    return f"{version}, with its changes against version {against.number} marked."


def _clause(clause: ClauseRedline, revision: Revision) -> Iterator[Tracked]:
    mark = Mark.DELETED if clause.new_number is None else Mark.SAME
    if clause.old_number is None:
        mark = Mark.INSERTED
    yield Tracked(
        _runs(clause.heading),
        revision,
        mark=mark,
        style="Heading 2",
        level=0,
        bookmarks=() if mark == Mark.DELETED else (clause_mark(clause.key),),
    )
    for paragraph in clause.paragraphs:
        is_item = _is_item(paragraph)
        yield Tracked(
            _runs(paragraph.pieces),
            revision,
            mark=paragraph.mark,
            level=None if is_item else 1,
            is_indented=is_item,
        )


def _is_item(paragraph: ParagraphRedline) -> bool:
    """Say whether a paragraph carries a letter of its own, in its newer wording."""
    text = accepted(paragraph.pieces) or "".join(piece.text for piece in paragraph.pieces)
    ((label, _),) = numbered(Clause("", 1, "", (text,)))
    return label.startswith("(")


def _exhibits(
    old: AgreementDocument, new: AgreementDocument, number: int, revision: Revision
) -> Iterator[word.Block]:
    """Print the exhibits as they are now; what their figures were stands in the redline."""
    redlines = compare_clauses(exhibits_of(old), exhibits_of(new))
    changed = {each.key for each in redlines if each.fate != "same"}
    for exhibit in new.exhibits:
        title = (Run(Mark.SAME, f"{exhibit.name}: {exhibit.title}"),)
        yield Tracked(title, revision, style="Heading 1", bookmarks=(exhibit_mark(exhibit.letter),))
        if exhibit_key(exhibit) in changed:
            yield word.Paragraph(f"Printed anew since version {number}.", is_quiet=True)
        yield from _exhibit_blocks(exhibit)


def _exhibit_blocks(exhibit: Exhibit) -> Iterator[word.Block]:
    for block in exhibit.blocks:
        if isinstance(block, Heading):
            yield word.Heading(block.text, 2)
        elif isinstance(block, Paragraph):
            yield word.Paragraph(block.text)
        elif isinstance(block, Table) and block.rows:
            yield word.Table(block.about, block.head, block.rows, frozenset(block.numbers))


def _runs(pieces: Iterable[Piece]) -> tuple[Run, ...]:
    return tuple(Run(piece.mark, piece.text) for piece in pieces)
