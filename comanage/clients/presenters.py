"""Machines as their pages show them: whether access is open, in words, and what a job needs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from comanage.clients.doors import token_address
from comanage.clients.keysets import PublicKey, stored_keys
from comanage.clients.reminders import DAYS_BEFORE
from comanage.identity.keys import ClientId
from comanage.identity.models import ExtractClient, SignsInBy
from comanage.tenancy.models import Tenant

SOON = timedelta(days=max(DAYS_BEFORE))


@dataclass(frozen=True, slots=True)
class KeyReading:
    """A public key with the state it is in."""

    key: PublicKey
    word: str
    tone: str
    is_live: bool
    added_at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ClientReading:
    """A machine with the state of its access, and what it may do in words."""

    client: ExtractClient
    word: str
    tone: str
    is_live: bool
    deeds: tuple[str, ...]
    way: str


@dataclass(frozen=True, slots=True)
class Needs:
    """What a job that signs must be told.

    Attributes:
        client_id: its iss and sub.
        token_address: its aud, and where it sends the assertion.
        api_address: where it goes with the token.
        scope: all its scopes, as it asks for them.
    """

    client_id: str
    token_address: str
    api_address: str
    scope: str


def read_client(client: ExtractClient, *, now: datetime, scopes: dict[str, str]) -> ClientReading:
    """Say whether a machine gets in now, how, and to what; `scopes` says each scope in words."""
    if client.revoked_at is not None:
        word, tone = "Revoked", "quiet"
    elif client.expires_at is not None and client.expires_at <= now:
        word, tone = "Expired", "concern"
    elif client.expires_at is not None and client.expires_at - now <= SOON:
        word, tone = "Ends soon", "next"
    else:
        word, tone = "In force", "good"
    deeds = tuple(scopes.get(scope, scope) for scope in client.scopes)
    is_live = client.revoked_at is None
    return ClientReading(client, word, tone, is_live, deeds, _way(client, now))


def read_client_keys(client: ExtractClient, *, now: datetime) -> list[KeyReading]:
    """Read the keys of a machine in the order they were added."""
    return [
        KeyReading(
            key=key,
            word="In force" if key.is_live_at(now) else "Retired",
            tone="good" if key.is_live_at(now) else "quiet",
            is_live=key.is_live_at(now),
            added_at=datetime.fromisoformat(key.added_at),
            until=datetime.fromisoformat(key.until) if key.until else None,
        )
        for key in stored_keys(client.jwks)
    ]


def needs_of(client: ExtractClient, tenant: Tenant) -> Needs:
    """Say what the job of a machine must be told."""
    base = settings.BASE_URL.rstrip("/")
    return Needs(
        client_id=str(ClientId(tenant.pk, client.pk)),
        token_address=token_address(tenant.slug),
        api_address=base + reverse("api:feed-list", args=[tenant.slug]).removesuffix("/feeds"),
        scope=" ".join(client.scopes),
    )


def _way(client: ExtractClient, now: datetime) -> str:
    if client.signs_in_by == SignsInBy.KEY:
        return "Sends an API key"
    if client.jwks_url:
        return "Signs, and serves its keys itself"
    count = sum(key.is_live_at(now) for key in stored_keys(client.jwks))
    return f"Signs with {count} key" + ("" if count == 1 else "s")
