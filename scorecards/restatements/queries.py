"""Reading files that wait, and restatements."""

from django.db.models import QuerySet

from agreements.terms.models import MeasurementYear
from scorecards.intake.models import Slice, Upload, UploadStatus
from scorecards.restatements.models import Restatement, RestatementState


def restatement_of(upload: Upload) -> Restatement | None:
    """Return what was asked for with a file, in one query; None for an ordinary one."""
    return (
        Restatement.objects.select_related("asked_by", "decided_by").filter(upload=upload).first()
    )


def is_restated(sha256: str, version: int) -> bool:
    """Say whether a version of cases came in by an approved restatement, in one query."""
    return Slice.objects.filter(
        sha256=sha256,
        version=version,
        upload__restatement__state=RestatementState.APPROVED,
    ).exists()


def restated_slices(year: MeasurementYear) -> dict[tuple[str, int], str]:
    """Return the reason of each slice that came into a year by a restatement, in one query."""
    approved = Slice.objects.filter(
        feed__uses__program=year.program_id,
        starts_on__gte=year.starts_on,
        ends_on__lte=year.ends_on,
        upload__restatement__state=RestatementState.APPROVED,
    )
    rows = approved.values_list("sha256", "version", "upload__restatement__reason")
    return {(sha256, version): reason for sha256, version, reason in rows}


def held_before(upload: Upload) -> QuerySet[Upload]:
    """List older files for the same days that wait for a person, locked."""
    return (
        _same_days(upload)
        .filter(received_at__lt=upload.received_at, status=UploadStatus.HELD)
        .select_for_update(of=("self",), no_key=True)
    )


def newer_than(upload: Upload) -> QuerySet[Upload]:
    """List newer files for the same days that count or wait for a person."""
    return _same_days(upload).filter(
        received_at__gt=upload.received_at,
        status__in=[UploadStatus.HELD, UploadStatus.ACCEPTED],
    )


def _same_days(upload: Upload) -> QuerySet[Upload]:
    return Upload.objects.filter(
        feed=upload.feed_id, starts_on=upload.starts_on, ends_on=upload.ends_on
    )
