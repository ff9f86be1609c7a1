"""From a request to a tenant and an actor, inside the tenant's scope."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from comanage.identity.actor import Actor
from comanage.identity.keys import ApiKey, read_key
from comanage.identity.models import ExtractClient, Membership, User
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import person_scope, tenant_scope


class ForeignOrAbsentError(Exception):
    """There is no such hospital for this principal; which of the two is nobody's business."""


class NotSignedInError(Exception):
    """The API was called without a key that opens anything."""


class MemberRequest(HttpRequest):
    """A request that the tenant middleware let through."""

    tenant: Tenant
    membership: Membership
    actor: Actor
    user: User


@contextmanager
def principal_of(request: HttpRequest, slug: str, *, is_api: bool) -> Iterator[None]:
    """Hold the tenant's scope open with `request.tenant` and `request.actor` set.

    Raises:
        ForeignOrAbsentError: no hospital of that name opens to this principal.
        NotSignedInError: an API call without a valid key.
    """
    if is_api:
        with _client(request, slug):
            yield
    else:
        with _member(request, slug):
            yield


def _person(request: HttpRequest) -> UUID:
    user_id = request.user.pk
    if user_id is None:
        raise ForeignOrAbsentError
    return user_id


@contextmanager
def _member(request: HttpRequest, slug: str) -> Iterator[None]:
    with person_scope(_person(request)):
        membership = (
            Membership.own.select_related("tenant", "user")
            .filter(tenant__slug=slug, revoked_at=None)
            .first()
        )
    if membership is None or not membership.is_active_on(membership.tenant.today()):
        raise ForeignOrAbsentError
    with tenant_scope(membership.tenant.id), timezone.override(membership.tenant.zone):
        _set(request, membership.tenant, Actor.member(membership))
        request.membership = membership  # type: ignore[attr-defined]  # see MemberRequest
        yield


@contextmanager
def _client(request: HttpRequest, slug: str) -> Iterator[None]:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    key = read_key(text.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        raise NotSignedInError
    with tenant_scope(key.tenant_id):
        client = _believe(key)
        if client.tenant.slug != slug:
            raise ForeignOrAbsentError
        _set(request, client.tenant, Actor.client(client))
        yield


def _believe(key: ApiKey) -> ExtractClient:
    client = ExtractClient.objects.select_related("tenant").filter(pk=key.client_id).first()
    if client is None or not hmac.compare_digest(client.secret_sha256, key.secret_sha256):
        raise NotSignedInError
    if client.revoked_at is not None or _has_ended(client):
        raise NotSignedInError
    return client


def _has_ended(client: ExtractClient) -> bool:
    return client.expires_at is not None and client.expires_at <= timezone.now()


def _set(request: HttpRequest, tenant: Tenant, actor: Actor) -> None:
    request.tenant = tenant  # type: ignore[attr-defined]  # see MemberRequest
    request.actor = actor  # type: ignore[attr-defined]
