"""Deciding on a file that waits, and restating a closed period."""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from comanage.api.webhooks import WebhookKind, announce
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor, ActorKind
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job
from comanage.jobs.queue import enqueue
from scorecards.cards.actions import recompute_for_slice
from scorecards.feeds.models import Feed
from scorecards.intake.actions import Parcel, receive_upload
from scorecards.intake.admission import check_still_taken
from scorecards.intake.candidates import become_slice
from scorecards.intake.models import PartialUpload, Slice, Upload, UploadFinding, UploadStatus
from scorecards.intake.policies import is_closed
from scorecards.intake.queries import years_reading
from scorecards.parts.actions import complete_parts
from scorecards.restatements import policies
from scorecards.restatements.models import Restatement, RestatementState
from scorecards.restatements.notices import end_of_waiting
from scorecards.restatements.queries import restatement_of
from scorecards.restatements.weighing import Weighing, read_scales


@transaction.atomic
def accept_upload(*, upload: Upload, shown_basis: str, reason: str, by: Actor) -> Slice:
    """Let a file that waits count, as the newest version of its period.

    Args:
        upload: that waits.
        shown_basis: of the changes that the person looked at.
        reason: needed after warnings, and when cases change or go.
        by: who decides.

    Raises:
        ComparisonMovedError: what counts has changed since the changes were computed.
        PolicyError: it does not wait, its period is closed, the agreement has ended that let it
            in, or the reason is missing.
    """
    upload = _locked(upload)
    policies.check_can_decide(upload, restatement=restatement_of(upload))
    check_still_taken(upload.feed, upload.period)
    _check_shown(upload, shown_basis)
    policies.check_reason(reason, is_needed=policies.needs_reason(upload))
    accepted = _count(upload, reason, by)
    record_event(
        kind=EventKind.HELD_UPLOAD_ACCEPTED,
        subject=upload,
        by=by,
        reason=upload.decision_reason,
        rows=accepted.rows,
        version=accepted.version,
        sha256=accepted.sha256,
    )
    announce(kind=WebhookKind.SUBMISSION_ACCEPTED, subject_id=upload.pk)
    return accepted


@transaction.atomic
def decline_upload(*, upload: Upload, reason: str, by: Actor) -> Upload:
    """Send a file that waits away; what counted before goes on counting.

    Raises:
        PolicyError: it does not wait, or the reason is missing.
    """
    upload = _locked(upload)
    policies.check_can_decide(upload, restatement=restatement_of(upload))
    policies.check_reason(reason, is_needed=True)
    _send_away(upload, UploadStatus.DECLINED, reason, by)
    record_event(
        kind=EventKind.UPLOAD_DECLINED, subject=upload, by=by, reason=upload.decision_reason
    )
    return upload


@transaction.atomic
def ask_for_restatement(*, upload: Upload, reason: str, by: Actor) -> Restatement:
    """Ask that a file may change a closed period; somebody else decides.

    Raises:
        PolicyError: the period is not closed, the file no longer waits, it was asked for
            already, or the reason is missing.
    """
    upload = _locked(upload)
    policies.check_can_ask(
        upload,
        is_closed=is_closed(upload.period, years_reading(upload.feed)),
        restatement=restatement_of(upload),
    )
    policies.check_reason(reason, is_needed=True)
    asked = Restatement.objects.create(
        upload=upload, reason=reason.strip()[:1000], asked_by_id=by.user_id
    )
    record_event(kind=EventKind.RESTATEMENT_ASKED, subject=asked, by=by, reason=asked.reason)
    return asked


@transaction.atomic
def send_restatement(*, feed: Feed, parcel: Parcel, reason: str, by: Actor) -> tuple[Upload, bool]:
    """Receive a file for a closed period, and ask that it may change it.

    Raises:
        PolicyError: as for `receive_upload` and `ask_for_restatement`; then nothing is received.
    """
    wishes = replace(parcel.wishes, restates=True)
    upload, is_new = receive_upload(feed=feed, parcel=replace(parcel, wishes=wishes), by=by)
    if restatement_of(upload) is None:
        ask_for_restatement(upload=upload, reason=reason, by=by)
    return upload, is_new


@transaction.atomic
def complete_restatement(
    *, partial: PartialUpload, sha256: str, idempotency_key: str, reason: str, by: Actor
) -> tuple[Upload, bool]:
    """Receive a file in parts for a closed period, and ask that it may change it.

    Raises:
        PolicyError: as for `complete_parts` and `ask_for_restatement`; then nothing is received.
    """
    upload, is_new = complete_parts(
        partial=partial, sha256=sha256, idempotency_key=idempotency_key, by=by
    )
    if restatement_of(upload) is None:
        ask_for_restatement(upload=upload, reason=reason, by=by)
    return upload, is_new


