"""Putting an agreement on file, and taking its document away."""

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from django.db import transaction

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor, ActorKind
from comanage.vault.models import SealedFile
from scorecards.dataagreements.documents import check_is_document, keep_document
from scorecards.dataagreements.models import AgreementKind, DataAgreement
from scorecards.dataagreements.policies import check_can_download, check_can_file, check_can_renew


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What the parties signed; `valid_until` is the first day without it, None for no end."""

    kind: AgreementKind
    counterparty: str
    permitted_uses: str
    signed_on: date
    valid_from: date
    valid_until: date | None


@transaction.atomic
def file_data_agreement(
    *,
    facts: AgreementFacts,
    document: BinaryIO | None = None,
    renews: DataAgreement | None,
    today: date,
    by: Actor,
) -> DataAgreement:
    """Put an agreement on file. It is never edited: a renewal follows it, for the same feeds.

    Args:
        facts: what the parties signed.
        document: the signed PDF; None where it is kept elsewhere.
        renews: the agreement that this one follows; None for none.
        today: at the hospital.
        by: who files it.

    Raises:
        DocumentError: the document is no PDF that can be kept.
        PolicyError: its days contradict each other, or what it renews has a renewal already.
    """
    if document is not None:
        check_is_document(document)
    check_can_file(
        signed_on=facts.signed_on,
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        today=today,
    )
    if renews is not None:
        has_renewal = DataAgreement.objects.filter(renews=renews).exists()
        check_can_renew(renews, has_renewal=has_renewal)
    agreement = DataAgreement.objects.create(
        kind=facts.kind,
        counterparty=facts.counterparty,
        permitted_uses=facts.permitted_uses,
        signed_on=facts.signed_on,
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        document=keep_document(document) if document is not None else None,
        renews=renews,
        filed_by_id=by.id if by.kind is ActorKind.MEMBER else None,
    )
    record_event(
        kind=EventKind.DATA_AGREEMENT_FILED,
        subject=agreement,
        by=by,
        valid_from=facts.valid_from.isoformat(),
        valid_until=facts.valid_until.isoformat() if facts.valid_until else "no end",
        renews=str(renews.pk) if renews else "none",
        sha256=agreement.document.sha256 if agreement.document else "none",
    )
    return agreement


@transaction.atomic
def note_document_download(*, agreement: DataAgreement, by: Actor) -> SealedFile:
    """Record that the document of an agreement was taken away, and return it.

    Raises:
        PolicyError: there is none on file.
    """
    document = check_can_download(agreement)
    record_event(
        kind=EventKind.DATA_AGREEMENT_DOWNLOADED,
        subject=agreement,
        by=by,
        sha256=document.sha256,
    )
    return document
