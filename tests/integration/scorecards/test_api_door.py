"""The API door: a file in, an answer later, and every refusal a problem with a code."""

import base64
import hashlib
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from comanage.api.bodies import CSV, XLSX
from comanage.clients.actions import revoke_extract_client
from comanage.demo.build import member
from comanage.identity.models import ExtractClient
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.tenancy.scope import tenant_scope
from scorecards.cards.models import Scorecard
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import READ_SCORECARDS, write_scope
from scorecards.intake.models import Slice, Upload
from tests.ground import (
    READMITTED,
    STAYS,
    check_waiting,
    run_jobs,
    small_hospital,
    stays,
)
from tests.machines import assert_problem, make_key


@pytest.fixture
def key(opened, feed):
    return make_key(opened, [write_scope(feed), READ_SCORECARDS])


def post(feed, key, content=None, *, media_type=CSV, period="2025", slug="smallville", **headers):
    headers = {"Idempotency-Key": "a-key-of-this-file"} | headers
    return Client().post(
        f"/t/{slug}/api/v1/feeds/{feed.pk}/submissions?period={period}",
        stays() if content is None else content,
        content_type=media_type,
        headers={
            "Authorization": f"Bearer {key}",
            **{name: value for name, value in headers.items() if value is not None},
        },
    )


def get(key, address, slug="smallville"):
    return Client().get(f"/t/{slug}/api/v1/{address}", headers={"Authorization": f"Bearer {key}"})


def uploads(tenant):
    with tenant_scope(tenant.pk):
        return Upload.objects.count()


def test_a_file_is_taken_checked_and_answered_for(opened, feed, key):
    taken = post(feed, key)

    assert taken.status_code == 202
    where = taken.headers["Location"].partition("/api/v1/")[2]
    waiting = get(key, where)
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (202, "2")

    run_jobs(opened.pk, JobKind.CHECK_UPLOAD, JobKind.RECOMPUTE_SCORECARD)

    done = get(key, where)
    assert done.status_code == 200
    assert (done.json()["status"], done.json()["rows"]) == ("accepted", STAYS)
    assert done.json()["sha256"] == hashlib.sha256(stays()).hexdigest()
    with tenant_scope(opened.pk):
        year = Scorecard.objects.get().year_id
    card = get(key, f"years/{year}/scorecard").json()
    assert card["document"]["indicators"][0]["rate"] == f"{READMITTED}/{STAYS}"
    assert card["freshness"] == {
        "feed": "Stays",
        "data_through": "2025-12-31",
        "received_on": opened.today().isoformat(),
        "state": "on_request",
        "missing": [],
    }


def test_the_outcome_of_a_bad_file_is_a_line_for_each_finding(opened, feed, key):
    submission = post(feed, key, stays(time_in_hospital="many")).json()["id"]
    check_waiting(opened.pk)

    outcome = get(key, f"submissions/{submission}/outcome")

    assert outcome.headers["Content-Type"] == "application/x-ndjson"
    (finding,) = [json.loads(line) for line in outcome.content.decode().splitlines()]
    assert (finding["row"], finding["column"]) == (2, "time_in_hospital")
    assert get(key, f"submissions/{submission}").json()["status"] == "rejected"


def test_a_retry_gets_the_first_answer(opened, feed, key):
    first, again = post(feed, key), post(feed, key)

    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    assert first.headers["Location"] == again.headers["Location"]
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (
        None,
        "true",
    )
    assert uploads(opened) == 1


def test_the_same_key_with_another_file_is_refused(opened, feed, key):
    post(feed, key)

    assert_problem(post(feed, key, stays(50)), 422, "idempotency-key-reused")
    assert_problem(post(feed, key, period="2025-01"), 422, "idempotency-key-reused")
    assert uploads(opened) == 1


@pytest.mark.parametrize("sent", [None, "short", "x" * 81])
def test_a_file_without_a_key_of_its_own_is_refused(opened, feed, key, sent):
    body = assert_problem(post(feed, key, **{"Idempotency-Key": sent}), 400, "invalid-request")

    assert body["errors"][0]["pointer"] == "/Idempotency-Key"
    assert uploads(opened) == 0


def test_a_body_that_is_not_its_digest_is_refused(opened, feed, key):
    of_another = base64.b64encode(hashlib.sha256(b"other").digest()).decode()

    response = post(feed, key, **{"Content-Digest": f"sha-256=:{of_another}:"})

    assert assert_problem(response, 400)["errors"][0]["pointer"] == "/Content-Digest"
    assert uploads(opened) == 0


def test_a_body_that_is_its_digest_is_taken(opened, feed, key):
    digest = base64.b64encode(hashlib.sha256(stays()).digest()).decode()

    assert post(feed, key, **{"Content-Digest": f"sha-256=:{digest}:"}).status_code == 202


