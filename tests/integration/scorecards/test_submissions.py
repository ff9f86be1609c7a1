"""What a job may ask of a submission, and what it is told until the end."""

import gzip
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.terms.actions import close_period
from comanage.api.bodies import FHIR, GZIP, JSON, NDJSON, PARQUET, TSV, XLSX
from comanage.api.idempotency import KEPT_FOR, forget_old_requests
from comanage.api.models import IdempotentRequest
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import READ_SCORECARDS, write_scope
from scorecards.intake.models import Upload, UploadStatus
from tests.ground import STAYS, check_waiting, open_year, stays
from tests.machines import Machine, assert_problem, digest, make_key

KEY = {"Idempotency-Key": "the-key-of-this-file"}


@pytest.fixture
def opened(hospital):
    """The hospital with its year on the clock."""
    with tenant_scope(hospital.pk):
        open_year()
    return hospital


@pytest.fixture
def feed(opened):
    with tenant_scope(opened.pk):
        return Feed.objects.get()


@pytest.fixture
def machine(opened, feed):
    return Machine(make_key(opened, [write_scope(feed), READ_SCORECARDS]))


def change_feed(feed, **changes):
    with tenant_scope(feed.tenant_id):
        Feed.objects.filter(pk=feed.pk).update(**changes)


def only_upload(tenant):
    with tenant_scope(tenant.pk):
        return Upload.objects.get()


def uploads(tenant):
    with tenant_scope(tenant.pk):
        return Upload.objects.count()


# --- How a file is to be taken -------------------------------------------------------------------


def test_a_submission_says_how_it_is_taken(opened, feed, machine):
    change_feed(feed, allows_skipping=True)

    taken = machine.send(
        feed, query="&mode=dry-run&rows=40&schema=1&on_error=skip", Prefer="respond-async"
    )

    assert taken.status_code == 202
    assert taken.headers["Preference-Applied"] == "respond-async"
    body = taken.json()
    assert (body["mode"], body["stated_rows"], body["schema"], body["on_error"]) == (
        "dry-run",
        STAYS,
        1,
        "skip",
    )
    assert (body["status"], body["progress"]) == ("received", {"percent": 0, "rows_read": 0})
    upload = only_upload(opened)
    assert upload.is_dry_run
    assert upload.skips_faulty_rows
    assert upload.stated_rows == STAYS


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("&mode=maybe", "/mode"),
        ("&rows=many", "/rows"),
        ("&rows=-1", "/rows"),
        ("&schema=0", "/schema"),
        ("&on_error=ignore", "/on_error"),
        ("&colour=blue", ""),
        ("&period=2024", "/period"),
    ],
)
def test_a_wish_that_is_none_is_refused_by_its_name(opened, feed, machine, query, pointer):
    body = assert_problem(machine.send(feed, query=query), 400, "invalid-request")

    assert [error["pointer"] for error in body["errors"]] == [pointer]
    assert uploads(opened) == 0


def test_skipping_is_refused_where_the_feed_does_not_allow_it(opened, feed, machine):
    assert_problem(machine.send(feed, query="&on_error=skip"), 409, "skipping-not-allowed")
    assert uploads(opened) == 0


def test_a_file_made_for_another_map_is_refused(opened, feed, machine):
    body = assert_problem(machine.send(feed, query="&schema=2"), 409, "schema-changed")

    assert "version 1 now" in body["detail"]
    assert uploads(opened) == 0


def test_a_closed_period_names_the_page_that_asks_for_a_restatement(opened, feed, machine):
    with tenant_scope(opened.pk):
        year = feed.uses.get().program.years.get()
        close_period(year=year, today=year.ends_on, by=member(Role.CONSULTANT))

    body = assert_problem(machine.send(feed), 409, "period-locked")

    assert f"/data/feeds/{feed.pk}/" in body["restatement"]


