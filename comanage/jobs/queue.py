"""Asking for a job: the row and its bell in the caller's transaction, the ring after commit."""

import logging
from datetime import timedelta
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
RUN_JOB = "comanage.jobs.run"

log = logging.getLogger(__name__)


def enqueue(kind: JobKind, *, subject_id: UUID, key: str) -> Job:
    """Queue work for the tenant in scope; the same key for the same subject is queued once."""
    job, is_new = Job.objects.get_or_create(kind=kind, subject_id=subject_id, key=key)
    if is_new:
        Bell.objects.create(
            job_id=job.pk,
            tenant_id=active_tenant_id(),
            ring_at=timezone.now() + RING_AGAIN_AFTER,
        )
        transaction.on_commit(partial(ring, tenant_id=active_tenant_id(), job_id=job.pk))
    return job


def ring(*, tenant_id: UUID, job_id: UUID) -> None:
    """Tell a worker. A broker that is away costs only time: the sweeper rings again."""
    try:
        app.send_task(RUN_JOB, kwargs={"tenant_id": str(tenant_id), "job_id": str(job_id)})
    except OperationalError:
        log.warning("broker away, the sweeper will ring", extra={"job_id": str(job_id)})
