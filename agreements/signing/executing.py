"""The executed agreement: the version, both signatures, a certificate of completion, sealed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string

from agreements.drafting.presenters import read_clauses, read_exhibits
from agreements.drafting.printing import ENCLOSED, STYLESHEETS, edition_of
from agreements.signing.consent import CONSENT, INTENT
from agreements.signing.models import AgreementSignature, Decided, SigningRound
from comanage.documents.pdf import Enclosure, PdfUnavailable, render_pdf
from comanage.documents.signature import sign_pdf
from comanage.signing.certificates import CertificateError
from comanage.signing.identity import signatory
from comanage.tenancy.models import Tenant
from comanage.values.canonical import canonical_json
from comanage.vault.models import SealedFile
from comanage.vault.papers import keep_paper
from comanage.web.errors import PolicyError


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was done, for the certificate.

    Attributes:
        about: on whose behalf, or in which role.
        utc, local: the same moment, in UTC and at the hospital.
    """

    about: str
    name: str
    said: str
    utc: str
    local: str
    signature: AgreementSignature | None = None


def keep_executed(round_: SigningRound, tenant: Tenant) -> SealedFile:
    """Typeset, sign and seal the executed agreement.

    Raises:
        PolicyError: the installation cannot typeset or sign; nothing is executed then.
    """
    try:
        pdf = sign_pdf(
            executed_pdf(round_, tenant),
            signatory(),
            reason="Sealed as both sides signed it.",
        )
    except (PdfUnavailable, CertificateError) as wrong:
        raise PolicyError(
            f"The executed agreement cannot be sealed, so your signature was not taken. {wrong}"
        ) from wrong
    return keep_paper(BytesIO(pdf), folder="agreements")


def executed_html(round_: SigningRound, tenant: Tenant) -> str:
    """Lay the version out with what was typed under it, and the certificate after it."""
    edition = edition_of(round_.version)
    return render_to_string(
        "agreements/signing/executed.html",
        {
            "edition": edition,
            "document": edition.document,
            "clauses": read_clauses(edition.document),
            "exhibits": read_exhibits(edition.document),
            "signatures": [_signed(each, tenant.zone) for each in round_.signatures.all()],
            "approvals": _approvals(round_, tenant.zone),
            "consent": CONSENT,
            "intent": INTENT,
        },
    )


def executed_pdf(round_: SigningRound, tenant: Tenant) -> bytes:
    """Typeset the executed agreement, with the version itself inside as a file.

    Raises:
        PdfUnavailable: the machine lacks the layout library.
    """
    written = canonical_json(round_.version.document).encode()
    return render_pdf(
        executed_html(round_, tenant),
        stylesheets=STYLESHEETS,
        created=max(each.signed_at for each in round_.signatures.all()),
        title=round_.version.document["title"],
        enclosures=[Enclosure(ENCLOSED, written, "The version: clauses, exhibits and terms")],
    )


def _signed(signature: AgreementSignature, zone: ZoneInfo) -> Line:
    about = f"For the {signature.get_side_display().lower()}"
    name, at = signature.signed_by.name, signature.signed_at
    return Line(about, name, "Signed", _utc(at), _local(at, zone), signature)


def _approvals(round_: SigningRound, zone: ZoneInfo) -> list[Line]:
    """List the approvals; why somebody asked for more is the hospital's own."""
    said = {Decided.APPROVED, Decided.CONDITIONAL, Decided.MET}
    return [
        Line(
            each.get_role_display(),
            each.decided_by.name,
            each.get_outcome_display(),
            _utc(each.decided_at),
            _local(each.decided_at, zone),
        )
        for each in round_.decisions.all()
        if each.outcome in said
    ]


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %Z")
