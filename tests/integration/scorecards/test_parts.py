"""A large file in parts: any order, resumed, whole or refused, and never left lying."""

import hashlib
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comanage.api.bodies import BYTES, GZIP, JSON
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.identity.models import ExtractClient
from comanage.jobs.kinds import JobKind
from comanage.tenancy.scope import tenant_scope
from comanage.vault.models import SealedFile, SealedKind
from scorecards.feeds.queries import read_scope, write_scope
from scorecards.intake.models import PartialUpload, Upload, UploadPart
from tests.ground import STAYS, check_waiting, run_jobs, stays
from tests.machines import Machine, assert_problem, digest, make_key

PART = 250  # bytes, instead of 8 MiB


@pytest.fixture(autouse=True)
def small_parts(settings):
    settings.UPLOAD_PART_BYTES = PART
    settings.UPLOAD_MAX_TOTAL_BYTES = 10 * PART


@pytest.fixture
def machine(opened, feed):
    return Machine(make_key(opened, [write_scope(feed)]))


def pieces(content):
    return [content[start : start + PART] for start in range(0, len(content), PART)]


def begin(machine, feed, *, period="2025", query="", key=None, **said):
    return machine.ask(
        "POST",
        f"feeds/{feed.pk}/uploads?period={period}{query}",
        json.dumps({"media_type": "text/csv"} | said),
        media_type=JSON,
        **{"Idempotency-Key": key or uuid4().hex},
    )


def put(machine, where, number, content, **headers):
    headers = {"Content-Digest": digest(content)} | headers
    return machine.ask("PUT", f"{where}/parts/{number}", content, media_type=BYTES, **headers)


def complete(machine, where, content, *, key=None, sha256=None):
    return machine.ask(
        "POST",
        f"{where}:complete",
        json.dumps({"sha256": sha256 or hashlib.sha256(content).hexdigest()}),
        media_type=JSON,
        **{"Idempotency-Key": key or uuid4().hex},
    )


def sent(machine, feed, content, **given):
    """Begin a file and send all its parts; return its address."""
    where = begin(machine, feed, **given).headers["Location"]
    for number, piece in enumerate(pieces(content), 1):
        assert put(machine, where, number, piece).status_code == 200
    return where


def kept_parts(tenant):
    """Count the parts that rows know, and those whose bytes can still be read."""
    with tenant_scope(tenant.pk):
        sealed = SealedFile.objects.filter(kind=SealedKind.PART, sealed_key__isnull=False)
        return UploadPart.objects.count(), sealed.count()


def test_a_file_in_parts_becomes_the_same_submission_as_in_one_body(opened, feed, machine):
    content = stays()
    begun = begin(machine, feed, query="&rows=40")
    assert begun.status_code == 201
    assert (begun.json()["part_size"], begun.json()["parts"]) == (PART, [])
    where = begun.headers["Location"]

    for number, piece in reversed(list(enumerate(pieces(content), 1))):
        assert put(machine, where, number, piece).json()["size"] == len(piece)
    completed = complete(machine, where, content)

    assert completed.status_code == 202
    assert completed.json()["sha256"] == hashlib.sha256(content).hexdigest()
    assert (completed.json()["size"], completed.json()["stated_rows"]) == (len(content), STAYS)
    run_jobs(opened.pk, JobKind.JOIN_PARTS)
    check_waiting(opened.pk)
    done = machine.get(completed.headers["Location"])
    assert (done.status_code, done.json()["status"]) == (200, "accepted")
    assert done.json()["rows"] == STAYS
    assert machine.get(where).json()["submission"] == completed.headers["Location"]
    assert kept_parts(opened) == (0, 0)
    with tenant_scope(opened.pk):
        kinds = set(Event.objects.values_list("kind", flat=True))
    assert {EventKind.PARTS_BEGUN, EventKind.UPLOAD_RECEIVED, EventKind.UPLOAD_ACCEPTED} <= kinds


def test_a_broken_sending_is_resumed_from_what_is_there(opened, feed, machine):
    content = stays()
    where = begin(machine, feed).headers["Location"]
    for number in (1, 3):
        put(machine, where, number, pieces(content)[number - 1])

    there = {part["number"]: part["sha256"] for part in machine.get(where).json()["parts"]}

    assert there.keys() == {1, 3}
    for number, piece in enumerate(pieces(content), 1):
        if there.get(number) != hashlib.sha256(piece).hexdigest():
            put(machine, where, number, piece)
    assert complete(machine, where, content).status_code == 202


