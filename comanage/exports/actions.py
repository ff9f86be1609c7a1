"""Asking for an export, keeping it, taking it away, and its end."""

from datetime import timedelta
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.exports import policies
from comanage.exports.models import ExportStatus, TenantExport
from comanage.exports.queries import is_being_made
from comanage.identity.actor import Actor
from comanage.identity.roles import Permission
from comanage.jobs.kinds import JobKind
from comanage.jobs.queue import enqueue
from comanage.vault.files import seal, shred
from comanage.vault.models import SealedKind

LIFE = timedelta(days=7)


@transaction.atomic
def ask_for_export(*, by: Actor) -> TenantExport:
    """Queue an export of all that the hospital owns, with cases for whoever may see cases.

    Raises:
        PolicyError: one of theirs is being made.
    """
    policies.check_can_ask(is_being_made=is_being_made(by.user_id))
    export = TenantExport.objects.create(
        asked_by_id=by.user_id, holds_cases=by.holds(Permission.CASES_VIEW)
    )
    record_event(kind=EventKind.EXPORT_ASKED, subject=export, by=by, holds_cases=export.holds_cases)
    enqueue(JobKind.MAKE_EXPORT, subject_id=export.pk, key="make")
    return export


@transaction.atomic
def keep_export(*, export: TenantExport, archive: BinaryIO, by: Actor) -> TenantExport:
    """Keep the finished archive for seven days."""
    export = TenantExport.objects.select_for_update(of=("self",), no_key=True).get(pk=export.pk)
    if export.status != ExportStatus.ASKED:
        return export
    name = f"{export.tenant_id}/exports/{export.pk.hex}.zip"
    file = seal(archive, name=name, kind=SealedKind.EXPORT)
    export.file, export.status = file, ExportStatus.READY
    export.finished_at = timezone.now()
    export.expires_at = export.finished_at + LIFE
    export.save()
    record_event(
        kind=EventKind.EXPORT_FINISHED, subject=export, by=by, sha256=file.sha256, size=file.size
    )
    return export


@transaction.atomic
def note_export_download(*, export: TenantExport, by: Actor) -> None:
    """Record that the archive was taken away.

    Raises:
        PolicyError: it is another person's, or not there.
    """
    policies.check_can_download(export, now=timezone.now(), by=by)
    record_event(
        kind=EventKind.EXPORT_DOWNLOADED,
        subject=export,
        by=by,
        sha256=export.file.sha256 if export.file else "",
    )


@transaction.atomic
def destroy_export(*, export: TenantExport, by: Actor) -> TenantExport:
    """Destroy an archive whose days are over; twice is the same as once."""
    export = TenantExport.objects.select_for_update(of=("self",), no_key=True).get(pk=export.pk)
    if export.status != ExportStatus.READY or export.file is None:
        return export
    file = shred(export.file.name)
    export.status = ExportStatus.EXPIRED
    export.save(update_fields=["status"])
    record_event(
        kind=EventKind.EXPORT_DESTROYED,
        subject=export,
        by=by,
        sha256=file.sha256,
        size=file.size,
        rule="an export is kept for 7 days",
        key_destroyed_at=str(file.shredded_at and file.shredded_at.isoformat()),
    )
    return export
