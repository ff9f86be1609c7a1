"""Looking at exports."""

from datetime import datetime
from uuid import UUID

from comanage.exports.models import ExportStatus, TenantExport
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job, JobState


def exports_of(user_id: UUID) -> list[TenantExport]:
    """List a person's newest exports."""
    return list(TenantExport.objects.select_related("file").filter(asked_by=user_id)[:20])


def is_being_made(user_id: UUID) -> bool:
    """Say whether an export of this person waits for its job."""
    asked = TenantExport.objects.filter(asked_by=user_id, status=ExportStatus.ASKED).values("pk")
    return Job.objects.filter(
        kind=JobKind.MAKE_EXPORT,
        subject_id__in=asked,
        state__in=[JobState.READY, JobState.RUNNING],
    ).exists()


def failed_exports(exports: list[TenantExport]) -> set[UUID]:
    """Return which exports will not be made any more."""
    failed = Job.objects.filter(
        kind=JobKind.MAKE_EXPORT,
        subject_id__in=[export.pk for export in exports],
        state=JobState.FAILED,
    )
    return set(failed.values_list("subject_id", flat=True))


def due_exports(*, now: datetime) -> list[TenantExport]:
    """List the archives whose days are over."""
    return list(TenantExport.objects.filter(status=ExportStatus.READY, expires_at__lte=now))
