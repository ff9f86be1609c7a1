"""Receiving a file, and recording what its check found."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

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
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import current_map
from scorecards.intake import policies
from scorecards.intake.models import Slice, Upload, UploadFinding, UploadStatus
from scorecards.intake.outcome import Finding, Outcome, Severity
from scorecards.intake.queries import accepted_periods, years_reading

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file on its way in: its name, its bytes, and the days it is for."""

    filename: str
    content: BinaryIO
    period: Period
    idempotency_key: str


@transaction.atomic
def receive_upload(*, feed: Feed, parcel: Parcel, by: Actor) -> tuple[Upload, bool]:
    """Store a file and queue its check.

    The same key, or the same bytes as the period's current slice, give the earlier upload
    back, so that a second click or a retry changes nothing.

    Returns:
        The upload, and whether it is new.

    Raises:
        PolicyError: the period is not open, cuts across another, or the file is too large.
        KeyReusedError: the key stands for another file or period.
    """
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    size, sha256 = _measure(parcel.content)
    earlier = Upload.objects.filter(feed=feed, idempotency_key=parcel.idempotency_key).first()
    if earlier is not None:
        is_same = (earlier.sha256, earlier.period) == (sha256, parcel.period)
        policies.check_same_request(is_same=is_same)
        return earlier, False
    policies.check_period_is_open(parcel.period, years_reading(feed))
    policies.check_period_fits(parcel.period, accepted_periods(feed))
    current = _current_slice(feed, parcel.period)
    if current is not None and current.upload.sha256 == sha256:
        return current.upload, False
    upload = Upload.objects.create(
        feed=feed,
        map=current_map(feed),
        starts_on=parcel.period.start,
        ends_on=parcel.period.end,
        filename=Path(parcel.filename).name[:200] or "file",
        sha256=sha256,
        size=size,
        storage_name=_store(parcel.content),
        idempotency_key=parcel.idempotency_key,
        sent_by_user_id=by.id if by.kind is ActorKind.MEMBER else None,
        sent_by_client_id=by.id if by.kind is ActorKind.CLIENT else None,
    )
    record_event(kind=EventKind.UPLOAD_RECEIVED, subject=upload, by=by, sha256=sha256, size=size)
    enqueue(JobKind.CHECK_UPLOAD, subject_id=upload.pk, key="check")
    return upload, True


@transaction.atomic
def record_outcome(*, upload: Upload, outcome: Outcome, slice_file: Path, by: Actor) -> Upload:
    """Keep what the check found; a good file becomes the period's newest slice.

    While the file was checked its period may have been closed, or another file accepted that it
    cuts across: then it is rejected with that sentence.
    """
    feed = Feed.objects.select_for_update().get(pk=upload.feed_id)
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.status != UploadStatus.RECEIVED:
        return upload
    if outcome.accepted:
        outcome = _held_against_the_period(feed, upload, outcome)
    upload.rows, upload.findings_total = outcome.rows, outcome.findings_total
    upload.dropped_columns = list(outcome.dropped_columns)
    upload.checked_at = timezone.now()
    upload.status = UploadStatus.ACCEPTED if outcome.accepted else UploadStatus.REJECTED
    upload.save()
    UploadFinding.objects.bulk_create(
        UploadFinding(
            upload=upload,
            position=position,
            severity=finding.severity.value,
            code=finding.code,
            row=finding.row,
            column=(finding.column or "")[:120],
            message=finding.message[:500],
        )
        for position, finding in enumerate(outcome.findings, 1)
    )
    if not outcome.accepted:
        record_event(
            kind=EventKind.UPLOAD_REJECTED, subject=upload, by=by, findings=outcome.findings_total
        )
        return upload
    accepted = _keep_slice(feed, upload, outcome, slice_file)
    record_event(
        kind=EventKind.UPLOAD_ACCEPTED,
        subject=upload,
        by=by,
        rows=accepted.rows,
        version=accepted.version,
        sha256=accepted.sha256,
    )
    recompute_for_slice(slice_=accepted)
    return upload


def _held_against_the_period(feed: Feed, upload: Upload, outcome: Outcome) -> Outcome:
    """Return the outcome, refused when the period no longer takes the file."""
    try:
        policies.check_period_is_open(upload.period, years_reading(feed, lock=True))
        policies.check_period_fits(upload.period, accepted_periods(feed))
    except PolicyError as broken:
        refusal = Finding("period-refused", Severity.ERROR, None, None, str(broken))
        return replace(
            outcome,
            accepted=False,
            findings=(*outcome.findings, refusal),
            findings_total=outcome.findings_total + 1,
        )
    return outcome


def _keep_slice(feed: Feed, upload: Upload, outcome: Outcome, slice_file: Path) -> Slice:
    name = f"{active_tenant_id()}/slices/{outcome.slice_sha256}.parquet"
    with slice_file.open("rb") as content:  # named by content: the same cases are kept once
        seal(content, name=name, kind=SealedKind.SLICE)
    current = _current_slice(feed, upload.period)
    return Slice.objects.create(
        feed=feed,
        upload=upload,
        starts_on=upload.starts_on,
        ends_on=upload.ends_on,
        version=current.version + 1 if current else 1,
        rows=outcome.rows,
        sha256=outcome.slice_sha256,
        logical_sha256=outcome.logical_sha256,
        storage_name=name,
        accepted_at=timezone.now(),
    )


def _current_slice(feed: Feed, period: Period) -> Slice | None:
    return (
        Slice.objects.select_related("upload")
        .filter(feed=feed, starts_on=period.start, ends_on=period.end)
        .order_by("-version")
        .first()
    )


def _measure(content: BinaryIO) -> tuple[int, str]:
    """Return size and SHA-256, and rewind.

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
    return size, digest.hexdigest()


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    content.seek(0)
    while chunk := content.read(_CHUNK):
        yield chunk


def _store(content: BinaryIO) -> str:
    name = f"{active_tenant_id()}/uploads/{uuid4().hex}"
    return seal(content, name=name, kind=SealedKind.UPLOAD).name
