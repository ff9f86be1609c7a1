"""Real commits, real threads: a job that sends a file thirty times at once has sent it once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from comanage.api.models import IdempotentRequest
from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import write_scope
from scorecards.intake.models import Upload
from tests.ground import open_year, small_hospital, stays, storage_in
from tests.machines import Machine, make_key

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
