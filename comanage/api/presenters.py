"""Webhooks and their messages as pages show them, in words."""

from dataclasses import dataclass
from datetime import datetime

from comanage.api.models import DeliveryState, Webhook, WebhookDelivery
from comanage.api.webhooks import WAITS, WebhookKind

_TONES = {
    DeliveryState.WAITING: "waiting",
    DeliveryState.DELIVERED: "good",
    DeliveryState.FAILED: "concern",
}
_TAKEN = range(200, 300)


@dataclass(frozen=True, slots=True)
class WebhookReading:
    """A webhook with its state, and what it is told of in words.

    Attributes:
        both_until: until when the secret before the present one signs too; None when it does not.
    """

    webhook: Webhook
    word: str
    tone: str
    is_on: bool
    kinds: tuple[str, ...]
    both_until: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryReading:
    """A message with how it stands.

    Attributes:
        answer: what the address said last, or why it said nothing.
        can_go_again: whether it is offered to send it once more.
    """

    delivery: WebhookDelivery
    kind: str
    word: str
    tone: str
    answer: str
    can_go_again: bool


def read_webhook(webhook: Webhook, *, now: datetime) -> WebhookReading:
    """Say whether a webhook is on, and what it is told of."""
    is_on = webhook.disabled_at is None
    until = webhook.previous_until
    return WebhookReading(
        webhook,
        word="On" if is_on else "Switched off",
        tone="good" if is_on else "quiet",
        is_on=is_on,
        kinds=tuple(WebhookKind(kind).label for kind in webhook.kinds),
        both_until=until if until is not None and now < until else None,
    )


def state_in_words(state: str | None) -> tuple[str, str]:
    """Return the word and tone of a delivery's state; of none, what is said of none."""
    if state is None:
        return "None yet", "quiet"
    known = DeliveryState(state)
    return str(known.label), _TONES[known]


def read_delivery(delivery: WebhookDelivery, *, is_on: bool) -> DeliveryReading:
    """Say how a message stands; it may go again unless it waits, or its webhook is off."""
    word, tone = state_in_words(delivery.state)
    is_waiting = delivery.state == DeliveryState.WAITING
    if is_waiting and delivery.attempts:
        word = "Tried again later"
    is_known = delivery.kind in WebhookKind.values
    return DeliveryReading(
        delivery,
        kind=str(WebhookKind(delivery.kind).label) if is_known else delivery.kind,
        word=word,
        tone=tone,
        answer=_answer(delivery),
        can_go_again=is_on and not is_waiting,
    )


def patience_in_words() -> str:
    """Say how often and how long a message is tried."""
    days = round(sum(wait.total_seconds() for wait in WAITS) / 86_400)
    return f"{len(WAITS) + 1} times within about {days} days"


def _answer(delivery: WebhookDelivery) -> str:
    if delivery.last_status is None:
        return delivery.last_problem
    verb = "taken" if delivery.last_status in _TAKEN else "refused"
    return f"{verb} with {delivery.last_status}"
