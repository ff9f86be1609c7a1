"""A version on paper: PDF for reading and signing, Word for marking up. From the version alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from agreements.drafting import document as parts
from agreements.drafting.document import AgreementDocument, numbered
from agreements.drafting.models import AgreementVersion
from agreements.drafting.presenters import read_clauses, read_exhibits
from agreements.drafting.words import STATES, iso_period, legal_period
from comanage.documents.pdf import Enclosure, render_pdf
from comanage.documents.word import Block, Facts, Heading, Paragraph, Table, render_word
from comanage.values.canonical import canonical_json
from comanage.values.period import day_text

STYLESHEETS = ("css/report.css", "css/agreement.css")
ENCLOSED = "agreement.json"
SHORT_HASH = 12


@dataclass(frozen=True, slots=True)
class Edition:
    """What a copy says of itself.

    Attributes:
        made_at: when the version was made; the only clock a copy knows.
    """

    document: AgreementDocument
    number: int
    sha256: str
    terms_sha256: str
    made_at: datetime

    @property
    def name(self) -> str:
        """The version as copies name it."""
        return f"Version {self.number} of {day_text(self.made_at.date())}"

    @property
    def running(self) -> str:
        """The parties, as they stand at the head of each page."""
        return " and ".join(party.name for party in self.document.parties)

    @property
    def term(self) -> str:
        """The days of the term."""
        ends = {"start": self.document.begins_on, "end": self.document.ends_on}
        return legal_period(iso_period(ends))

    @property
    def law(self) -> str:
        """Whose law governs."""
        return STATES.get(self.document.state, self.document.state)


def edition_of(version: AgreementVersion) -> Edition:
    """Read a version for print."""
    return Edition(
        document=parts.from_document(version.document),
        number=version.number,
        sha256=version.sha256,
        terms_sha256=version.terms_sha256,
        made_at=version.made_at,
    )


def agreement_html(edition: Edition) -> str:
    """Lay a version out for the press."""
    return render_to_string(
        "agreements/drafting/agreement.html",
        {
            "edition": edition,
            "document": edition.document,
            "clauses": read_clauses(edition.document),
            "exhibits": read_exhibits(edition.document),
        },
    )


def agreement_pdf(edition: Edition) -> bytes:
    """Typeset a version, with the version itself inside as a file.

    Raises:
        PdfUnavailable: the machine lacks the layout library.
    """
    written = canonical_json(parts.to_document(edition.document)).encode()
    return render_pdf(
        agreement_html(edition),
        stylesheets=STYLESHEETS,
        created=edition.made_at,
        title=edition.document.title,
        enclosures=[Enclosure(ENCLOSED, written, "The version: clauses, exhibits and terms")],
    )


def agreement_word(edition: Edition) -> bytes:
    """Write a version as a Word document."""
    document = edition.document
    facts = Facts(
        title=document.title,
        author=document.parties[0].name,
        subject=edition.name,
        identifier=f"Version SHA-256 {edition.sha256}",
        created=edition.made_at,
        running=f"{document.title}. {edition.name}, {edition.sha256[:SHORT_HASH]}",
    )
    return render_word(list(_blocks(edition)), facts)


def _blocks(edition: Edition) -> Iterator[Block]:
    document = edition.document
    yield Paragraph(document.title, "Title")
    yield Paragraph(edition.name, "Subtitle")
    yield Paragraph(document.notice, "Intense Quote")
    yield Table(
        "The agreement",
        (),
        (
            *((party.role, f"{party.name}, {party.about}") for party in document.parties),
            ("Term", edition.term),
            ("Governing law", edition.law),
            ("Clauses from", f"{document.standard.name} of {document.standard.dated}"),
            ("Version SHA-256", edition.sha256),
            ("Terms SHA-256", edition.terms_sha256),
        ),
        widths=(1, 3),
    )
    yield Heading("Clauses")
    for clause in document.clauses:
        yield Heading(f"{clause.number}. {clause.heading}", 2)
        for label, text in numbered(clause):
            yield Paragraph(f"{label} {text}")
    yield from _signatures(document)
    for exhibit in document.exhibits:
        yield Heading(f"{exhibit.name}. {exhibit.title}")
        yield from (_block(each) for each in exhibit.blocks)


def _signatures(document: AgreementDocument) -> Iterator[Block]:
    yield Heading("Signature page")
    for party in document.parties:
        yield Heading(party.role, 2)
        rows = (("Party", party.name), ("By", ""), ("Name and title", ""), ("Day", ""))
        yield Table(f"Signature for {party.name}", (), rows, widths=(1, 3))


def _block(block: parts.Block) -> Block:
    if isinstance(block, parts.Heading):
        return Heading(block.text, 2)
    if isinstance(block, parts.Paragraph):
        return Paragraph(block.text)
    widths = () if block.head else (1.0, 3.0)
    return Table(block.about, block.head, block.rows, frozenset(block.numbers), widths)
