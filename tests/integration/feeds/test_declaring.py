"""Declaring and changing a feed: the agreement's gate, the calendar, the trail."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import AGREEMENT, member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.web.errors import PolicyError
from scorecards.dataagreements.models import AgreementKind, DataAgreement
from scorecards.feeds.actions import FeedFacts, declare_feed, edit_feed
from scorecards.feeds.models import Cadence, Feed
from scorecards.feeds.queries import spec_of
from scorecards.intake.models import Upload
from tests.clock import stand_at
from tests.ground import FEED_FACTS, receive, small_data_agreement, stays

END = date(2026, 7, 1)


def steward():
    return member(Role.SERVICE_LINE_ADMINISTRATOR)


def browser(role):
    client = Client()
    client.force_login(Membership.objects.get(role=role).user)
    return client


def declare(tenant, **changes):
    return declare_feed(
        facts=FeedFacts("More stays", "EHR", **changes),
        spec=spec_of(Feed.objects.get(name="Stays")),
        programs=[],
        today=tenant.today(),
        by=steward(),
    )


def come_under(tenant, agreement):
    """Let the feed of the ground come in under another agreement."""
    return edit_feed(
        feed=Feed.objects.get(),
        facts=FeedFacts("Stays", "EHR", agreement=agreement),
        today=tenant.today(),
        by=steward(),
    )


def test_case_rows_are_not_declared_without_an_agreement(inside):
    with pytest.raises(PolicyError, match="need a business associate or data use agreement"):
        declare(inside)

    assert Feed.objects.count() == 1


def test_a_sandbox_needs_none(inside):
    assert declare(inside, is_sandbox=True).is_sandbox


def test_an_ended_agreement_closes_intake_and_its_renewal_opens_it(year, inside, monkeypatch):
    stand_at(monkeypatch, datetime(2026, 6, 30, 13, tzinfo=UTC))
    agreement = small_data_agreement(valid_until=END)
    come_under(inside, agreement)
    stand_at(monkeypatch, datetime(2026, 7, 1, 13, tzinfo=UTC))

    with pytest.raises(PolicyError, match="ended on 30 Jun 2026, so nothing more comes in"):
        receive(stays())
    assert not Upload.objects.exists()

    small_data_agreement(renews=agreement, valid_from=END, valid_until=None)
    assert receive(stays()).status == "received"


def test_an_agreement_that_is_not_enough_is_not_chosen(inside):
    use = small_data_agreement(kind=AgreementKind.DATA_USE, valid_until=date(2025, 1, 1))

    with pytest.raises(PolicyError, match="ended on 31 Dec 2024"):
        come_under(inside, use)


def test_a_feed_that_is_awaited_needs_a_first_period(inside):
    agreement = DataAgreement.objects.get()

    with pytest.raises(PolicyError, match="needs a first period"):
        declare(inside, agreement=agreement, cadence=Cadence.MONTHLY)


def test_a_change_names_what_changed_and_no_change_leaves_no_event(inside):
    feed = Feed.objects.get()
    same = FeedFacts("Stays", "EHR", agreement=feed.agreement)
    given = {"feed": feed, "today": inside.today(), "by": steward()}

    edit_feed(facts=same, **given)
    assert not Event.objects.filter(kind=EventKind.FEED_EDITED).exists()
    edit_feed(facts=FeedFacts("Stays", "Warehouse", agreement=feed.agreement, due_days=9), **given)
    (event,) = Event.objects.filter(kind=EventKind.FEED_EDITED)
    assert event.details == {"changed": ["source_system", "due_days"]}


def test_a_name_of_another_feed_is_not_taken(inside):
    declare(inside, is_sandbox=True)

    with pytest.raises(PolicyError, match="There is a feed named"):
        edit_feed(
            feed=Feed.objects.get(name="Stays"),
            facts=FeedFacts("more STAYS", "EHR", agreement=DataAgreement.objects.get()),
            today=inside.today(),
            by=steward(),
        )


def test_the_page_of_changes_shows_what_is_known_and_keeps_it(inside):
    feed, person = Feed.objects.get(), Membership.objects.get(role=Role.CONSULTANT)
    page = f"/t/smallville/data/feeds/{feed.pk}/edit/"
    given = FEED_FACTS | {"name": "Stays", "source_system": "EHR", "raw_days": 60}
    given |= {"owner": person.pk, "agreement": feed.agreement_id}

    assert browser(Role.CONSULTANT).post(page, given).status_code == 302
    shown = browser(Role.CONSULTANT).get(page).content.decode()
    assert f'value="{person.pk}" selected' in shown
    assert 'name="raw_days" value="60"' in shown
    feed.refresh_from_db()
    assert (feed.owner, feed.raw_days) == (person.user, 60)


def test_a_renewal_is_filed_from_the_list_with_what_it_renews(inside):
    first = small_data_agreement(valid_until=END)
    counsel = browser(Role.COUNSEL)
    page = f"/t/smallville/data/agreements/new/?renews={first.pk}"

    assert "Harbor Advisers" in counsel.get(page).content.decode()
    answer = counsel.post(
        page,
        {
            "kind": "baa",
            "counterparty": "Harbor Advisers",
            "permitted_uses": "The same.",
            "signed_on": "2026-01-05",
            "valid_from": "2026-07-01",
            "document": SimpleUploadedFile("signed.pdf", AGREEMENT.read_bytes()),
        },
    )
    assert answer.status_code == 302
    assert DataAgreement.objects.get(permitted_uses="The same.").renews == first
    assert "renewed" in counsel.get(answer.url).content.decode()
