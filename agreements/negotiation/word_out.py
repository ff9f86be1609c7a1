"""A version as a Word file with real tracked changes against an earlier one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from agreements.drafting.document import (
    AgreementDocument,
    Clause,
    Exhibit,
    Heading,
    Paragraph,
    Table,
    numbered,
)
from agreements.drafting.parties import executed
from agreements.negotiation.comparison import Mark, Piece, accepted
from agreements.negotiation.redline import (
    FRONT,
    ClauseRedline,
    ParagraphRedline,
    compare_clauses,
    exhibit_key,
    exhibits_of,
    front_of,
)
from agreements.negotiation.word_comments import Said, remarks_by_key, spoken
from agreements.negotiation.word_marks import (
    against_mark,
    clause_mark,
    exhibit_mark,
    version_mark,
)
from comanage.documents import word
from comanage.documents.tracked import (
    MOVED_AWAY,
    MOVED_HERE,
    Move,
    Remark,
    Revision,
    Run,
    Tracked,
)
from comanage.values.period import day_text

HOUSE = "CoManage"
LONGEST_TOLD = 2_000
STARTING_POINT = "A starting point for counsel, not legal advice."
HOW_TO_SEND_BACK = (
    "Change the clauses here with tracked changes, and upload the file: each difference becomes a "
    "proposal. Figures, names and the exhibits are printed from the terms, and change there."
)
Remarks = Mapping[str, tuple[Remark, ...]]


@dataclass(frozen=True, slots=True)
class Printed:
    """A version with what a paper says of it.

    Attributes:
        made_on: the day at the hospital on which it was made.
        by: who made it.
        executed_on: the day of the last signature; None for one that is not executed.
    """

    document: AgreementDocument
    number: int
    sha256: str
    made_at: datetime
    made_on: date
    by: str
    executed_on: date | None = None

    @property
    def standing(self) -> str:
        """Whether it binds, in one sentence, for the head of each page."""
        return executed(self.executed_on) if self.executed_on else STARTING_POINT

    def __str__(self) -> str:
        return f"Version {self.number} of {day_text(self.made_on)}"


def word_of(version: Printed, against: Printed | None, said: Iterable[Said] = ()) -> bytes:
    """Write a version as a Word file; the same versions and comments give the same bytes.

    Args:
        version: as it reads when every change is accepted.
        against: as it reads when every change is refused; None for a file without changes.
        said: comments on the version, the oldest first.
    """
    document = version.document
    facts = word.Facts(
        title=document.title,
        author=document.parties[0].name,
        subject=f"Version {version.number}",
        identifier=f"Version SHA-256 {version.sha256}",
        created=version.made_at,
        running=f"{document.title}, version {version.number}. {version.standing}",
    )
    remarks = remarks_by_key(said)
    return word.render_word(list(_blocks(version, against or version, remarks)), facts)


def _blocks(version: Printed, against: Printed, remarks: Remarks) -> Iterator[word.Block]:
    old, new = against.document, version.document
    revision = Revision(version.by, version.made_at)
    (front,) = compare_clauses([front_of(old)], [front_of(new)])
    marks = [version_mark(version.sha256)]
    if against is not version:
        marks.append(against_mark(against.sha256))
    yield Tracked(
        _runs(front.heading),
        revision,
        style="Title",
        bookmarks=tuple(marks),
        remarks=remarks.get(FRONT, ()),
    )
    yield word.Paragraph(_about(version, against))
    for told in (version.standing,) if version.executed_on else (new.notice, HOW_TO_SEND_BACK):
        yield word.Paragraph(told, is_quiet=True)
    for paragraph in front.paragraphs:
        yield Tracked(_runs(paragraph.pieces), revision, mark=paragraph.mark)
    for clause in compare_clauses(old.clauses, new.clauses):
        if clause.is_left:
            yield from _moved_away(clause, revision)
        elif clause.is_moved:
            yield from _moved_here(clause, revision, remarks.get(clause.key, ()))
        else:
            yield from _clause(clause, revision, remarks.get(clause.key, ()))
    yield from _exhibits(old, new, against.number, revision, remarks)


def _about(version: Printed, against: Printed) -> str:
    if version is against:
        return f"{version}."
    return f"{version}, with its changes against version {against.number} marked."


def _clause(
    clause: ClauseRedline, revision: Revision, remarks: tuple[Remark, ...]
) -> Iterator[Tracked]:
    mark = Mark.DELETED if clause.new_number is None else Mark.SAME
    if clause.old_number is None:
        mark = Mark.INSERTED
    heading = _heading(clause, revision, mark)
    is_gone = mark == Mark.DELETED
    yield (
        heading
        if is_gone
        else replace(heading, bookmarks=(clause_mark(clause.key),), remarks=remarks)
    )
    for paragraph in clause.paragraphs:
        yield _line(paragraph, revision, paragraph.mark)


def _moved_away(clause: ClauseRedline, revision: Revision) -> Iterator[Tracked]:
    """Print a clause where it stood, as it read there."""
    lines = [
        _heading(clause, revision, MOVED_AWAY),
        *(_line(paragraph, revision, MOVED_AWAY) for paragraph in clause.paragraphs),
    ]
    return _as_one_move([replace(each, runs=_all(each.runs, MOVED_AWAY)) for each in lines], clause)


def _moved_here(
    clause: ClauseRedline, revision: Revision, remarks: tuple[Remark, ...]
) -> Iterator[Tracked]:
    """Print a clause where it stands now; words put in are marked, those taken out are told.

    Were they marked as taken out here too, then refusing all would leave them behind.
    """
    heading = replace(
        _heading(clause, revision, MOVED_HERE),
        bookmarks=(clause_mark(clause.key),),
        remarks=(*remarks, *_told(clause, revision)),
    )
    lines = [heading]
    for paragraph in clause.paragraphs:
        if paragraph.mark != Mark.DELETED:
            mark = MOVED_HERE if paragraph.mark == Mark.SAME else paragraph.mark
            lines.append(_line(paragraph, revision, mark))
    return _as_one_move([replace(each, runs=_stays(each.runs)) for each in lines], clause)


def _as_one_move(lines: Sequence[Tracked], clause: ClauseRedline) -> Iterator[Tracked]:
    """Say of each paragraph which move it is of: Word finds both places by the name."""
    last = len(lines) - 1
    for place, line in enumerate(lines):
        move = Move(f"move{clause.old_number}", begins=place == 0, ends=place == last)
        yield replace(line, move=move)


def _told(clause: ClauseRedline, revision: Revision) -> tuple[Remark, ...]:
    """Name the words that were taken out of a clause that moved."""
    pieces = [*clause.heading, *(each for line in clause.paragraphs for each in line.pieces)]
    taken = [f"“{each.text.strip()}”" for each in pieces if each.mark == Mark.DELETED]
    if not taken:
        return ()
    text = f"This clause moved, and words were taken out of it: {', '.join(taken)}."
    return (Remark(HOUSE, revision.at, spoken(text)[:LONGEST_TOLD]),)


def _heading(clause: ClauseRedline, revision: Revision, mark: str) -> Tracked:
    return Tracked(_runs(clause.heading), revision, mark=mark, style="Heading 2", level=0)


def _line(paragraph: ParagraphRedline, revision: Revision, mark: str) -> Tracked:
    is_item = _is_item(paragraph)
    return Tracked(
        _runs(paragraph.pieces),
        revision,
        mark=mark,
        level=None if is_item else 1,
        is_indented=is_item,
    )


def _all(runs: Iterable[Run], mark: str) -> tuple[Run, ...]:
    return tuple(Run(mark, run.text) for run in runs)


def _stays(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Mark what is the same as moved here, and leave out what is gone."""
    kept = (run for run in runs if run.mark != Mark.DELETED)
    return tuple(Run(MOVED_HERE, each.text) if each.mark == Mark.SAME else each for each in kept)


