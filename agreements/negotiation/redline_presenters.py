"""A redline as its pages and papers show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

from agreements.drafting.document import AgreementDocument, Clause, numbered
from agreements.negotiation.comparison import Mark, Piece, accepted, compare, rejected
from agreements.negotiation.redline import (
    EXHIBIT,
    FRONT,
    ClauseRedline,
    Fate,
    Redline,
    TableRow,
    compare_versions,
    rows_of,
)

WORDS = {
    Fate.SAME: "Unchanged",
    Fate.CHANGED: "Changed",
    Fate.MOVED: "Moved",
    Fate.ADDED: "Added",
    Fate.REMOVED: "Taken out",
    Fate.LEFT: "Moved away",
}


@dataclass(frozen=True, slots=True)
class LineReading:
    """A paragraph with its number, its marks, and what became of it as a whole.

    Attributes:
        cells: for a row of a table, the marks of each cell; else empty.
        is_head: for the row that heads a table.
        numbers: places of the cells that are set flush right.
    """

    label: str
    pieces: tuple[Piece, ...]
    mark: str
    is_item: bool
    cells: tuple[tuple[Piece, ...], ...] = ()
    is_head: bool = False
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockReading:
    """Paragraphs that follow each other, or one table: its heads and its rows."""

    lines: tuple[LineReading, ...] = ()
    heads: tuple[LineReading, ...] = ()
    rows: tuple[LineReading, ...] = ()


@dataclass(frozen=True, slots=True)
class PartReading:
    """A clause or exhibit of a redline.

    Attributes:
        place: among the changed parts, from 1; None for one that is the same.
        before, after: the places of the changed parts next to it; None for none.
        where: for one that moved, where it stood and where it stands, in words.
        is_moved: whether it moved, or is the place that one left.
        is_left: for the place that it left.
        target: for such a place, the one among the changed parts where it stands now.
    """

    key: str
    number: str
    heading: tuple[Piece, ...]
    lines: tuple[LineReading, ...]
    said: str
    place: int | None
    before: int | None
    after: int | None
    where: str = ""
    is_moved: bool = False
    is_left: bool = False
    target: int | None = None

    @property
    def title(self) -> str:
        """Its heading as it reads now; as it read, for one that was taken out."""
        return accepted(self.heading) or "".join(piece.text for piece in self.heading)

    @property
    def blocks(self) -> tuple[BlockReading, ...]:
        """Its paragraphs and its tables, in their order."""
        return tuple(_blocks(self.lines))


@dataclass(frozen=True, slots=True)
class RedlineReading:
    """A redline part by part."""

    parts: tuple[PartReading, ...]

    @property
    def changed(self) -> tuple[PartReading, ...]:
        """The parts with changes, in their order."""
        return tuple(part for part in self.parts if part.place)

    @property
    def has_moves(self) -> bool:
        """Whether a clause stands elsewhere."""
        return any(part.is_left for part in self.parts)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of both versions' tables, by the exhibit and the line that each is compared as."""

    old: Mapping[tuple[str, str], TableRow]
    new: Mapping[tuple[str, str], TableRow]


def read_redline(old: AgreementDocument, new: AgreementDocument) -> RedlineReading:
    """Read two versions against each other."""
    return read_parts(compare_versions(old, new), Rows(rows_of(old), rows_of(new)))


def read_parts(redline: Redline, rows: Rows) -> RedlineReading:
    """Number the changed parts, so that a reader goes from one to the next."""
    changed = [part.key for part in redline.parts if part.fate not in {Fate.SAME, Fate.LEFT}]
    places = {key: place for place, key in enumerate(changed, 1)}
    where, numbers = _moves(redline.clauses), _renumbering(redline.clauses)
    parts = []
    for part in redline.parts:
        if part.is_left:
            parts.append(replace(read_part(part, None, 0), target=places[part.key]))
            continue
        read = read_part(part, places.get(part.key), len(changed), numbers)
        lines = tuple(_in_rows(read.lines, part.key, rows))
        parts.append(replace(read, lines=lines, where=where.get(part.key, "")))
    return RedlineReading(tuple(parts))


def _renumbering(clauses: Iterable[ClauseRedline]) -> dict[str, str]:
    """Say which number the clause of each old one has now."""
    return {
        str(each.old_number): str(each.new_number)
        for each in clauses
        if each.old_number is not None and each.new_number is not None
    }


def _moves(clauses: Iterable[ClauseRedline]) -> dict[str, str]:
    """Say of each clause that moved where it stood and where it stands, by its neighbours."""
    stood, stands, numbers = {}, {}, {}
    old = new = ""
    for each in clauses:
        if each.is_left:
            stood[each.key], numbers[each.key] = old, (each.old_number, each.new_number)
        elif each.is_moved:
            stands[each.key] = new
        if each.old_number is not None and each.is_left == each.is_moved:
            old = rejected(each.heading)
        if each.new_number is not None and not each.is_left:
            new = accepted(each.heading)
    return {
        key: f"It stood as {was}{_behind(stood[key])}, and stands as {now}{_behind(stands[key])}."
        for key, (was, now) in numbers.items()
    }


