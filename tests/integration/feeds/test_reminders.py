"""Who is told that a file is late or an agreement ends: when, once, by mail and on the page."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from agreements.dates.actions import remind_of_critical_dates
from agreements.dates.queries import dates_seen_by
from agreements.programs.models import Program
from comanage.api.actions import create_webhook
from comanage.api.models import WebhookDelivery
from comanage.api.webhooks import WebhookKind
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.clients.actions import create_extract_client, renew_extract_client
from comanage.demo.build import member
from comanage.identity.actions import end_membership
from comanage.identity.actor import Actor
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.notices.models import Notice
from comanage.values.period import Period
from scorecards.dataagreements.models import DataAgreement
from scorecards.feeds.actions import FeedFacts, declare_feed, edit_feed, plan_morning
from scorecards.feeds.models import Cadence, Feed, FeedUse
from scorecards.feeds.queries import current_map, spec_of
from scorecards.intake.models import Upload
from tests.clock import stand_at
from tests.ground import open_year, run_jobs, small_data_agreement, small_opinion

ADMINISTRATOR, OWNER = "service_line_administrator", "consultant"
DECLARED_ON, DUE, DAY = date(2026, 1, 20), date(2026, 2, 15), timedelta(days=1)
LISTED = "/t/smallville/data/agreements/"
LATE = "Late stays: the file of 1 Jan 2026 to 31 Jan 2026 is late"


@pytest.fixture
def at(monkeypatch):
    """Stand at 13:00 UTC on a day, the morning in Chicago."""

    def stand(day):
        stand_at(monkeypatch, datetime(day.year, day.month, day.day, 13, tzinfo=UTC))

    return stand


def facts(**changes):
    """A monthly feed from January 2026, due on the 15th, owned by the consultant."""
    owner = Membership.objects.select_related("user").get(role=Role.CONSULTANT).user
    given = {
        "agreement": DataAgreement.objects.earliest("filed_at"),
        "owner": owner,
        "cadence": Cadence.MONTHLY,
        "first_period_on": date(2026, 1, 1),
    }
    return FeedFacts("Late stays", "EHR", **(given | changes))


@pytest.fixture
def without_year(inside, at):
    """The feed, read by a program of which no year is on the clock."""
    at(DECLARED_ON)
    FeedUse.objects.all().delete()
    return declare_feed(
        facts=facts(),
        spec=spec_of(Feed.objects.get()),
        programs=list(Program.objects.all()),
        today=DECLARED_ON,
        by=member(Role.SERVICE_LINE_ADMINISTRATOR),
    )


@pytest.fixture
def feed(without_year):
    """The same with the year 2026 on the clock."""
    opinion = small_opinion(valid_from=date(2026, 1, 1), valid_until=date(2027, 1, 1))
    open_year(period=Period(date(2026, 1, 1), date(2027, 1, 1)), opinion=opinion)
    return without_year


@pytest.fixture
def morning(inside, at):
    """Live through the hospital's morning of a day; tell who was told what.

    Less the critical dates, which run from the days on which the small hospital was made.
    """

    def live(day):
        at(day)
        before = set(Notice.objects.values_list("pk", flat=True))
        plan_morning(day.isoformat())
        run_jobs(inside.pk, JobKind.REMIND, JobKind.MAIL_NOTICE)
        new = Notice.objects.exclude(pk__in=before).exclude(key__startswith="date:")
        told = new.select_related("user")
        return sorted((each.user.email.partition("@")[0], each.subject) for each in told)

    return live


def test_the_owner_hears_of_a_late_file_on_the_first_morning_and_once(feed, morning):
    assert morning(DUE) == []
    assert morning(DUE + DAY) == [(OWNER, LATE)]
    assert morning(DUE + DAY) == []
    assert morning(DUE + 2 * DAY) == []


def test_a_late_feed_is_told_of_by_webhook(feed, morning):
    create_webhook(
        name="Warehouse",
        url="https://hooks.example/comanage",
        kinds=[WebhookKind.FEED_LATE],
        by=member(Role.TENANT_ADMINISTRATOR),
    )

    morning(DUE)
    assert not WebhookDelivery.objects.exists()
    morning(DUE + DAY)

    told = WebhookDelivery.objects.get()
    assert told.kind == WebhookKind.FEED_LATE
    assert str(feed.pk) in str(told.payload)


def test_three_days_later_the_administrators_hear_of_it_once(feed, morning):
    morning(DUE + DAY)

    assert morning(DUE + 3 * DAY) == []
    assert morning(DUE + 4 * DAY) == [(ADMINISTRATOR, LATE)]
    assert morning(DUE + 5 * DAY) == []


def test_a_morning_that_was_missed_is_made_up_for(feed, morning):
    assert morning(DUE + 6 * DAY) == [(OWNER, LATE), (ADMINISTRATOR, LATE)]


def test_a_file_that_waits_for_a_person_is_not_late(feed, morning):
    Upload.objects.create(
        feed=feed,
        map=current_map(feed),
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 2, 1),
        status="held",
        size=1,
    )

    assert morning(DUE + 6 * DAY) == []


@pytest.mark.parametrize("owner", [None, "gone"])
def test_without_an_owner_the_administrators_hear_of_it_at_once(feed, morning, at, owner):
    by = member(Role.SERVICE_LINE_ADMINISTRATOR)
    if owner is None:
        edit_feed(feed=feed, facts=facts(owner=None), today=DECLARED_ON, by=by)
    else:
        end_membership(membership=Membership.objects.get(role=Role.CONSULTANT), by=by)

    assert morning(DUE + DAY) == [(ADMINISTRATOR, LATE)]


def test_what_was_due_before_the_feed_was_declared_is_no_news(feed, morning):
    earlier = facts(first_period_on=date(2025, 11, 1))
    by = member(Role.SERVICE_LINE_ADMINISTRATOR)
    edit_feed(feed=feed, facts=earlier, today=DECLARED_ON, by=by)

    assert morning(DUE + DAY) == [(OWNER, LATE)]


@pytest.mark.usefixtures("without_year")
def test_nobody_waits_for_a_file_that_no_year_takes_in_yet(morning):
    assert morning(DUE + 6 * DAY) == []


@pytest.mark.parametrize("change", [{"is_sandbox": True}, {"cadence": Cadence.ON_REQUEST}])
def test_nobody_waits_for_a_sandbox_or_for_a_file_on_request(feed, morning, change):
    by = member(Role.SERVICE_LINE_ADMINISTRATOR)
    edit_feed(feed=feed, facts=facts(**change), today=DECLARED_ON, by=by)

    assert morning(DUE + 6 * DAY) == []


def test_the_mail_names_the_page_and_goes_to_the_person(feed, morning):
    mail.outbox.clear()

    morning(DUE + DAY)

    (sent,) = mail.outbox
    notice = Notice.objects.get(subject=LATE)
    assert sent.to == ["consultant@smallville.example"]
    assert sent.subject == f"Smallville: {LATE}"
    assert f"/t/smallville/data/feeds/{feed.pk}/" in sent.body
    assert sent.extra_headers["Message-ID"].startswith(f"<notice-{notice.pk}@")
    assert notice.mailed_at is not None


def test_a_person_who_has_left_meanwhile_gets_no_mail(feed, at, inside):
    mail.outbox.clear()
    at(DUE + DAY)
    plan_morning("today")
    run_jobs(inside.pk, JobKind.REMIND)
    by = member(Role.SERVICE_LINE_ADMINISTRATOR)
    end_membership(membership=Membership.objects.get(role=Role.CONSULTANT), by=by)

    run_jobs(inside.pk, JobKind.MAIL_NOTICE)

    assert mail.outbox == []
    assert Notice.objects.get(subject=LATE).mailed_at is None


def test_each_telling_is_in_the_trail(feed, morning):
    morning(DUE + DAY)

    (event,) = Event.objects.filter(kind=EventKind.NOTICE_SENT)
    assert (event.actor_name, event.subject_label) == ("Morning reminders", LATE)
    assert event.details == {"to": "Consultant"}


# --- Agreements ---------------------------------------------------------------------------------

END = date(2027, 1, 1)


def test_the_last_day_of_a_data_agreement_is_in_the_calendar_until_a_renewal_carries_it_on(
    inside, at
):
    at(END - 30 * DAY)
    kept, gap, ending = (small_data_agreement(valid_until=END) for _ in range(3))
    small_data_agreement(renews=kept, valid_from=END, valid_until=None)
    small_data_agreement(renews=gap, valid_from=END + DAY, valid_until=None)
    keys = {f"data-agreement-{each.pk}" for each in (gap, ending)}

    remind_of_critical_dates(tenant=inside, by=Actor.system("Morning"))

    seen = dates_seen_by(member(Role.COMPLIANCE), today=END - 30 * DAY)
    assert {each.key for each in seen if each.key.startswith("data-")} == keys
    told = Notice.objects.select_related("user").get(key__contains=f"data-agreement-{ending.pk}")
    assert told.subject.startswith("Business associate agreement ends: ")
    assert told.subject.endswith(", by 31 Dec 2026")
    assert (told.user.email, told.path) == ("compliance@smallville.example", LISTED)
    browser = Client()
    browser.force_login(Membership.objects.get(role=Role.COMPLIANCE).user)
    page = browser.get(reverse("agreements:calendar", args=["smallville"])).text
    assert f'href="{LISTED}"' in page
    assert browser.get(LISTED).status_code == 200
    physician = dates_seen_by(member(Role.PHYSICIAN), today=END - 30 * DAY)
    assert not [each for each in physician if each.key in keys]


# --- The page -----------------------------------------------------------------------------------


@pytest.fixture
def reader(feed, morning):
    """The consultant's browser, after a late file was told."""
    morning(DUE + DAY)
    browser = Client()
    browser.force_login(Membership.objects.get(role=Role.CONSULTANT).user)
    return browser


