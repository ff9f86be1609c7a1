"""Receiving a file, and recording what its check found."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comanage.api.webhooks import WebhookKind, announce
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor, ActorKind
from comanage.jobs.kinds import JobKind
from comanage.jobs.queue import enqueue
from comanage.tenancy.scope import active_tenant_id
from comanage.values.period import Period
from comanage.vault.files import seal
from comanage.vault.models import SealedKind
from comanage.web.errors import PolicyError
from scorecards.cards.actions import recompute_for_slice
from scorecards.dataagreements.policies import NotCoveredError
from scorecards.feeds.models import Feed, FeedMap
from scorecards.feeds.policies import check_may_take_files
from scorecards.feeds.queries import agreements_of, current_map
from scorecards.intake import policies
from scorecards.intake.admission import check_period, check_still_taken
from scorecards.intake.candidates import become_slice, candidate_of, keep_cases
from scorecards.intake.models import COUNTS_OR_MAY, Upload, UploadFinding, UploadStatus
from scorecards.intake.outcome import Finding, Outcome, Severity
from scorecards.intake.progress import Progress
from scorecards.intake.spec_documents import form_document, read_form
from scorecards.restatements.notices import end_of_waiting, tell_of_held
from scorecards.restatements.policies import ComparisonMovedError, needs_a_person
from scorecards.restatements.queries import held_before, newer_than, restatement_of
from scorecards.restatements.weighing import Weighing, read_scales

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a file is to be taken.

    Args:
        is_dry_run: check it and keep nothing of its cases.
        skips_faulty_rows: leave faulty rows out and count them, where the feed allows it.
        stated_rows: rows as the sender counted them; None when it did not.
        map_version: of the feed's map that the file was made for; None for the one that holds.
        form: sheet, header row and the like, where a person chose them.
        restates: a restatement is asked for with it, as a closed period needs.
    """

    is_dry_run: bool = False
    skips_faulty_rows: bool = False
    stated_rows: int | None = None
    map_version: int | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    restates: bool = False


@dataclass(frozen=True, slots=True)
class Promised:
    """The bytes of a file that came in parts: what they are together, once they are joined."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file on its way in: its name, its bytes, the days it is for, and how to take it."""

    filename: str
    content: BinaryIO | Promised
    period: Period
    idempotency_key: str
    wishes: Wishes = Wishes()


@transaction.atomic
def receive_upload(*, feed: Feed, parcel: Parcel, by: Actor) -> tuple[Upload, bool]:
    """Store a file and queue its check; one that came in parts is stored when they are joined.

    The same key, or the same bytes as the newest file of the period that counts or may yet
    count, give the earlier upload back, so that a second click or a retry changes nothing.

    Returns:
        The upload, and whether it is new.

    Raises:
        PolicyError: no agreement in force lets the feed's rows in, the period is not open, cuts
            across another, the file is too large, or the feed does not take it as wished; the
            code tells them apart.
        KeyReusedError: the key stands for another file or period.
    """
    feed = Feed.objects.select_for_update(no_key=True).get(pk=feed.pk)
    promised = parcel.content if isinstance(parcel.content, Promised) else _measured(parcel.content)
    size, sha256 = promised.size, promised.sha256
    earlier = Upload.objects.filter(feed=feed, idempotency_key=parcel.idempotency_key).first()
    if earlier is not None:
        is_same = (earlier.sha256, earlier.period) == (sha256, parcel.period)
        policies.check_same_request(is_same=is_same)
        return earlier, False
    check_may_take_files(feed, agreements_of(feed), today=feed.tenant.today())
    newest = current_map(feed)
    wishes = replace(parcel.wishes, form=_beside(newest, parcel.wishes.form))
    policies.check_map_version(wishes.map_version, newest.version)
    policies.check_may_skip(wished=wishes.skips_faulty_rows, allowed=feed.allows_skipping)
    check_period(feed, parcel.period, restates=wishes.restates)
    same = _same_file(feed, newest, replace(parcel, wishes=wishes), sha256)
    if same is not None:
        return same, False
    upload = Upload.objects.create(
        feed=feed,
        map=newest,
        starts_on=parcel.period.start,
        ends_on=parcel.period.end,
        filename=Path(parcel.filename).name[:200] or "file",
        form=dict(wishes.form),
        is_dry_run=wishes.is_dry_run,
        skips_faulty_rows=wishes.skips_faulty_rows,
        stated_rows=wishes.stated_rows,
        sha256=sha256,
        size=size,
        storage_name=f"{active_tenant_id()}/uploads/{uuid4().hex}",
        idempotency_key=parcel.idempotency_key,
        sent_by_user_id=by.id if by.kind is ActorKind.MEMBER else None,
        sent_by_client_id=by.id if by.kind is ActorKind.CLIENT else None,
    )
    record_event(kind=EventKind.UPLOAD_RECEIVED, subject=upload, by=by, sha256=sha256, size=size)
    if not isinstance(parcel.content, Promised):
        seal(parcel.content, name=upload.storage_name, kind=SealedKind.UPLOAD)
        enqueue(JobKind.CHECK_UPLOAD, subject_id=upload.pk, key="check")
    return upload, True


