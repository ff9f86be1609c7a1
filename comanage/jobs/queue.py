"""Asking for a job: the row and its bell in the caller's transaction, the ring after commit."""

import logging
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from comanage.celery import app
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Bell, Job
from comanage.tenancy.scope import active_tenant_id

RING_AGAIN_AFTER = timedelta(seconds=30)
SOON = timedelta(minutes=1)
RUN_JOB = "comanage.jobs.run"

log = logging.getLogger(__name__)


def enqueue(
    kind: JobKind, *, subject_id: UUID, key: str, not_before: datetime | None = None
) -> Job:
    """Queue work for the tenant in scope; the same key for the same subject is queued once.

    Args:
        kind: what to do.
        subject_id: the record it is done to.
        key: tells this piece of work from others of its kind on the record.
        not_before: the moment to begin; at once without one. A wait of more than a minute
            ends with the sweeper's next round.
    """
    job, is_new = Job.objects.get_or_create(kind=kind, subject_id=subject_id, key=key)
    if is_new:
        _hang_bell(job, wait=_wait(not_before))
    return job


def _wait(not_before: datetime | None) -> timedelta:
    return max((not_before or timezone.now()) - timezone.now(), timedelta(0))


def _hang_bell(job: Job, *, wait: timedelta) -> None:
    is_soon = wait <= SOON
    Bell.objects.create(
        job_id=job.pk,
        tenant_id=active_tenant_id(),
        ring_at=timezone.now() + wait + (RING_AGAIN_AFTER if is_soon else timedelta(0)),
    )
    if is_soon:
        now = partial(ring, tenant_id=active_tenant_id(), job_id=job.pk, wait=wait)
        transaction.on_commit(now)


def ring(*, tenant_id: UUID, job_id: UUID, wait: timedelta = timedelta(0)) -> None:
    """Tell a worker. A broker that is away costs only time: the sweeper rings again."""
    ids = {"tenant_id": str(tenant_id), "job_id": str(job_id)}
    try:
        app.send_task(RUN_JOB, kwargs=ids, countdown=wait.total_seconds() or None)
    except OperationalError:
        log.warning("broker away, the sweeper will ring", extra={"job_id": str(job_id)})
