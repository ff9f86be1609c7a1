"""Looking at jobs."""

from uuid import UUID

from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job, Schedule


def latest_job(kind: JobKind, *, subject_id: UUID) -> Job | None:
    """Return the newest job of a kind on a record, or None."""
    return Job.objects.filter(kind=kind, subject_id=subject_id).order_by("-created_at").first()


def scheduled_tenants() -> list[UUID]:
    """List the hospitals of the installation by id, for an operator's deed on each of them."""
    return list(Schedule.objects.order_by("tenant").values_list("tenant", flat=True).distinct())
