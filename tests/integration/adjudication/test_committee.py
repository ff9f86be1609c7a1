"""The governing committee comments between review and compliance, and approves nothing."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from adjudication.committee.actions import comment_on_result, set_comment_days
from adjudication.committee.models import Comment, Invitation
from adjudication.holds.actions import HoldFacts, open_hold, release_hold
from adjudication.holds.causes import Cause
from adjudication.holds.models import Outcome
from adjudication.holds.presenters import hold_lines
from adjudication.overview.queries import due_items, overview_rows
from adjudication.reviews.models import Recount, Sample, SampleMark
from adjudication.years.actions import approve_on_condition
from adjudication.years.models import Decision, SignOff
from adjudication.years.presenters import sign_off_steps, what_comes_next
from adjudication.years.queries import standing
from adjudication.years.steps import OWNER, Step
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.participants.models import ProgramSeat
from agreements.programs.models import Program
from agreements.signing.models import ExecutedCopy, SigningRound
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.actions import end_membership, grant_membership
from comanage.identity.actor import Actor
from comanage.identity.models import Membership, User
from comanage.identity.roles import Role
from comanage.notices.models import Notice
from comanage.tenancy.models import Tenant
from comanage.values.period import day_text
from comanage.vault.papers import keep_paper
from comanage.web.errors import PolicyError
from tests.clock import stand_at
from tests.ground import hand_in, stays
from tests.signing import book, current_sha256, freeze, hear_the_committee, say, send_back, sign
from tests.signing import sign_up_to as sign_all_to

EXECUTIVE, MANAGER = Role.EXECUTIVE, Role.PHYSICIAN_MANAGER


@pytest.fixture
def reviewed(computed):
    """The year frozen and signed by the reviewer, with the manager seated."""
    seat(computed)
    freeze(computed)
    sign_all_to(computed, Step.REVIEW)
    return computed


def seat(year):
    ProgramSeat.objects.create(
        program=year.program, membership=Membership.objects.get(role=MANAGER)
    )


def refused(match, deed, *given, **named):
    before = Comment.objects.count(), SignOff.objects.count(), Event.objects.count()
    with pytest.raises(PolicyError, match=match):
        deed(*given, **named)
    assert (Comment.objects.count(), SignOff.objects.count(), Event.objects.count()) == before


def sign_compliance(year, by=None):
    return sign(year, Step.COMPLIANCE, by=by or member(OWNER[Step.COMPLIANCE]))


def lapse(monkeypatch, year):
    """Let the days go by."""
    stand_at(monkeypatch, standing(year).window.closes_at)


def last_day(year):
    return standing(year).window.last_day


def test_the_reviewers_signature_asks_the_seated_managers_and_executives(reviewed):
    asked = Invitation.objects.all()

    assert {each.role for each in asked} == {EXECUTIVE, MANAGER}
    today = Tenant.objects.get(pk=reviewed.tenant_id).today()
    assert {each.last_day for each in asked} == {today + timedelta(days=10)}
    told = Notice.objects.filter(subject__startswith="Comment on the year's result")
    assert {notice.user_id for notice in told} == {each.member_id for each in asked}
    assert what_comes_next(standing(reviewed)).startswith("Signed. Next: committee comments until")


def test_a_manager_without_a_seat_is_not_asked(computed):
    freeze(computed)
    sign_all_to(computed, Step.REVIEW)

    assert [each.role for each in Invitation.objects.all()] == [EXECUTIVE]
    refused("who were asked", say, computed, "Well done.", by=member(MANAGER))


def test_a_review_is_not_signed_where_nobody_could_comment(computed):
    freeze(computed)
    sign(computed, Step.ATTEST)
    executive = Membership.objects.select_related("user").get(role=EXECUTIVE)
    end_membership(membership=executive, by=member(Role.TENANT_ADMINISTRATOR))

    with transaction.atomic(), pytest.raises(PolicyError, match="Nobody could comment"):
        sign(computed, Step.REVIEW)


def test_the_days_are_the_programs(computed):
    Program.objects.filter(pk=computed.program_id).update(comment_days=3)
    freeze(computed)
    sign_all_to(computed, Step.REVIEW)

    today = Tenant.objects.get(pk=computed.tenant_id).today()
    assert standing(computed).window.last_day == today + timedelta(days=3)


def test_the_days_are_those_of_the_agreement_that_was_executed_here(computed):
    executed(computed, comment_days=3)
    freeze(computed)
    sign_all_to(computed, Step.REVIEW)

    today = Tenant.objects.get(pk=computed.tenant_id).today()
    assert computed.program.comment_days == 10
    assert standing(computed).window.last_day == today + timedelta(days=3)


def executed(year, **days):
    """Put an executed agreement on record that a year is under."""
    person, other = User.objects.order_by("email")[:2]
    at = timezone.now()
    agreement = Agreement.objects.create(
        program=year.program,
        title="Heart agreement",
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        hospital_name="Smallville",
        facility="Heart Center",
        state="TX",
        created_at=at,
        created_by=person,
    )
    version = AgreementVersion.objects.create(
        agreement=agreement,
        number=1,
        document={"days": days},
        sha256="0" * 64,
        terms_sha256="0" * 64,
        made_at=at,
        made_by=person,
    )
    round_ = SigningRound.objects.create(
        agreement=agreement,
        version=version,
        number=1,
        needs=[],
        hospital_signatory=person,
        physicians_signatory=other,
        sent_at=at,
        sent_by=person,
    )
    paper = keep_paper(BytesIO(b"%PDF-1.7"), folder="agreements")
    ExecutedCopy.objects.create(round=round_, file=paper, executed_at=at)


def test_the_days_change_for_the_next_review_and_not_while_the_committee_comments(computed):
    program, consultant = computed.program, Membership.objects.get(role=Role.CONSULTANT).user
    page = Client()
    page.force_login(consultant)
    where = reverse("adjudication:comment-days", args=[computed.tenant.slug, program.pk])

    page.post(where, {"days": "21"})
    freeze(computed)
    sign_all_to(computed, Step.REVIEW)

    window = standing(computed).window
    assert (window.last_day - timezone.localdate(window.opened_at, computed.tenant.zone)).days == 21
    event = Event.objects.get(kind=EventKind.COMMENT_DAYS_SET)
    assert event.details == {"days": 21, "before": 10}
    said = "The committee comments until"
    assert said in page.post(where, {"days": "30"}).content.decode()
    assert "The committee comments now" in page.get(where).content.decode()
    send_back(computed, Step.COMPLIANCE, "A slice is missing.")  # then nobody waits for it
    refused("21 days already", set_comment_days, program=program, days=21, by=member(MANAGER))
    assert set_comment_days(program=program, days=30, by=member(MANAGER)).comment_days == 30


@pytest.mark.parametrize("days", [0, 61])
def test_the_database_keeps_the_days_within_reason(computed, days):
    with pytest.raises(Error, match="committee_has_days_to_comment"), transaction.atomic():
        Program.objects.update(comment_days=days)


def test_compliance_waits_until_every_member_has_said(reviewed):
    refused("comments until", sign_compliance, reviewed)
    say(reviewed, "The nurse navigators carried the year.", is_last=False, by=member(MANAGER))
    say(reviewed, by=member(MANAGER))
    refused("comments until", sign_compliance, reviewed)
    assert not Notice.objects.filter(subject__startswith="The committee has").exists()

    say(reviewed, by=member(EXECUTIVE))

    assert standing(reviewed).window.has_everybody_said
    assert Notice.objects.get(subject__startswith="The committee has").user == (
        Membership.objects.get(role=Role.COMPLIANCE).user
    )
    assert sign_compliance(reviewed).decision == Decision.APPROVED


def test_compliance_may_return_the_year_while_the_committee_comments(reviewed):
    send_back(reviewed, Step.COMPLIANCE, "The committee found a slice missing.")

    refused("was returned", say, reviewed, by=member(EXECUTIVE))


def test_after_the_last_day_compliance_signs_and_the_lapse_is_told(reviewed, monkeypatch):
    say(reviewed, by=member(MANAGER))
    lapse(monkeypatch, reviewed)

    sign_compliance(reviewed)

    step = next(each for each in sign_off_steps(standing(reviewed)) if not each.is_signature)
    assert (step.state, step.word) == ("done", f"Closed with {day_text(last_day(reviewed))}")
    assert "lapsed" in step.note
    assert "Hospital executive" in step.note


def test_a_late_comment_is_refused_and_shown_the_other_way(reviewed, monkeypatch):
    lapse(monkeypatch, reviewed)

    words = f"closed with {day_text(last_day(reviewed))}. Dispute"
    refused(words, say, reviewed, by=member(EXECUTIVE))
    with pytest.raises(Error, match="the comments are closed"), transaction.atomic():
        row(member(EXECUTIVE))


def test_nothing_follows_the_last_comment(reviewed):
    say(reviewed, by=member(EXECUTIVE))

    refused("no further comment", say, reviewed, "One more.", by=member(EXECUTIVE))
    with pytest.raises(Error, match="nothing follows the last"), transaction.atomic():
        row(member(EXECUTIVE), is_last=False)
    hear_the_committee(reviewed)
    refused("everybody has said", say, reviewed, "One more.", by=member(MANAGER))


def test_a_comment_says_something(reviewed):
    refused("Write the comment", say, reviewed, "  ", is_last=False, by=member(EXECUTIVE))
    with pytest.raises(Error, match="a_comment_says_something"), transaction.atomic():
        row(member(EXECUTIVE), text="", is_last=False)


def test_a_comment_is_on_the_snapshot_that_was_looked_at(reviewed):
    given = {"text": "Well.", "is_last": True, "by": member(EXECUTIVE)}

    refused("frozen anew", comment_on_result, year=reviewed, sha256="0" * 64, **given)


@pytest.mark.parametrize("step", [None, Step.ATTEST])
def test_nobody_comments_before_the_review(computed, step):
    if step:
        freeze(computed)
        sign(computed, step)

    refused(r"Nothing is frozen|once the independent", say, computed, by=member(EXECUTIVE))


def row(by, text="Past every action.", *, is_last=True):
    """Write a comment past every action."""
    return Comment.objects.create(
        invitation=Invitation.objects.get(member_id=by.id),
        text=text,
        is_last=is_last,
        said_at=timezone.now(),
    )


def in_another_role(old, new):
    """End a person's membership, and that of whoever is in the role that they are granted."""
    by = member(Role.TENANT_ADMINISTRATOR)
    for role in (old, new):
        membership = Membership.objects.select_related("user").get(role=role, revoked_at=None)
        end_membership(membership=membership, by=by)
    user = Membership.objects.select_related("user").get(role=old).user
    days = {"starts_on": date(2024, 1, 1), "ends_on": None}
    granted = grant_membership(email=user.email, name=user.name, role=new, by=by, **days)
    return Actor.member(granted)


