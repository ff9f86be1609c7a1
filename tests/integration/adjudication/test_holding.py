"""Nothing is authorized or paid with a hold open; who opens, who releases, what stays on record."""

from datetime import date

import pytest
from django.db import Error, transaction
from django.urls import reverse

from adjudication.holds.actions import HoldFacts, open_hold, raise_dispute, release_hold
from adjudication.holds.causes import Cause
from adjudication.holds.models import Hold, Outcome, Release
from adjudication.years.actions import approve_on_condition
from adjudication.years.models import SignOff
from adjudication.years.queries import standing
from adjudication.years.steps import Step
from agreements.participants.models import ProgramSeat
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.notices.models import Notice
from comanage.web.errors import PolicyError
from tests.signing import book, browser, current_sha256, freeze, send_back, sign, sign_up_to

UNTIL = date(2030, 1, 1)
LOGS = HoldFacts(Cause.LOGS, "March lacks Dr. Lee's log. She files it.", Role.CONSULTANT, UNTIL)


def hold(year, *, by=Role.COMPLIANCE, facts=LOGS):
    return open_hold(year=year, facts=facts, by=member(by))


def mend(held, *, by=Role.COUNSEL, outcome=Outcome.MENDED):
    return release_hold(hold=held, outcome=outcome, answer="Filed on 3 March.", by=member(by))


def dispute(year, indicator=""):
    return raise_dispute(
        year=year,
        indicator=indicator,
        what="Two returns were planned.",
        today=date(2026, 3, 1),
        by=member(Role.PHYSICIAN_MANAGER),
    )


def on_condition(year, condition="File the minutes of March.", by=Role.COUNSEL):
    return approve_on_condition(
        year=year,
        sha256=current_sha256(year),
        condition=condition,
        owner=Role.CONSULTANT,
        due_on=UNTIL,
        by=member(by),
    )


def test_a_hold_stops_the_ceo_until_it_is_mended(computed):
    freeze(computed)
    sign_up_to(computed, Step.COUNSEL)
    held = hold(computed)

    with pytest.raises(PolicyError, match="on hold for this: “March lacks"):
        sign(computed, Step.CEO)
    mend(held)

    assert sign(computed, Step.CEO).step == Step.CEO


def test_a_hold_after_the_ceo_stops_the_payment(computed):
    freeze(computed)
    sign_up_to(computed, Step.CEO)
    held = hold(computed)

    with pytest.raises(PolicyError, match="on hold"):
        book(computed)
    assert not computed.entries.filter(kind="paid").exists()
    mend(held)

    assert book(computed)


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.CONSULTANT, Role.CEO])
def test_neither_who_opened_a_hold_nor_who_owns_it_releases_it(computed, role):
    freeze(computed)
    held = hold(computed)

    with pytest.raises(PolicyError, match=r"does not release it|is released by"):
        mend(held, by=role)
    assert not Release.objects.exists()


def test_a_hold_is_released_once_and_never_edited(computed):
    freeze(computed)
    held = hold(computed)
    mend(held)

    with pytest.raises(PolicyError, match="released already"):
        mend(held)
    for change in (Hold.objects.all().update, Release.objects.all().update):
        with pytest.raises(Error), transaction.atomic():
            change(id=held.pk)
    kinds = [EventKind.HOLD_OPENED, EventKind.HOLD_RELEASED]
    assert {event.kind for event in Event.objects.filter(kind__in=kinds)} == set(kinds)


def test_whoever_mends_and_whoever_decides_are_told_without_what_it_says(computed):
    freeze(computed)
    mend(hold(computed))

    told = {(each.user.email.split("@")[0], each.subject) for each in Notice.objects.all()}
    program = computed.program.name
    opened, released = f"A year is on hold: {program}", f"A hold is released: {program}"
    assert told >= {("consultant", opened), ("counsel", opened), ("compliance", released)}
    assert not Notice.objects.filter(body__contains="Lee").exists()


def test_counsel_approves_on_a_condition_that_counsel_alone_says_is_met(computed):
    freeze(computed)
    sign_up_to(computed, Step.COMPLIANCE)
    signed = on_condition(computed)
    (condition,) = Hold.objects.all()

    with pytest.raises(PolicyError, match="on hold for this: “File the minutes"):
        sign(computed, Step.CEO)
    with pytest.raises(PolicyError, match="released by legal counsel"):
        mend(condition, by=Role.COMPLIANCE)
    mend(condition)
    sign(computed, Step.CEO)

    assert signed.decision == "conditional"
    assert standing(computed).is_authorized


