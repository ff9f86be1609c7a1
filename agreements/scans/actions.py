"""Taking an agreement that was signed on paper: one person sends it, another confirms it."""

from datetime import date
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from agreements.contracts.rows import hold_register
from agreements.drafting.models import Agreement
from agreements.drafting.queries import is_current
from agreements.lint.actions import keep_findings
from agreements.lint.models import Occasion
from agreements.lint.policies import check_nothing_blocks
from agreements.scans import policies
from agreements.scans.models import ScanDecision, ScanOutcome, SignedScan
from agreements.scans.notices import tell_confirmers, tell_declined
from agreements.signing.actions import execute_agreement
from agreements.signing.policies import approved_at, check_begins_ahead, check_is_true
from agreements.signing.rows import agreement_held, round_of, tenant_here, year_held
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.documents.inert import NotInertError, check_is_inert
from comanage.identity.actor import Actor
from comanage.vault.papers import DocumentError, check_is_pdf, keep_paper
from comanage.web.errors import PolicyError


@transaction.atomic
def receive_scan(
    *, agreement: Agreement, content: BinaryIO, signed_on: date, by: Actor
) -> SignedScan:
    """Keep the scan of a paper that both sides signed, until somebody else confirms it.

    Args:
        agreement: that was signed.
        content: a PDF, from its beginning.
        signed_on: day of the last signature, as the paper shows. The day it came is today.
        by: who sends it.

    Raises:
        DocumentError: the file is no PDF that can be kept, or does more than show pages.
        PolicyError: the agreement does not wait for signatures, nobody can have signed it on that
            day, or the first year has begun.
    """
    _check_file(content)
    agreement = agreement_held(agreement.pk)
    round_ = round_of(agreement)
    policies.check_can_receive(agreement, round_)
    tenant = tenant_here()
    today = tenant.today()
    policies.check_signed_on(
        signed_on,
        number=round_.version.number,
        made_on=round_.version.made_at.astimezone(tenant.zone).date(),
        approved_on=approved_at(round_).astimezone(tenant.zone).date(),
        today=today,
    )
    check_begins_ahead(agreement, year_held(agreement), today=today)
    scan = SignedScan.objects.create(
        round=round_,
        file=keep_paper(content, folder="agreements"),
        signed_on=signed_on,
        received_on=today,
        received_at=timezone.now(),
        received_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.SCAN_RECEIVED,
        subject=agreement,
        by=by,
        version=round_.version.number,
        sha256=scan.file.sha256,
        signed_on=signed_on.isoformat(),
        received_on=today.isoformat(),
    )
    tell_confirmers(agreement, scan, by=by)
    return scan


@transaction.atomic
def confirm_scan(*, scan: SignedScan, method: str, by: Actor) -> ScanDecision:
    """Confirm that a paper shows the version and both signatures: that executes the agreement.

    Args:
        scan: of the paper.
        method: how whoever confirms proved who they are just now.
        by: not who sent it.

    Raises:
        PolicyError: the paper does not wait, the same person sent it, the terms changed, or it
            came after the first year had begun.
    """
    hold_register()
    agreement = agreement_held(scan.round.agreement_id)
    round_ = round_of(agreement)
    scan = _read(scan)
    policies.check_can_confirm(agreement, scan, by=by)
    year = year_held(agreement)
    check_begins_ahead(agreement, year, today=scan.received_on)
    check_is_true(is_current=is_current(round_.version, year))
    # What is known now, held against the day it came: it was signed by then, whoever reads it late.
    check_nothing_blocks(round_.version, today=scan.received_on)
    keep_findings(version=round_.version, occasion=Occasion.SIGNED, by=by)
    decision = ScanDecision.objects.create(
        scan=scan,
        outcome=ScanOutcome.CONFIRMED,
        method=method,
        decided_at=timezone.now(),
        decided_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.SCAN_CONFIRMED,
        subject=agreement,
        by=by,
        version=round_.version.number,
        sha256=scan.file.sha256,
    )
    execute_agreement(agreement=agreement, year=year, signed_on=scan.signed_on, by=by)
    return decision


@transaction.atomic
def decline_scan(*, scan: SignedScan, reason: str, by: Actor) -> ScanDecision:
    """Decline a paper: another is taken, or both sides sign here.

    Raises:
        PolicyError: the paper does not wait, or no reason is given.
    """
    agreement = agreement_held(scan.round.agreement_id)
    scan = _read(scan)
    policies.check_can_answer(agreement, scan)
    if not reason.strip():
        raise PolicyError("Say what is wrong, so that it can be mended.", field="reason")
    decision = ScanDecision.objects.create(
        scan=scan,
        outcome=ScanOutcome.DECLINED,
        reason=reason.strip(),
        decided_at=timezone.now(),
        decided_by_id=by.user_id,
    )
    record_event(kind=EventKind.SCAN_DECLINED, subject=agreement, by=by, sha256=scan.file.sha256)
    tell_declined(agreement, scan, by=by)
    return decision


@transaction.atomic
def note_scan_copy(*, scan: SignedScan, by: Actor) -> None:
    """Record that somebody took a signed paper away."""
    record_event(
        kind=EventKind.SCAN_COPIED,
        subject=scan.round.agreement,
        by=by,
        sha256=scan.file.sha256,
    )


def _check_file(content: BinaryIO) -> None:
    check_is_pdf(content, what="signed paper")
    try:
        check_is_inert(content.read())
    except NotInertError as wrong:
        raise DocumentError(str(wrong)) from wrong
    content.seek(0)


def _read(scan: SignedScan) -> SignedScan:
    """Read a paper anew; its agreement is held, so nobody answers it meanwhile."""
    return SignedScan.objects.select_related("file", "received_by", "decision").get(pk=scan.pk)