@transaction.atomic
def approve_restatement(*, upload: Upload, shown_basis: str, note: str, by: Actor) -> Restatement:
    """Let a file change a closed period: a new version, and a new edition of the scorecard.

    What was published before stays readable.

    Raises:
        ComparisonMovedError: what counts has changed since the changes were computed.
        PolicyError: it is decided, by who asked or sent, or no longer fits.
    """
    upload = _locked(upload)
    asked = _ruled_on(upload, by)
    check_still_taken(upload.feed, upload.period, restates=True)
    _check_shown(upload, shown_basis)
    _rule(asked, RestatementState.APPROVED, note, by)
    accepted = _count(upload, note or asked.reason, by)
    record_event(
        kind=EventKind.RESTATEMENT_APPROVED,
        subject=asked,
        by=by,
        reason=asked.reason,
        note=asked.note,
        version=accepted.version,
        sha256=accepted.sha256,
    )
    announce(kind=WebhookKind.SUBMISSION_ACCEPTED, subject_id=upload.pk)
    return asked


@transaction.atomic
def decline_restatement(*, upload: Upload, note: str, by: Actor) -> Restatement:
    """Keep a closed period as it was.

    Raises:
        PolicyError: it is decided, by who asked or sent, or the reason is missing.
    """
    upload = _locked(upload)
    asked = _ruled_on(upload, by)
    policies.check_reason(note, is_needed=True)
    _rule(asked, RestatementState.DECLINED, note, by)
    _send_away(upload, UploadStatus.DECLINED, note, by)
    record_event(kind=EventKind.RESTATEMENT_DECLINED, subject=asked, by=by, note=asked.note)
    return asked


@transaction.atomic
def ask_to_weigh(*, upload: Upload) -> Job | None:
    """Queue a new comparison of a file that waits with what counts now."""
    upload = _locked(upload)
    if upload.status != UploadStatus.HELD:
        return None
    upload.changes = None
    upload.save(update_fields=["changes"])
    return enqueue(
        JobKind.WEIGH_UPLOAD, subject_id=upload.pk, key=f"weigh:{read_scales(upload).basis}"
    )


@transaction.atomic
def keep_weighing(*, upload: Upload, weighing: Weighing) -> Upload:
    """Keep what a file that waits would change now, and warnings that are new."""
    upload = _locked(upload)
    if upload.status != UploadStatus.HELD:
        return upload
    known = set(upload.findings.values_list("message", flat=True))
    new = [finding for finding in weighing.warnings if finding.message[:500] not in known]
    UploadFinding.objects.bulk_create(
        UploadFinding(
            upload=upload,
            position=position,
            severity=finding.severity.value,
            code=finding.code,
            message=finding.message[:500],
        )
        for position, finding in enumerate(new, len(known) + 1)
    )
    upload.changes = weighing.to_document()
    upload.findings_total += len(new)
    upload.warnings_total += len(new)
    upload.save(update_fields=["changes", "findings_total", "warnings_total"])
    return upload


def _locked(upload: Upload) -> Upload:
    """Lock the feed, so that no other file of it is decided on meanwhile, then the upload."""
    Feed.objects.select_for_update(no_key=True).get(pk=upload.feed_id)
    rows = Upload.objects.select_related("feed", "map").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=upload.pk)


def _check_shown(upload: Upload, shown_basis: str) -> None:
    basis = read_scales(upload).basis
    policies.check_is_what_was_shown(upload, shown_basis=shown_basis, basis=basis)


def _count(upload: Upload, reason: str, by: Actor) -> Slice:
    upload.status = UploadStatus.ACCEPTED
    _sign(upload, reason, by)
    accepted = become_slice(upload)
    recompute_for_slice(slice_=accepted)
    return accepted


def _send_away(upload: Upload, status: UploadStatus, reason: str, by: Actor) -> None:
    upload.status, upload.candidate = status, None
    _sign(upload, reason, by)


def _sign(upload: Upload, reason: str, by: Actor) -> None:
    upload.decided_by_id = by.id if by.kind is ActorKind.MEMBER else None
    upload.decided_at = timezone.now()
    upload.decision_reason = reason.strip()[:1000]
    upload.save()
    end_of_waiting(upload)


def _ruled_on(upload: Upload, by: Actor) -> Restatement:
    asked = Restatement.objects.select_for_update(no_key=True).get(upload=upload)
    policies.check_can_rule(upload, asked, by=by)
    return asked


def _rule(asked: Restatement, state: RestatementState, note: str, by: Actor) -> None:
    asked.state, asked.note = state, note.strip()[:1000]
    asked.decided_by_id, asked.decided_at = by.user_id, timezone.now()
    asked.save()
