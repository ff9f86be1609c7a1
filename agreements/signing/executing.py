"""The executed agreement: the version, both signatures, a certificate of completion, sealed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string

from agreements.drafting.document import from_document
from agreements.drafting.parties import SignatureBlock, for_whom
from agreements.drafting.presenters import read_clauses, read_exhibits
from agreements.drafting.printing import ENCLOSED, STYLESHEETS, edition_of
from agreements.drafting.words import legal_day, legal_moment
from agreements.negotiation.models import Side
from agreements.scans.models import SignedScan
from agreements.signing.blocks import blocks_of
from agreements.signing.consent import CONSENT, CONSENT_VERSION, INTENT
from agreements.signing.models import AgreementSignature, Decided, SigningRound
from agreements.signing.policies import confirmed_scan
from comanage.documents.pdf import Enclosure, PdfUnavailable, render_pdf
from comanage.documents.signature import sign_pdf
from comanage.identity.models import User
from comanage.signing.certificates import CertificateError
from comanage.signing.identity import signatory
from comanage.tenancy.models import Tenant
from comanage.values.canonical import canonical_json
from comanage.vault.files import unlock
from comanage.vault.models import SealedFile
from comanage.vault.papers import keep_paper
from comanage.web.errors import PolicyError

SCANNED = "signed-paper.pdf"


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


@dataclass(frozen=True, slots=True)
class Paper:
    """What the certificate says of an agreement that was signed on paper.

    Attributes:
        signed_on, received_on: days of the scan, as agreements write them.
        blocks: of the parties, with the names of who signs for them.
    """

    scan: SignedScan
    signed_on: str
    received_on: str
    enclosed: str
    blocks: tuple[SignatureBlock, ...]
    received: Line
    confirmed: Line


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
            f"The executed agreement cannot be sealed, so nothing was recorded. {wrong}"
        ) from wrong
    return keep_paper(BytesIO(pdf), folder="agreements")


def executed_html(round_: SigningRound, tenant: Tenant) -> str:
    """Lay the version out with what was typed under it, and the certificate after it."""
    document = from_document(round_.version.document)
    blocks = blocks_of(round_, document, tenant.zone)
    edition = edition_of(round_.version, zone=tenant.zone, blocks=blocks)
    return render_to_string(
        "agreements/signing/executed.html",
        {
            "edition": edition,
            "document": document,
            "clauses": read_clauses(document),
            "exhibits": read_exhibits(document),
            "signatures": [
                _signed(each, edition.blocks, tenant.zone) for each in round_.signatures.all()
            ],
            "paper": _paper(round_, edition.blocks, tenant.zone),
            "approvals": _approvals(round_, tenant.zone),
            "consent": CONSENT,
            "consented": legal_day(date.fromisoformat(CONSENT_VERSION)),
            "intent": INTENT,
        },
    )


def executed_pdf(round_: SigningRound, tenant: Tenant) -> bytes:
    """Typeset the executed agreement, with the version and any signed paper inside as files.

    Raises:
        PdfUnavailable: the machine lacks the layout library.
    """
    written = canonical_json(round_.version.document).encode()
    enclosures = [Enclosure(ENCLOSED, written, "The version: clauses, exhibits and terms")]
    moments = [each.signed_at for each in round_.signatures.all()]
    scan = confirmed_scan(round_)
    if scan is not None:
        enclosures.append(Enclosure(SCANNED, _bytes_of(scan), "The paper that both sides signed"))
        moments.append(scan.decision.decided_at)
    return render_pdf(
        executed_html(round_, tenant),
        stylesheets=STYLESHEETS,
        created=max(moments),
        title=round_.version.document["title"],
        enclosures=enclosures,
    )


def _signed(
    signature: AgreementSignature, blocks: tuple[SignatureBlock, ...], zone: ZoneInfo
) -> Line:
    of_hospital, of_physicians = blocks
    block = of_hospital if signature.side == Side.HOSPITAL else of_physicians
    name, at = f"{block.name}, {block.title}", signature.signed_at
    about = f"For {for_whom(block.party)}"
    return Line(about, name, "Signed", _utc(at), _local(at, zone), signature)


def _paper(
    round_: SigningRound, blocks: tuple[SignatureBlock, ...], zone: ZoneInfo
) -> Paper | None:
    scan = confirmed_scan(round_)
    if scan is None:
        return None
    decision = scan.decision
    return Paper(
        scan,
        legal_day(scan.signed_on),
        legal_day(scan.received_on),
        SCANNED,
        blocks,
        _line("Received from", scan.received_by, "Sent", scan.received_at, zone),
        _line("Confirmed by", decision.decided_by, "Confirmed", decision.decided_at, zone),
    )


def _line(about: str, user: User, said: str, at: datetime, zone: ZoneInfo) -> Line:
    return Line(about, user.name, said, _utc(at), _local(at, zone))


def _bytes_of(scan: SignedScan) -> bytes:
    (file,) = unlock([scan.file.name])
    with file.open() as clear:
        return clear.read()


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
    return legal_moment(at, UTC)


def _local(at: datetime, zone: ZoneInfo) -> str:
    return legal_moment(at, zone)