def test_whoever_commented_signs_no_step_and_records_no_review(reviewed):
    say(reviewed, by=member(MANAGER))
    say(reviewed, by=member(EXECUTIVE))
    former = in_another_role(EXECUTIVE, Role.COMPLIANCE)

    refused("Whoever commented", sign_compliance, reviewed, by=former)
    with pytest.raises(Error, match="nobody signs and comments"), transaction.atomic():
        SignOff.objects.create(
            snapshot=standing(reviewed).snapshot,
            step=Step.COMPLIANCE,
            decision=Decision.APPROVED,
            snapshot_sha256=current_sha256(reviewed),
            signed_at=timezone.now(),
            signed_by_id=former.id,
        )
    now, given = timezone.now(), {"snapshot": standing(reviewed).snapshot}
    drawn = {"cases": 1, "size": 1, "drawn_at": now, **given}
    sample = Sample.objects.create(indicator="a", drawn_by_id=member(Role.FINANCE).id, **drawn)
    for record in (
        Recount(indicator="a", is_match=True, recorded_at=now, recorded_by_id=former.id, **given),
        Sample(indicator="b", drawn_by_id=former.id, **drawn),
        SampleMark(sample=sample, number=1, mark="agrees", marked_at=now, marked_by_id=former.id),
    ):
        with pytest.raises(Error, match="takes another part"), transaction.atomic():
            record.save(force_insert=True)