@transaction.atomic
def cancel_upload(*, upload: Upload, by: Actor) -> Upload:
    """Stop a file that is still being checked or decided; nothing of it will count.

    Raises:
        CannotCancelError: it has been decided already.
    """
    upload = Upload.objects.select_for_update(of=("self",), no_key=True).get(pk=upload.pk)
    policies.check_can_cancel(upload.status)
    upload.status, upload.candidate = UploadStatus.CANCELLED, None
    upload.decided_at = timezone.now()
    upload.decided_by_id = by.id if by.kind is ActorKind.MEMBER else None
    upload.save(update_fields=["status", "candidate", "decided_at", "decided_by"])
    end_of_waiting(upload)
    record_event(kind=EventKind.UPLOAD_CANCELLED, subject=upload, by=by)
    return upload


def note_progress(*, upload: Upload, progress: Progress) -> bool:
    """Keep how far a check has come; say whether it is still wanted."""
    waiting = Upload.objects.filter(pk=upload.pk, status=UploadStatus.RECEIVED)
    started = {} if progress.bytes_read or progress.rows_read else {"started_at": timezone.now()}
    return bool(
        waiting.update(bytes_read=progress.bytes_read, rows_read=progress.rows_read, **started)
    )


@transaction.atomic
def record_outcome(
    *,
    upload: Upload,
    outcome: Outcome,
    weighing: Weighing | None = None,
    slice_file: Path,
    by: Actor,
) -> Upload:
    """Keep what the check found; a good file counts at once, or waits for a person.

    While the file was checked its period may have been closed, another file accepted that it
    cuts across, or the agreement ended that lets its rows in: then it is rejected with that
    sentence. A newer file for the same days sets an
    older one aside.

    Args:
        upload: as received; one that was cancelled meanwhile stays so.
        outcome: of the check.
        weighing: how it sits in history and what it changes; None for a rejected file.
        slice_file: the checked cases.
        by: who records.

    Raises:
        ComparisonMovedError: what counts has changed since it was weighed; weigh it again.
    """
    feed = Feed.objects.select_for_update(no_key=True).get(pk=upload.feed_id)
    upload = _locked(upload)
    if upload.status != UploadStatus.RECEIVED:
        return upload
    upload.checked_at = timezone.now()
    if outcome.accepted:
        outcome = _held_against_the_rules(feed, upload, outcome)
    if not outcome.accepted or weighing is None:
        return _refuse(upload, outcome, by)
    if weighing.basis != read_scales(upload).basis:
        raise ComparisonMovedError("What counts has changed while the file was weighed.")
    _keep_findings(upload, outcome, weighing.warnings)
    upload.changes = weighing.to_document()
    if upload.is_dry_run:
        upload.status = UploadStatus.CHECKED
        upload.save()
        record_event(kind=EventKind.UPLOAD_CHECKED, subject=upload, by=by, rows=upload.rows)
        return upload
    if newer_than(upload).exists():
        return _set_aside(upload, by)
    for older in held_before(upload):
        _set_aside(older, by)
    return _settle(upload, outcome, weighing, slice_file, by)


def _refuse(upload: Upload, outcome: Outcome, by: Actor) -> Upload:
    """Refuse a file; one that holds what looks like an identifier is destroyed at once."""
    _keep_findings(upload, outcome, ())
    upload.status = UploadStatus.REJECTED
    upload.holds_identifiers = any(finding.is_of_an_identifier for finding in outcome.findings)
    upload.save()
    if upload.holds_identifiers:
        key = f"identifiers:{upload.pk}"
        enqueue(JobKind.DESTROY_DUE_FILES, subject_id=active_tenant_id(), key=key)
    record_event(
        kind=EventKind.UPLOAD_REJECTED, subject=upload, by=by, findings=upload.findings_total
    )
    announce(kind=WebhookKind.SUBMISSION_REJECTED, subject_id=upload.pk)
    return upload


