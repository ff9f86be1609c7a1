"""By night exactly what is due goes: its key, its bytes, and nothing else."""

import io
import os
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comanage.api.idempotency import KEPT_FOR
from comanage.api.models import DeliveryState, IdempotentRequest, Webhook, WebhookDelivery
from comanage.api.webhooks import KEPT_FOR as MESSAGES_KEPT_FOR
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.actor import Actor
from comanage.identity.models import AccessToken, ExtractClient, Membership, SpentAssertion
from comanage.identity.roles import Role
from comanage.jobs.kinds import LOCAL_TIMES, JobKind, ScheduleKind
from comanage.jobs.models import Job, JobState, Schedule
from comanage.jobs.schedule import start_schedules
from comanage.vault.files import FileGoneError, opened, seal
from comanage.vault.models import SealedFile, SealedKind
from comanage.web.errors import PolicyError
from scorecards.feeds.models import Feed
from scorecards.intake.actions import receive_upload
from scorecards.intake.companions import kernel_folder
from scorecards.intake.models import PartialUpload, Slice, Upload, UploadPart, UploadStatus
from scorecards.retention.actions import (
    destroy_unclaimed_cases,
    destroy_upload_file,
    plan_retention,
)
from scorecards.retention.presenters import keeping_of
from scorecards.retention.queries import due_uploads
from tests.ground import YEAR, check, hand_in, run_jobs, stays
from tests.machines import make_key
from tests.worlds import parcel

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
TODAY = date(2026, 6, 30)
DAYS = 30
DECIDED = [
    UploadStatus.ACCEPTED,
    UploadStatus.REJECTED,
    UploadStatus.DECLINED,
    UploadStatus.CANCELLED,
    UploadStatus.CHECKED,
]
BY = Actor.system("Retention")
WHOLE = "Kept sealed, with all its columns, until"


@pytest.fixture
def feed(year, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return Feed.objects.get()


def sent(feed, *, days_ago, status=UploadStatus.REJECTED, **facts) -> Upload:
    """Keep a file that was sent so many days ago."""
    number = Upload.objects.count()
    upload, _ = receive_upload(
        feed=Feed.objects.get(name="Stays"),
        parcel=parcel(stays(20 + number), key=f"key-{number}"),
        by=member(Role.SERVICE_LINE_ADMINISTRATOR),
    )
    Job.objects.filter(subject_id=upload.pk).update(state=JobState.DONE)
    given = {"status": status, "rows": 20, "received_at": NOW - timedelta(days=days_ago), **facts}
    Upload.objects.filter(pk=upload.pk).update(feed=feed, **given)
    return Upload.objects.get(pk=upload.pk)


def other_feed(feed, name, **facts) -> Feed:
    return Feed.objects.create(name=name, source_system="EHR", level=feed.level, **facts)


def is_there(upload: Upload) -> bool:
    try:
        with opened(upload.storage_name) as clear:
            return bool(clear.read())
    except FileGoneError:
        return False


def left(tenant) -> set[str]:
    plan_retention("2026-06-30")
    run_jobs(tenant.pk, JobKind.DESTROY_DUE_FILES)
    return {upload.idempotency_key for upload in Upload.objects.all() if is_there(upload)}


def test_exactly_what_is_due_goes(feed, inside):
    """Each pair stands on both sides of one rule."""
    held = other_feed(feed, "Held", on_legal_hold=True)
    long = other_feed(feed, "Long", raw_days=90)
    sandbox = other_feed(feed, "Sandbox", is_sandbox=True)
    goes = [
        *(sent(feed, days_ago=DAYS + 1, status=status) for status in DECIDED),
        sent(feed, days_ago=400),
        sent(long, days_ago=91),
        sent(sandbox, days_ago=8),
        sent(feed, days_ago=DAYS + 1, status=UploadStatus.RECEIVED),  # its check failed for good
    ]
    stays_ = [
        *(sent(feed, days_ago=DAYS, status=status) for status in DECIDED),
        sent(feed, days_ago=DAYS + 1, status=UploadStatus.HELD),
        sent(held, days_ago=400),
        sent(long, days_ago=90),
        sent(sandbox, days_ago=7),
    ]
    being_checked = sent(feed, days_ago=DAYS + 1, status=UploadStatus.RECEIVED)
    Job.objects.filter(subject_id=being_checked.pk).update(state=JobState.READY)

    assert set(due_uploads(today=TODAY)) == set(goes)

    kept = left(inside)

    assert kept == {upload.idempotency_key for upload in [*stays_, being_checked]}
    gone = set(Upload.objects.exclude(purged_at=None).values_list("pk", flat=True))
    assert gone == {upload.pk for upload in goes}
    assert Event.objects.filter(kind="scorecards.upload_destroyed").count() == len(goes)


def test_the_days_are_those_of_the_hospital(feed, inside, monkeypatch):
    """Sent at 23:30 in Chicago, which is the next day in UTC already."""
    upload = sent(feed, days_ago=0)
    Upload.objects.update(received_at=datetime(2026, 6, 1, 4, 30, tzinfo=UTC))  # 31 May there

    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 7, 1, 4, 59, tzinfo=UTC))
    assert left(inside) == {upload.idempotency_key}  # 30 June there: the last day
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 7, 1, 5, 1, tzinfo=UTC))
    plan_retention("2026-07-01")
    run_jobs(inside.pk, JobKind.DESTROY_DUE_FILES)
    assert not is_there(upload)


