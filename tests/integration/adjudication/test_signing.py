"""Nobody skips a step, takes it twice, takes two, or signs their own work."""

from datetime import date

import pytest
from django.db import Error, transaction
from django.utils import timezone

from adjudication.years.actions import freeze_year, return_for_changes, sign_off
from adjudication.years.models import Decision, SignOff, Snapshot
from adjudication.years.queries import standing
from adjudication.years.steps import ORDER, OWNER, Step
from agreements.terms.models import MeasurementYear, YearStatus
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.audit.queries import verify_chain
from comanage.demo.build import member
from comanage.identity.actions import end_membership, grant_membership
from comanage.identity.actor import Actor
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job
from comanage.tenancy.models import Tenant
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from scorecards.cards.actions import ask_for_recompute
from tests.ground import (
    FIXED_FEE,
    INCENTIVE,
    hand_in,
    open_year,
    receive,
    run_jobs,
    small_opinion,
    small_program,
    stays,
)
from tests.signing import current_sha256, freeze, send_back, sign, sign_up_to


def refused(match, deed, *given, **named):
    """Try a deed; see its sentence, and that nothing was written."""
    before = SignOff.objects.count(), Snapshot.objects.count(), Event.objects.count()
    with pytest.raises(PolicyError, match=match):
        deed(*given, **named)
    assert (SignOff.objects.count(), Snapshot.objects.count(), Event.objects.count()) == before


def test_a_year_is_frozen_with_the_dollars_of_its_scorecard(computed):
    snapshot = freeze(computed)

    computed.refresh_from_db()
    assert computed.status == YearStatus.CLOSED
    assert snapshot.total == FIXED_FEE + INCENTIVE


def test_every_step_in_order_by_its_owner_authorizes_the_year(computed):
    freeze(computed)

    sign_up_to(computed, Step.CEO)

    assert standing(computed).is_authorized
    signed = standing(computed).sign_offs
    assert [s.step for s in signed] == list(ORDER)
    assert {s.snapshot_sha256 for s in signed} == {current_sha256(computed)}
    assert verify_chain().holds


@pytest.mark.parametrize("step", ORDER)
def test_nothing_is_signed_before_it_is_frozen(computed, step):
    refused("Nothing is frozen yet", sign, computed, step)


@pytest.mark.parametrize("done", range(len(ORDER) - 1))
def test_no_step_is_skipped(computed, done):
    freeze(computed)
    for step in ORDER[:done]:
        sign(computed, step)

    for later in ORDER[done + 1 :]:
        refused("Out of order", sign, computed, later)


@pytest.mark.parametrize("step", ORDER)
def test_no_step_is_taken_twice(computed, step):
    freeze(computed)
    sign_up_to(computed, step)

    refused("has been signed already", sign, computed, step)
    refused("has been signed already", send_back, computed, step)


@pytest.mark.parametrize("step", ORDER)
def test_a_step_is_for_its_own_role_alone(computed, step):
    freeze(computed)
    for earlier in ORDER[: ORDER.index(step)]:
        sign(computed, earlier)

    for membership in Membership.objects.select_related("user").exclude(role=OWNER[step]):
        refused(r"alone|Nobody signs", sign, computed, step, by=Actor.member(membership))


def test_whoever_froze_the_year_does_not_sign_it(computed):
    preparer = member(Role.SERVICE_LINE_ADMINISTRATOR)
    freeze_year(year=computed, by=preparer)

    refused("Whoever froze the snapshot", sign, computed, Step.ATTEST, by=preparer)


def test_a_person_who_changed_roles_does_not_sign_a_second_step(computed):
    freeze(computed)
    sign(computed, Step.ATTEST)
    again = in_another_role(Role.SERVICE_LINE_ADMINISTRATOR, Role.REVIEWER)

    refused("Nobody signs two steps", sign, computed, Step.REVIEW, by=again)


