"""Destroying what no rule keeps any more: the key, then the bytes. Each file is an event."""

from contextlib import suppress
from datetime import date
from functools import partial

from django.db import transaction

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind, ScheduleKind
from comanage.jobs.queue import enqueue
from comanage.jobs.schedule import plans
from comanage.tenancy.scope import active_tenant_id
from comanage.vault.files import FileGoneError, shred
from comanage.vault.models import SealedFile
from scorecards.feeds.models import Feed
from scorecards.intake.companions import forget_companion
from scorecards.intake.models import PartialUpload, Upload
from scorecards.retention import policies
from scorecards.retention.queries import is_unclaimed, pending_checks
from scorecards.retention.rules import rule_of


@plans(ScheduleKind.NIGHTLY_RETENTION)
def plan_retention(night: str) -> None:
    """Queue the destruction of what is due, once a night."""
    enqueue(JobKind.DESTROY_DUE_FILES, subject_id=active_tenant_id(), key=f"night:{night}")


@transaction.atomic
def destroy_upload_file(*, upload: Upload, today: date, by: Actor) -> Upload:
    """Destroy a file as it was sent. What was found in it and the cases it gave stay.

    The event is its certificate: what was destroyed, by which rule, and when its key went.

    Raises:
        PolicyError: it is not due, not decided, held, or gone.
        FileGoneError: it was never sealed.
    """
    Feed.objects.select_for_update(no_key=True).get(pk=upload.feed_id)
    upload = (
        Upload.objects.select_for_update(of=("self",), no_key=True)
        .select_related("feed", "tenant")
        .get(pk=upload.pk)
    )
    is_being_checked = pending_checks(upload.pk).exists()
    policies.check_can_destroy(upload, today=today, is_being_checked=is_being_checked)
    file = shred(upload.storage_name)
    upload.purged_at = file.shredded_at
    upload.save(update_fields=["purged_at"])
    record_event(
        kind=EventKind.UPLOAD_DESTROYED,
        subject=upload,
        by=by,
        sha256=file.sha256,
        size=file.size,
        received_at=upload.received_at.isoformat(),
        rule=rule_of(upload),
        key_destroyed_at=str(file.shredded_at and file.shredded_at.isoformat()),
    )
    return upload


@transaction.atomic
def destroy_parts(*, partial: PartialUpload, by: Actor) -> int:
    """Destroy what came of a large file that never became whole, and count the parts."""
    # With its key: no part slips in while it goes.
    partial = PartialUpload.objects.select_for_update(of=("self",)).get(pk=partial.pk)
    parts = list(partial.parts.all())
    for part in parts:
        with suppress(FileGoneError):
            shred(part.storage_name)
    record_event(
        kind=EventKind.PARTS_DESTROYED,
        subject=partial,
        by=by,
        parts=len(parts),
        sha256=[part.sha256 for part in parts],
        expired_at=partial.expires_at.isoformat(),
    )
    partial.parts.all().delete()
    if partial.upload_id is None:
        partial.delete()
    return len(parts)


@transaction.atomic
def destroy_unclaimed_cases(*, file: SealedFile, by: Actor) -> bool:
    """Destroy checked cases that nobody accepted, unless somebody claimed them meanwhile."""
    file = SealedFile.objects.select_for_update(no_key=True).get(pk=file.pk)
    if not is_unclaimed(file):
        return False
    gone = shred(file.name)
    transaction.on_commit(partial(forget_companion, active_tenant_id(), file.sha256))
    record_event(
        kind=EventKind.CASES_DESTROYED,
        subject=file,
        by=by,
        sha256=file.sha256,
        size=file.size,
        rule="checked cases that nobody accepted are not kept",
        key_destroyed_at=str(gone.shredded_at and gone.shredded_at.isoformat()),
    )
    return True