def test_the_event_is_the_certificate_of_the_destruction(feed, inside):
    upload = sent(feed, days_ago=DAYS + 1)

    left(inside)

    upload.refresh_from_db()
    event = Event.objects.get(kind="scorecards.upload_destroyed")
    assert (event.subject_label, event.actor_name) == (str(upload), "Retention")
    assert event.details == {
        "sha256": upload.sha256,
        "size": upload.size,
        "received_at": upload.received_at.isoformat(),
        "rule": "a file as it was sent is kept for 30 days",
        "key_destroyed_at": upload.purged_at.isoformat(),
    }


def test_the_cases_and_everything_counted_from_them_stay(feed, inside):
    """A file that was declined later held the same cases, so it named the same stored ones."""
    upload = hand_in(stays())
    sent(feed, days_ago=400, status=UploadStatus.DECLINED)
    Upload.objects.update(received_at=NOW - timedelta(days=400))
    SealedFile.objects.update(created_at=NOW - timedelta(days=400))

    assert left(inside) == set()
    stored = SealedFile.objects.get(kind=SealedKind.SLICE)
    assert not destroy_unclaimed_cases(file=stored, by=BY)  # accepted after it was found due

    with opened(Slice.objects.get().storage_name) as clear:
        assert clear.read(4) == b"PAR1"
    assert list(kernel_folder(inside.pk).glob("*.columns"))
    assert upload.findings_total == 0


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"status": UploadStatus.HELD}, "not decided yet"),
        ({"received_at": NOW - timedelta(days=DAYS)}, "kept until"),  # its last day
        ({"purged_at": NOW}, "destroyed already"),
    ],
)
def test_nothing_is_destroyed_before_its_time_whoever_asks(feed, facts, words):
    upload = sent(feed, days_ago=DAYS + 1, **facts)

    with pytest.raises(PolicyError, match=words):
        destroy_upload_file(upload=upload, today=TODAY, by=BY)
    assert is_there(upload)


def test_a_hold_put_on_meanwhile_is_respected(feed):
    upload = sent(feed, days_ago=DAYS + 1)
    Feed.objects.update(on_legal_hold=True)

    with pytest.raises(PolicyError, match="legal hold"):
        destroy_upload_file(upload=upload, today=TODAY, by=BY)
    assert is_there(upload)


def test_nobody_puts_a_feed_on_hold_while_a_file_of_it_goes(feed):
    upload = sent(feed, days_ago=DAYS + 1)

    with CaptureQueriesContext(connection) as asked:
        destroy_upload_file(upload=upload, today=TODAY, by=BY)

    first = next(each["sql"] for each in asked if each["sql"].startswith("SELECT"))
    assert 'FROM "scorecards_feed"' in first
    assert first.endswith("FOR NO KEY UPDATE")