def in_another_role(old, new):
    """End a person's membership and grant them the other role."""
    membership = Membership.objects.select_related("user").get(role=old)
    end_membership(membership=membership, by=member(Role.TENANT_ADMINISTRATOR))
    return Actor.member(
        grant_membership(
            email=membership.user.email,
            name=membership.user.name,
            role=new,
            starts_on=date(2024, 1, 1),
            ends_on=None,
            by=member(Role.TENANT_ADMINISTRATOR),
        )
    )


def test_nobody_holds_two_roles_at_once(computed):
    person = Membership.objects.select_related("user").get(role=Role.COUNSEL)
    given = {
        "email": person.user.email,
        "name": person.user.name,
        "role": Role.CEO,
        "starts_on": date(2024, 1, 1),
        "ends_on": None,
    }

    with pytest.raises(PolicyError):
        grant_membership(**given, by=member(Role.TENANT_ADMINISTRATOR))
    with pytest.raises(Error, match="one_live_membership_per_person"), transaction.atomic():
        Membership.objects.create(user=person.user, role=Role.CEO, starts_on=date(2024, 1, 1))


def row(snapshot, step, by, **changes):
    """Write a sign-off past every action."""
    given = {
        "snapshot": snapshot,
        "step": step,
        "decision": Decision.APPROVED,
        "snapshot_sha256": snapshot.sha256,
        "signed_at": timezone.now(),
        "signed_by_id": by.id,
    }
    with transaction.atomic():
        return SignOff.objects.create(**(given | changes))


def test_the_database_lets_nobody_sign_two_steps(computed):
    snapshot = freeze(computed)
    row(snapshot, Step.ATTEST, member(Role.REVIEWER))

    with pytest.raises(Error, match="nobody_signs_two_steps"):
        row(snapshot, Step.REVIEW, member(Role.REVIEWER))


def test_the_database_takes_a_step_once(computed):
    snapshot = freeze(computed)
    row(snapshot, Step.ATTEST, member(Role.REVIEWER))

    with pytest.raises(Error, match="step_once_per_snapshot"):
        row(snapshot, Step.ATTEST, member(Role.COUNSEL))


def test_the_database_takes_no_return_without_a_reason(computed):
    with pytest.raises(Error, match="a_return_has_its_reason"):
        row(freeze(computed), Step.ATTEST, member(Role.COUNSEL), decision=Decision.RETURNED)


@pytest.mark.parametrize("rows", [SignOff, Snapshot])
def test_snapshots_and_signatures_are_append_only(computed, rows):
    freeze(computed)
    sign(computed, Step.ATTEST)
    change = {"sha256": "0" * 64} if rows is Snapshot else {"note": "x"}

    with pytest.raises(Error, match=r"Cannot update|permission denied"), transaction.atomic():
        rows.objects.update(**change)
    with pytest.raises(Error, match=r"Cannot update|permission denied"), transaction.atomic():
        rows.objects.all()._raw_delete("default")


def test_a_signature_on_a_page_of_before_is_refused(computed):
    stale = freeze(computed).sha256
    send_back(computed, Step.ATTEST)
    hand_in(stays(50))
    fresh = freeze(computed).sha256

    assert fresh != stale
    refused("frozen anew", sign, computed, Step.ATTEST, sha256=stale)
    assert sign(computed, Step.ATTEST, sha256=fresh).step == Step.ATTEST


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_a_return_needs_a_reason(computed, reason):
    freeze(computed)

    refused("Say what must change", send_back, computed, Step.ATTEST, reason)


@pytest.mark.parametrize("step", ORDER)
def test_any_signatory_can_return_the_year_and_then_nobody_signs(computed, step):
    freeze(computed)
    for earlier in ORDER[: ORDER.index(step)]:
        sign(computed, earlier)

    send_back(computed, step)

    computed.refresh_from_db()
    assert computed.status == YearStatus.OPEN
    for each in ORDER:
        refused("returned this snapshot", sign, computed, each)
    kinds = list(Event.objects.order_by("-sequence").values_list("kind", flat=True)[:2])
    assert kinds == [EventKind.RETURNED, EventKind.PERIOD_REOPENED]