def _behind(heading: str) -> str:
    return f" after “{heading}”" if heading else " before every other"


def read_part(
    part: ClauseRedline, place: int | None, count: int, numbers: Mapping[str, str] | None = None
) -> PartReading:
    """Read one part.

    Args:
        part: of a redline.
        place: among the changed parts.
        count: of the changed parts.
        numbers: of all clauses, from the old ones to the new.
    """
    return PartReading(
        key=part.key,
        number=_numbers(part),
        heading=part.heading,
        lines=tuple(_lines(part)),
        said=_said(part, numbers or {}),
        place=place,
        before=place - 1 if place and place > 1 else None,
        after=place + 1 if place and place < count else None,
        is_moved=part.is_moved,
        is_left=part.is_left,
    )


def _said(part: ClauseRedline, numbers: Mapping[str, str]) -> str:
    if part.fate != Fate.CHANGED:
        return WORDS[part.fate]
    if _only_renumbered(part, numbers):
        return "Moved" if part.is_moved else "Only numbers of other clauses"
    return f"{WORDS[part.fate]} and moved" if part.is_moved else WORDS[part.fate]


def _only_renumbered(part: ClauseRedline, numbers: Mapping[str, str]) -> bool:
    """Say whether it refers to the same clauses as ever, which have other numbers now."""
    lines = (part.heading, *(each.pieces for each in part.paragraphs))
    changed = [each for pieces in lines for each in pieces if each.mark != Mark.SAME]
    pairs = zip(changed[::2], changed[1::2], strict=False)
    return len(changed) % 2 == 0 and all(
        (old.mark, new.mark) == (Mark.DELETED, Mark.INSERTED) and numbers.get(old.text) == new.text
        for old, new in pairs
    )


def _numbers(part: ClauseRedline) -> str:
    """Say the number of a clause in both versions; an exhibit says its own in its heading."""
    if not _is_clause(part):
        return ""
    old, new = part.old_number, part.new_number
    if part.is_left or old is None or new is None or old == new:
        return f"{old if part.is_left else new or old}."
    return f"{old}. → {new}."


def _is_clause(part: ClauseRedline) -> bool:
    return part.key != FRONT and not part.key.startswith(EXHIBIT)


def _lines(part: ClauseRedline) -> Iterator[LineReading]:
    """Number the paragraphs as they are now; a clause that is gone keeps the numbers it had.

    A paragraph that was taken out of a clause has none: another one bears it now.
    """
    is_gone = part.is_left or part.new_number is None
    number, read = (part.old_number, rejected) if is_gone else (part.new_number, accepted)
    counted = [each for each in part.paragraphs if is_gone or each.mark != Mark.DELETED]
    texts = tuple(read(each.pieces) for each in counted)
    labels = iter([label for label, _ in numbered(Clause("", number or 0, "", texts))])
    for each in part.paragraphs:
        label = next(labels) if is_gone or each.mark != Mark.DELETED else ""
        is_item = label.startswith("(")
        shown = label if _is_clause(part) and not is_item else ""
        yield LineReading(shown, each.pieces, each.mark.value, is_item)


def _in_rows(lines: Iterable[LineReading], key: str, rows: Rows) -> Iterator[LineReading]:
    """Part the lines that are rows of a table into their cells, each with its own marks."""
    for line in lines:
        old, new = rejected(line.pieces), accepted(line.pieces)
        was = rows.old.get((key, old)) if line.mark != Mark.INSERTED else None
        now = rows.new.get((key, new)) if line.mark != Mark.DELETED else None
        row = now or was
        if row is None:
            yield line
        else:
            sides = (each.cells if each else () for each in (was, now))
            cells = tuple(compare(*pair) for pair in zip_longest(*sides, fillvalue=""))
            yield replace(line, cells=cells, is_head=row.is_head, numbers=row.numbers)


def _blocks(lines: Iterable[LineReading]) -> Iterator[BlockReading]:
    """Join paragraphs, and rows that follow each other: a head below a row begins a table."""
    for is_table, run in groupby(lines, key=lambda line: bool(line.cells)):
        if not is_table:
            yield BlockReading(tuple(run))
            continue
        heads: list[LineReading] = []
        rows: list[LineReading] = []
        for line in run:
            if line.is_head and rows:
                yield BlockReading(heads=tuple(heads), rows=tuple(rows))
                heads, rows = [], []
            (heads if line.is_head else rows).append(line)
        yield BlockReading(heads=tuple(heads), rows=tuple(rows))
