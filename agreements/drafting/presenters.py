"""An agreement as its pages show it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from agreements.drafting.clauses import StandardClause, standard_clause, standard_clauses
from agreements.drafting.compose import (
    Composition,
    Template,
    applies,
    as_in_the_standard,
    compose,
    rests_on,
    templates_of,
)
from agreements.drafting.document import (
    AgreementDocument,
    Anchor,
    Block,
    Clause,
    Heading,
    Paragraph,
    Table,
    numbered,
)
from agreements.drafting.facts import Draft
from agreements.drafting.models import ChangeKind, ClauseChange
from agreements.terms.models import MeasurementYear


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A paragraph with its number as printed."""

    label: str
    text: str

    @property
    def is_item(self) -> bool:
        """Whether it is an item of the paragraph before it."""
        return self.label.startswith("(")


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """A clause as printed, with what the program did to it and which dollars rest on it.

    Attributes:
        change: of its words.
        move: the last time it was put elsewhere.
    """

    key: str
    number: int
    heading: str
    lines: tuple[ClauseLine, ...]
    anchors: tuple[Anchor, ...]
    change: ClauseChange | None = None
    move: ClauseChange | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of an exhibit's table, with the head of its column."""

    text: str
    label: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class BlockReading:
    """A part of an exhibit: `kind` says which of heading, paragraph and table it is.

    Attributes:
        has_total: whether the last row of a table is the sum of those above it.
    """

    kind: str
    text: str = ""
    about: str = ""
    head: tuple[str, ...] = ()
    columns: tuple[Cell, ...] = ()
    cells: tuple[tuple[Cell, ...], ...] = ()
    has_total: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether it is a form to be filled in by hand."""
        return not any(cell.text for row in self.cells for cell in row)


@dataclass(frozen=True, slots=True)
class ExhibitReading:
    """An exhibit as pages and paper print it."""

    letter: str
    name: str
    title: str
    blocks: tuple[BlockReading, ...]


@dataclass(frozen=True, slots=True)
class Omission:
    """A clause of the standard that the program left out."""

    key: str
    heading: str
    change: ClauseChange


@dataclass(frozen=True, slots=True)
class Drafted:
    """An agreement as it stands now, before a version is made of it.

    Attributes:
        year: whose terms its exhibits print.
        changes: those that hold.
    """

    draft: Draft
    year: MeasurementYear
    composition: Composition
    changes: tuple[ClauseChange, ...]

    @property
    def document(self) -> AgreementDocument:
        """What a version made now would be."""
        return self.composition.document

    @property
    def clauses(self) -> tuple[ClauseReading, ...]:
        """The clauses with what the program did to them."""
        return read_clauses(self.document, self.changes)

    @property
    def exhibits(self) -> tuple[ExhibitReading, ...]:
        """The exhibits as printed."""
        return read_exhibits(self.document)

    @property
    def omissions(self) -> tuple[Omission, ...]:
        """The clauses that would be printed and are left out."""
        return omissions(self.draft, self.changes)

    def template(self, key: str) -> Template | None:
        """Find a clause before its places are filled; one left out is as in the standard."""
        found = next((each for each in templates_of(self.draft) if each.key == key), None)
        standard = standard_clause(key)
        if found is None and standard is not None:
            return as_in_the_standard(standard, self.draft)
        return found

    def change(self, key: str) -> ClauseChange | None:
        """Find what the program did to a clause's words; None where they are the standard's."""
        return _by_key(self.changes).get(key)

    def move(self, key: str) -> ClauseChange | None:
        """Find the last time a clause was put elsewhere; None where it never was."""
        return _moves(self.changes).get(key)


def drafted(draft: Draft, changes: Sequence[ClauseChange], year: MeasurementYear) -> Drafted:
    """Compose an agreement as it stands now."""
    return Drafted(draft, year, compose(draft), tuple(changes))


@dataclass(frozen=True, slots=True)
class ClausePage:
    """One clause with everything that is known of it.

    Attributes:
        reading: as printed; None where it is left out.
        standard: of the standard; None for a clause that was added.
        own: the standard's own text, filled; shown beside a clause that was written anew.
        move: the last time it was put elsewhere.
        places: the clauses that it could follow instead, by their keys.
        follows: the heading of the clause that it stands after.
    """

    key: str
    heading: str
    reading: ClauseReading | None
    standard: StandardClause | None
    own: tuple[ClauseLine, ...]
    change: ClauseChange | None = None
    can_omit: bool = False
    move: ClauseChange | None = None
    places: tuple[tuple[str, str], ...] = ()

    follows: str = ""

    @property
    def after(self) -> str:
        """The key of the clause that an added one was added after."""
        return self.change.after if self.change else ""


def clause_page(now: Drafted, key: str) -> ClausePage | None:
    """Read one clause of an agreement as it stands now; None when there is none of that key."""
    template, standard = now.template(key), standard_clause(key)
    if template is None:
        return None
    reading = next((each for each in now.clauses if each.key == key), None)
    change = now.change(key)
    own: tuple[ClauseLine, ...] = ()
    if change is not None and standard is not None:
        restored = replace(now.draft, changes=tuple(c for c in now.draft.changes if c.key != key))
        document = compose(restored).document
        clause = document.clause(key)
        own = read_clause(document, clause, {}).lines if clause else ()
    return ClausePage(
        key=key,
        heading=template.heading,
        reading=reading,
        standard=standard,
        own=own,
        change=change,
        can_omit=change is None and standard is not None and not rests_on(key, now.draft),
        move=now.move(key),
        places=other_places(now.document, key),
        follows=heading_before(now.document, key),
    )


def printed_clause(document: AgreementDocument, key: str) -> ClausePage | None:
    """Read one clause of a version; None when there is none of that key."""
    clause = document.clause(key)
    if clause is None:
        return None
    reading = read_clause(document, clause, {})
    return ClausePage(key, clause.heading, reading, standard_clause(key), ())


def other_places(document: AgreementDocument, key: str) -> tuple[tuple[str, str], ...]:
    """Offer the clauses that one could follow, less itself and the one it follows now."""
    clause = document.clause(key)
    if clause is None:
        return ()
    taken = {clause.number, clause.number - 1}
    others = (each for each in document.clauses if each.number not in taken)
    return tuple((each.key, f"{each.number}. {each.heading}") for each in others)


def heading_before(document: AgreementDocument, key: str) -> str:
    """Name the clause that one stands after; empty for the first, and for none."""
    keys = [each.key for each in document.clauses]
    place = keys.index(key) if key in keys else 0
    return document.clauses[place - 1].heading if place else ""


def clause_choices(now: Drafted) -> list[tuple[str, str]]:
    """Offer the clauses that a new one may follow."""
    return [(each.key, f"{each.number}. {each.heading}") for each in now.document.clauses]


def read_clauses(
    document: AgreementDocument, changes: Iterable[ClauseChange] = ()
) -> tuple[ClauseReading, ...]:
    """Read every clause of a document, in its order."""
    by_key, moves = _by_key(changes), _moves(changes)
    return tuple(
        replace(read_clause(document, clause, by_key), move=moves.get(clause.key))
        for clause in document.clauses
    )


def _moves(changes: Iterable[ClauseChange]) -> dict[str, ClauseChange]:
    return {each.key: each for each in changes if each.kind == ChangeKind.MOVE}


def _by_key(changes: Iterable[ClauseChange]) -> dict[str, ClauseChange]:
    """Give what was done to the words of each clause, and is not taken back."""
    apart = {ChangeKind.RESTORE, ChangeKind.MOVE}
    return {each.key: each for each in changes if each.kind not in apart}


def read_clause(
    document: AgreementDocument, clause: Clause, changes: Mapping[str, ClauseChange]
) -> ClauseReading:
    """Read one clause."""
    return ClauseReading(
        key=clause.key,
        number=clause.number,
        heading=clause.heading,
        lines=tuple(ClauseLine(label, text) for label, text in numbered(clause)),
        anchors=document.anchored_in(clause.key),
        change=changes.get(clause.key),
    )


def read_exhibits(document: AgreementDocument) -> tuple[ExhibitReading, ...]:
    """Read every exhibit, in the order of its letter."""
    return tuple(
        ExhibitReading(
            each.letter, each.name, each.title, tuple(_read_block(part) for part in each.blocks)
        )
        for each in document.exhibits
    )


def _read_block(block: Block) -> BlockReading:
    if isinstance(block, Heading):
        return BlockReading("heading", block.text)
    if isinstance(block, Paragraph):
        return BlockReading("paragraph", block.text)
    return BlockReading(
        "table",
        about=block.about,
        head=block.head,
        columns=_cells(block, block.head, ()),
        cells=tuple(_cells(block, row, block.head) for row in block.rows),
        has_total=block.has_total,
    )


def _cells(table: Table, row: Sequence[str], head: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(
        Cell(text, head[place] if head else "", place in table.numbers)
        for place, text in enumerate(row)
    )


def omissions(draft: Draft, changes: Sequence[ClauseChange]) -> tuple[Omission, ...]:
    """List the clauses that would be printed and are left out, in the standard's order."""
    omitted = {each.key: each for each in changes if each.kind == ChangeKind.OMIT}
    return tuple(
        Omission(clause.key, clause.heading, omitted[clause.key])
        for clause in standard_clauses()
        if clause.key in omitted and applies(clause, draft)
    )
