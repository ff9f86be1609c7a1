"""Running one job: claim it, keep the lease, compute, commit behind the fence."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Bell, Job, JobState
from comanage.tenancy.scope import tenant_scope

log = logging.getLogger(__name__)

Handler = Callable[["Run"], None]
_handlers: dict[JobKind, Handler] = {}


class FenceLostError(Exception):
    """Another worker claimed the job meanwhile; this one's result must not be stored."""


class JobProblemError(Exception):
    """The work cannot be done, and trying again will not help. The text is for people."""


@dataclass(frozen=True, slots=True)
class Run:
    """One claim of one job."""

    tenant_id: UUID
    job_id: UUID
    subject_id: UUID
    fence: int

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Look at the tenant's rows, in a transaction of its own."""
        with tenant_scope(self.tenant_id):
            yield

    @contextmanager
    def committing(self) -> Iterator[None]:
        """Write the result and finish the job, in one transaction, if the claim still holds.

        Raises:
            FenceLostError: the lease ran out and somebody else has the job.
        """
        with tenant_scope(self.tenant_id):
            self._hold()
            yield
            self._finish(JobState.DONE)

    def fail(self, problem: str) -> None:
        """Give up for good, with the reason."""
        with tenant_scope(self.tenant_id):
            self._hold()
            self._finish(JobState.FAILED, problem)

    def renew(self) -> None:
        """Push the lease and the bell further out."""
        until = timezone.now() + settings.JOB_LEASE
        with tenant_scope(self.tenant_id):
            held = Job.objects.filter(
                pk=self.job_id, fence=self.fence, state=JobState.RUNNING
            ).update(lease_until=until)
            if held:
                Bell.objects.filter(pk=self.job_id).update(ring_at=until)

    def _hold(self) -> None:
        job = Job.objects.select_for_update(no_key=True).get(pk=self.job_id)
        if job.fence != self.fence or job.state != JobState.RUNNING:
            raise FenceLostError(f"job {self.job_id}: fence {self.fence} is not {job.fence}")

    def _finish(self, state: JobState, problem: str = "") -> None:
        Job.objects.filter(pk=self.job_id).update(
            state=state, finished_at=timezone.now(), lease_until=None, problem=problem[:500]
        )
        Bell.objects.filter(pk=self.job_id).delete()


def handles(kind: JobKind) -> Callable[[Handler], Handler]:
    """Register the function that does one kind of job."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def handled_kinds() -> frozenset[JobKind]:
    """Return the kinds that have a handler."""
    return frozenset(_handlers)


def run_job(*, tenant_id: UUID, job_id: UUID) -> None:
    """Do one job if nobody else is doing it. Safe to call any number of times."""
    claimed = _claim(tenant_id, job_id)
    if claimed is None:
        return
    kind, run = claimed
    try:
        _handle(kind, run)
    except FenceLostError:
        log.warning("result dropped, the job was claimed again", extra={"job_id": str(job_id)})


def _handle(kind: JobKind, run: Run) -> None:
    try:
        with _lease_kept(run):
            _handlers[kind](run)
    except JobProblemError as problem:
        run.fail(str(problem))


def _claim(tenant_id: UUID, job_id: UUID) -> tuple[JobKind, Run] | None:
    now = timezone.now()
    until = now + settings.JOB_LEASE
    free = Q(state=JobState.READY) | Q(state=JobState.RUNNING, lease_until__lt=now)
    with tenant_scope(tenant_id):
        claimed = Job.objects.filter(free, pk=job_id).update(
            state=JobState.RUNNING,
            lease_until=until,
            fence=F("fence") + 1,
            attempt=F("attempt") + 1,
        )
        if not claimed:
            return None
        Bell.objects.filter(pk=job_id).update(ring_at=until)
        job = Job.objects.get(pk=job_id)
        run = Run(tenant_id, job_id, job.subject_id, job.fence)
        if job.attempt > settings.JOB_MAX_ATTEMPTS:
            run.fail(
                f"Given up after {settings.JOB_MAX_ATTEMPTS} attempts that did not finish. "
                f"The operator finds the reason in the worker's log."
            )
            return None
        return JobKind(job.kind), run


@contextmanager
def _lease_kept(run: Run) -> Iterator[None]:
    """Renew the lease from a thread while the work goes on."""
    stop = threading.Event()

    def keep() -> None:
        while not stop.wait(settings.JOB_LEASE.total_seconds() / 3):
            run.renew()
        connection.close()

    keeper = threading.Thread(target=keep, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()
