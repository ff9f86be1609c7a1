"""From a request to a tenant and an actor, inside the tenant's scope."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from comanage.identity.actor import Actor
from comanage.identity.keys import BearerKey, KeyKind, read_key
from comanage.identity.models import AccessToken, ExtractClient, Membership, User
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import person_scope, tenant_scope
from comanage.web.addresses import address_of, is_inside

_A_MINUTE = timedelta(minutes=1)


class ForeignOrAbsentError(Exception):
    """There is no such hospital for this principal; which of the two is nobody's business."""


class NotSignedInError(Exception):
    """The API was called without a token or key that opens anything."""


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
        NotSignedInError: an API call without a valid token or key.
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
        client, scopes = _believe(key)
        if client.tenant.slug != slug:
            raise ForeignOrAbsentError
        _check_is_let_in(client, address_of(request))
        _note_use(client)
        _set(request, client.tenant, Actor.client(client, scopes=scopes))
        yield


def _believe(key: BearerKey) -> tuple[ExtractClient, list[str]]:
    """Return the machine that a key proves, and what the key is good for."""
    return _by_token(key) if key.kind is KeyKind.ACCESS_TOKEN else _by_api_key(key)


def _by_token(key: BearerKey) -> tuple[ExtractClient, list[str]]:
    tokens = AccessToken.objects.select_related("client", "client__tenant")
    token = tokens.filter(pk=key.record_id).first()
    if token is None or not hmac.compare_digest(token.secret_sha256, key.secret_sha256):
        raise NotSignedInError
    if token.expires_at <= timezone.now():
        raise NotSignedInError
    return token.client, token.scopes


def _by_api_key(key: BearerKey) -> tuple[ExtractClient, list[str]]:
    client = ExtractClient.objects.select_related("tenant").filter(pk=key.record_id).first()
    if client is None or not hmac.compare_digest(client.secret_sha256, key.secret_sha256):
        raise NotSignedInError
    if not client.tenant.allows_api_keys or _has_ended(client):
        raise NotSignedInError
    return client, client.scopes


def _check_is_let_in(client: ExtractClient, address: str) -> None:
    """Look again at what may have changed since a token was given."""
    if client.revoked_at is not None:
        raise NotSignedInError
    if client.addresses and not is_inside(address, client.addresses):
        raise NotSignedInError


def _has_ended(client: ExtractClient) -> bool:
    return client.expires_at is not None and client.expires_at <= timezone.now()


def _note_use(client: ExtractClient) -> None:
    """Keep the minute of the last call; a write for each call would queue them up."""
    now = timezone.now()
    if client.last_used_at is None or now - client.last_used_at > _A_MINUTE:
        ExtractClient.objects.filter(pk=client.pk).update(last_used_at=now)


def _set(request: HttpRequest, tenant: Tenant, actor: Actor) -> None:
    request.tenant = tenant  # type: ignore[attr-defined]  # see MemberRequest
    request.actor = actor  # type: ignore[attr-defined]
