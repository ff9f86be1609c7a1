"""A machine may call so often a minute, a stranger so often, and nobody is kept out by a fault."""

import logging
import re
from uuid import uuid4

import pytest
import redis
from django.test import Client

from comanage.clients.limits import Policy, take
from tests.machines import make_key
from tests.signers import call, register

FEEDS = "/t/smallville/api/v1/feeds"
TOKEN = "/t/smallville/api/v1/auth/token"


@pytest.fixture(autouse=True)
def _limits_of_its_own(settings):
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"KEY_PREFIX": f"test-{uuid4().hex}"}
    }
    settings.CLIENT_CALLS_PER_MINUTE = 3
    settings.STRANGER_CALLS_PER_MINUTE = 2


@pytest.fixture
def away(settings):
    """A cache that nobody listens at."""
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    }


def assert_waits(answer):
    assert answer.status_code == 429
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:comanage:problem:too-many-requests"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_every_answer_says_where_the_caller_stands(hospital):
    key = make_key(hospital, [])

    answers = [call(key, FEEDS) for _ in range(3)]

    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"client";q=3;w=60'}
    left = [re.fullmatch(r'"client";r=(\d);t=\d+', each.headers["RateLimit"]) for each in answers]
    assert [each[1] for each in left] == ["2", "1", "0"]
    assert not any("Retry-After" in answer.headers for answer in answers)


def test_the_call_too_many_waits_and_does_nothing(hospital):
    key = make_key(hospital, [])
    for _ in range(3):
        assert call(key, FEEDS).status_code == 200

    refused = call(key, FEEDS)

    assert_waits(refused)
    assert refused.headers["RateLimit"].startswith('"client";r=0;t=')


def test_machines_do_not_use_up_each_others_calls(hospital):
    one, other = make_key(hospital, [], "One"), make_key(hospital, [], "Other")
    for _ in range(4):
        last = call(one, FEEDS)
    assert last.status_code == 429

    assert call(other, FEEDS).status_code == 200


def test_a_machine_with_many_tokens_has_one_bucket(hospital, settings):
    settings.STRANGER_CALLS_PER_MINUTE = 100
    machine = register(hospital, scopes=[])

    answers = [call(machine.token(), FEEDS).status_code for _ in range(4)]

    assert answers == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("method", "address", "key"),
    [("post", TOKEN, None), ("get", FEEDS, None), ("get", FEEDS, "cmk_x"), ("get", FEEDS, "other")],
    ids=["token door", "no key", "no good key", "key of another hospital"],
)
def test_a_stranger_is_limited_by_the_address_it_calls_from(hospital, method, address, key):
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    stranger = Client(headers=headers)

    answers = [getattr(stranger, method)(address) for _ in range(3)]

    assert {answer.status_code for answer in answers[:2]} <= {400, 401, 404}
    assert answers[0].headers["RateLimit-Policy"] == '"address";q=2;w=60'
    assert_waits(answers[2])


def test_a_bucket_fills_as_time_goes_on():
    """At sixty thousand a minute one call is back after a millisecond."""
    policy, name = Policy("test", 60_000), uuid4().hex
    small = Policy("small", 1)

    assert [take(policy, name).is_within for _ in range(50)] == [True] * 50
    assert [take(small, name).is_within for _ in range(2)] == [True, False]
    assert take(policy, name).remaining > 60_000 - 51


def test_what_is_counted_is_named_by_a_hash_that_holds_no_name(hospital, settings):
    key = make_key(hospital, [])
    call(key, FEEDS)

    cache = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
    names = cache.keys(f"{settings.CACHES['default']['KEY_PREFIX']}:*")
    assert len(names) == 1
    assert re.fullmatch(rb"test-[0-9a-f]{32}:limit:[0-9a-f]{64}", names[0])
    assert 0 < cache.ttl(names[0]) <= 60


def test_nobody_is_kept_out_when_valkey_is_away(hospital, away, caplog):
    key = make_key(hospital, [])

    with caplog.at_level(logging.WARNING):
        answers = [call(key, FEEDS) for _ in range(5)]

    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[0].headers
    assert "Valkey is away, calls are not counted" in caplog.text