# --- Kinds of file -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("media_type", "headers", "kept"),
    [
        (TSV, {}, "submission.tsv"),
        (NDJSON, {}, "submission.ndjson"),
        (JSON, {}, "submission.json"),
        (XLSX, {}, "submission.xlsx"),
        (PARQUET, {}, "submission.parquet"),
        ("text/csv", {"Content-Encoding": "gzip"}, "submission.csv.gz"),
        (JSON, {"Content-Encoding": "identity"}, "submission.json"),
        (GZIP, {"Content-Disposition": 'attachment; filename="q1.NDJSON.gz"'}, "q1.ndjson.gz"),
    ],
)
def test_a_file_is_named_by_what_is_inside(opened, feed, machine, media_type, headers, kept):
    assert machine.send(feed, media_type=media_type, **headers).status_code == 202

    assert only_upload(opened).filename == kept


@pytest.mark.parametrize(
    ("media_type", "headers"),
    [
        (FHIR, {}),  # the feed collects cases
        (GZIP, {}),  # what is inside?
        (GZIP, {"Content-Disposition": 'attachment; filename="q1.xlsx.gz"'}),
        (XLSX, {"Content-Encoding": "gzip"}),
        ("text/csv", {"Content-Encoding": "br"}),
    ],
)
def test_a_kind_that_the_feed_does_not_take_is_refused(opened, feed, machine, media_type, headers):
    refused = machine.send(feed, media_type=media_type, **headers)

    assert_problem(refused, 415, "unsupported-media-type")
    assert uploads(opened) == 0


def test_a_feed_of_aggregates_takes_fhir(opened, feed, machine):
    change_feed(feed, level="L0")

    assert machine.send(feed, b"{}", media_type=FHIR).status_code == 202


def test_the_digest_is_of_the_body_as_it_is_sent(opened, feed, machine):
    packed = gzip.compress(stays())
    headers = {"Content-Encoding": "gzip"}

    of_the_text = {**headers, "Content-Digest": digest(stays())}
    assert_problem(machine.send(feed, packed, **of_the_text), 400, "invalid-request")

    of_the_body = {**headers, "Content-Digest": f"sha-512=:AAAA:, {digest(packed)};q=1"}
    assert machine.send(feed, packed, **of_the_body).status_code == 202


def test_a_digest_without_sha_256_is_refused(opened, feed, machine):
    refused = machine.send(feed, **{"Content-Digest": "sha-512=:AAAA:"})

    assert assert_problem(refused, 400)["errors"][0]["pointer"] == "/Content-Digest"


def test_a_body_in_chunks_is_asked_for_its_length(opened, feed, machine):
    refused = machine.send(
        feed, b"", **{"Transfer-Encoding": "chunked", "Content-Type": "text/csv"}
    )

    assert_problem(refused, 411, "length-required")


def test_a_long_body_is_told_of_parts(opened, feed, machine, settings):
    settings.UPLOAD_MAX_BYTES = 100

    assert "in parts" in assert_problem(machine.send(feed), 413, "too-large")["detail"]


# --- Once per key --------------------------------------------------------------------------------


def test_a_refusal_by_a_rule_is_kept_with_its_key(opened, feed, machine):
    first = machine.send(feed, query="&on_error=skip", **KEY)
    change_feed(feed, allows_skipping=True)

    again = machine.send(feed, query="&on_error=skip", **KEY)

    assert_problem(again, 409, "skipping-not-allowed")
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_request_that_never_reached_its_deed_may_be_mended_under_its_key(opened, feed, machine):
    assert_problem(machine.send(feed, **KEY, **{"Content-Digest": digest(b"other")}), 400)

    assert machine.send(feed, **KEY).status_code == 202


@pytest.mark.parametrize(
    "change", [{"content": stays(50)}, {"period": "2025-01"}, {"query": "&mode=dry-run"}]
)
def test_a_key_stands_for_one_request(opened, feed, machine, change):
    machine.send(feed, **KEY)

    assert_problem(machine.send(feed, **change, **KEY), 422, "idempotency-key-reused")
    assert uploads(opened) == 1


def test_two_machines_may_choose_the_same_key(opened, feed, machine):
    other = Machine(make_key(opened, [write_scope(feed)], name="Second"))

    first = machine.send(feed, period="2025-01", **KEY)
    second = other.send(feed, period="2025-02", **KEY)

    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["id"] != second.json()["id"]


def test_a_key_is_forgotten_after_seven_days_and_not_before(opened, feed, machine):
    machine.send(feed, **KEY)
    with tenant_scope(opened.pk):
        for age, forgotten in ((KEPT_FOR - timedelta(minutes=1), 0), (KEPT_FOR, 1)):
            IdempotentRequest.objects.update(created_at=timezone.now() - age)
            assert forget_old_requests() == forgotten


