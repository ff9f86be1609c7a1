"""A version on paper, for reading and signing, from the version alone.

Word, for marking up, is written in `agreements/negotiation/word_out.py`: it comes back.
"""

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from agreements.drafting import document as parts
from agreements.drafting.document import AgreementDocument
from agreements.drafting.models import AgreementVersion
from agreements.drafting.presenters import read_clauses, read_exhibits
from agreements.drafting.words import STATES, iso_period, legal_period
from comanage.documents.pdf import Enclosure, render_pdf
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
