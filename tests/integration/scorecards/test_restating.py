"""A closed period changes by an approved restatement alone, and what was published stays."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from adjudication.payments.models import LedgerEntry
from adjudication.payments.policies import check_can_pay
from adjudication.years.actions import freeze_year, return_for_changes
from adjudication.years.queries import standing
from adjudication.years.steps import OWNER, Step
from agreements.terms.actions import close_period
from agreements.terms.models import MeasurementYear, YearStatus
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.roles import GRANTS, Permission, Role
from comanage.jobs.kinds import JobKind
from comanage.tenancy.models import Tenant
from comanage.values.money import Money
from comanage.web.errors import PolicyError
from scorecards.cards.actions import keep_scorecard
from scorecards.cards.editions import read_editions, restated_words
from scorecards.cards.models import Scorecard
from scorecards.cards.queries import edition, published, slices_of_year
from scorecards.feeds.models import Feed
from scorecards.intake.actions import Wishes, receive_upload
from scorecards.intake.models import Slice, Upload, UploadStatus
from scorecards.intake.policies import PeriodLockedError
from scorecards.restatements.actions import (
    accept_upload,
    approve_restatement,
    ask_for_restatement,
    decline_restatement,
    send_restatement,
)
from scorecards.restatements.models import Restatement, RestatementState
from scorecards.restatements.queries import restated_slices
from tests.ground import accept, check, receive, run_jobs, settle_here, stays, take_in
from tests.signing import book, sign
from tests.worlds import parcel

STEWARD, COMPLIANCE = Role.SERVICE_LINE_ADMINISTRATOR, Role.COMPLIANCE
WHY = "Two planned returns were coded as unplanned."


@pytest.fixture
def frozen(year):
    """The year with its first edition, over and frozen."""
    take_in(stays())
    run_jobs(year.tenant_id, JobKind.RECOMPUTE_SCORECARD)
    assert Tenant.objects.get().today() >= year.ends_on
    freeze_year(year=year, by=member(Role.CONSULTANT))
    return MeasurementYear.objects.get(pk=year.pk)


def ask(content=None, *, by=STEWARD):
    """Send a restatement and let it be checked."""
    upload, _ = send_restatement(
        feed=Feed.objects.get(),
        parcel=parcel(stays(readmitted=1) if content is None else content),
        reason=WHY,
        by=member(by),
    )
    return settle_here(upload)


def approve(upload, *, by=COMPLIANCE, note=""):
    upload.refresh_from_db()
    asked = approve_restatement(
        upload=upload, shown_basis=upload.changes["basis"], note=note, by=member(by)
    )
    run_jobs(upload.tenant_id, JobKind.RECOMPUTE_SCORECARD)
    return asked


def test_without_a_restatement_a_closed_period_takes_no_file(frozen):
    with pytest.raises(PeriodLockedError, match="Ask for a restatement"):
        receive(stays(readmitted=1))

    assert Upload.objects.count() == 1


def test_an_open_period_needs_no_restatement_and_nothing_is_received(year):
    with transaction.atomic(), pytest.raises(PolicyError, match="is not closed"):
        ask()

    assert not Upload.objects.exists()


def test_a_restatement_waits_with_its_effect_and_changes_nothing_yet(frozen):
    upload = ask()

    (effect,) = upload.changes["years"]
    assert (upload.status, effect["is_closed"]) == (UploadStatus.HELD, True)
    assert Restatement.objects.get().state == RestatementState.ASKED
    assert Slice.objects.count() == Scorecard.objects.count() == 1
    assert Event.objects.get(kind=EventKind.RESTATEMENT_ASKED).details["reason"] == WHY


def test_even_a_restatement_that_changes_no_case_waits(frozen):
    header, *rows = stays().splitlines()

    assert ask(b"\n".join([header, *reversed(rows), b""])).status == UploadStatus.HELD


def test_the_data_owner_cannot_let_it_in_as_an_ordinary_file(frozen):
    upload = ask()

    with pytest.raises(PolicyError, match="Counsel or compliance decides"):
        accept_upload(
            upload=upload, shown_basis=upload.changes["basis"], reason="Yes.", by=member(STEWARD)
        )


def test_counsel_and_compliance_alone_approve():
    holders = {role for role in Role if Permission.RESTATEMENT_APPROVE in GRANTS[role]}

    assert holders == {Role.COUNSEL, Role.COMPLIANCE}
    assert {role for role in Role if Permission.UPLOAD_ACCEPT in GRANTS[role]} == {STEWARD}


def test_nobody_approves_what_they_asked_for(frozen):
    upload = ask(by=COMPLIANCE)

    with pytest.raises(PolicyError, match="Whoever asked"):
        approve(upload)
    asked = Restatement.objects.get()
    with transaction.atomic(), pytest.raises(IntegrityError, match="decided_by_another"):
        Restatement.objects.filter(pk=asked.pk).update(
            state=RestatementState.APPROVED,
            decided_by=asked.asked_by,
            decided_at=timezone.now(),
        )


def test_nobody_approves_what_they_sent(frozen):
    upload, _ = receive_upload(
        feed=Feed.objects.get(),
        parcel=parcel(stays(readmitted=1), wishes=Wishes(restates=True)),
        by=member(COMPLIANCE),
    )
    ask_for_restatement(upload=upload, reason=WHY, by=member(STEWARD))
    settle_here(upload)

    with pytest.raises(PolicyError, match="Whoever sent"):
        approve(upload)


def test_a_file_that_waits_when_its_period_closes_is_no_longer_accepted(year):
    take_in(stays())
    held = check(stays(readmitted=1))
    close_period(year=year, today=year.ends_on, by=member(Role.CONSULTANT))

    with pytest.raises(PeriodLockedError, match="closed for adjudication"):
        accept(held)


def test_an_approved_restatement_makes_a_new_version_and_a_new_edition(frozen):
    before = Scorecard.objects.get()
    document = before.document

    asked = approve(ask(), note="Confirmed by coding.")

    assert (asked.state, asked.note) == (RestatementState.APPROVED, "Confirmed by coding.")
    assert [slice_.version for slice_ in slices_of_year(frozen)] == [2]
    newest = Scorecard.objects.order_by("-version").first()
    assert (newest.version, newest.document["indicators"][0]["rate"]) == (2, "1/40")
    assert edition(frozen, "1").document == document
    frozen.refresh_from_db()
    assert frozen.status == YearStatus.CLOSED


def test_the_list_of_editions_says_why_each_came_out_and_what_it_changed(frozen):
    approve(ask())

    listed = read_editions(frozen.terms, published(frozen, 0, 21), restated_slices(frozen))

    second, first = listed
    assert first.why == ("Data: stays.csv, version 1 of 1 Jan 2025 to 31 Dec 2025.",)
    assert second.why == (f"Restatement: stays.csv, version 2 of 1 Jan 2025 to 31 Dec 2025. {WHY}",)
    assert (first.difference, second.difference) == ("", "$18,000.00 more")
    (effect,) = second.moved
    assert (effect.before.counts, effect.after.counts) == ("3 / 40", "1 / 40")
    newest = Scorecard.objects.order_by("-version").first()
    assert restated_words(newest.document["slices"], restated_slices(frozen)) == (
        f"Restated, 1 Jan 2025 to 31 Dec 2025: {WHY}",
    )


def test_a_declined_restatement_keeps_everything_as_it_was(frozen):
    upload = ask()

    decline_restatement(upload=upload, note="Not documented.", by=member(Role.COUNSEL))

    upload.refresh_from_db()
    assert (upload.status, Restatement.objects.get().state) == (
        UploadStatus.DECLINED,
        RestatementState.DECLINED,
    )
    assert Slice.objects.count() == 1
    assert not standing(frozen).is_restated


def test_a_closed_year_keeps_no_edition_that_was_not_restated(frozen):
    card = Scorecard.objects.get()

    kept = keep_scorecard(
        year=frozen, document=card.document, input_sha256="1" * 64, by=member(Role.CONSULTANT)
    )

    assert (kept, Scorecard.objects.count()) == (None, 1)


# --- The year that was frozen on it -------------------------------------------------------------


def test_a_snapshot_whose_data_was_restated_is_signed_no_more(frozen):
    sign(frozen, Step.ATTEST)
    approve(ask())

    assert standing(frozen).is_restated
    with pytest.raises(PolicyError, match="restated after it was frozen"):
        sign(frozen, Step.REVIEW)


def test_it_is_returned_and_frozen_anew_or_frozen_anew_at_once(frozen):
    approve(ask())

    with transaction.atomic():
        return_for_changes(
            year=frozen,
            step=Step.ATTEST,
            sha256=standing(frozen).snapshot.sha256,
            reason="Restated.",
            by=member(OWNER[Step.ATTEST]),
        )
        freeze_year(year=frozen, by=member(Role.CONSULTANT))
        assert not standing(frozen).is_restated
        transaction.set_rollback(True)
    freeze_year(year=frozen, by=member(Role.CONSULTANT))

    now = standing(frozen)
    assert (now.is_restated, now.snapshot.number, now.next_step) == (False, 2, Step.ATTEST)


def test_a_year_that_was_not_restated_is_not_frozen_twice(frozen):
    with pytest.raises(PolicyError, match="frozen already"):
        freeze_year(year=frozen, by=member(Role.CONSULTANT))


def test_nothing_is_paid_on_restated_data(frozen):
    for step in Step:
        sign(frozen, step)
    approve(ask())

    with pytest.raises(PolicyError, match="frozen and signed anew"):
        check_can_pay(standing(frozen), [], by=member(Role.FINANCE))


def test_what_a_restated_year_owes_beside_what_was_paid_is_booked_and_paid(frozen):
    for step in Step:
        sign(frozen, step)
    first = book(frozen)
    approve(ask())
    freeze_year(year=frozen, by=member(Role.CONSULTANT))
    for step in Step:
        sign(frozen, step)

    (correction,) = LedgerEntry.objects.filter(kind="correction")
    assert correction.amount == standing(frozen).snapshot.total + sum(e.amount for e in first)
    assert (correction.about.kind, correction.amount > Money(0)) == ("due", True)
    (again,) = book(frozen)
    assert (again.number, -again.amount) == (2, correction.amount)


def test_no_year_is_frozen_while_a_file_of_it_waits_for_a_person(year):
    take_in(stays())
    run_jobs(year.tenant_id, JobKind.RECOMPUTE_SCORECARD)
    settle_here(receive(stays(readmitted=1)))

    with pytest.raises(PolicyError, match="waits for a person"):
        freeze_year(year=year, by=member(Role.CONSULTANT))