def test_the_same_part_again_changes_nothing_and_another_is_refused(opened, feed, machine):
    where = begin(machine, feed).headers["Location"]
    first = put(machine, where, 1, b"one")

    again, other = put(machine, where, 1, b"one"), put(machine, where, 1, b"two")

    assert (again.status_code, again.json()) == (200, first.json())
    assert_problem(other, 409, "part-differs")
    assert kept_parts(opened) == (1, 1)


def test_a_part_is_its_digest_or_is_refused(opened, feed, machine):
    where = begin(machine, feed).headers["Location"]

    for wrong in (None, "", "sha-512=:AAAA:", digest(b"other")):
        refused = put(machine, where, 1, b"one", **{"Content-Digest": wrong})
        assert assert_problem(refused, 400)["errors"][0]["pointer"] == "/Content-Digest"
    assert kept_parts(opened) == (0, 0)


def test_a_part_has_the_size_and_the_number_of_a_part(opened, feed, machine):
    where = begin(machine, feed).headers["Location"]

    assert_problem(put(machine, where, 1, b"x" * (PART + 1)), 413, "too-large")
    assert_problem(put(machine, where, 1, b""), 409, "part-size")
    for number in (0, 11, 10**9):
        refused = put(machine, where, number, b"x")
        assert assert_problem(refused, 400)["errors"][0]["pointer"] == "/number"


def test_a_file_with_a_gap_names_the_parts_that_are_missing(opened, feed, machine):
    where = begin(machine, feed).headers["Location"]
    assert (
        "Send 1," in assert_problem(complete(machine, where, b"x"), 409, "parts-missing")["detail"]
    )
    for number in (2, 5):
        put(machine, where, number, b"x" * PART)

    body = assert_problem(complete(machine, where, b"x"), 409, "parts-missing")

    assert "Send 1, 3, 4, then" in body["detail"]


def test_only_the_last_part_may_be_short(opened, feed, machine):
    where = begin(machine, feed).headers["Location"]
    put(machine, where, 1, b"short")
    put(machine, where, 2, b"last")

    body = assert_problem(complete(machine, where, b"shortlast"), 409, "part-size")

    assert "Part 1 has 5 bytes" in body["detail"]


def test_a_file_that_is_too_large_is_told_so_before_a_byte_comes(opened, feed, machine):
    assert_problem(begin(machine, feed, size=10 * PART + 1), 413, "too-large")
    assert begin(machine, feed, size=10 * PART).status_code == 201


def test_parts_that_are_another_file_than_was_said_are_rejected(opened, feed, machine):
    where = sent(machine, feed, stays())
    submission = complete(machine, where, b"", sha256="0" * 64).headers["Location"]
    run_jobs(opened.pk, JobKind.JOIN_PARTS)
    check_waiting(opened.pk)

    body = machine.get(submission).json()

    assert body["status"] == "rejected"
    assert b"digest-mismatch" in machine.get(body["outcome"]).content
    assert kept_parts(opened) == (0, 0)


def test_the_same_bytes_in_parts_are_the_earlier_submission(opened, feed, machine):
    content = stays()
    first = machine.send(feed, content).json()["id"]

    again = complete(machine, sent(machine, feed, content), content)

    assert (again.status_code, again.json()["id"]) == (200, first)
    assert kept_parts(opened) == (0, 0)


def test_completing_twice_is_completing_once(opened, feed, machine):
    content = stays()
    where = sent(machine, feed, content)
    first = complete(machine, where, content, key="key-of-completion")

    replayed = complete(machine, where, content, key="key-of-completion")
    another = complete(machine, where, content)

    assert (replayed.status_code, replayed.headers["Idempotency-Replayed"]) == (202, "true")
    assert (another.status_code, another.json()["id"]) == (200, first.json()["id"])
    assert_problem(put(machine, where, 1, pieces(content)[0]), 409, "upload-completed")
    gone = machine.ask("DELETE", where, **{"If-Match": "*"})
    assert_problem(gone, 409, "upload-completed")
    run_jobs(opened.pk, JobKind.JOIN_PARTS)
    with tenant_scope(opened.pk):
        assert Upload.objects.count() == 1


