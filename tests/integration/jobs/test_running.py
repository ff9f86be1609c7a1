"""A job is done once, however often it is run, lost or raced."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from agreements.valuations.models import Opinion
from comanage.celery import app
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind, ScheduleKind
from comanage.jobs.models import Bell, Job, JobState
from comanage.jobs.queue import enqueue
from comanage.jobs.run import (
    FenceLostError,
    JobProblemError,
    _claim,
    handled_kinds,
    run_job,
)
from comanage.jobs.schedule import _planners
from comanage.tenancy.scope import tenant_scope
from comanage.values.period import Period
from scorecards.cards.actions import ask_for_recompute
from scorecards.cards.models import Scorecard
from tests.ground import (
    accept,
    check,
    hand_in,
    small_draft,
    small_opinion,
    stays,
)

RECOMPUTE = JobKind.RECOMPUTE_SCORECARD


@pytest.fixture
def job(computed):
    """A recomputation that waits, with something new to count."""
    accept(check(stays(50, readmitted=1)))
    return Job.objects.get(kind=RECOMPUTE, state=JobState.READY)


def claim(job):
    claimed = _claim(job.tenant_id, job.pk)
    return claimed and claimed[1]


def expire(job):
    """Let the lease run out."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def run(job):
    run_job(tenant_id=job.tenant_id, job_id=job.pk)
    job.refresh_from_db()
    return job


def versions():
    return list(Scorecard.objects.order_by("version").values_list("version", flat=True))


def test_a_job_that_is_running_is_not_claimed_again(job):
    assert claim(job) is not None
    assert claim(job) is None


def test_a_job_whose_lease_ran_out_is_claimed_with_a_higher_fence(job):
    first = claim(job)
    expire(job)
    second = claim(job)

    assert second.fence == first.fence + 1
    job.refresh_from_db()
    assert job.attempt == 2


def test_a_late_worker_commits_nothing(job):
    late = claim(job)
    expire(job)
    claim(job)

    with pytest.raises(FenceLostError), late.committing():
        Scorecard.objects.create(
            year_id=job.subject_id,
            version=99,
            computed_at=timezone.now(),
            input_sha256="0" * 64,
            engine_version="1",
            document={},
            earned=small_opinion().fixed,
            pool=small_opinion().fixed,
        )

    assert versions() == [1]
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_a_result_that_fails_while_it_is_written_leaves_nothing(job):
    held = claim(job)

    def write_half():
        with held.committing():
            small_opinion()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()

    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    assert Opinion.objects.count() == 1


def test_two_workers_on_one_job_keep_one_result(job, meddling, caplog):
    def another_worker_takes_it():
        expire(job)
        run(job)

    meddling(another_worker_takes_it)
    run(job)

    assert (job.state, job.attempt, versions()) == (JobState.DONE, 2, [1, 2])
    assert "claimed again" in caplog.text


def test_a_computation_on_cases_of_before_never_replaces_a_newer_one(job, meddling, computed):
    def newer_cases_come_in():
        with tenant_scope(job.tenant_id):
            hand_in(stays(30, readmitted=3, measured=0))

    meddling(newer_cases_come_in)
    run(job)

    newest = Scorecard.objects.order_by("-version").first()
    assert job.state == JobState.DONE
    assert newest.document["indicators"][0]["rate"] == "1/10"
    assert newest.document["slices"][0]["version"] == 3


def test_a_renewed_lease_is_longer_and_a_lost_one_is_not_renewed(job):
    late = claim(job)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now())
    late.renew()
    job.refresh_from_db()
    assert job.lease_until > timezone.now() + timedelta(seconds=10)

    expire(job)
    claim(job)
    job.refresh_from_db()
    until = job.lease_until
    late.renew()

    job.refresh_from_db()
    assert job.lease_until == until


def test_a_job_that_was_lost_three_times_is_given_up_with_a_reason(job):
    for _ in range(3):
        assert claim(job) is not None
        expire(job)

    run(job)

    assert job.state == JobState.FAILED
    assert "Given up after 3 attempts" in job.problem
    assert not Bell.objects.filter(pk=job.pk).exists()
    assert claim(job) is None


def test_work_that_cannot_be_done_says_why_and_is_not_tried_again(computed):
    draft = small_draft(
        program=computed.program,
        period=Period(computed.ends_on, date(2027, 1, 1)),
    )
    job = enqueue(RECOMPUTE, subject_id=draft.pk, key="asked")

    run(job)

    assert (job.state, job.problem) == (JobState.FAILED, "The terms of the year are not locked.")
    assert not Bell.objects.filter(pk=job.pk).exists()


def test_a_problem_of_a_late_worker_is_dropped_too(job, meddling, caplog):
    def another_worker_takes_it_and_this_one_fails():
        expire(job)
        assert claim(job) is not None
        raise JobProblemError("The file is damaged.")

    meddling(another_worker_takes_it_and_this_one_fails)
    run(job)

    assert (job.state, job.problem) == (JobState.RUNNING, "")
    assert "claimed again" in caplog.text


def test_an_error_leaves_the_job_to_be_tried_again_after_its_lease(job, meddling):
    def disk_fails():
        raise OSError("disk")

    meddling(disk_fails)
    with pytest.raises(OSError, match="disk"):
        run(job)

    job.refresh_from_db()
    assert (job.state, versions()) == (JobState.RUNNING, [1])
    assert Bell.objects.get(pk=job.pk).ring_at == job.lease_until
    assert run(job).state == JobState.RUNNING

    expire(job)
    assert run(job).state == JobState.DONE
    assert versions() == [1, 2]


def test_a_job_that_is_done_is_not_done_again(job):
    run(job)
    run(job)

    assert (job.attempt, versions()) == (1, [1, 2])
    assert not Bell.objects.filter(pk=job.pk).exists()


def test_the_same_inputs_add_no_version(computed):
    job = ask_for_recompute(year=computed, by=member(Role.CONSULTANT))

    run(job)

    assert (job.state, versions()) == (JobState.DONE, [1])


def test_the_same_work_asked_twice_is_one_job_and_one_bell(computed):
    subject = uuid4()

    first, second = (enqueue(RECOMPUTE, subject_id=subject, key="night:1") for _ in range(2))
    other = enqueue(RECOMPUTE, subject_id=subject, key="night:2")

    assert first.pk == second.pk != other.pk
    assert Bell.objects.filter(pk__in=[first.pk, other.pk]).count() == 2


def test_every_kind_of_job_has_a_handler_in_the_worker():
    app.loader.import_default_modules()

    assert handled_kinds() == set(JobKind)


def test_every_schedule_has_a_planner_in_the_worker():
    app.loader.import_default_modules()

    assert set(_planners) == set(ScheduleKind)


def test_a_report_that_is_asked_twice_is_one_job(computed):
    from adjudication.package.actions import ask_for_report
    from adjudication.package.models import Stage
    from tests.signing import freeze

    snapshot = freeze(computed)

    again = ask_for_report(snapshot=snapshot, stage=Stage.REVIEW)

    assert Job.objects.get(kind=JobKind.RENDER_REPORT) == again