def part(partial, number=1) -> UploadPart:
    name = f"{partial.tenant_id}/parts/{partial.pk.hex}-{number}"
    file = seal(io.BytesIO(b"half a file"), name=name, kind=SealedKind.PART)
    facts = {"size": file.size, "sha256": file.sha256, "storage_name": name}
    return UploadPart.objects.create(partial=partial, number=number, **facts)


def unfinished(feed, *, expires_at, upload=None) -> PartialUpload:
    days = {"starts_on": YEAR.start, "ends_on": YEAR.end}
    partial = PartialUpload.objects.create(
        feed=feed, filename="big.csv", expires_at=expires_at, upload=upload, **days
    )
    part(partial)
    part(partial, 2)
    return partial


def test_parts_of_a_file_that_never_became_whole_go(feed, inside):
    due = unfinished(feed, expires_at=NOW)
    waiting = unfinished(feed, expires_at=NOW + timedelta(hours=1))
    whole = unfinished(feed, expires_at=NOW, upload=sent(feed, days_ago=1))

    left(inside)

    assert set(PartialUpload.objects.all()) == {waiting, whole}
    assert {part.partial for part in UploadPart.objects.all()} == {waiting}
    assert SealedFile.objects.filter(kind=SealedKind.PART, shredded_at=None).count() == 2
    events = Event.objects.filter(kind="scorecards.parts_destroyed")
    assert {event.subject_id for event in events} == {due.pk, whole.pk}
    assert [event.details["parts"] for event in events] == [2, 2]


def cases(tenant, content, *, days_ago=2) -> SealedFile:
    name = f"{tenant.pk}/slices/{content.hex()}.parquet"
    file = seal(io.BytesIO(content), name=name, kind=SealedKind.SLICE)
    SealedFile.objects.filter(pk=file.pk).update(created_at=NOW - timedelta(days=days_ago))
    return file


def test_checked_cases_that_nobody_accepted_go_with_what_was_derived_from_them(feed, inside):
    declined, new = cases(inside, b"declined"), cases(inside, b"new", days_ago=0)
    waiting = cases(inside, b"waiting")
    sent(feed, days_ago=2, status=UploadStatus.HELD, candidate={"storage_name": waiting.name})
    companion = kernel_folder(inside.pk) / f"{declined.sha256}.v1.columns"
    companion.write_bytes(b"x")

    left(inside)

    there = SealedFile.objects.filter(kind=SealedKind.SLICE, shredded_at=None)
    assert set(there) == {waiting, new}
    event = Event.objects.get(kind="scorecards.cases_destroyed")
    assert event.details["sha256"] == declined.sha256


def test_sealed_bytes_that_no_row_points_to_go_by_night(feed, inside):
    two_days_ago = (NOW - timedelta(days=2)).timestamp()
    stray = default_storage.save(f"{inside.pk}/uploads/stray.sealed", ContentFile(b"x"))
    os.utime(default_storage.path(stray), (two_days_ago, two_days_ago))

    left(inside)

    assert not default_storage.exists(stray)


def test_a_night_twice_is_the_same_as_once(feed, inside):
    sent(feed, days_ago=DAYS + 1)
    left(inside)

    plan_retention("2026-07-01")
    run_jobs(inside.pk, JobKind.DESTROY_DUE_FILES)

    assert Event.objects.filter(kind="scorecards.upload_destroyed").count() == 1


def test_a_hospital_gets_every_schedule_when_it_is_taken_on(inside):
    start_schedules(tenant=inside)

    made = {
        schedule.kind: schedule.local_time for schedule in Schedule.objects.filter(tenant=inside)
    }
    assert made == LOCAL_TIMES
    assert set(LOCAL_TIMES) == set(ScheduleKind)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {},
            f"{WHOLE} 29 Jul 2026, then destroyed. Its hash and its findings stay.",
        ),
        (
            {"status": UploadStatus.ACCEPTED},
            f"{WHOLE} 29 Jul 2026, then destroyed. The checked cases stay.",
        ),
        (
            {"status": UploadStatus.HELD},
            f"{WHOLE} it is decided, and until 29 Jul 2026 at least.",
        ),
        (
            {"received_at": NOW - timedelta(days=31)},
            "Destroyed in the coming night. Its hash and its findings stay.",
        ),
        ({"purged_at": NOW}, "Destroyed on 30 Jun 2026. Its hash and its findings stay."),
    ],
)
def test_a_page_says_how_long_the_file_is_kept(feed, facts, sentence):
    upload = sent(feed, days_ago=1, **facts)

    assert keeping_of(upload, today=TODAY, is_being_checked=False) == sentence
    client = Client()
    client.force_login(Membership.objects.get(role=Role.CONSULTANT).user)
    page = client.get(f"/t/smallville/data/uploads/{upload.pk}/").content.decode()
    assert sentence in page


