"""Members and machines as their pages show them: whether access is open, in words."""

from dataclasses import dataclass
from datetime import date, datetime

from comanage.identity.models import ExtractClient, Membership


@dataclass(frozen=True, slots=True)
class MemberReading:
    """A member with the state of their access."""

    membership: Membership
    word: str
    tone: str
    is_live: bool


@dataclass(frozen=True, slots=True)
class ClientReading:
    """A machine with the state of its key, and what the key may do in words."""

    client: ExtractClient
    word: str
    tone: str
    is_live: bool
    deeds: tuple[str, ...]


def read_member(membership: Membership, *, today: date) -> MemberReading:
    """Say whether a membership opens anything today."""
    if membership.revoked_at is not None:
        word, tone = "Cut", "quiet"
    elif membership.is_active_on(today):
        word, tone = "Has access", "good"
    elif membership.starts_on > today:
        word, tone = "Not begun", "waiting"
    else:
        word, tone = "Ended", "quiet"
    return MemberReading(membership, word, tone, is_live=tone in {"good", "waiting"})


def read_client(client: ExtractClient, *, now: datetime, scopes: dict[str, str]) -> ClientReading:
    """Say whether a key opens anything now, and what; `scopes` says each scope in words."""
    if client.revoked_at is not None:
        word, tone = "Revoked", "quiet"
    elif client.expires_at is not None and client.expires_at <= now:
        word, tone = "Expired", "concern"
    else:
        word, tone = "In force", "good"
    deeds = tuple(scopes.get(scope, scope) for scope in client.scopes)
    return ClientReading(client, word, tone, is_live=client.revoked_at is None, deeds=deeds)
