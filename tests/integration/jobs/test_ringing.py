"""Bells and nights: the sweeper rings for what is due, in each hospital's own time."""

import base64
import json
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from comanage.celery import app
from comanage.jobs.kinds import JobKind, ScheduleKind
from comanage.jobs.models import Bell, Job, Schedule
from comanage.jobs.queue import enqueue, ring
from comanage.jobs.schedule import next_run, ring_due, start_schedule
from tests.workers import own_queue

CHICAGO = ZoneInfo("America/Chicago")
TWO = time(2, 0)


@pytest.fixture
def unheard():
    """Ring where no worker listens, so that the message stays to be read."""
    with own_queue():
        yield


def messages_about(job_id):
    """Read what lies in the broker about a job."""
    with app.connection_for_read() as connection:
        waiting = connection.default_channel.client.lrange(app.conf.task_default_queue, 0, -1)
    bodies = [base64.b64decode(json.loads(message)["body"]) for message in waiting]
    return [json.loads(body) for body in bodies if str(job_id) in body.decode()]


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "at", "due"),
    [
        (utc(2026, 1, 15, 12), CHICAGO, TWO, utc(2026, 1, 16, 8)),
        (utc(2026, 7, 15, 12), CHICAGO, TWO, utc(2026, 7, 16, 7)),
        (utc(2026, 7, 15, 12), ZoneInfo("America/New_York"), TWO, utc(2026, 7, 16, 6)),
        (utc(2026, 7, 16, 6, 59), CHICAGO, TWO, utc(2026, 7, 16, 7)),
        (utc(2026, 7, 16, 7), CHICAGO, TWO, utc(2026, 7, 17, 7)),
        # 8 March 2026: two o'clock is left out; the night's run is at three by daylight time
        (utc(2026, 3, 7, 12), CHICAGO, TWO, utc(2026, 3, 8, 8)),
        (utc(2026, 3, 8, 7, 59), CHICAGO, TWO, utc(2026, 3, 8, 8)),
        (utc(2026, 3, 8, 8), CHICAGO, TWO, utc(2026, 3, 9, 7)),
        # 1 November 2026: one o'clock comes twice, two o'clock once
        (utc(2026, 10, 31, 12), CHICAGO, TWO, utc(2026, 11, 1, 8)),
        (utc(2026, 11, 1, 7, 30), CHICAGO, TWO, utc(2026, 11, 1, 8)),
        (utc(2026, 11, 1, 8), CHICAGO, TWO, utc(2026, 11, 2, 8)),
        # a time that comes twice is run the first time it comes
        (utc(2026, 11, 1, 5), CHICAGO, time(1, 30), utc(2026, 11, 1, 6, 30)),
        (utc(2026, 11, 1, 6, 30), CHICAGO, time(1, 30), utc(2026, 11, 2, 7, 30)),
        (utc(2026, 11, 1, 7, 10), CHICAGO, time(1, 30), utc(2026, 11, 2, 7, 30)),
    ],
)
def test_the_night_is_told_by_the_hospitals_clock(now, zone, at, due):
    assert next_run(now, at, zone).astimezone(UTC) == due


def test_a_year_of_nights_is_one_run_for_each_day_and_never_in_the_past():
    now, end, days = utc(2026, 1, 1, 12), utc(2027, 1, 1), set()
    while now < end:
        due = next_run(now, TWO, CHICAGO).astimezone(UTC)
        assert due > now
        now = due
        days.add(due.astimezone(CHICAGO).date())

    assert len(days) == 365


def test_a_due_bell_is_rung_with_nothing_but_ids_and_put_off(inside, unheard):
    job = enqueue(JobKind.CHECK_UPLOAD, subject_id=uuid4(), key="check")
    Bell.objects.filter(pk=job.pk).update(ring_at=timezone.now() - timedelta(seconds=1))

    ring_due()

    ((args, kwargs, _),) = messages_about(job.pk)
    assert args == []
    assert kwargs == {"tenant_id": str(inside.pk), "job_id": str(job.pk)}
    assert Bell.objects.get(pk=job.pk).ring_at > timezone.now()
    ring_due()
    assert len(messages_about(job.pk)) == 1


def test_a_bell_that_is_not_due_is_not_rung(inside, unheard):
    job = enqueue(JobKind.CHECK_UPLOAD, subject_id=uuid4(), key="check")

    ring_due()

    assert messages_about(job.pk) == []


@pytest.fixture
def broker_away():
    """Point the doorbell at a port where nobody listens."""
    before = app.conf.broker_write_url
    app.conf.broker_write_url = "redis://127.0.0.1:9/0"
    app.amqp._producer_pool = None
    yield
    app.conf.broker_write_url = before
    app.amqp._producer_pool = None


def test_a_broker_that_is_away_only_warns_and_the_bell_stays(inside, broker_away, caplog):
    job = enqueue(JobKind.CHECK_UPLOAD, subject_id=uuid4(), key="check")

    ring(tenant_id=inside.pk, job_id=job.pk)

    assert "broker away" in caplog.text
    assert Bell.objects.filter(pk=job.pk).exists()
    assert Job.objects.get(pk=job.pk).state == "ready"


@pytest.fixture
def schedule(computed):
    """The night of the small hospital, come but not planned."""
    made = start_schedule(tenant=computed.tenant, kind=ScheduleKind.NIGHTLY_SCORECARDS)
    Schedule.objects.filter(pk=made.pk).update(next_run_at=utc(2026, 3, 8, 8))
    made.refresh_from_db()
    return made


def test_a_night_that_has_come_is_planned_once_for_every_year_on_the_clock(schedule, computed):
    ring_due()
    ring_due()

    nights = Job.objects.filter(kind=JobKind.RECOMPUTE_SCORECARD, key__startswith="night:")
    assert [(job.subject_id, job.key) for job in nights] == [(computed.pk, "night:2026-03-08")]
    schedule.refresh_from_db()
    assert schedule.next_run_at > timezone.now()


def test_the_same_night_planned_again_adds_no_job(schedule, computed):
    ring_due()
    Schedule.objects.filter(pk=schedule.pk).update(next_run_at=utc(2026, 3, 8, 8))

    ring_due()

    assert Job.objects.filter(key__startswith="night:").count() == 1


def test_a_new_schedule_begins_tonight_by_the_hospitals_clock(computed):
    made = start_schedule(tenant=computed.tenant, kind=ScheduleKind.NIGHTLY_SCORECARDS)

    local = made.next_run_at.astimezone(CHICAGO)
    assert timezone.now() < made.next_run_at <= timezone.now() + timedelta(hours=25)
    assert local.hour in {2, 3}