def test_a_file_on_hold_says_so(feed):
    upload = sent(feed, days_ago=400)
    upload.feed.on_legal_hold = True

    assert (
        keeping_of(upload, today=TODAY, is_being_checked=False)
        == "Kept: the feed is on legal hold."
    )


def test_what_machines_left_behind_is_forgotten_when_it_has_ended(feed, inside):
    """Each pair stands on both sides of its moment; the machine has not signed in since."""
    make_key(inside, [])
    client, moment = ExtractClient.objects.get(), timedelta(seconds=1)
    for number, ends_at in enumerate([NOW, NOW + moment]):
        given = {"client": client, "expires_at": ends_at}
        AccessToken.objects.create(secret_sha256=f"{number:064}", scopes=[], **given)
        SpentAssertion.objects.create(jti_sha256=f"{number:064}", **given)
        request = IdempotentRequest.objects.create(
            client=client, route="r", key=f"request-{number}", fingerprint="0" * 64, status=202
        )
        IdempotentRequest.objects.filter(pk=request.pk).update(
            created_at=ends_at - KEPT_FOR - moment
        )

    left(inside)

    assert [row.secret_sha256 for row in AccessToken.objects.all()] == [f"{1:064}"]
    assert [row.jti_sha256 for row in SpentAssertion.objects.all()] == [f"{1:064}"]
    assert [row.key for row in IdempotentRequest.objects.all()] == ["request-1"]


def message(webhook, name, *, created_at, next_at=None):
    """Keep a message; one with a next moment waits for it."""
    state = DeliveryState.DELIVERED if next_at is None else DeliveryState.WAITING
    delivery = WebhookDelivery.objects.create(
        webhook=webhook, message_id=name, kind="test", payload={}, state=state, next_at=next_at
    )
    WebhookDelivery.objects.filter(pk=delivery.pk).update(created_at=created_at)


def test_messages_to_webhooks_are_forgotten_after_thirty_days_unless_they_wait(feed, inside):
    webhook = Webhook.objects.create(
        name="Events", url="https://hospital.example/", kinds=[], secret=b"", signing_key=b""
    )
    edge = NOW - MESSAGES_KEPT_FOR
    old = edge - timedelta(seconds=1)
    message(webhook, "old", created_at=old)
    message(webhook, "at the edge", created_at=edge)
    message(webhook, "old, sent again", created_at=old, next_at=NOW)
    message(webhook, "old, never sent", created_at=old, next_at=old)

    left(inside)

    kept = {delivery.message_id for delivery in WebhookDelivery.objects.all()}
    assert kept == {"at the edge", "old, sent again"}
    assert timedelta(days=30) == MESSAGES_KEPT_FOR


@pytest.mark.parametrize("is_on_hold", [False, True])
def test_a_file_refused_for_an_identifier_is_destroyed_at_once(feed, inside, is_on_hold):
    Feed.objects.update(on_legal_hold=is_on_hold)
    content = stays(20).replace(b"Cardiology", b"123-45-6789", 1)

    upload = check(content)
    before = keeping_of(upload, today=TODAY, is_being_checked=False)
    run_jobs(inside.pk, JobKind.DESTROY_DUE_FILES)

    assert upload.status == UploadStatus.REJECTED
    assert is_there(upload) is is_on_hold
    said = "on legal hold" if is_on_hold else "Being destroyed, as it holds"
    assert said in before
    events = Event.objects.filter(kind="scorecards.upload_destroyed")
    rules = [event.details["rule"] for event in events]
    assert rules == (
        [] if is_on_hold else ["a file that holds what looks like an identifier is not kept"]
    )
