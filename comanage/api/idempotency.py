"""A POST that is sent twice is done once: its key, its fingerprint, its first answer.

After draft-ietf-httpapi-idempotency-key-header-07. The scope of a key is the client and the
route; what tells two requests apart is method, path, query and the digest of the body. The row
is written in the transaction of the deed, so that there is never the one without the other.

What the deed answered is kept, a refusal by a rule included. What was refused before the deed,
such as a body that is not its digest, is not: it may be mended and sent under the same key.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone
from rest_framework.exceptions import APIException, PermissionDenied, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from comanage.api.authentication import actor_of
from comanage.api.models import IdempotentRequest
from comanage.tenancy.scope import active_tenant_id

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
SHORTEST, LONGEST = 8, 80
KEPT_FOR = timedelta(days=7)

Deed = Callable[[str], Response]


class RequestInFlight(APIException):
    """The first request of this key has not been answered yet."""

    status_code = 409
    default_code = "idempotency-key-in-flight"
    default_detail = "A request with this key is being answered. Ask again in a second."


class KeyReused(APIException):
    """The key came back with another request."""

    status_code = 422
    default_code = "idempotency-key-reused"
    default_detail = "This idempotency key was used for another request. Send a new key."


def answer_once(request: Request, *, body_sha256: str, deed: Deed) -> Response:
    """Answer a request by its deed, or by the first answer when its key has been here.

    Args:
        request: a POST of an extract client.
        body_sha256: of the body as it was sent, in hexadecimal.
        deed: does it and answers; it is given a name for the request, the same for a repeat.

    Raises:
        ValidationError: there is no usable key.
        RequestInFlight: another request holds the key now.
        KeyReused: the key stands for another request.
    """
    client_id, route, key = _client_id(request), _route(request), _key(request)
    name = _sha256(f"{active_tenant_id()}", f"{client_id}", route, key)
    if not _take(name):
        raise RequestInFlight
    fingerprint = _sha256(
        request.method or "", request.path, request.META.get("QUERY_STRING", ""), body_sha256
    )
    first = IdempotentRequest.objects.filter(client_id=client_id, route=route, key=key).first()
    if first is not None:
        return _replay(first, fingerprint)
    response = deed(name)
    if response.status_code < 500:
        IdempotentRequest.objects.create(
            client_id=client_id,
            route=route,
            key=key,
            fingerprint=fingerprint,
            status=response.status_code,
            headers=_headers(response),
            body=json.loads(JSONRenderer().render(response.data)),
        )
    return response


def forget_old_requests() -> int:
    """Forget the requests of the tenant in scope whose time is over; return how many."""
    old = IdempotentRequest.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    return old.delete()[0]


def _client_id(request: Request) -> UUID:
    """Return the machine that asks.

    Raises:
        PermissionDenied: somebody else does, who has no keys.
    """
    client_id = actor_of(request).id
    if client_id is None:
        raise PermissionDenied
    return client_id


def _key(request: Request) -> str:
    key = request.headers.get(HEADER, "").strip()
    if not SHORTEST <= len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        raise ValidationError(
            {HEADER: [f"Send a key of {SHORTEST} to {LONGEST} characters, new for each request."]}
        )
    return key


def _route(request: Request) -> str:
    match = request.resolver_match
    return match.view_name if match else ""


def _take(name: str) -> bool:
    """Hold the name until the transaction ends; say whether nobody else does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"idempotency:{name}"]
        )
        return bool(cursor.fetchone()[0])


def _replay(first: IdempotentRequest, fingerprint: str) -> Response:
    if first.fingerprint != fingerprint:
        raise KeyReused
    headers = {**first.headers, REPLAYED: "true"}
    content_type = headers.pop("Content-Type", None)
    return Response(first.body, status=first.status, headers=headers, content_type=content_type)


def _headers(response: Response) -> dict[str, str]:
    """Keep what the deed itself put into the head of its answer."""
    kept = {name: text for name, text in response.items() if name != "Content-Type"}
    return kept | ({"Content-Type": response.content_type} if response.content_type else {})


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\n".join(_lines(parts)).encode()).hexdigest()


def _lines(parts: Iterable[str]) -> Iterable[str]:
    """Put each part's length before it, so that no two lists of parts read alike."""
    return (f"{len(part)}:{part}" for part in parts)
