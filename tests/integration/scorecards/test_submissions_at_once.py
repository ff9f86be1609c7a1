"""Real commits, real threads: what a job sends many times at once it has sent once."""

import hashlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import monotonic

import pytest
from django.db import connection

from comanage.api.bodies import JSON
from comanage.api.models import IdempotentRequest
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import write_scope
from scorecards.intake.models import PartialUpload, Upload, UploadPart
from scorecards.parts.actions import drop_parts
from tests.ground import open_year, small_hospital, stays, storage_in
from tests.machines import Machine, assert_problem, digest, make_key

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 30


@pytest.fixture
def door(tmp_path):
    """A feed on the clock and a machine that may send to it, for every thread to see."""
    with storage_in(tmp_path / "stored"):
        tenant = small_hospital()
        with tenant_scope(tenant.pk):
            open_year()
            feed = Feed.objects.get()
        yield feed, Machine(make_key(tenant, [write_scope(feed)]))


def all_at_once(door, request_of):
    """Send thirty requests that start together; `request_of` says what each one sends."""
    feed, machine = door
    gate = Barrier(TIMES)

    def one(number):
        try:
            gate.wait(timeout=30)
            return machine.send(feed, **request_of(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as threads:
        return list(threads.map(one, range(TIMES)))


def counted(door):
    with tenant_scope(door[0].tenant_id):
        return Upload.objects.count(), IdempotentRequest.objects.count()


def test_thirty_posts_of_one_key_make_one_upload(door):
    answers = all_at_once(door, lambda _: {"Idempotency-Key": "one-key-for-all"})

    assert counted(door) == (1, 1)
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses.keys() <= {202, 409}
    first = [a for a in answers if a.status_code == 202 and "Idempotency-Replayed" not in a.headers]
    assert len(first) == 1
    assert {a.json()["id"] for a in answers if a.status_code == 202} == {first[0].json()["id"]}
    assert {a.json()["type"] for a in answers if a.status_code == 409} <= {
        "urn:comanage:problem:idempotency-key-in-flight"
    }


def test_thirty_posts_of_thirty_keys_make_thirty_uploads(door):
    """The positive control: the harness does send thirty, and only the key makes them one."""
    answers = all_at_once(
        door, lambda number: {"Idempotency-Key": f"key-{number:05}", "content": stays(number + 1)}
    )

    assert {answer.status_code for answer in answers} == {202}
    assert counted(door) == (TIMES, TIMES)


def begin(door):
    """Begin a file in parts, and say where it is."""
    feed, machine = door
    begun = machine.ask(
        "POST",
        f"feeds/{feed.pk}/uploads?period=2025",
        b'{"media_type": "text/csv"}',
        media_type=JSON,
        **{"Idempotency-Key": "key-of-the-parts"},
    )
    return begun.headers["Location"]


def put(door, where, number, piece):
    """Send one part, in a thread of its own."""
    try:
        head = {"Content-Digest": digest(piece)}
        return door[1].ask("PUT", f"{where}/parts/{number}", piece, **head)
    finally:
        connection.close()


def somebody_waits_for_us():
    """Say whether another connection waits for a row that this one has locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted "
            "AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0] > 0


def test_the_parts_of_a_file_may_all_come_at_once_and_twice(door, settings):
    settings.UPLOAD_PART_BYTES = 100
    content, where = stays(), begin(door)
    pieces = [content[start : start + 100] for start in range(0, len(content), 100)]

    def put_one(numbered):
        return put(door, where, *numbered).status_code

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(put_one, [*enumerate(pieces, 1)] * 2)) == {200}
    parts = door[1].get(where).json()["parts"]
    assert [part["number"] for part in parts] == list(range(1, len(pieces) + 1))
    assert [part["sha256"] for part in parts] == [
        hashlib.sha256(piece).hexdigest() for piece in pieces
    ]


def test_a_part_that_comes_while_its_file_is_given_up_is_refused_in_words(door):
    where = begin(door)
    with ThreadPoolExecutor(1) as thread:
        with tenant_scope(door[0].tenant_id):
            by = member(Role.TENANT_ADMINISTRATOR)
            drop_parts(partial=PartialUpload.objects.get(), by=by)
            sent = thread.submit(put, door, where, 1, b"the first of the file")
            until = monotonic() + 30
            while monotonic() < until and not (somebody_waits_for_us() or sent.done()):
                pass
        refused = sent.result(timeout=30)

    assert "given up" in assert_problem(refused, 409, "upload-expired")["detail"]
    with tenant_scope(door[0].tenant_id):
        assert UploadPart.objects.count() == 0
