"""The calendar, the expected rows and the badge on their pages."""

from datetime import UTC, date, datetime
from html import unescape
from re import sub

import pytest
from django.test import Client

from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.values.period import Period
from scorecards.feeds.actions import FeedFacts, edit_feed
from scorecards.feeds.models import Cadence, Feed
from scorecards.intake.models import Upload
from tests.clock import stand_at
from tests.ground import hand_in, stays

FIRST_HALF = Period(date(2025, 1, 1), date(2025, 7, 1))


@pytest.fixture
def awaited(year, inside, monkeypatch):
    """Half a year came on 10 Aug 2025; the feed is awaited every quarter, 15 days after its end."""
    stand_at(monkeypatch, datetime(2025, 8, 10, 13, tzinfo=UTC))
    assert hand_in(stays(), period=FIRST_HALF).status == "accepted"
    feed = Feed.objects.get()
    facts = FeedFacts(
        "Stays",
        "EHR",
        agreement=feed.agreement,
        cadence=Cadence.QUARTERLY,
        first_period_on=FIRST_HALF.start,
        expected_rows=40,
    )
    by = member(Role.SERVICE_LINE_ADMINISTRATOR)
    stand_at(monkeypatch, datetime(2025, 10, 20, 13, tzinfo=UTC))
    return edit_feed(feed=feed, facts=facts, today=inside.today(), by=by)


def read(address, role=Role.CONSULTANT):
    client = Client()
    client.force_login(Membership.objects.get(role=role).user)
    page = client.get(address)
    assert page.status_code == 200
    return " ".join(unescape(sub("<[^>]+>", " ", page.content.decode())).split())


def test_the_page_of_a_feed_shows_how_each_period_stands(awaited):
    page = read(f"/t/smallville/data/feeds/{awaited.pk}/")

    # Due on 15 April, 15 July and 15 October.
    assert "1 Jan 2025 to 31 Mar 2025 Accepted 117 days late 15 Apr 2025 10 Aug 2025 40" in page
    assert "1 Apr 2025 to 30 Jun 2025 Accepted 26 days late 15 Jul 2025 10 Aug 2025 40" in page
    assert "1 Jul 2025 to 30 Sep 2025 Late 5 days late 15 Oct 2025 not yet 40" in page
    assert "1 Oct 2025 to 31 Dec 2025 Expected 15 Jan 2026 not yet 40" in page
    assert "Of 4 periods up to now: accepted 2, expected later 1, late 1." in page


def test_the_list_says_what_needs_somebody(awaited):
    page = read("/t/smallville/data/feeds/")

    assert "Late by 5 days 1 period without a file" in page
    assert "30 Jun 2025 received 10 Aug 2025" in page


def test_the_scorecard_says_how_fresh_its_data_is_and_leads_to_the_feed(awaited, year):
    page = read(f"/t/smallville/data/scorecards/{year.pk}/")

    assert "Late by 5 days Data through 30 Jun 2025, received 10 Aug 2025 from Stays." in page
    assert "1 period has not come. See the feed" in page


def test_a_physician_reads_the_badge_without_a_way_to_the_feed(awaited, year):
    year.program.seats.create(membership=Membership.objects.get(role=Role.PHYSICIAN))
    page = read(f"/t/smallville/data/scorecards/{year.pk}/", Role.PHYSICIAN)

    assert "1 period has not come." in page
    assert "See the feed" not in page


def test_expected_rows_are_stated_for_a_period_and_the_newest_holds(awaited, monkeypatch):
    client = Client()
    client.force_login(Membership.objects.get(role=Role.CONSULTANT).user)
    stated = {"first_day": "2025-07-01", "last_day": "2025-09-30", "source": "OR log"}

    for minute, rows in enumerate(("70", "71")):
        stand_at(monkeypatch, datetime(2025, 10, 20, 13, minute, tzinfo=UTC))
        answer = client.post(
            f"/t/smallville/data/feeds/{awaited.pk}/expected/new/", stated | {"rows": rows}
        )
        assert answer.status_code == 302

    assert "Late 5 days late 15 Oct 2025 not yet 71 OR log" in read(answer.url)
    events = Event.objects.filter(kind=EventKind.EXPECTATION_STATED)
    assert [event.details["rows"] for event in events.order_by("sequence")] == [70, 71]


def test_a_dry_run_did_not_come(awaited):
    Upload.objects.create(
        feed=awaited,
        map=awaited.maps.get(),
        starts_on=date(2025, 7, 1),
        ends_on=date(2025, 10, 1),
        is_dry_run=True,
        size=1,
        idempotency_key="dry",
    )

    assert "Late by 5 days" in read("/t/smallville/data/feeds/")
