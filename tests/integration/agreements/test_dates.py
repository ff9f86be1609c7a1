"""The calendar: who sees which date, who is told, and what the feed opens."""

import logging
import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from agreements.contracts.models import Contract, ContractKind
from agreements.credentials.models import Screening
from agreements.dates.actions import remind_of_critical_dates
from agreements.dates.queries import all_dates
from agreements.participants.models import Participant, Physician
from agreements.programs.actions import create_program
from agreements.programs.models import AlignmentModel, ServiceLine
from comanage.demo.build import member
from comanage.identity.actions import end_membership
from comanage.identity.actor import Actor
from comanage.identity.models import Membership, User
from comanage.identity.roles import Role
from comanage.notices.models import Notice
from comanage.web.logs import LineFormatter
from tests.clock import stand_at
from tests.ground import open_year

TODAY = date(2025, 12, 2)  # 30 days before the year ends


@pytest.fixture(autouse=True)
def today(inside, monkeypatch):
    stand_at(monkeypatch, datetime(2025, 12, 2, 18, tzinfo=UTC))
    open_year()


def browser(role):
    client = Client()
    client.force_login(Membership.objects.select_related("user").get(role=role).user)
    return client


def lease(**changes):
    """A contract that no program's pay is about."""
    facts = {
        "kind": ContractKind.LEASE_OF_SPACE,
        "title": "Lease of suite 4",
        "party": "Heart Group, LLC",
        "signed_on": date(2024, 12, 1),
        "starts_on": date(2025, 1, 1),
        "ends_on": date(2026, 1, 1),
        "notice_days": 90,
        "entered_at": datetime(2025, 1, 1, tzinfo=UTC),
        "entered_by": User.objects.earliest("email"),
    }
    return Contract.objects.create(**facts | changes)


def address(hospital, role):
    page = browser(role).post(reverse("agreements:calendar-feed-make", args=[hospital.slug]))
    return re.search(r"/calendar/cmf_\w+\.ics", page.text)[0]


def test_whoever_owns_a_date_is_told_of_it_once(inside):
    lease()
    end_membership(
        membership=Membership.objects.get(role=Role.COUNSEL),
        by=member(Role.TENANT_ADMINISTRATOR),
    )
    for _ in range(2):
        remind_of_critical_dates(tenant=inside, by=Actor.system("Morning"))

    told = {
        (notice.subject, notice.user.email.partition("@")[0], notice.key.rpartition(":")[2])
        for notice in Notice.objects.filter(key__startswith="date:").select_related("user")
    }
    year = "1 Jan 2025 to 31 Dec 2025"
    assert (f"Adjudication begins: Heart, {year}, by 1 Jan 2026", "consultant", "30") in told
    # Nobody is counsel any more.
    administrator = "service_line_administrator"
    lease_ends = "Last day of the term: Lease of suite 4, by 31 Dec 2025"
    assert (lease_ends, administrator, "30") in told
    assert Notice.objects.filter(key__startswith="date:").count() == len(told)


def test_only_the_readers_of_the_register_see_what_stands_in_it_alone(inside):
    lease()
    path = reverse("agreements:calendar", args=[inside.slug])

    assert "Lease of suite 4" in browser(Role.COMPLIANCE).get(path).text
    consultant = browser(Role.CONSULTANT).get(path).text
    assert "Adjudication begins" in consultant
    assert "Lease of suite 4" not in consultant
    assert "No date is ahead" in browser(Role.PHYSICIAN).get(path).text


def test_a_feed_shows_what_its_member_sees_and_opens_nothing_once_revoked(inside):
    lease()
    first, second = address(inside, Role.CONSULTANT), address(inside, Role.CONSULTANT)
    counsels, seatless = address(inside, Role.COUNSEL), address(inside, Role.PHYSICIAN)
    read = {path: Client().get(path) for path in (first, second, counsels, seatless)}
    forged = Client().get(f"{second[:-8]}0000.ics")
    browser(Role.CONSULTANT).post(reverse("agreements:calendar-feed-revoke", args=[inside.slug]))
    end_membership(
        membership=Membership.objects.get(role=Role.COUNSEL),
        by=member(Role.TENANT_ADMINISTRATOR),
    )
    revoked, left = Client().get(second), Client().get(counsels)

    assert {path: each.status_code for path, each in read.items()} == {
        first: 404,  # the second took its place
        second: 200,
        counsels: 200,
        seatless: 200,
    }
    assert "SUMMARY:Adjudication begins: Heart" in read[second].text
    assert "/t/smallville/programs/years/" in read[second].text.replace("\r\n ", "")
    assert "Lease of suite 4" not in read[second].text
    assert "Lease of suite 4" in read[counsels].text
    assert "BEGIN:VEVENT" not in read[seatless].text
    assert {each.status_code for each in (forged, revoked, left)} == {404}
    record = logging.makeLogRecord({"msg": f"Not Found: {second}"})
    assert "Not Found: /calendar/(a key).ics" in LineFormatter().format(record)


def test_the_group_is_searched_again_by_the_day_that_comes_first(inside):
    spine = create_program(
        name="Spine",
        service_line=ServiceLine.ORTHOPAEDICS,
        alignment_model=AlignmentModel.CO_MANAGEMENT,
        objective="Shorter stays.",
        group_name="Spine Partners, LLC",
        by=member(Role.CONSULTANT),
    )

    def due_once_searched(*days):
        for day in days:
            Screening.objects.create(
                group=spine.group,
                list_name="leie",
                searched_on=day,
                outcome="clear",
                recorded_at=datetime(2025, 12, 1, tzinfo=UTC),
                recorded_by=User.objects.earliest("email"),
            )
        listed = all_dates(today=TODAY)
        return [each.due_on for each in listed if each.title == "Exclusion lists: Spine"]

    assert due_once_searched() == []
    assert due_once_searched(date(2025, 11, 20)) == [date(2025, 12, 21)]
    assert due_once_searched(date(2025, 11, 30)) == [date(2025, 12, 31)]
    Participant.objects.create(  # whose search was made on another day
        program=spine, physician=Physician.objects.get(), joined_on=date(2025, 1, 1)
    )
    assert due_once_searched() == [date(2025, 12, 31)]