def test_the_bell_counts_what_is_not_read(reader):
    page = reader.get("/t/smallville/notices/").content.decode()

    assert "Notices, 1 not read" in page
    assert LATE in page


def test_opening_a_notice_marks_it_as_read_and_leads_to_its_page(reader, feed):
    notice = Notice.objects.get(subject=LATE)

    answer = reader.post("/t/smallville/notices/read/", {"notice": str(notice.pk)})

    assert answer.url == f"/t/smallville/data/feeds/{feed.pk}/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_all_are_marked_as_read_at_once_and_keep_the_first_time(reader):
    reader.post("/t/smallville/notices/read/")
    first = Notice.objects.get(subject=LATE).read_at
    reader.post("/t/smallville/notices/read/")

    assert Notice.objects.get(subject=LATE).read_at == first
    assert "All read" in reader.get("/t/smallville/notices/").content.decode()


def test_nobody_reads_or_marks_the_notice_of_another(reader):
    other = Client()
    other.force_login(Membership.objects.get(role=Role.COUNSEL).user)
    notice = Notice.objects.get(subject=LATE)

    answer = other.post("/t/smallville/notices/read/", {"notice": str(notice.pk)})

    assert answer.status_code == 404
    assert LATE not in other.get("/t/smallville/notices/").content.decode()
    notice.refresh_from_db()
    assert notice.read_at is None


def test_an_api_key_that_ends_is_told_thirty_and_seven_days_before(inside, at, morning):
    start, by = date(2026, 1, 5), member(Role.TENANT_ADMINISTRATOR)
    at(start)
    client, _ = create_extract_client(name="Old job", scopes=[], by=by, life=40 * DAY)

    told = [
        (days, who, subject)
        for days in (9, 10, 11, 33, 34, 40, 41)
        for who, subject in morning(start + days * DAY)
    ]

    subject = "The API key of Old job ends on 14 Feb 2026"
    assert told == [(10, "tenant_administrator", subject), (33, "tenant_administrator", subject)]
    at(start + 39 * DAY)
    renew_extract_client(client=client, by=by)
    assert morning(start + 41 * DAY) == []
    ((who, later),) = morning(start + (39 + 180 - 30) * DAY)
    assert who == "tenant_administrator"
    assert later != subject