def test_whoever_signed_does_not_comment(computed):
    """A reviewer who sits on the committee too was asked; having signed, they say nothing."""
    freeze(computed)
    sign_all_to(computed, Step.REVIEW)
    signed = SignOff.objects.get(step=Step.REVIEW)
    asked = Invitation.objects.get()
    again = Invitation.objects.create(
        snapshot=signed.snapshot,
        member=signed.signed_by,
        role=EXECUTIVE,
        asked_at=asked.asked_at,
        last_day=asked.last_day,
        closes_at=asked.closes_at,
    )

    refused("Whoever signed a step", say, computed, by=member(Role.REVIEWER))
    with pytest.raises(Error, match="nobody signs and comments"), transaction.atomic():
        Comment.objects.create(invitation=again, text="Well.", is_last=True, said_at=timezone.now())


def test_counsel_sets_no_condition_while_the_committee_comments(reviewed):
    given = {"condition": "File the opinion.", "owner": Role.COMPLIANCE, "due_on": date(2030, 1, 1)}

    refused(
        "Out of order",
        approve_on_condition,
        year=reviewed,
        sha256=current_sha256(reviewed),
        by=member(Role.COUNSEL),
        **given,
    )


def test_a_changed_input_voids_the_comments(reviewed):
    say(reviewed, "Well done.", by=member(EXECUTIVE))
    send_back(reviewed, Step.COMPLIANCE)
    hand_in(stays(50, readmitted=1))

    freeze(reviewed)

    assert standing(reviewed).window is None
    sign_all_to(reviewed, Step.REVIEW)
    assert all(not asked.comments for asked in standing(reviewed).window.asked)
    refused("comments until", sign_compliance, reviewed)


