"""What is due to be destroyed."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job, JobState
from comanage.vault.models import SealedFile, SealedKind
from scorecards.intake.models import PartialUpload, Slice, Upload, UploadStatus
from scorecards.retention.rules import last_day


def due_uploads(*, today: date) -> list[Upload]:
    """List the uploads whose files are due, oldest first, in one query."""
    files = SealedFile.objects.filter(name=OuterRef("storage_name"), shredded_at=None)
    kept = (
        Upload.objects.select_related("feed", "tenant")
        .filter(Exists(files), purged_at=None, feed__on_legal_hold=False)
        .exclude(status=UploadStatus.HELD)
        .exclude(Exists(pending_checks(OuterRef("pk"))), status=UploadStatus.RECEIVED)
        .order_by("received_at")
    )
    return [upload for upload in kept if last_day(upload) < today]


def pending_checks(upload_id: Any) -> QuerySet[Job]:
    """Return the checks of an upload that are still to finish."""
    return Job.objects.filter(
        kind=JobKind.CHECK_UPLOAD,
        subject_id=upload_id,
        state__in=[JobState.READY, JobState.RUNNING],
    )


def due_partials(*, now: datetime) -> list[PartialUpload]:
    """List the large files that never became whole, and those whose parts are still there."""
    is_joined = Q(parts__isnull=False) & ~Q(upload__status=UploadStatus.RECEIVED)
    left = Q(upload=None) | is_joined
    return list(PartialUpload.objects.filter(left, expires_at__lte=now).distinct())


def unclaimed_cases(*, before: datetime) -> list[SealedFile]:
    """List checked cases stored earlier that became no slice and wait for nobody, in one query."""
    return list(_unclaimed(SealedFile.objects.filter(created_at__lt=before)))


def is_unclaimed(file: SealedFile) -> bool:
    """Say whether checked cases are still named by nothing."""
    return _unclaimed(SealedFile.objects.filter(pk=file.pk)).exists()


def _unclaimed(files: QuerySet[SealedFile]) -> QuerySet[SealedFile]:
    slices = Slice.objects.filter(storage_name=OuterRef("name"))
    waiting = Upload.objects.annotate(cases=KeyTextTransform("storage_name", "candidate")).filter(
        cases=OuterRef("name")
    )
    return files.filter(~Exists(slices), ~Exists(waiting), kind=SealedKind.SLICE, shredded_at=None)