def test_a_condition_is_counsels_and_says_something(computed):
    freeze(computed)
    sign_up_to(computed, Step.REVIEW)

    with pytest.raises(PolicyError, match="Out of order"):
        on_condition(computed)
    sign(computed, Step.COMPLIANCE)
    with pytest.raises(PolicyError, match="Say what must be done first"):
        on_condition(computed, condition="  ")
    with pytest.raises(PolicyError, match="is for the legal counsel alone"):
        on_condition(computed, by=Role.CEO)
    last = SignOff.objects.get(step=Step.COMPLIANCE)
    with pytest.raises(Error, match="counsel_alone_sets_conditions"), transaction.atomic():
        SignOff.objects.create(
            snapshot=last.snapshot,
            step=Step.CEO,
            decision="conditional",
            snapshot_sha256=last.snapshot_sha256,
            note="x",
            signed_at=last.signed_at,
            signed_by=Membership.objects.get(role=Role.CEO).user,
        )


def test_a_dispute_is_answered_within_days_and_holds_the_year_until_then(computed):
    freeze(computed)
    slug = computed.terms["indicators"][0]["slug"]
    disputed = dispute(computed, slug)
    sign_up_to(computed, Step.COUNSEL)

    with pytest.raises(PolicyError, match="Two returns were planned"):
        sign(computed, Step.CEO)
    with pytest.raises(PolicyError, match="upheld or not upheld"):
        mend(disputed)
    mend(disputed, outcome=Outcome.REJECTED)

    assert disputed.due_on == date(2026, 3, 15)
    assert sign(computed, Step.CEO)


def test_an_upheld_dispute_asks_for_a_corrected_result(computed):
    freeze(computed)
    mend(dispute(computed), outcome=Outcome.UPHELD)
    sign_up_to(computed, Step.COUNSEL)

    with pytest.raises(PolicyError, match="dispute of this result was upheld"):
        sign(computed, Step.CEO)
    send_back(computed, Step.CEO)
    freeze(computed)
    sign_up_to(computed, Step.CEO)

    assert standing(computed).is_authorized


def test_before_the_freeze_and_after_the_payment_there_is_nothing_to_hold(computed):
    with pytest.raises(PolicyError, match="Nothing is frozen yet"):
        hold(computed)
    freeze(computed)
    with pytest.raises(PolicyError, match="no such indicator"):
        dispute(computed, "nowhere")
    sign_up_to(computed, Step.CEO)
    book(computed)
    with pytest.raises(PolicyError, match="is paid"):
        dispute(computed)


def test_a_year_is_disputed_held_and_released_on_its_page(computed):
    freeze(computed)
    page = reverse("adjudication:year-detail", args=["smallville", computed.pk])
    manager, counsel = browser(Role.PHYSICIAN_MANAGER), browser(Role.COUNSEL)

    assert manager.get(page).status_code == 404  # without a seat in the program
    user = Membership.objects.get(role=Role.PHYSICIAN_MANAGER)
    ProgramSeat.objects.create(program=computed.program, membership=user)
    empty = manager.post(f"{page}disputes/new/", {"indicator": "", "what": ""}, follow=True)
    disputed = manager.post(f"{page}disputes/new/", {"what": "Planned returns."}, follow=True)
    held = counsel.post(
        f"{page}holds/new/",
        {"cause": "logs", "what": "A log.", "owner": "consultant", "due_on": "2020-01-01"},
        follow=True,
    )
    undated = counsel.post(
        f"{page}holds/new/",
        {"cause": "logs", "what": "A log nobody filed.", "owner": "finance", "due_on": ""},
    )
    release = reverse("adjudication:hold-release", args=["smallville", Hold.objects.first().pk])
    answered = counsel.post(release, {"outcome": "rejected", "answer": "Coded so."}, follow=True)

    assert "What is wrong</a>: This is needed." in empty.content.decode()
    for typed in ("A log nobody filed.", 'value="finance" selected', "Until</a>: This is needed."):
        assert typed in undated.content.decode()
    assert '<details class="disclosure" open>' in undated.content.decode()
    assert "Disputed. It is answered by" in disputed.content.decode()
    assert "Put the year on hold" not in disputed.content.decode()
    assert "Overdue since 1 Jan 2020" in held.content.decode()
    assert "Coded so." in answered.content.decode()
    assert "Not upheld" in answered.content.decode()