def _settle(
    upload: Upload, outcome: Outcome, weighing: Weighing, slice_file: Path, by: Actor
) -> Upload:
    """Let a good file count, or hold it for a person."""
    candidate = candidate_of(outcome, active_tenant_id())
    keep_cases(candidate, slice_file)
    upload.candidate = candidate.to_document()
    restatement = restatement_of(upload)
    if restatement or needs_a_person(
        warnings=upload.warnings_total,
        cases=weighing.cases,
        takes_additions=upload.feed.takes_additions,
    ):
        upload.status = UploadStatus.HELD
        upload.save()
        record_event(
            kind=EventKind.UPLOAD_HELD, subject=upload, by=by, warnings=upload.warnings_total
        )
        announce(kind=WebhookKind.SUBMISSION_HELD, subject_id=upload.pk)
        tell_of_held(upload=upload, restatement=restatement, by=by)
        return upload
    upload.status = UploadStatus.ACCEPTED
    upload.save()
    accepted = become_slice(upload)
    record_event(
        kind=EventKind.UPLOAD_ACCEPTED,
        subject=upload,
        by=by,
        rows=accepted.rows,
        version=accepted.version,
        sha256=accepted.sha256,
    )
    announce(kind=WebhookKind.SUBMISSION_ACCEPTED, subject_id=upload.pk)
    recompute_for_slice(slice_=accepted)
    return upload


def _set_aside(upload: Upload, by: Actor) -> Upload:
    """Keep the newer of two files for the same days."""
    upload.status, upload.candidate = UploadStatus.CANCELLED, None
    upload.decided_at = timezone.now()
    upload.decision_reason = "A newer file came in for the same days."
    upload.save()
    end_of_waiting(upload)
    record_event(kind=EventKind.UPLOAD_SET_ASIDE, subject=upload, by=by)
    return upload


def _locked(upload: Upload) -> Upload:
    rows = Upload.objects.select_related("feed", "map").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=upload.pk)


def _keep_findings(upload: Upload, outcome: Outcome, warnings: Sequence[Finding]) -> None:
    findings = (*outcome.findings, *warnings)
    upload.rows, upload.rows_skipped = outcome.rows, outcome.rows_skipped
    upload.counts = outcome.counts
    upload.findings_total = outcome.findings_total + len(warnings)
    upload.warnings_total = outcome.warnings_total + len(warnings)
    upload.dropped_columns = list(outcome.dropped_columns)
    UploadFinding.objects.bulk_create(
        UploadFinding(
            upload=upload,
            position=position,
            severity=finding.severity.value,
            code=finding.code,
            row=finding.row,
            column=(finding.column or "")[:120],
            message=finding.message[:500],
            value=finding.value[:120],
        )
        for position, finding in enumerate(findings, 1)
    )


def _held_against_the_rules(feed: Feed, upload: Upload, outcome: Outcome) -> Outcome:
    """Return the outcome, refused when the period or the agreement no longer takes the file."""
    restates = restatement_of(upload) is not None
    try:
        check_still_taken(feed, upload.period, restates=restates)
    except PolicyError as broken:
        is_covered = not isinstance(broken, NotCoveredError)
        code = "period-refused" if is_covered else "agreement-refused"
        refusal = Finding(code, Severity.ERROR, None, None, str(broken))
        return replace(
            outcome,
            accepted=False,
            findings=(*outcome.findings, refusal),
            findings_total=outcome.findings_total + 1,
        )
    return outcome


def _same_file(feed: Feed, map_: FeedMap, parcel: Parcel, sha256: str) -> Upload | None:
    """Return the newest file of the period when the parcel brings the same to the same end."""
    if parcel.wishes.is_dry_run:
        return None
    newest = (
        Upload.objects.filter(
            feed=feed,
            starts_on=parcel.period.start,
            ends_on=parcel.period.end,
            is_dry_run=False,
            status__in=COUNTS_OR_MAY,
        )
        .order_by("-received_at")
        .first()
    )
    if newest is None:
        return None
    here = (sha256, map_.pk, parcel.wishes.skips_faulty_rows, dict(parcel.wishes.form))
    there = (newest.sha256, newest.map_id, newest.skips_faulty_rows, newest.form)
    return newest if here == there else None


def _beside(map_: FeedMap, form: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what the map says too, so that the same bytes stay the same file."""
    declared = form_document(read_form(map_.spec.get("form", {})))
    return {name: value for name, value in form.items() if value != declared.get(name)}


def _measured(content: BinaryIO) -> Promised:
    """Measure a file, and rewind it.

    Raises:
        PolicyError: the file is empty or too large.
    """
    size, digest = 0, hashlib.sha256()
    for chunk in _chunks(content):
        size += len(chunk)
        if size > settings.UPLOAD_MAX_BYTES:
            raise PolicyError(
                f"The file is larger than {settings.UPLOAD_MAX_BYTES // 1024**2} MB. "
                f"Send a shorter period or fewer columns."
            )
        digest.update(chunk)
    if size == 0:
        raise PolicyError("The file is empty. Export it again and send it with its header row.")
    content.seek(0)
    return Promised(size, digest.hexdigest())


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    content.seek(0)
    while chunk := content.read(_CHUNK):
        yield chunk