def _is_item(paragraph: ParagraphRedline) -> bool:
    """Say whether a paragraph carries a letter of its own, in its newer wording."""
    text = accepted(paragraph.pieces) or "".join(piece.text for piece in paragraph.pieces)
    ((label, _),) = numbered(Clause("", 1, "", (text,)))
    return label.startswith("(")


def _exhibits(
    old: AgreementDocument,
    new: AgreementDocument,
    number: int,
    revision: Revision,
    remarks: Remarks,
) -> Iterator[word.Block]:
    """Print the exhibits as they are now; what their figures were stands in the redline."""
    redlines = compare_clauses(exhibits_of(old), exhibits_of(new))
    changed = {each.key for each in redlines if each.fate != "same"}
    for exhibit in new.exhibits:
        title = (Run(Mark.SAME, f"{exhibit.name}: {exhibit.title}"),)
        key = exhibit_key(exhibit)
        yield Tracked(
            title,
            revision,
            style="Heading 1",
            bookmarks=(exhibit_mark(exhibit.letter),),
            remarks=remarks.get(key, ()),
        )
        if key in changed:
            yield word.Paragraph(f"Printed anew since version {number}.", is_quiet=True)
        yield from _exhibit_blocks(exhibit)


def _exhibit_blocks(exhibit: Exhibit) -> Iterator[word.Block]:
    for block in exhibit.blocks:
        if isinstance(block, Heading):
            yield word.Heading(block.text, 2)
        elif isinstance(block, Paragraph):
            yield word.Paragraph(block.text)
        elif isinstance(block, Table) and block.rows:
            widths = () if block.head else (1.0, 3.0)
            yield word.Table(block.about, block.head, block.rows, frozenset(block.numbers), widths)


def _runs(pieces: Iterable[Piece]) -> tuple[Run, ...]:
    return tuple(Run(piece.mark, piece.text) for piece in pieces)
