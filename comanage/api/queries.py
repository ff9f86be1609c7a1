"""Reading webhooks and what became of their messages."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from comanage.api.models import Webhook, WebhookDelivery


@dataclass(frozen=True, slots=True)
class WebhookWithLast:
    """A webhook with moment and state of its newest message; None before the first."""

    webhook: Webhook
    last_at: datetime | None
    last_state: str | None


def webhooks_with_last() -> list[WebhookWithLast]:
    """List webhooks by name, each with its newest message, in one query."""
    newest = WebhookDelivery.objects.filter(webhook=OuterRef("pk")).order_by("-created_at")
    rows = Webhook.objects.annotate(
        last_at=Subquery(newest.values("created_at")[:1]),
        last_state=Subquery(newest.values("state")[:1]),
    ).order_by("name")
    return [WebhookWithLast(row, row.last_at, row.last_state) for row in rows]


def deliveries_of(webhook: Webhook) -> QuerySet[WebhookDelivery]:
    """List the messages of a webhook, the newest first."""
    return WebhookDelivery.objects.filter(webhook=webhook).order_by("-created_at", "pk")
