"""The sweeper: rings for lost jobs and plans each hospital's night in its own time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from comanage.jobs.kinds import LOCAL_TIMES, ScheduleKind
from comanage.jobs.models import Bell, Schedule
from comanage.jobs.queue import RING_AGAIN_AFTER, ring
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope

Planner = Callable[[str], None]
_planners: dict[ScheduleKind, Planner] = {}


def plans(kind: ScheduleKind) -> Callable[[Planner], Planner]:
    """Register what a schedule queues; it is called in the tenant's scope with the night's name."""

    def register(planner: Planner) -> Planner:
        _planners[kind] = planner
        return planner

    return register


def start_schedules(*, tenant: Tenant) -> None:
    """Give a hospital all that is done every day."""
    for kind in ScheduleKind:
        start_schedule(tenant=tenant, kind=kind)


def start_schedule(*, tenant: Tenant, kind: ScheduleKind) -> Schedule:
    """Give a hospital one daily run, by its own clock, beginning with the next."""
    schedule = Schedule(tenant=tenant, kind=kind, local_time=LOCAL_TIMES[kind])
    schedule.next_run_at = next_run(timezone.now(), schedule.local_time, tenant.zone)
    schedule.save()
    return schedule


def next_run(now: datetime, local_time: clock_time, zone: ZoneInfo) -> datetime:
    """Return the next moment that the hospital's clock shows the time, also over a DST change."""
    day = now.astimezone(zone).date()
    due = datetime.combine(day, local_time, tzinfo=zone)
    if due.astimezone(UTC) <= now:  # as instants: one clock time may come twice a night
        due = datetime.combine(day + timedelta(days=1), local_time, tzinfo=zone)
    return due


def ring_due() -> None:
    """Ring every bell that is due and plan every night that has come."""
    for job_id, tenant_id in _due_bells():
        ring(tenant_id=tenant_id, job_id=job_id)
    for schedule_id in list(
        Schedule.objects.filter(next_run_at__lte=timezone.now()).values_list("pk", flat=True)
    ):
        _plan(schedule_id)


def _due_bells() -> list[tuple[UUID, UUID]]:
    with transaction.atomic():
        due = list(
            Bell.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(ring_at__lte=timezone.now())
            .values_list("job_id", "tenant_id")[:1000]
        )
        Bell.objects.filter(job_id__in=[job_id for job_id, _ in due]).update(
            ring_at=timezone.now() + RING_AGAIN_AFTER
        )
    return due


def _plan(schedule_id: int) -> None:
    """Plan one hospital's night; a second sweeper finds it done."""
    with transaction.atomic():
        schedule = (
            Schedule.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(pk=schedule_id, next_run_at__lte=timezone.now())
            .first()
        )
        if schedule is None:
            return
        with tenant_scope(schedule.tenant_id):
            tenant = Tenant.objects.get(pk=schedule.tenant_id)
            night = schedule.next_run_at.astimezone(tenant.zone).date().isoformat()
            _planners[ScheduleKind(schedule.kind)](night)
        schedule.next_run_at = next_run(timezone.now(), schedule.local_time, tenant.zone)
        schedule.save(update_fields=["next_run_at"])
