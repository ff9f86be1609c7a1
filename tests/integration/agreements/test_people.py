"""A program's people, through the browser's doors: papers, owners, committee, who joins and who
leaves."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import partial

import pytest
from django.db import Error, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from adjudication.holds.causes import Cause
from adjudication.holds.queries import holds_now
from agreements.credentials.freshness import LISTS
from agreements.credentials.models import ExclusionList, License, Screening
from agreements.governance.models import CommitteeSeat, Disclosure
from agreements.ownerships.models import Ownership
from agreements.participants.actions import add_participant
from agreements.participants.models import Participant, Physician, ProgramSeat
from agreements.programs.models import Program
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.web.errors import PolicyError
from tests.clock import stand_at, standing_at
from tests.ground import YEAR, small_draft

ADA, BEN = "2999999008", "2999999016"


def browser(role):
    client = Client()
    client.force_login(Membership.objects.select_related("user").get(role=role).user)
    return client


def post(hospital, name, record, values, role=Role.CONSULTANT):
    return browser(role).post(
        reverse(f"agreements:{name}", args=[hospital.slug, record.pk]), values
    )


def page(hospital, name="people", role=Role.CONSULTANT, record=None):
    record = record or Program.objects.get()
    return browser(role).get(reverse(f"agreements:{name}", args=[hospital.slug, record.pk])).text


def refused(answer) -> str:
    assert answer.status_code == 200
    return " ".join(
        str(error) for errors in answer.context["form"].errors.values() for error in errors
    )


def ben(joined_on=date(2025, 4, 1)) -> Participant:
    with standing_at(datetime.combine(joined_on, time(18), UTC)):
        return add_participant(
            program=Program.objects.get(),
            npi=BEN,
            name="Dr. Ben",
            specialty="Cardiology",
            joined_on=joined_on,
            by=member(Role.CONSULTANT),
        )


def last_event() -> Event:
    return Event.objects.order_by("-sequence")[0]


# --- Searches of the exclusion lists ------------------------------------------------------------


def test_a_year_is_held_until_everybody_of_it_was_looked_up(inside, year):
    program, today = year.program, inside.today()
    assert holds_now(year).found == ()

    newcomer = ben().physician
    (found,) = holds_now(year).found
    assert (found.cause, found.owner) == (Cause.SCREENING, Role.COMPLIANCE)
    assert "for Dr. Ben. Search them" in found.what
    assert "To be mended" in page(inside)

    search = {"physicians": [str(newcomer.pk)], "lists": ["leie", "sam"], "searched_on": today}
    answer = post(
        inside, "screening-record", program, search | {"outcome": "clear"}, Role.COMPLIANCE
    )
    assert answer.status_code == 302
    assert holds_now(year).found == ()
    assert (last_event().kind, last_event().details["physicians"]) == (EventKind.SCREENED, 1)
    assert "To be mended" not in page(inside)


def test_a_match_holds_until_somebody_says_how_it_was_cleared(inside, year):
    program, today = year.program, inside.today()
    search = {
        "physicians": [str(Physician.objects.get(npi=ADA).pk)],
        "lists": ["sam"],
        "searched_on": today,
    }

    def send(**more):
        return post(inside, "screening-record", program, search | more, Role.COMPLIANCE)

    assert "Say what was found" in refused(send(outcome="possible"))
    assert send(outcome="possible", note="Same name, another NPI.").status_code == 302
    assert "Dr. Ada may be on the SAM" in holds_now(year).found[0].what
    assert "how it was cleared" in refused(send(outcome="clear"))
    assert send(outcome="clear", note="SAM answered: another person.").status_code == 302
    assert holds_now(year).found == ()
    tomorrow = today + timedelta(days=1)
    assert "has not come yet" in refused(send(outcome="clear", searched_on=tomorrow))


def test_a_year_is_held_until_the_group_itself_was_looked_up(inside, year, monkeypatch):
    program, name = year.program, year.program.group.name
    late = inside.today() + timedelta(days=32)
    stand_at(monkeypatch, datetime.combine(late, time(18), UTC))
    search = {"lists": ["leie", "sam"], "searched_on": late, "outcome": "clear"}
    people = [str(each.pk) for each in Physician.objects.all()]
    send = partial(post, inside, "screening-record", program, role=Role.COMPLIANCE)

    assert send(search | {"physicians": people}).status_code == 302
    (found,) = holds_now(year).found
    assert f"for {name}. Search them" in found.what
    assert "To be looked up again" in page(inside)
    bad = search | {"physicians": ["group"], "outcome": "excluded", "note": "Named on the LEIE."}
    assert send(bad).status_code == 302
    assert f"{name} was found on the LEIE" in holds_now(year).found[0].what
    assert "how it was cleared" in refused(send(search | {"physicians": ["group"]}))
    stand_at(monkeypatch, datetime.combine(late, time(19), UTC))
    cleared = {"physicians": ["group"], "note": "Reinstated."}
    assert send(search | cleared).status_code == 302
    assert holds_now(year).found == ()
    copied = Screening.objects.values("list_name", "searched_on", "outcome", "recorded_at").last()
    with pytest.raises(IntegrityError, match="screening_is_of_one"), transaction.atomic():
        Screening.objects.create(recorded_by=Membership.objects.first().user, **copied)


def test_who_left_before_the_year_is_not_looked_up_for_it(inside, year):
    gone = ben(joined_on=date(2024, 1, 1))
    Participant.objects.filter(pk=gone.pk).update(left_on=YEAR.start)

    assert holds_now(year).found == ()

    Participant.objects.filter(pk=gone.pk).update(left_on=YEAR.start + timedelta(days=1))
    assert "Dr. Ben" in holds_now(year).found[0].what


def test_a_search_and_a_license_are_never_changed(inside):
    License.objects.create(
        physician=Physician.objects.get(),
        state="TX",
        number="X 1",
        valid_until=date(2027, 1, 1),
        recorded_at=Screening.objects.earliest("recorded_at").recorded_at,
        recorded_by=Membership.objects.first().user,
    )
    for rows in (Screening.objects.all(), License.objects.all()):
        with pytest.raises(Error), transaction.atomic():
            rows.update(recorded_at=None)
        with pytest.raises(Error), transaction.atomic():
            rows.delete()


def test_a_license_is_renewed_beside_the_old_one(inside):
    program, today = Program.objects.get(), inside.today()
    values = {"physician": str(Physician.objects.get().pk), "state": "TX", "number": "M1234"}

    def send(last_day):
        return post(
            inside, "license-record", program, values | {"last_day": last_day}, Role.COMPLIANCE
        )

    assert "No license on record" in page(inside)
    send(today - timedelta(days=1))
    assert "License ended" in page(inside)
    assert "recorded already" in refused(send(today - timedelta(days=1)))
    send(today + timedelta(days=30))
    assert "License ends soon" in page(inside)
    send(today + timedelta(days=400))
    assert "Licensed" in page(inside)
    assert License.objects.count() == 3


# --- Owners -------------------------------------------------------------------------------------


def test_owners_add_up_to_the_whole_in_exact_thirds_and_the_division_takes_them(inside):
    year, program = small_draft(), Program.objects.get()
    ben(joined_on=YEAR.start)
    owners = {
        "entity": "joint_venture",
        "effective_from": "2024-06-01",
        "source": "Operating agreement, schedule A",
        f"share_{ADA}": "1/3",
        f"share_{BEN}": "33.3%",
        "other_1": "Smallville Hospital",
        "share_1": "1/3",
    }
    assert "2999/3000, which is 99.9667 %" in refused(
        post(inside, "ownership-record", program, owners)
    )
    assert "share of this owner" in refused(
        post(inside, "ownership-record", program, owners | {"other_1": ""})
    )

    owners[f"share_{BEN}"] = "1/3"
    assert post(inside, "ownership-record", program, owners).status_code == 302
    assert Ownership.objects.get().by_npi == {ADA: Fraction(1, 3), BEN: Fraction(1, 3)}
    assert "1/3 (33.3333 %)" in page(inside)

    halves = {f"share_{ADA}": "1/2", f"share_{BEN}": "50%", "other_1": "", "share_1": ""}
    later = owners | halves | {"effective_from": "2024-12-01", "entity": "practice"}
    assert post(inside, "ownership-record", program, later).status_code == 302
    shown = page(inside)
    assert shown.index("50 %") < shown.index("Until then, from 1 Jun 2024") < shown.index("1/3 (")

    assert "what is on record of the group&#x27;s owners" in page(
        inside, "allocation-agree", record=year
    )
    rule = {"by": "ownership", "joiners": "by_days", "leavers": "by_days"}
    assert post(inside, "allocation-agree", year, rule).status_code == 302
    year.refresh_from_db()
    assert year.allocation["shares"] == {ADA: "1/2", BEN: "1/2"}


# --- The committee and its disclosures ----------------------------------------------------------


def test_a_committee_has_one_chair_and_people_from_outside(inside):
    program, today = Program.objects.get(), inside.today()
    seat = {
        "membership": "",
        "name": "Dr. Quinn",
        "organization": "Another hospital",
        "position": "chair",
        "sits_from": "2025-01-01",
    }
    chief = Membership.objects.get(role=Role.CEO)

    assert "one of the two" in refused(
        post(inside, "committee-seat-give", program, seat | {"membership": str(chief.pk)})
    )
    assert post(inside, "committee-seat-give", program, seat).status_code == 302
    assert "Everybody on the committee belongs to the group that is paid" in page(inside)
    other = seat | {"name": "", "membership": str(chief.pk), "is_outside_group": "on"}
    assert "Dr. Quinn chairs the committee." in refused(
        post(inside, "committee-seat-give", program, other)
    )
    with pytest.raises(IntegrityError, match="one_chair_at_a_time"), transaction.atomic():
        CommitteeSeat.objects.create(
            program=program,
            name="X",
            organization="X",
            position="chair",
            is_outside_group=True,
            sits_from=today,
        )

    chair = CommitteeSeat.objects.get()
    end = {"sits_until": "2025-01-01"}
    assert "Give a later day." in refused(post(inside, "committee-seat-end", chair, end))
    post(inside, "committee-seat-end", chair, {"sits_until": "2025-07-01"})
    answer = post(inside, "committee-seat-give", program, other | {"sits_from": "2025-07-01"})
    assert answer.status_code == 302
    shown = page(inside)
    assert "Outside the paid group" in shown
    assert "Earlier seats (1)" in shown
    assert "To be mended" not in shown


def test_what_was_disclosed_is_read_by_compliance_and_counsel_alone(inside):
    program, today = Program.objects.get(), inside.today()
    person = f"physician-{Physician.objects.get().pk}"
    facts = {"person": person, "year": today.year, "disclosed_on": today}

    def send(**more):
        return post(inside, "disclosure-record", program, facts | more, Role.COUNSEL)

    assert f"No disclosure for {today.year}" in page(inside)
    assert "what is done about it" in refused(send(interest="Shares of a stent maker."))
    assert send(interest="Shares of a stent maker.", handling="Abstains.").status_code == 302
    assert last_event().details == {"year": today.year, "has_interest": True}
    assert f"An interest disclosed for {today.year}" in page(inside)
    assert "stent maker" not in page(inside)
    assert "stent maker" in page(inside, "disclosure-list", Role.COMPLIANCE)
    assert send().status_code == 302
    assert f"Nothing to disclose for {today.year}" in page(inside)
    assert Disclosure.objects.count() == 2


# --- Joining and leaving ------------------------------------------------------------------------


def test_a_physician_leaves_and_joins_again_on_days_that_do_not_overlap(inside):
    program, stay = Program.objects.get(), ben()

    early = {"left_on": "2025-04-01"}
    assert "Give a later day." in refused(post(inside, "participant-leave", stay, early))
    post(inside, "participant-leave", stay, {"left_on": "2025-06-01"})
    assert last_event().kind == EventKind.PARTICIPANT_LEFT
    assert "Who left (1)" in page(inside)
    assert "left on 1 Jun 2025 already" in refused(
        post(inside, "participant-leave", stay, {"left_on": "2025-07-01"})
    )
    with pytest.raises(PolicyError, match="took part until 1 Jun 2025"):
        ben(joined_on=date(2025, 5, 31))
    assert ben(joined_on=date(2025, 6, 1)).program == program


def test_whoever_gives_a_seat_back_no_longer_sees_the_program(inside):
    program = Program.objects.get()
    manager = Membership.objects.get(role=Role.PHYSICIAN_MANAGER)
    seat = ProgramSeat.objects.create(program=program, membership=manager)
    client = browser(Role.PHYSICIAN_MANAGER)
    address = reverse("agreements:people", args=[inside.slug, program.pk])
    assert client.get(address).status_code == 200

    post(inside, "seat-take", seat, {})

    assert client.get(address).status_code == 404
    assert last_event().kind == EventKind.SEAT_TAKEN


def test_both_lists_are_known_to_the_rule_that_asks_for_them():
    assert dict(ExclusionList.choices) == LISTS