def test_a_corrected_year_is_signed_from_the_beginning(computed):
    freeze(computed)
    sign_up_to(computed, Step.REVIEW)
    send_back(computed, Step.COMPLIANCE)
    hand_in(stays(50, readmitted=1))

    snapshot = freeze(computed)

    assert snapshot.number == 2
    assert standing(computed).sign_offs == ()
    assert standing(computed).next_step == Step.ATTEST
    refused("Out of order", sign, computed, Step.COMPLIANCE)
    sign_up_to(computed, Step.CEO)
    assert standing(computed).is_authorized


def test_the_same_year_frozen_twice_has_the_same_text_and_hash(computed):
    first = freeze(computed)
    send_back(computed, Step.ATTEST)
    second = freeze(computed)

    assert (second.number, second.canonical) == (first.number + 1, first.canonical)
    assert second.sha256 == first.sha256


def test_a_frozen_year_is_not_frozen_again(computed):
    freeze(computed)

    refused("frozen already", freeze, computed)


def test_a_year_is_not_frozen_without_a_scorecard(computed):
    program = small_program("Joints")
    from agreements.participants.models import Participant

    known = Participant.objects.first()
    Participant.objects.create(
        program=program, physician=known.physician, joined_on=known.joined_on
    )
    bare = open_year(program=program, opinion=small_opinion(program))

    refused("There is no scorecard yet", freeze, bare)


def test_a_year_is_not_frozen_while_it_is_computed(computed):
    ask_for_recompute(year=computed, by=member(Role.CONSULTANT))

    refused("is being computed", freeze, computed)

    run_jobs(computed.tenant_id, JobKind.RECOMPUTE_SCORECARD)
    assert freeze(computed)


def test_a_year_is_not_frozen_while_a_file_of_it_is_checked(computed):
    receive(stays(50))

    refused("A file is being checked", freeze, computed)


def test_a_year_that_is_not_over_is_not_frozen(inside):
    today = Tenant.objects.get(pk=inside.pk).today()
    this_year = Period(date(today.year, 1, 1), date(today.year + 1, 1, 1))
    opinion = small_opinion(valid_from=this_year.start, valid_until=this_year.end)
    year = open_year(period=this_year, opinion=opinion, program=opinion.program)
    hand_in(stays(), period=this_year)

    refused("is not over", freeze, year)
    assert MeasurementYear.objects.get(pk=year.pk).status == YearStatus.OPEN


def test_a_frozen_year_takes_no_file_and_no_recomputation(computed):
    freeze(computed)

    refused("closed for adjudication", hand_in, stays(50))
    refused(
        "Only a year on the clock", ask_for_recompute, year=computed, by=member(Role.CONSULTANT)
    )


def test_two_clicks_on_recompute_are_one_job(computed):
    by = member(Role.CONSULTANT)

    first, second = (ask_for_recompute(year=computed, by=by) for _ in range(2))

    assert first.pk == second.pk
    assert Job.objects.filter(kind=JobKind.RECOMPUTE_SCORECARD, state="ready").count() == 1


def test_a_note_is_kept_with_the_signature(computed):
    snapshot = freeze(computed)

    sign_off(
        year=computed,
        step=Step.ATTEST,
        sha256=snapshot.sha256,
        note="  Seen with Dr. Ada.  ",
        by=member(OWNER[Step.ATTEST]),
    )

    assert SignOff.objects.get().note == "Seen with Dr. Ada."


def test_a_return_is_for_the_step_whose_turn_it_is(computed):
    snapshot = freeze(computed)

    refused(
        "Out of order",
        return_for_changes,
        year=computed,
        step=Step.CEO,
        sha256=snapshot.sha256,
        reason="No.",
        by=member(Role.CEO),
    )
