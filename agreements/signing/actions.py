"""Sending a version round, approving it, signing it, and sealing what both sides signed."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agreements.approvers.matrix import to_needs
from agreements.contracts.actions import enter_contract
from agreements.contracts.facts import facts_of_agreement
from agreements.contracts.rows import hold_register
from agreements.drafting.models import Agreement, AgreementStatus, AgreementVersion
from agreements.drafting.queries import is_current
from agreements.lint.actions import keep_findings
from agreements.lint.models import Occasion
from agreements.lint.policies import check_nothing_blocks
from agreements.negotiation.queries import share_of
from agreements.signing import policies, queries
from agreements.signing.consent import CONSENT_VERSION
from agreements.signing.executing import keep_executed
from agreements.signing.models import (
    AgreementSignature,
    ApprovalDecision,
    Decided,
    ExecutedCopy,
    RoundRecall,
    SignedOutcome,
    SigningRound,
)
from agreements.signing.notices import (
    tell_approvers,
    tell_back,
    tell_executed,
    tell_recalled,
    tell_signatories,
)
from agreements.signing.rows import agreement_held, round_of, tenant_here, year_held
from agreements.terms.actions import lock_terms
from agreements.terms.models import MeasurementYear
from agreements.workplans.actions import end_drafting
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.models import User
from comanage.web.errors import PolicyError

_AFTER = {
    Decided.RETURNED: AgreementStatus.DRAFTING,
    Decided.REJECTED: AgreementStatus.WITHDRAWN,
}


@transaction.atomic
def send_for_approval(
    *,
    version: AgreementVersion,
    hospital: User,
    physicians: User,
    physicians_first: bool,
    by: Actor,
) -> SigningRound:
    """Send the newest version round: to whoever must approve it, then to both signatories.

    Raises:
        PolicyError: it is not the newest, not shared, printed from other terms, or begins in the
            past; a signatory is not one of their side; nobody could approve in a role that must.
    """
    agreement = agreement_held(version.agreement_id)
    version = AgreementVersion.objects.select_related("agreement__program", "share").get(
        pk=version.pk
    )
    year = year_held(agreement)
    newest = agreement.versions.aggregate(last=Max("number"))["last"]
    policies.check_can_send(
        version,
        newest=newest,
        is_shared=share_of(version) is not None,
        is_current=is_current(version, year),
    )
    policies.check_begins_ahead(agreement, year, today=tenant_here().today())
    policies.check_signatories(
        hospital,
        physicians,
        for_hospital=queries.hospital_signatories(),
        for_physicians=queries.physicians_signatories(agreement),
    )
    check_nothing_blocks(version, today=tenant_here().today())
    needs = queries.needs_ahead(version)
    policies.check_is_manned(needs, queries.people_by_role(), sender=by.user_id)
    last = agreement.rounds.aggregate(last=Max("number"))["last"] or 0
    round_ = SigningRound.objects.create(
        agreement=agreement,
        version=version,
        number=last + 1,
        needs=to_needs(needs),
        hospital_signatory=hospital,
        physicians_signatory=physicians,
        physicians_first=physicians_first,
        sent_at=timezone.now(),
        sent_by_id=by.user_id,
    )
    keep_findings(version=version, occasion=Occasion.SENT, by=by)
    _move(agreement, AgreementStatus.APPROVAL)
    record_event(
        kind=EventKind.AGREEMENT_SENT_ROUND,
        subject=agreement,
        by=by,
        version=version.number,
        sha256=version.sha256,
    )
    tell_approvers(agreement, round_, by=by)
    return round_


@transaction.atomic
def decide_approval(
    *, agreement: Agreement, outcome: Decided, reason: str, by: Actor
) -> ApprovalDecision:
    """Approve the version that goes round, on a condition or not; return it, or reject it.

    A condition lets the others go on approving; the signatures wait until it is met.

    Raises:
        PolicyError: it is not the person's turn, they sent it or decided already, or
            no reason is given where one is needed.
    """
    agreement = agreement_held(agreement.pk)
    round_ = round_of(agreement)
    role = policies.check_can_decide(agreement, round_, outcome, by=by)
    if outcome not in {Decided.APPROVED, Decided.MET} and not reason.strip():
        raise PolicyError("Say why, or on which condition.", field="reason")
    decision = ApprovalDecision.objects.create(
        round=round_,
        role=role,
        outcome=outcome,
        reason=reason.strip(),
        decided_at=timezone.now(),
        decided_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.APPROVAL_DECIDED,
        subject=agreement,
        by=by,
        version=round_.version.number,
        sha256=round_.version.sha256,
        outcome=outcome.value,
    )
    _go_on(agreement, outcome, by)
    return decision


@transaction.atomic
def sign_agreement(
    *, agreement: Agreement, sha256: str, typed_name: str, method: str, by: Actor
) -> AgreementSignature:
    """Sign for one's side; the last signature executes the agreement and locks its first terms.

    Args:
        agreement: that is being signed.
        sha256: of the version that was read.
        typed_name: the signatory's own.
        method: how they proved who they are just now.
        by: the signatory.

    Raises:
        PolicyError: it is not their turn, they read another version, typed another name, the
            terms changed, or the first year has begun.
    """
    hold_register()
    agreement = agreement_held(agreement.pk)
    round_ = round_of(agreement)
    side = policies.check_can_sign(agreement, round_, by=by)
    policies.check_is_the_version(round_, sha256)
    policies.check_name(typed_name, by)
    year = year_held(agreement)
    policies.check_begins_ahead(agreement, year, today=tenant_here().today())
    policies.check_is_true(is_current=is_current(round_.version, year))
    check_nothing_blocks(round_.version, today=tenant_here().today())
    keep_findings(version=round_.version, occasion=Occasion.SIGNED, by=by)
    signature = AgreementSignature.objects.create(
        round=round_,
        side=side,
        outcome=SignedOutcome.SIGNED,
        sha256=sha256,
        typed_name=" ".join(typed_name.split()),
        method=method,
        consent_version=CONSENT_VERSION,
        signed_at=timezone.now(),
        signed_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.AGREEMENT_SIGNED,
        subject=agreement,
        by=by,
        side=side.value,
        sha256=sha256,
        consent=CONSENT_VERSION,
    )
    round_ = round_of(agreement)
    if policies.is_complete(round_):
        execute_agreement(agreement=agreement, year=year, signed_on=tenant_here().today(), by=by)
    else:
        tell_signatories(agreement, round_, by=by)
    return signature


@transaction.atomic
def decline_signature(*, agreement: Agreement, reason: str, by: Actor) -> AgreementSignature:
    """Decline to sign: the agreement goes back to its drafters.

    Raises:
        PolicyError: it is not the person's turn, or no reason is given.
    """
    agreement = agreement_held(agreement.pk)
    round_ = round_of(agreement)
    side = policies.check_can_sign(agreement, round_, by=by)
    if not reason.strip():
        raise PolicyError("Say why, so that it can be mended.", field="reason")
    declined = AgreementSignature.objects.create(
        round=round_,
        side=side,
        outcome=SignedOutcome.DECLINED,
        sha256=round_.version.sha256,
        reason=reason.strip(),
        signed_at=timezone.now(),
        signed_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.SIGNATURE_DECLINED,
        subject=agreement,
        by=by,
        side=side.value,
        sha256=round_.version.sha256,
    )
    _move(agreement, AgreementStatus.DRAFTING)
    tell_back(agreement, round_, by=by)
    return declined


@transaction.atomic
def recall_round(*, agreement: Agreement, reason: str, by: Actor) -> RoundRecall:
    """Take a version back before both have signed; its approvals and signatures count no more.

    Raises:
        PolicyError: it does not go round, another person sent it, or no reason is given.
    """
    agreement = agreement_held(agreement.pk)
    round_ = round_of(agreement)
    policies.check_can_recall(agreement, round_, by=by)
    if not reason.strip():
        raise PolicyError("Say why, for those who have read it already.", field="reason")
    recall = RoundRecall.objects.create(
        round=round_,
        reason=reason.strip(),
        recalled_at=timezone.now(),
        recalled_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.ROUND_RECALLED,
        subject=agreement,
        by=by,
        version=round_.version.number,
        sha256=round_.version.sha256,
    )
    _move(agreement, AgreementStatus.DRAFTING)
    tell_recalled(agreement, round_, by=by)
    return recall


@transaction.atomic
def execute_agreement(
    *, agreement: Agreement, year: MeasurementYear, signed_on: date, by: Actor
) -> ExecutedCopy:
    """Seal what both sides signed, and lock the first terms with the day of the last signature.

    The agreement enters the register with the same day, and the workplan ends what led to it.

    Args:
        agreement: that is held, with its first year.
        year: whose terms both sides signed.
        signed_on: day of the last signature.
        by: whose signature, or whose confirmation of a signed paper, was the last.

    Raises:
        PolicyError: a signature is missing, or the paper cannot be sealed.
    """
    round_ = round_of(agreement)
    policies.check_is_complete(round_)
    executed_at = timezone.now()
    file = keep_executed(round_, tenant_here())
    copy = ExecutedCopy.objects.create(round=round_, file=file, executed_at=executed_at)
    _move(agreement, AgreementStatus.EXECUTED)
    record_event(
        kind=EventKind.AGREEMENT_EXECUTED,
        subject=agreement,
        by=by,
        version=round_.version.number,
        sha256=file.sha256,
    )
    lock_terms(year=year, signed_on=signed_on, by=by)
    facts = facts_of_agreement(agreement, round_.version, signed_on=signed_on)
    enter_contract(facts=facts, by=by)
    end_drafting(program=agreement.program, executed_on=signed_on, by=by)
    tell_executed(agreement, round_, by=by)
    return copy


@transaction.atomic
def note_executed_copy(*, copy: ExecutedCopy, by: Actor) -> None:
    """Record that somebody took the executed agreement away."""
    record_event(
        kind=EventKind.EXECUTED_COPIED,
        subject=copy.round.agreement,
        by=by,
        sha256=copy.file.sha256,
    )


def _go_on(agreement: Agreement, outcome: Decided, by: Actor) -> None:
    """Move the agreement after a decision, and tell whoever is next."""
    round_ = round_of(agreement)
    if outcome in _AFTER:
        _move(agreement, _AFTER[outcome])
        tell_back(agreement, round_, by=by)
    elif policies.needs_left(round_):
        tell_approvers(agreement, round_, by=by)
    elif not policies.conditions_left(round_):
        _move(agreement, AgreementStatus.SIGNING)
        tell_signatories(agreement, round_, by=by)


def _move(agreement: Agreement, status: AgreementStatus) -> None:
    agreement.status = status
    agreement.save(update_fields=["status"])
