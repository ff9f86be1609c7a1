"""The job and its bell.

Bells and schedules hold only ids and times: the sweeper reads them before any tenant is known.
"""

from datetime import time

from django.db import models
from django.db.models import Q

from comanage.jobs.kinds import JobKind, ScheduleKind
from comanage.tenancy.models import Tenant, TenantModel


class JobState(models.TextChoices):
    """Where a job is."""

    READY = "ready", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class Job(TenantModel):
    """One piece of work on one record, done once for each distinct key."""

    kind = models.CharField(max_length=40, choices=JobKind)
    subject_id = models.UUIDField()
    key = models.CharField(max_length=120, help_text="The same work asked twice has the same key.")
    state = models.CharField(max_length=10, choices=JobState, default=JobState.READY)
    attempt = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(
        default=0, help_text="Grows with each claim; an older claim cannot commit."
    )
    lease_until = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "subject_id", "key"], name="job_once_per_key"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False),
                name="running_job_has_a_lease",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "subject_id", "-created_at"], name="job_subject")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"

    @property
    def is_pending(self) -> bool:
        """Whether its result is still to come."""
        return self.state in {JobState.READY, JobState.RUNNING}


class Bell(models.Model):
    """When to ring for a job that is not finished. Gone when the job is."""

    job_id = models.UUIDField(primary_key=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+", db_index=False)
    ring_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"ring for {self.job_id} at {self.ring_at}"


class Schedule(models.Model):
    """When a hospital's next nightly run is due."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40, choices=ScheduleKind)
    local_time = models.TimeField(default=time(2, 0))
    next_run_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind"], name="schedule_once_per_tenant"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.local_time}"
