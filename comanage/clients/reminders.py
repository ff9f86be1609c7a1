"""Which API keys are about to end, and what is told of them. Pure: today is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from comanage.identity.models import ExtractClient
from comanage.values.period import day_text

DAYS_BEFORE = (7, 30)


@dataclass(frozen=True, slots=True)
class EndingKey:
    """A key that ends soon: what is told of it."""

    client: ExtractClient
    key: str
    subject: str
    body: str


def ending_keys(
    clients: Sequence[ExtractClient], *, today: date, zone: ZoneInfo
) -> list[EndingKey]:
    """List the keys that end within 30 days; public keys have no end.

    The notice's key names the day of the end and the nearer of the two marks that was reached, so
    that each is told once, and a renewed key anew.
    """
    ends = [
        (client, client.expires_at.astimezone(zone).date())
        for client in clients
        if client.expires_at is not None and client.revoked_at is None
    ]
    return [
        _telling(client, end, (end - today).days)
        for client, end in ends
        if 0 <= (end - today).days <= max(DAYS_BEFORE)
    ]


def _telling(client: ExtractClient, end: date, days_left: int) -> EndingKey:
    mark = min(each for each in DAYS_BEFORE if days_left <= each)
    return EndingKey(
        client,
        key=f"api-key:{client.pk}:{end}:{mark}",
        subject=f"The API key of {client.name} ends on {day_text(end)}",
        body=(
            "From then on its job is refused. Renew the key and put the new one where the job "
            "keeps its secrets, or let the job sign instead."
        ),
    )