# --- The same bytes ------------------------------------------------------------------------------


def test_the_same_bytes_under_another_key_are_the_earlier_submission(opened, feed, machine):
    first = machine.send(feed).json()
    waiting = machine.send(feed)
    check_waiting(opened.pk)
    done = machine.send(feed)

    assert (waiting.status_code, done.status_code) == (200, 200)
    assert first["id"] == waiting.json()["id"] == done.json()["id"]
    assert done.json()["cases"]["version"] == 1


def test_the_same_bytes_count_again_after_another_file_of_the_period(opened, feed, machine):
    """Sending last week's file again, to put a mistaken one right, must do what it says."""
    first = machine.send(feed, stays()).json()["id"]
    machine.send(feed, stays(50))

    assert machine.send(feed, stays()).json()["id"] != first


def test_a_dry_run_is_never_taken_for_the_file_itself(opened, feed, machine):
    dry = machine.send(feed, query="&mode=dry-run").json()["id"]
    real = machine.send(feed).json()["id"]
    dry_again = machine.send(feed, query="&mode=dry-run").json()["id"]

    assert len({dry, real, dry_again}) == 3


# --- What became of it ---------------------------------------------------------------------------


def test_a_check_under_way_tells_how_far_it_is(opened, feed, machine):
    where = machine.send(feed).headers["Location"]
    with tenant_scope(opened.pk):
        upload = Upload.objects.get()
        Upload.objects.update(
            started_at=timezone.now(), bytes_read=upload.size // 2, rows_read=STAYS // 2
        )

    answer = machine.get(where)

    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "2")
    assert answer.json()["status"] == "validating"
    assert answer.json()["progress"] == {"percent": 49, "rows_read": STAYS // 2}


def test_an_accepted_file_names_the_version_it_became(opened, feed, machine):
    where = machine.send(feed).headers["Location"]
    check_waiting(opened.pk)

    body = machine.get(where).json()

    assert (body["status"], body["progress"], body["waits_for"]) == ("accepted", None, None)
    assert (body["cases"]["version"], body["cases"]["rows"]) == (1, STAYS)
    assert len(body["cases"]["sha256"]) == len(body["cases"]["logical_sha256"]) == 64
    assert machine.get(body["outcome"]).status_code == 200


def test_an_older_version_is_superseded(opened, feed, machine):
    first = machine.send(feed).headers["Location"]
    check_waiting(opened.pk)
    before = machine.get(first)
    change_feed(feed, takes_additions=True)
    second = machine.send(feed, stays(50, readmitted=3)).headers["Location"]
    check_waiting(opened.pk)

    after = machine.get(first, **{"If-None-Match": before.headers["ETag"]})

    assert (before.json()["status"], after.json()["status"]) == ("accepted", "superseded")
    assert machine.get(second).json()["status"] == "accepted"


def test_a_held_file_says_who_must_do_what(opened, feed, machine):
    where = machine.send(feed).headers["Location"]
    with tenant_scope(opened.pk):
        Upload.objects.update(status=UploadStatus.HELD, warnings_total=1, findings_total=1)

    answer = machine.get(where)

    assert (answer.status_code, answer.json()["status"]) == (200, "held")
    assert "1 warning, then accepts or declines" in answer.json()["waits_for"]


def test_what_was_counted_in_a_column_is_told_in_full(opened, feed, machine):
    where = machine.send(feed).headers["Location"]
    with tenant_scope(opened.pk):
        Upload.objects.update(
            status=UploadStatus.CHECKED, counts={"age": {"missing": 2, "suppressed": 1}}
        )

    assert machine.get(where).json()["columns"] == {
        "age": {"missing": 2, "suppressed": 1, "restored": 0}
    }


def test_a_submission_that_has_not_changed_is_not_sent_again(opened, feed, machine):
    where = machine.send(feed).headers["Location"]
    check_waiting(opened.pk)
    etag = machine.get(where).headers["ETag"]

    same = machine.get(where, **{"If-None-Match": f'"other", W/{etag}'})

    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", etag)
    assert machine.get(where, **{"If-None-Match": '"other"'}).status_code == 200


# --- Taking it back ------------------------------------------------------------------------------


def test_a_file_is_cancelled_before_it_is_decided(opened, feed, machine):
    taken = machine.send(feed)
    where, etag = taken.headers["Location"], taken.headers["ETag"]

    cancelled = machine.ask("DELETE", where, **{"If-Match": etag})
    check_waiting(opened.pk)

    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert cancelled.headers["ETag"] != etag
    assert machine.get(where).json()["status"] == "cancelled"
    with tenant_scope(opened.pk):
        assert Event.objects.filter(kind=EventKind.UPLOAD_CANCELLED).count() == 1


def test_cancelling_names_the_version_it_means(opened, feed, machine):
    taken = machine.send(feed)
    where, etag = taken.headers["Location"], taken.headers["ETag"]
    check_waiting(opened.pk)

    assert_problem(machine.ask("DELETE", where), 428, "precondition-required")
    stale = machine.ask("DELETE", where, **{"If-Match": etag})
    assert_problem(stale, 412, "precondition-failed")
    weak = machine.ask("DELETE", where, **{"If-Match": f"W/{machine.get(where).headers['ETag']}"})
    assert_problem(weak, 412, "precondition-failed")


def test_what_was_decided_is_not_cancelled(opened, feed, machine):
    where = machine.send(feed).headers["Location"]
    check_waiting(opened.pk)

    body = assert_problem(machine.ask("DELETE", where, **{"If-Match": "*"}), 409, "cannot-cancel")

    assert "accepted already" in body["detail"]


# --- Who may -------------------------------------------------------------------------------------


def test_a_machine_that_may_only_read_a_feed_sends_and_cancels_nothing(opened, feed, machine):
    where = machine.send(feed).headers["Location"]
    reader = Machine(make_key(opened, [f"feed:{feed.pk}:read"], name="Reader"))

    assert reader.get(where).status_code == 202
    assert_problem(reader.send(feed), 403, "permission-denied")
    refused = reader.ask("DELETE", where, **{"If-Match": "*"})
    assert_problem(refused, 403, "permission-denied")
    assert uploads(opened) == 1


# --- Feeds ---------------------------------------------------------------------------------------


def test_a_feed_says_what_it_asks_of_a_file(opened, feed, machine):
    first = machine.get(f"feeds/{feed.pk}")

    assert first.status_code == 200
    body = first.json()
    assert (body["name"], body["level"], body["schema"], body["may_write"]) == (
        feed.name,
        "L1",
        1,
        True,
    )
    assert body["spec"]["case_key"] == "encounter_id"
    same = machine.get(f"feeds/{feed.pk}", **{"If-None-Match": first.headers["ETag"]})
    assert same.status_code == 304
    change_feed(feed, allows_skipping=True)
    changed = machine.get(f"feeds/{feed.pk}", **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_submissions_are_listed_page_by_page_newest_first_in_as_many_queries(opened, feed, machine):
    sent = [machine.send(feed, period=f"2025-{month:02}").json()["id"] for month in (1, 2, 3)]
    where, counts, found = f"feeds/{feed.pk}/submissions?limit=2", [], []

    while where:
        with CaptureQueriesContext(connection) as captured:
            page = machine.get(where)
        counts.append(len(captured))
        found += [each["id"] for each in page.json()]
        where = page.headers.get("Link", "").partition(">")[0].removeprefix("<")

    assert found == sent[::-1]
    assert len(counts) == 2
    assert counts[0] == counts[1]


# --- Cost ----------------------------------------------------------------------------------------


def test_a_post_of_ten_thousand_rows_asks_the_database_as_often_as_one_of_ten(
    opened, feed, machine
):
    counts = []
    for rows, period in ((1, "2025-03"), (10, "2025-01"), (10_000, "2025-02")):
        body = b"[" + b",".join(b'{"encounter_id":"E%d"}' % row for row in range(rows)) + b"]"
        with CaptureQueriesContext(connection) as captured:
            taken = machine.send(feed, body, media_type=JSON, period=period)
        assert taken.status_code == 202
        counts.append(len(captured))

    assert counts[1] == counts[2]  # the first of all also makes the hospital's key