@pytest.mark.parametrize("media_type", ["application/xml", "application/zip", "text/plain", ""])
def test_a_media_type_that_no_feed_takes_is_refused(opened, feed, key, media_type):
    assert_problem(post(feed, key, media_type=media_type), 415, "unsupported-media-type")
    assert uploads(opened) == 0


@pytest.mark.parametrize("media_type", ["text/csv; charset=utf-8", "Text/CSV"])
def test_a_media_type_may_name_its_charset_and_be_written_large(opened, feed, key, media_type):
    assert post(feed, key, media_type=media_type).status_code == 202


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ('attachment; filename="q1.csv"', "q1.csv"),
        ('attachment; filename="../../etc/passwd"', "passwd.csv"),
        ("attachment; filename*=utf-8''a%00b%0a.csv", "ab.csv"),
        ("attachment", "submission.csv"),
    ],
)
def test_the_name_of_a_file_is_a_plain_name(opened, feed, key, sent, kept):
    assert post(feed, key, **{"Content-Disposition": sent}).status_code == 202

    with tenant_scope(opened.pk):
        assert Upload.objects.get().filename == kept


def test_a_file_that_is_not_what_its_type_says_is_rejected(opened, feed, key):
    submission = post(feed, key, media_type=XLSX).json()["id"]
    check_waiting(opened.pk)

    assert get(key, f"submissions/{submission}").json()["status"] == "rejected"
    with tenant_scope(opened.pk):
        assert not Slice.objects.exists()


@pytest.mark.parametrize(
    "period",
    ["", "soon", "2025-13", "2025-02-30/2025-03-01", "2025-03-01/2025-02-01", "9999", "9999-12",
     "2025-01-01/9999-12-31"],
)  # fmt: skip
def test_a_period_that_is_none_is_refused(opened, feed, key, period):
    body = assert_problem(post(feed, key, period=period), 400, "invalid-request")

    assert body["errors"][0]["pointer"] == "/period"


def test_a_period_that_no_year_covers_is_refused_with_the_rule(opened, feed, key):
    body = assert_problem(post(feed, key, period="2026"), 409, "refused-by-policy")

    assert "No measurement year covers 1 Jan 2026 to 31 Dec 2026" in body["detail"]


def test_an_empty_body_is_refused(opened, feed, key):
    response = post(feed, key, b"", **{"Content-Type": CSV})

    assert "empty" in assert_problem(response, 400, "empty-file")["detail"]


def test_a_body_that_is_too_large_is_refused(opened, feed, key, settings):
    settings.UPLOAD_MAX_BYTES = 1000

    assert_problem(post(feed, key), 413, "too-large")
    assert uploads(opened) == 0


@pytest.mark.parametrize("key", ["", "x", "cmk_1_2_3", "cmk_" + "0" * 32 + "_" + "0" * 32 + "_x"])
def test_a_key_that_is_none_opens_nothing(opened, feed, key):
    assert_problem(post(feed, key), 401, "not-authenticated")


def test_a_key_with_another_secret_opens_nothing(opened, feed, key):
    assert_problem(post(feed, f"{key[:-4]}0000"), 401)


def test_an_expired_key_opens_nothing(opened, feed, key):
    with tenant_scope(opened.pk):
        ExtractClient.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert_problem(post(feed, key), 401)


def test_a_revoked_key_opens_nothing(opened, feed, key):
    with tenant_scope(opened.pk):
        revoke_extract_client(
            client=ExtractClient.objects.get(), by=member(Role.TENANT_ADMINISTRATOR)
        )

    assert_problem(post(feed, key), 401)


def test_a_key_of_another_hospital_finds_nothing_here(opened, feed):
    other = small_hospital("elsewhere")
    with tenant_scope(other.pk):
        their_feed = Feed.objects.get()
    theirs = make_key(other, [write_scope(their_feed), READ_SCORECARDS])

    assert_problem(post(feed, theirs), 404, "not-found")
    assert_problem(post(feed, theirs, slug="elsewhere"), 404)
    assert uploads(opened) == 0


def test_a_key_without_the_feeds_scope_does_not_find_the_feed(opened, feed):
    reader = make_key(opened, [READ_SCORECARDS])

    assert_problem(post(feed, reader), 404)
    assert get(reader, "feeds").json() == []
    assert uploads(opened) == 0


def test_a_key_without_the_scope_to_read_scorecards_is_forbidden_to(opened, feed):
    writer = make_key(opened, [write_scope(feed)])
    with tenant_scope(opened.pk):
        from agreements.terms.models import MeasurementYear

        year = MeasurementYear.objects.get().pk

    assert_problem(get(writer, f"years/{year}/scorecard"), 403, "permission-denied")


def test_a_key_lists_the_feeds_it_may_write_to(opened, feed, key):
    (listed,) = get(key, "feeds").json()

    assert (listed["id"], listed["name"]) == (str(feed.pk), feed.name)


def test_an_address_without_a_door_answers_in_the_shape_of_the_api(opened, key):
    assert_problem(get(key, "feeds//submissions"), 404, "not-found")
