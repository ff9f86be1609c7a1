"""A version on paper, for reading and signing, from the version alone.

Word, for marking up, is written in `agreements/negotiation/word_out.py`: it comes back.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string

from agreements.drafting import document as parts
from agreements.drafting.document import AgreementDocument, Standard
from agreements.drafting.models import AgreementVersion
from agreements.drafting.parties import SignatureBlock, blank_blocks, executed, preamble
from agreements.drafting.presenters import read_clauses, read_exhibits
from agreements.drafting.words import STATES, iso_period, legal_day, legal_period
from comanage.documents.pdf import Enclosure, render_pdf
from comanage.values.canonical import canonical_json

STYLESHEETS = ("css/report.css", "css/agreement.css")
ENCLOSED = "agreement.json"
COPY_WITH_CERTIFICATE = (
    "The executed agreement, with the certificate of completion, is a file of its own."
)


@dataclass(frozen=True, slots=True)
class Edition:
    """What a copy says of itself.

    Attributes:
        made_at: when the version was made, at the hospital; the only clock a copy knows.
        blocks: the places where the parties sign.
        executed_on: the day of the last signature; None for a version that is not executed.
    """

    document: AgreementDocument
    number: int
    sha256: str
    terms_sha256: str
    made_at: datetime
    blocks: tuple[SignatureBlock, ...]
    executed_on: date | None = None

    @property
    def name(self) -> str:
        """The version as copies name it."""
        return f"Version {self.number} of {legal_day(self.made_at.date())}"

    @property
    def standing(self) -> str:
        """Whether it binds, as it stands on the cover."""
        if self.executed_on is None:
            return self.document.notice
        return f"{executed(self.executed_on)} {COPY_WITH_CERTIFICATE}"

    @property
    def preamble(self) -> str:
        """Who agrees, before the first clause."""
        return preamble(self.document)

    @property
    def clauses_from(self) -> str:
        """The standard that the clauses come from."""
        return dated(self.document.standard)

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


def dated(standard: Standard) -> str:
    """Name a standard with its day."""
    return f"{standard.name} of {legal_day(date.fromisoformat(standard.dated))}"


def edition_of(
    version: AgreementVersion,
    *,
    zone: ZoneInfo,
    blocks: tuple[SignatureBlock, ...] = (),
    executed_on: date | None = None,
) -> Edition:
    """Read a version for print; without blocks, nobody is named to sign it.

    Args:
        version: to be printed.
        zone: of the hospital, whose day the version bears.
        blocks: the places where the parties sign.
        executed_on: the day of the last signature.
    """
    document = parts.from_document(version.document)
    return Edition(
        document=document,
        number=version.number,
        sha256=version.sha256,
        terms_sha256=version.terms_sha256,
        made_at=version.made_at.astimezone(zone),
        blocks=blocks or blank_blocks(document.parties),
        executed_on=executed_on,
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
