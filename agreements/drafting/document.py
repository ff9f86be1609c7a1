"""A version of an agreement as a document: clauses, exhibits, anchors, and the terms. Pure.

Schema `comanage.agreement/1`. Whoever prints, compares or signs an agreement reads this; nobody
reads the database for it. Keys may be added, and none changes its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from string import ascii_lowercase
from typing import Any

from comanage.values.canonical import sha256_of

SCHEMA = "comanage.agreement/1"
NOTICE = (
    "This draft is made from a standard that is a starting point for counsel. It is not legal "
    "advice, and nobody may rely on it before counsel of each party has reviewed it."
)
_ITEM = re.compile(r"\(([a-z]{1,4})\) ")


class DocumentError(ValueError):
    """A document that is not a version of an agreement."""


@dataclass(frozen=True, slots=True)
class Party:
    """Who agrees: what the clauses call it, its legal name, what it is, and where notices go."""

    role: str
    name: str
    about: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. Its key stays the same across versions; its number does not."""

    key: str
    number: int
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside an exhibit."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of an exhibit."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a head; the first cell of each row heads it.

    Attributes:
        head: empty for a table of facts.
        numbers: places of the columns that are set flush right.
        has_total: whether the last row is the sum of those above it.
    """

    about: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    has_total: bool = False


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What stands behind the clauses, by letter."""

    letter: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def name(self) -> str:
        """As clauses name it: `Exhibit B`."""
        return f"Exhibit {self.letter}"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A computed dollar and the one clause that it rests on.

    Attributes:
        amount: its kind, of `anchors.Amount`.
        part: which one of the kind: an indicator's slug, a component's number; else empty.
        label: as people call it.
        figure: as the terms state it; empty where only a result makes it.
        clause: the key of the clause.
    """

    amount: str
    part: str
    label: str
    figure: str
    clause: str


@dataclass(frozen=True, slots=True)
class Standard:
    """From which standard the clauses come."""

    name: str
    dated: str


@dataclass(frozen=True, slots=True)
class AgreementDocument:
    """A version, whole.

    Attributes:
        begins_on, ends_on: the term, half-open, as ISO days.
        terms: of the first measurement year, as `agreements.terms.document` writes them; what
            is locked at execution is this and the day of the last signature.
        notice: what is printed at the head of every copy.
        days: that the register, the calendar and the committee count by, by the placeholder that
            prints them, and those of Exhibit F; empty for a version made before they were kept.
    """

    title: str
    begins_on: str
    ends_on: str
    state: str
    parties: tuple[Party, ...]
    clauses: tuple[Clause, ...]
    exhibits: tuple[Exhibit, ...]
    anchors: tuple[Anchor, ...]
    standard: Standard
    terms: Mapping[str, Any] = field(hash=False)
    notice: str = NOTICE
    days: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def sha256(self) -> str:
        """The hash of the document: equal agreements, equal hashes."""
        return sha256_of(to_document(self))

    def clause(self, key: str) -> Clause | None:
        """Find a clause by its key; None when this version has none."""
        return next((each for each in self.clauses if each.key == key), None)

    def anchored_in(self, key: str) -> tuple[Anchor, ...]:
        """List the dollars that rest on a clause."""
        return tuple(each for each in self.anchors if each.clause == key)


def numbered(clause: Clause) -> Iterator[tuple[str, str]]:
    """Give each paragraph with its number as printed: `10.2`, and `(a)` for an item of a list.

    A paragraph that begins with a letter in brackets is an item of the one before it. Every
    printer numbers by this, so that page, PDF, Word and redline say the same.
    """
    place = 0
    for text in clause.paragraphs:
        item = _ITEM.match(text)
        if item:
            yield f"({item.group(1)})", text[item.end() :]
        else:
            place += 1
            yield f"{clause.number}.{place}", text


def relettered(paragraphs: Iterable[str]) -> Iterator[str]:
    """Letter the items of lists from (a) on, where some of them are left out."""
    place = 0
    for text in paragraphs:
        item = _ITEM.match(text)
        place = place + 1 if item else 0
        yield f"({ascii_lowercase[place - 1]}) {text[item.end() :]}" if item else text


def to_document(version: AgreementDocument) -> dict[str, Any]:
    """Write a version as plain values, ready for JSON and for hashing."""
    return {
        "schema": SCHEMA,
        "title": version.title,
        "term": {"start": version.begins_on, "end": version.ends_on},
        "state": version.state,
        # An address only where there is one: versions without keep their hash.
        "parties": [
            {name: said for name, said in asdict(each).items() if said or name != "address"}
            for each in version.parties
        ],
        "clauses": [
            {
                "key": each.key,
                "number": each.number,
                "heading": each.heading,
                "paragraphs": list(each.paragraphs),
            }
            for each in version.clauses
        ],
        "exhibits": [
            {
                "letter": each.letter,
                "title": each.title,
                "blocks": [_written(block) for block in each.blocks],
            }
            for each in version.exhibits
        ],
        "anchors": [
            {
                "amount": each.amount,
                "part": each.part,
                "label": each.label,
                "figure": each.figure,
                "clause": each.clause,
            }
            for each in version.anchors
        ],
        "standard": {"name": version.standard.name, "dated": version.standard.dated},
        "notice": version.notice,
        "terms": dict(version.terms),
        # Only where it is so: versions made before the days were kept keep their hash.
        **({"days": dict(version.days)} if version.days else {}),
    }


def from_document(document: Mapping[str, Any]) -> AgreementDocument:
    """Read a version.

    Raises:
        DocumentError: it is of another schema.
    """
    if document.get("schema") != SCHEMA:
        raise DocumentError(f"The document is not of the schema {SCHEMA}.")
    return AgreementDocument(
        title=document["title"],
        begins_on=document["term"]["start"],
        ends_on=document["term"]["end"],
        state=document["state"],
        parties=tuple(Party(**each) for each in document["parties"]),
        clauses=tuple(
            Clause(each["key"], each["number"], each["heading"], tuple(each["paragraphs"]))
            for each in document["clauses"]
        ),
        exhibits=tuple(
            Exhibit(each["letter"], each["title"], tuple(_read(part) for part in each["blocks"]))
            for each in document["exhibits"]
        ),
        anchors=tuple(Anchor(**each) for each in document["anchors"]),
        standard=Standard(**document["standard"]),
        terms=document["terms"],
        notice=document["notice"],
        days=document.get("days", {}),
    )


def _written(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": block.text}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text}
    return {
        "kind": "table",
        "about": block.about,
        "head": list(block.head),
        "rows": [list(row) for row in block.rows],
        "numbers": list(block.numbers),
        # Only where it is so: versions made before there were totals keep their hash.
        **({"has_total": True} if block.has_total else {}),
    }


def _read(block: Mapping[str, Any]) -> Block:
    if block["kind"] == "heading":
        return Heading(block["text"])
    if block["kind"] == "paragraph":
        return Paragraph(block["text"])
    return Table(
        about=block["about"],
        head=tuple(block["head"]),
        rows=tuple(tuple(row) for row in block["rows"]),
        numbers=tuple(block["numbers"]),
        has_total=block.get("has_total", False),
    )
