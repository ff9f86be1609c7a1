"""How often a machine may call: a bucket of tokens each, in Valkey, by one script.

A bucket holds a minute's worth and fills as time goes on; each call takes one. What is counted
is named by a hash, so that the cache knows neither hospitals nor addresses. When Valkey is away
nobody is kept out: a limit protects the house, it does not guard a door.

Source of the headers: draft-ietf-httpapi-ratelimit-headers-11.
"""

import hashlib
import logging
import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import redis
from django.conf import settings

WINDOW_SECONDS = 60

log = logging.getLogger(__name__)

# Time is Valkey's own, so that several web machines count by one clock.
_TAKE = """
local now = redis.call('TIME')
now = tonumber(now[1]) + tonumber(now[2]) / 1000000
local quota, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(kept[1]) or quota
local at = tonumber(kept[2]) or now
tokens = math.min(quota, tokens + math.max(0, now - at) * quota / window)
local taken = 0
if tokens >= 1 then
  tokens = tokens - 1
  taken = 1
end
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
redis.call('EXPIRE', KEYS[1], window)
return {taken, tostring(tokens)}
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """A limit under its name.

    Attributes:
        name: as the headers have it.
        quota: calls in a minute.
    """

    name: str
    quota: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands after a call.

    Attributes:
        policy: the limit that was counted against.
        is_within: whether the call may go on.
        remaining: whole calls left.
        wait_seconds: until there is one more call, if there is none now; else until all are back.
    """

    policy: Policy
    is_within: bool
    remaining: int
    wait_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """What every answer says of the limit, and a refusal of the wait."""
        name = self.policy.name
        told = {
            "RateLimit-Policy": f'"{name}";q={self.policy.quota};w={WINDOW_SECONDS}',
            "RateLimit": f'"{name}";r={self.remaining};t={self.wait_seconds}',
        }
        return told if self.is_within else told | {"Retry-After": str(self.wait_seconds)}


def client_policy() -> Policy:
    """The limit of one machine."""
    return Policy("client", settings.CLIENT_CALLS_PER_MINUTE)


def stranger_policy() -> Policy:
    """The limit of one network address, for whoever has not signed in yet."""
    return Policy("address", settings.STRANGER_CALLS_PER_MINUTE)


def take(policy: Policy, *names: str) -> Standing | None:
    """Count one call against the bucket of these names.

    Returns:
        Where the caller stands, or None when nobody could count.
    """
    key = hashlib.sha256("\n".join((policy.name, *names)).encode()).hexdigest()
    try:
        taken, tokens = _script(settings.CACHES["default"]["LOCATION"])(
            keys=[f"{settings.CACHES['default']['KEY_PREFIX']}:limit:{key}"],
            args=[policy.quota, WINDOW_SECONDS],
        )
    except redis.RedisError:
        log.warning("Valkey is away, calls are not counted")
        return None
    left = float(tokens)
    missing = policy.quota - left if taken else 1 - left
    wait = math.ceil(missing * WINDOW_SECONDS / policy.quota)
    return Standing(policy, bool(taken), int(left), max(wait, 1))


@cache
def _script(location: str) -> Any:
    """Keep one pool of connections for the process."""
    client = redis.Redis.from_url(location, socket_timeout=1, socket_connect_timeout=1)
    return client.register_script(_TAKE)