def test_a_snapshot_reviewed_before_there_was_a_committee_is_signed_on(computed):
    snapshot = freeze(computed)
    sign(computed, Step.ATTEST)
    SignOff.objects.create(
        snapshot=snapshot,
        step=Step.REVIEW,
        decision=Decision.APPROVED,
        snapshot_sha256=snapshot.sha256,
        signed_at=timezone.now(),
        signed_by_id=member(Role.REVIEWER).id,
    )

    sign_compliance(computed)

    assert all(step.is_signature for step in sign_off_steps(standing(computed)))


def test_a_comment_is_an_event_and_is_never_edited(reviewed):
    say(reviewed, "Well done.", by=member(EXECUTIVE))

    event = Event.objects.filter(kind=EventKind.COMMENTED).get()
    assert "Well done" not in str(event.details)
    for rows in (Comment.objects, Invitation.objects):
        with pytest.raises(Error, match=r"Cannot update|permission denied"), transaction.atomic():
            rows.all()._raw_delete("default")


def test_the_overview_says_whose_turn_it_is_and_what_holds_the_year(reviewed):
    owner, today = member(Role.CONSULTANT), Tenant.objects.get(pk=reviewed.tenant_id).today()
    facts = HoldFacts(Cause.LOGS, "The logs of May.", Role.CONSULTANT, today + timedelta(days=9))
    hold = open_hold(year=reviewed, facts=facts, by=member(Role.CEO))

    def shown(by):
        zone = Tenant.objects.get(pk=reviewed.tenant_id).zone
        rows = overview_rows(by, today=today, zone=zone)
        row = next(row for row in rows if row.year == reviewed)
        lines = [line.word for line in hold_lines(row.holds, today=today)]
        return row.word, lines, [item.text for item in due_items(rows, by=by, today=today)]

    until = day_text(last_day(reviewed))
    word, lines, due = shown(owner)
    assert word == f"In adjudication: committee comments until {until}"
    assert lines == [f"On hold: time logs, consultant until {day_text(facts.due_on)}"]
    assert due == ["Mend what holds the year: time logs"]
    assert f"Comment for the committee until {until}" in shown(member(MANAGER))[2]
    assert shown(member(Role.COMPLIANCE))[2] == []

    release_hold(hold=hold, outcome=Outcome.MENDED, answer="They came.", by=member(Role.COMPLIANCE))
    hear_the_committee(reviewed)

    (line,) = shown(owner)[1]
    assert line.startswith("Released: time logs, mended by Compliance on ")
    assert shown(owner)[2] == []
    assert shown(member(Role.COMPLIANCE))[2] == ["Compliance checks: your signature is next"]


def test_whoever_commented_does_not_pay(reviewed):
    sign_all_to_the_end = [Step.COMPLIANCE, Step.COUNSEL, Step.CEO]
    for step in sign_all_to_the_end:
        sign(reviewed, step)
    former = in_another_role(EXECUTIVE, Role.FINANCE)

    with transaction.atomic(), pytest.raises(PolicyError, match="does not pay"):
        book(reviewed, by=former)
