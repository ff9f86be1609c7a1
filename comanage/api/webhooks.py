"""Telling hospitals what happened: an outbox row in the transaction of the deed, then a job.

The message is thin: its kind, its moment and one id. Whoever wants more asks the API for it, and
is asked for a token there. Signatures are those of Standard Webhooks 1.0: HMAC (`v1`) by each
secret in force, and Ed25519 (`v1a`), so that a receiver need hold no secret at all.
"""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db.models import Q, TextChoices
from django.utils import timezone

from comanage.api.models import DeliveryState, Webhook, WebhookDelivery
from comanage.jobs.kinds import JobKind
from comanage.jobs.queue import enqueue
from comanage.vault.keys import open_text, seal_text

SECRET_PREFIX, PUBLIC_PREFIX = "whsec_", "whpk_"
_SECRET_BYTES = 32
_PURPOSE = "webhook"

# After an attempt that failed, the next one; a tenth is drawn by lot, so that many do not meet.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
KEPT_FOR = timedelta(days=30)


class WebhookKind(TextChoices):
    """What a hospital can be told of."""

    SUBMISSION_ACCEPTED = "submission.accepted", "A file was accepted"
    SUBMISSION_REJECTED = "submission.rejected", "A file was rejected"
    SUBMISSION_HELD = "submission.held", "A file waits for a person"
    FEED_LATE = "feed.late", "A feed is late"
    SCORECARD_COMPUTED = "scorecard.computed", "A scorecard was computed"
    TEST = "test", "A test"


# A test is sent on request alone.
KINDS_TO_CHOOSE = tuple(kind for kind in WebhookKind if kind is not WebhookKind.TEST)


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: the same bytes and id with each attempt, a signature for each moment.

    Attributes:
        id: of the message; a receiver that knows it has had it before.
        body: JSON.
        headers: with the signatures.
    """

    id: str
    body: bytes
    headers: dict[str, str]


def announce(*, kind: str, subject_id: UUID) -> None:
    """Queue a message to every webhook that wants the kind; call it beside the deed.

    Args:
        kind: one of `WebhookKind`.
        subject_id: the submission, feed or scorecard it happened to.
    """
    for webhook in Webhook.objects.filter(disabled_at=None, kinds__contains=[WebhookKind(kind)]):
        queue_delivery(webhook, kind=kind, subject_id=subject_id)


def queue_delivery(webhook: Webhook, *, kind: str, subject_id: UUID) -> WebhookDelivery:
    """Write one message into the outbox, and its first attempt into the queue."""
    now = timezone.now()
    delivery: WebhookDelivery = WebhookDelivery.objects.create(
        webhook=webhook,
        message_id=f"msg_{secrets.token_hex(16)}",
        kind=kind,
        payload={"type": kind, "timestamp": now.isoformat(), "data": {"id": str(subject_id)}},
        next_at=now,
    )
    queue_attempt(delivery)
    return delivery


def queue_attempt(delivery: WebhookDelivery, *, key: str = "") -> None:
    """Queue the attempt that is due next; a key of its own queues one beside it."""
    key = key or f"attempt {delivery.attempts + 1}"
    enqueue(JobKind.DELIVER_WEBHOOK, subject_id=delivery.pk, key=key, not_before=delivery.next_at)


def wait_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many attempts, up to a tenth longer; None to give up."""
    if attempts > len(WAITS):
        return None
    wait = WAITS[attempts - 1]
    return wait + wait * secrets.randbelow(1000) / 10_000


def forget_old_deliveries(*, now: datetime) -> int:
    """Forget the messages of the tenant in scope that are 30 days old; return how many.

    One that waits, because somebody had it sent again, stays until its moment is as long past.
    """
    before = now - KEPT_FOR
    is_over = ~Q(state=DeliveryState.WAITING) | Q(next_at__lt=before)
    return WebhookDelivery.objects.filter(is_over, created_at__lt=before).delete()[0]


# --- Secrets ------------------------------------------------------------------------------------


def new_secret() -> str:
    """Make a secret as Standard Webhooks writes them."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def new_signing_key() -> str:
    """Make an Ed25519 key, as text to be sealed."""
    return base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def sealed(text: str) -> bytes:
    """Seal a secret of a webhook of the tenant in scope."""
    return seal_text(text, purpose=_PURPOSE)


def public_key_of(webhook: Webhook) -> str:
    """Return the public key by which receivers check `v1a`."""
    raw = _signing_key(webhook).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return PUBLIC_PREFIX + base64.b64encode(raw).decode()


def message_of(webhook: Webhook, delivery: WebhookDelivery, *, now: datetime) -> Message:
    """Write and sign a message for an attempt at a moment."""
    body = json.dumps(delivery.payload, separators=(",", ":")).encode()
    stamp = str(int(now.timestamp()))
    signed = f"{delivery.message_id}.{stamp}.".encode() + body
    signatures = [_hmac(secret, signed) for secret in _secrets(webhook, now)]
    raw = _signing_key(webhook).sign(signed)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join([*signatures, f"v1a,{base64.b64encode(raw).decode()}"]),
    }
    return Message(delivery.message_id, body, headers)


def _secrets(webhook: Webhook, now: datetime) -> list[str]:
    found = [open_text(webhook.secret, purpose=_PURPOSE)]
    is_rotating = webhook.previous_until is not None and now < webhook.previous_until
    if webhook.previous_secret is not None and is_rotating:
        found.append(open_text(webhook.previous_secret, purpose=_PURPOSE))
    return found


def _hmac(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"


def _signing_key(webhook: Webhook) -> Ed25519PrivateKey:
    text = open_text(webhook.signing_key, purpose=_PURPOSE)
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(text))
