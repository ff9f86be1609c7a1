"""Answering within a limit: the headers on every answer, and 429 where it is passed."""

from collections.abc import Callable

from django.http import HttpResponseBase

from comanage.api.problems import problem_response
from comanage.clients.limits import Policy, Standing, take


def within_limit(
    policy: Policy, *names: str, answer: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Count a call and answer it, or say how long to wait.

    Args:
        policy: the limit.
        *names: whose calls are counted together.
        answer: what to do when the call is within the limit.
    """
    standing = take(policy, *names)
    response = answer() if standing is None or standing.is_within else _too_many(standing)
    for name, value in (standing.headers if standing else {}).items():
        response.headers[name] = value
    return response


def _too_many(standing: Standing) -> HttpResponseBase:
    return problem_response(
        429,
        code="too-many-requests",
        detail=f"At most {standing.policy.quota} calls a minute. Wait the seconds in Retry-After.",
    )
