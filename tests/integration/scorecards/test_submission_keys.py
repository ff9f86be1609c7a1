"""A submission is taken once, by its key and by its bytes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comanage.api.idempotency import KEPT_FOR, forget_old_requests
from comanage.api.models import IdempotentRequest
from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.queries import write_scope
from tests.ground import check_waiting, stays
from tests.integration.scorecards.submitting import KEY, change_feed, uploads
from tests.machines import Machine, assert_problem, digest, make_key

# --- Once per key --------------------------------------------------------------------------------


def test_a_refusal_by_a_rule_is_kept_with_its_key(opened, feed, machine):
    first = machine.send(feed, query="&on_error=skip", **KEY)
    change_feed(feed, allows_skipping=True)

    again = machine.send(feed, query="&on_error=skip", **KEY)

    assert_problem(again, 409, "skipping-not-allowed")
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_request_that_never_reached_its_deed_may_be_mended_under_its_key(opened, feed, machine):
    refused = machine.send(feed, **KEY, **{"Content-Digest": digest(b"other")})
    (error,) = assert_problem(refused, 400, "invalid-request")["errors"]
    assert (error["pointer"], error["code"]) == ("/Content-Digest", "digest-differs")
    assert error["detail"].endswith("Send it again, under the same key.")

    assert machine.send(feed, **KEY).status_code == 202


def test_a_replay_is_the_first_answer_whatever_became_of_the_file(opened, feed, machine):
    first = machine.send(feed, **KEY)
    check_waiting(opened.pk)

    again = machine.send(feed, **KEY)
    now = machine.get(again.headers["Location"])

    assert (again.status_code, again.json()) == (202, first.json())
    assert (now.status_code, now.json()["status"]) == (200, "accepted")


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
