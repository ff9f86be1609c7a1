"""The two Celery tasks: run a job, and sweep. Messages carry ids and nothing else."""

from uuid import UUID

from celery import shared_task

from comanage.jobs.queue import RUN_JOB
from comanage.jobs.run import run_job
from comanage.jobs.schedule import ring_due


@shared_task(name=RUN_JOB)
def run(*, tenant_id: str, job_id: str) -> None:
    """Run one job inside its tenant."""
    run_job(tenant_id=UUID(tenant_id), job_id=UUID(job_id))


@shared_task(name="comanage.jobs.ring_due")
def sweep() -> None:
    """Ring for what is due."""
    ring_due()
