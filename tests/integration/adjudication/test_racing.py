"""Real commits, real threads: whatever is clicked at once happens once."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from adjudication.payments.actions import (
    Proposal,
    approve_estimate,
    pay_estimate,
    propose_estimate,
)
from adjudication.payments.models import Component, Estimate, LedgerEntry
from adjudication.years.models import SignOff, Snapshot
from adjudication.years.snapshot import statement_of
from adjudication.years.steps import Step
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.audit.queries import verify_chain
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind, ScheduleKind
from comanage.jobs.models import Job, Schedule
from comanage.jobs.run import _claim
from comanage.jobs.schedule import ring_due, start_schedule
from comanage.tenancy.scope import tenant_scope
from comanage.values.money import Money
from comanage.web.errors import PolicyError
from scorecards.intake.models import Upload
from tests.ground import hand_in, open_year, receive, small_hospital, stays, storage_in
from tests.signing import PAID_ON, book, current_sha256, freeze, sign, sign_up_to

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed(tmp_path):
    """A hospital whose year has a scorecard, for everybody to see."""
    with storage_in(tmp_path / "stored"):
        tenant = small_hospital()
        with tenant_scope(tenant.pk):
            year = open_year()
            hand_in(stays())
        yield year


def at_once(times, deed, *, expected=PolicyError):
    """Run a deed in so many threads that start together; return what each gave or raised."""
    gate = Barrier(times)

    def one(_number):
        try:
            gate.wait(timeout=20)
            return deed()
        except expected as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(one, range(times)))


def in_scope(hospital_year, deed, /, *given, **named):
    def done():
        with tenant_scope(hospital_year.tenant_id):
            return deed(*given, **named)

    return done


def test_thirty_clicks_on_pay_are_one_payment(committed):
    with tenant_scope(committed.tenant_id):
        freeze(committed)
        sign_up_to(committed, Step.CEO)
        sha256 = current_sha256(committed)

    answers = at_once(30, in_scope(committed, book, committed, sha256=sha256))

    paid = [answer for answer in answers if not isinstance(answer, PolicyError)]
    assert len(paid) == 1
    assert {str(a) for a in answers if isinstance(a, PolicyError)} == {
        "This year is paid already. A payment is recorded once."
    }
    with tenant_scope(committed.tenant_id):
        stated = statement_of(json.loads(Snapshot.objects.get().canonical))["lines"]
        paid = LedgerEntry.objects.filter(kind="paid")
        entries = {entry.component: -entry.amount for entry in paid}
        assert entries == {line["component"]: Money.from_dollars(line["amount"]) for line in stated}
        assert paid.count() == len(stated) == 2
        assert Event.objects.filter(kind=EventKind.PAYMENT_RECORDED).count() == 1
        assert verify_chain().holds


def test_ten_proposals_are_one_estimate_and_thirty_clicks_on_pay_one_payment(committed):
    quarter = committed.period.quarters()[0]
    proposal = Proposal(quarter, Component.FIXED_FEE, Money(100), "Done.")
    with tenant_scope(committed.tenant_id):
        finance, ceo = member(Role.FINANCE), member(Role.CEO)

    proposed = at_once(
        10, in_scope(committed, propose_estimate, year=committed, proposal=proposal, by=finance)
    )
    (estimate,) = [answer for answer in proposed if isinstance(answer, Estimate)]
    approve = in_scope(committed, approve_estimate, estimate=estimate, note="", by=ceo)
    approved = at_once(10, approve)
    facts = {"estimate": estimate, "paid_on": PAID_ON, "reference": "AP-1"}
    paid = at_once(30, in_scope(committed, pay_estimate, **facts, by=finance))

    for answers in (approved, paid):
        assert sum(isinstance(answer, LedgerEntry) for answer in answers) == 1
    with tenant_scope(committed.tenant_id):
        entries = LedgerEntry.objects.values_list("sequence", "kind", "amount")
        assert list(entries) == [(1, "estimated", Money(100)), (2, "paid", -Money(100))]
        assert verify_chain().holds


def test_thirty_writes_past_every_action_are_one_payment(committed):
    """The index alone holds, where no row is locked and no policy asked."""
    with tenant_scope(committed.tenant_id):
        freeze(committed)
        sign_up_to(committed, Step.CEO)
        due = LedgerEntry.objects.filter(component="incentive").get()
        payer = member(Role.FINANCE).id
    places = ("program_id", "year_id", "starts_on", "ends_on", "component", "payee_id")
    item = {name: getattr(due, name) for name in (*places, "snapshot_id")}
    numbers = iter(range(100, 130))

    def write():
        with tenant_scope(committed.tenant_id):
            LedgerEntry.objects.create(
                **item,
                sequence=next(numbers),
                kind="paid",
                side="settled",
                amount=-Money(1),
                reason="Past every action.",
                paid_on=PAID_ON,
                reference="AP-1",
                recorded_at=timezone.now(),
                recorded_by_id=payer,
            )

    outcomes = at_once(30, write, expected=IntegrityError)

    assert sum(outcome is None for outcome in outcomes) == 1
    with tenant_scope(committed.tenant_id):
        assert LedgerEntry.objects.filter(kind="paid").count() == 1


def test_ten_clicks_on_sign_are_one_signature(committed):
    with tenant_scope(committed.tenant_id):
        freeze(committed)
        sha256 = current_sha256(committed)

    answers = at_once(10, in_scope(committed, sign, committed, Step.ATTEST, sha256=sha256))

    assert sum(isinstance(answer, SignOff) for answer in answers) == 1
    with tenant_scope(committed.tenant_id):
        assert SignOff.objects.count() == 1
        assert verify_chain().holds


def test_ten_clicks_on_freeze_are_one_snapshot(committed):
    answers = at_once(10, in_scope(committed, freeze, committed))

    assert sum(isinstance(answer, Snapshot) for answer in answers) == 1
    with tenant_scope(committed.tenant_id):
        assert Snapshot.objects.count() == 1


def test_two_clicks_on_upload_are_one_upload(committed, tmp_path):
    def files():
        return len(list((tmp_path / "stored").rglob("uploads/*")))

    with tenant_scope(committed.tenant_id):
        uploads, stored = Upload.objects.count(), files()

    answers = at_once(2, in_scope(committed, receive, stays(50), key="one-double-click"))

    assert len({answer.pk for answer in answers}) == 1
    with tenant_scope(committed.tenant_id):
        assert Upload.objects.count() == uploads + 1
        assert Job.objects.filter(kind=JobKind.CHECK_UPLOAD, state="ready").count() == 1
    assert files() == stored + 1


def test_of_two_workers_one_claims_a_job(committed):
    with tenant_scope(committed.tenant_id):
        upload = receive(stays(50))
        job = Job.objects.get(subject_id=upload.pk)

    claims = at_once(8, lambda: _claim(committed.tenant_id, job.pk))

    assert sum(claim is not None for claim in claims) == 1
    with tenant_scope(committed.tenant_id):
        job.refresh_from_db()
        assert (job.attempt, job.fence) == (1, 1)


def test_two_sweepers_plan_a_night_once(committed):
    with tenant_scope(committed.tenant_id):
        start_schedule(tenant=committed.tenant, kind=ScheduleKind.NIGHTLY_SCORECARDS)
    Schedule.objects.update(next_run_at=timezone.now())

    at_once(4, ring_due)

    with tenant_scope(committed.tenant_id):
        assert Job.objects.filter(key__startswith="night:").count() == 1
    assert Schedule.objects.get().next_run_at > timezone.now()
