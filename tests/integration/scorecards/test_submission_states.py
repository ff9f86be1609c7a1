"""What a job is told of a submission until the end, who may ask, and taking it back."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comanage.api.bodies import JSON
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.tenancy.scope import tenant_scope
from scorecards.intake.models import Upload, UploadStatus
from tests.ground import STAYS, check_waiting, stays
from tests.integration.scorecards.submitting import change_feed, uploads
from tests.machines import Machine, assert_problem, make_key

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
        "age": {"missing": 2, "suppressed": 1, "restored": 0, "unwrapped": 0}
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