def test_a_file_that_was_cancelled_is_not_joined(opened, feed, machine):
    content = stays()
    completed = complete(machine, sent(machine, feed, content), content)
    machine.ask("DELETE", completed.headers["Location"], **{"If-Match": completed.headers["ETag"]})

    run_jobs(opened.pk, JobKind.JOIN_PARTS)
    check_waiting(opened.pk)

    assert machine.get(completed.headers["Location"]).json()["status"] == "cancelled"
    assert kept_parts(opened) == (0, 0)


def test_a_file_that_is_given_up_is_gone_with_its_parts(opened, feed, machine):
    where = sent(machine, feed, stays())
    etag = machine.get(where).headers["ETag"]
    assert machine.get(where, **{"If-None-Match": etag}).status_code == 304

    assert_problem(machine.ask("DELETE", where), 428, "precondition-required")
    stale = machine.ask("DELETE", where, **{"If-Match": '"of-before-the-last-part"'})
    assert_problem(stale, 412, "precondition-failed")
    assert machine.ask("DELETE", where, **{"If-Match": etag}).status_code == 204

    assert_problem(machine.get(where), 404, "not-found")
    assert kept_parts(opened) == (0, 0)


def test_a_file_takes_no_part_after_its_time(opened, feed, machine):
    where = begin(machine, feed).headers["Location"]
    with tenant_scope(opened.pk):
        PartialUpload.objects.update(expires_at=timezone.now())

    assert_problem(put(machine, where, 1, b"x"), 409, "upload-expired")
    assert_problem(complete(machine, where, b"x"), 409, "upload-expired")


def test_a_file_stays_open_for_two_days(opened, feed, machine):
    begin(machine, feed)

    with tenant_scope(opened.pk):
        partial = PartialUpload.objects.get()
    assert partial.expires_at - partial.created_at >= timedelta(days=2) - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"media_type": "text/plain"}, 400),
        ({"media_type": GZIP}, 415),
        ({"colour": "blue"}, 400),
        ({"size": 0}, 400),
    ],
)
def test_what_is_announced_is_a_file_that_a_feed_takes(opened, feed, machine, said, status):
    assert_problem(begin(machine, feed, **said), status)


def test_a_document_that_is_none_is_refused(opened, feed, machine):
    for body, media_type, status in (
        (b"{", JSON, 400),
        (b"{}", "text/csv", 415),
        (b"[]", JSON, 400),
    ):
        refused = machine.ask(
            "POST",
            f"feeds/{feed.pk}/uploads?period=2025",
            body,
            media_type=media_type,
            **{"Idempotency-Key": uuid4().hex},
        )
        assert_problem(refused, status)


def test_what_one_machine_began_does_not_exist_for_another(opened, feed, machine):
    where = sent(machine, feed, stays())
    other = Machine(make_key(opened, [write_scope(feed)], name="Second"))

    assert_problem(other.get(where), 404)
    assert_problem(put(other, where, 1, b"x"), 404)
    assert_problem(complete(other, where, b"x"), 404)
    assert_problem(other.ask("DELETE", where, **{"If-Match": "*"}), 404)


def test_a_file_of_many_parts_is_shown_in_as_many_queries(opened, feed, machine):
    where, counts = begin(machine, feed).headers["Location"], []
    for number in (1, 2, 3, 4):
        put(machine, where, number, b"x")
        with CaptureQueriesContext(connection) as captured:
            machine.get(where)
        counts.append(len(captured))

    assert len(set(counts)) == 1


def test_a_machine_that_may_only_read_by_now_sends_and_drops_nothing(opened, feed, machine):
    where = begin(machine, feed).headers["Location"]
    with tenant_scope(opened.pk):
        ExtractClient.objects.update(scopes=[read_scope(feed)])

    assert machine.get(where).status_code == 200
    for refused in (
        put(machine, where, 1, b"one"),
        complete(machine, where, b"one"),
        machine.ask("DELETE", where, **{"If-Match": "*"}),
    ):
        assert_problem(refused, 403, "permission-denied")
