"""Two versions of an agreement compared clause by clause. Pure.

Clauses are matched by their key, so that one which moved or got another heading is still itself.
Exhibits, and what stands before the first clause, are compared as clauses are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from agreements.drafting.document import AgreementDocument, Block, Clause, Exhibit, Table
from agreements.drafting.words import STATES, iso_period, legal_period
from agreements.negotiation.comparison import (
    Mark,
    Piece,
    accepted,
    compare,
    matched,
    rejected,
)

FRONT = "front"
EXHIBIT = "exhibit-"


class Fate(StrEnum):
    """What became of a clause from one version to the other."""

    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"
    ADDED = "added"
    REMOVED = "removed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class ParagraphRedline:
    """A paragraph with its marks.

    Attributes:
        mark: of the paragraph itself: inserted or deleted as a whole, or there in both.
    """

    mark: Mark
    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything of it is marked."""
        return self.mark != Mark.SAME or any(piece.mark != Mark.SAME for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class ClauseRedline:
    """A clause with its marks.

    Attributes:
        old_number, new_number: None where that version has no such clause.
        is_moved: whether it stands elsewhere among the clauses that both versions have; another
            number alone is none of its doing.
        is_left: for the place that a moved clause stood in, with its words as they were there;
            the clause itself is another one, where it stands now.
    """

    key: str
    old_number: int | None
    new_number: int | None
    is_moved: bool
    heading: tuple[Piece, ...]
    paragraphs: tuple[ParagraphRedline, ...]
    is_left: bool = False

    @property
    def fate(self) -> Fate:
        """What became of it; a clause that moved and changed has changed."""
        if self.is_left:
            return Fate.LEFT
        if self.old_number is None:
            return Fate.ADDED
        if self.new_number is None:
            return Fate.REMOVED
        marked = any(piece.mark != Mark.SAME for piece in self.heading)
        if marked or any(each.is_changed for each in self.paragraphs):
            return Fate.CHANGED
        return Fate.MOVED if self.is_moved else Fate.SAME


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table in an exhibit, which is compared as one line.

    Attributes:
        numbers: places of the cells that are set flush right.
    """

    cells: tuple[str, ...]
    is_head: bool
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Redline:
    """Two versions compared: what stands before the clauses, the clauses, the exhibits."""

    front: ClauseRedline
    clauses: tuple[ClauseRedline, ...]
    exhibits: tuple[ClauseRedline, ...]

    @property
    def parts(self) -> tuple[ClauseRedline, ...]:
        """Everything, in the order of the paper."""
        return (self.front, *self.clauses, *self.exhibits)


def compare_versions(old: AgreementDocument, new: AgreementDocument) -> Redline:
    """Compare two versions, whole."""
    (front,) = compare_clauses([front_of(old)], [front_of(new)])
    return Redline(
        front,
        compare_clauses(old.clauses, new.clauses),
        compare_clauses(exhibits_of(old), exhibits_of(new)),
    )


def compare_clauses(old: Sequence[Clause], new: Sequence[Clause]) -> tuple[ClauseRedline, ...]:
    """Compare clauses by key, in the order of the new ones; removed ones where they stood.

    A clause that moved is there twice: where it stands now, and the place that it left.
    """
    before = {clause.key: clause for clause in old}
    after = {clause.key: clause for clause in new}
    moved = moved_keys([key for key in after if key in before], list(before))
    stood = [_Place(key, is_left=key in moved) for key in before]
    stands = [_Place(key) for key in after]
    return tuple(
        _left(before[place.key], after[place.key])
        if place.is_left
        else compare_clause(
            place.key, before.get(place.key), after.get(place.key), is_moved=place.key in moved
        )
        for place in _order(stood, stands)
    )


def compare_clause(
    key: str, old: Clause | None, new: Clause | None, *, is_moved: bool
) -> ClauseRedline:
    """Compare what two versions have under one key."""
    paragraphs = matched(old.paragraphs if old else (), new.paragraphs if new else ())
    return ClauseRedline(
        key=key,
        old_number=old.number if old else None,
        new_number=new.number if new else None,
        is_moved=is_moved,
        heading=compare(old.heading if old else "", new.heading if new else ""),
        paragraphs=tuple(_paragraph(*pair) for pair in paragraphs),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a clause stands, or stood before it moved."""

    key: str
    is_left: bool = False


def _left(old: Clause, new: Clause) -> ClauseRedline:
    """Keep the place that a clause moved away from, as it read there."""
    return ClauseRedline(
        key=old.key,
        old_number=old.number,
        new_number=new.number,
        is_moved=True,
        heading=(Piece(Mark.SAME, old.heading),),
        paragraphs=tuple(_paragraph(text, text) for text in old.paragraphs),
        is_left=True,
    )


def accept_all(redlines: Iterable[ClauseRedline]) -> tuple[Clause, ...]:
    """Return the clauses of the new version, from the redline alone."""
    clauses = (
        Clause(each.key, each.new_number, accepted(each.heading), tuple(_kept(each, Mark.DELETED)))
        for each in redlines
        if each.new_number is not None and not each.is_left
    )
    return tuple(sorted(clauses, key=attrgetter("number")))


def reject_all(redlines: Iterable[ClauseRedline]) -> tuple[Clause, ...]:
    """Return the clauses of the old version, from the redline alone."""
    clauses = (
        Clause(each.key, each.old_number, rejected(each.heading), tuple(_kept(each, Mark.INSERTED)))
        for each in redlines
        if each.old_number is not None and not each.is_left
    )
    return tuple(sorted(clauses, key=attrgetter("number")))


def moved_keys(common: list[str], old: list[str]) -> set[str]:
    """Find the keys that moved: the fewest whose removal leaves the others in their old order."""
    place = {key: number for number, key in enumerate(old)}
    ends: list[int] = []  # place of the last key of the best run of each length
    runs: list[tuple[str, ...]] = []
    for key in common:
        length = bisect_left(ends, place[key])
        run = (*(runs[length - 1] if length else ()), key)
        ends[length:] = [place[key], *ends[length + 1 :]]
        runs[length:] = [run, *runs[length + 1 :]]
    return set(common) - set(runs[-1] if runs else ())


def front_of(version: AgreementDocument) -> Clause:
    """Write what stands before the first clause as one."""
    parties = (
        f"{each.role}: {each.name}, {each.about}"
        f"{f'. Notices go to {each.address}' if each.address else ''}"
        for each in version.parties
    )
    days = legal_period(iso_period({"start": version.begins_on, "end": version.ends_on}))
    law = STATES.get(version.state, version.state)
    return Clause(FRONT, 0, version.title, (*parties, f"Term: {days}, under the law of {law}"))


def exhibits_of(version: AgreementDocument) -> tuple[Clause, ...]:
    """Write each exhibit as a clause."""
    return tuple(
        Clause(exhibit_key(each), place, f"{each.name}: {each.title}", tuple(_lines(each.blocks)))
        for place, each in enumerate(version.exhibits, 1)
    )


def exhibit_key(exhibit: Exhibit) -> str:
    """Return the key under which an exhibit is compared and commented on."""
    return f"{EXHIBIT}{exhibit.letter.lower()}"


def rows_of(version: AgreementDocument) -> dict[tuple[str, str], TableRow]:
    """Find the rows of the exhibits' tables, by the exhibit's key and the line of each."""
    return {
        (exhibit_key(exhibit), _line(row)): TableRow(row, row is table.head, table.numbers)
        for exhibit in version.exhibits
        for table in exhibit.blocks
        if isinstance(table, Table)
        for row in (table.head, *table.rows)
        if row
    }


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Table):
            yield from (_line(row) for row in (block.head, *block.rows) if row)
        else:
            yield block.text


def _line(row: Iterable[str]) -> str:
    return " | ".join(row)


def _paragraph(old: str | None, new: str | None) -> ParagraphRedline:
    if old is None:
        return ParagraphRedline(Mark.INSERTED, (Piece(Mark.INSERTED, new or ""),))
    if new is None:
        return ParagraphRedline(Mark.DELETED, (Piece(Mark.DELETED, old),))
    return ParagraphRedline(Mark.SAME, compare(old, new))


def _kept(redline: ClauseRedline, gone: Mark) -> Iterator[str]:
    """Give the paragraphs of one side."""
    read = accepted if gone == Mark.DELETED else rejected
    return (read(each.pieces) for each in redline.paragraphs if each.mark != gone)


def _order(old: list[_Place], new: list[_Place]) -> list[_Place]:
    """Put both in one order: the new one, what is gone from it after its old neighbour."""
    order, kept = list(new), set(new)
    before = None
    for place in old:
        if place not in kept:
            order.insert(order.index(before) + 1 if before else 0, place)
        before = place
    return order
