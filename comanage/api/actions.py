"""Making webhooks, changing their secrets, and keeping what became of each message."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from comanage.api import policies
from comanage.api.models import DeliveryState, Webhook, WebhookDelivery
from comanage.api.webhooks import (
    WebhookKind,
    new_secret,
    new_signing_key,
    queue_attempt,
    queue_delivery,
    sealed,
    wait_after,
)
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor

BOTH_SECRETS = timedelta(days=7)
GONE = 410
_TAKEN = range(200, 300)


@transaction.atomic
def create_webhook(*, name: str, url: str, kinds: Sequence[str], by: Actor) -> tuple[Webhook, str]:
    """Make a webhook; return it with its secret, which is shown this once.

    Raises:
        PolicyError: the name is taken, or the address is not one that is called.
    """
    is_taken = Webhook.objects.filter(name=name).exists()
    policies.check_can_create(name=name, url=url, is_taken=is_taken)
    secret = new_secret()
    webhook: Webhook = Webhook.objects.create(
        name=name,
        url=url,
        kinds=[WebhookKind(kind).value for kind in kinds],
        secret=sealed(secret),
        signing_key=sealed(new_signing_key()),
    )
    record_event(kind=EventKind.WEBHOOK_CREATED, subject=webhook, by=by, url=url, kinds=list(kinds))
    return webhook, secret


@transaction.atomic
def renew_webhook_secret(*, webhook: Webhook, by: Actor) -> str:
    """Give a webhook a new secret, shown this once; for a week both of them sign.

    Raises:
        PolicyError: it is switched off.
    """
    webhook = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
    policies.check_is_on(webhook)
    secret = new_secret()
    webhook.previous_secret, webhook.secret = webhook.secret, sealed(secret)
    webhook.previous_until = timezone.now() + BOTH_SECRETS
    webhook.save(update_fields=["previous_secret", "secret", "previous_until"])
    record_event(kind=EventKind.WEBHOOK_RENEWED, subject=webhook, by=by)
    return secret


@transaction.atomic
def send_test_message(*, webhook: Webhook, by: Actor) -> WebhookDelivery:
    """Queue a message that says nothing but that messages arrive.

    Raises:
        PolicyError: the webhook is switched off.
    """
    policies.check_is_on(webhook)
    record_event(kind=EventKind.WEBHOOK_TESTED, subject=webhook, by=by)
    return queue_delivery(webhook, kind=WebhookKind.TEST, subject_id=webhook.pk)


@transaction.atomic
def send_again(*, delivery: WebhookDelivery, by: Actor) -> WebhookDelivery:
    """Queue one more attempt at once, under the message's own id.

    Raises:
        PolicyError: the webhook is switched off.
    """
    webhook = Webhook.objects.select_for_update(no_key=True).get(pk=delivery.webhook_id)
    policies.check_is_on(webhook)
    delivery = WebhookDelivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
    delivery.state, delivery.next_at = DeliveryState.WAITING, timezone.now()
    delivery.save(update_fields=["state", "next_at"])
    queue_attempt(delivery, key=f"again {uuid4().hex}")
    record_event(kind=EventKind.WEBHOOK_REPLAYED, subject=webhook, by=by)
    return delivery


@transaction.atomic
def disable_webhook(*, webhook: Webhook, reason: str, by: Actor) -> Webhook:
    """Send nothing more to a webhook; what waits is given up and can be sent again later.

    Raises:
        PolicyError: it is switched off already, or no reason is given.
    """
    webhook = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
    policies.check_can_disable(webhook, reason=reason)
    _stop(webhook, because=reason)
    record_event(kind=EventKind.WEBHOOK_DISABLED, subject=webhook, by=by, reason=reason)
    return webhook


@transaction.atomic
def enable_webhook(*, webhook: Webhook, reason: str, by: Actor) -> Webhook:
    """Tell a webhook of what happens from now on; what it missed is not made up for.

    Raises:
        PolicyError: it is on, or no reason is given.
    """
    webhook = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
    policies.check_can_enable(webhook, reason=reason)
    webhook.disabled_at, webhook.disabled_because = None, ""
    webhook.save(update_fields=["disabled_at", "disabled_because"])
    _give_up_what_waits(webhook)
    record_event(kind=EventKind.WEBHOOK_ENABLED, subject=webhook, by=by, reason=reason)
    return webhook


@transaction.atomic
def keep_attempt(
    *, delivery: WebhookDelivery, status: int | None, problem: str, by: Actor
) -> WebhookDelivery:
    """Keep what came of an attempt: done, tried again later, or given up. 410 switches off."""
    webhook = Webhook.objects.select_for_update(no_key=True).get(pk=delivery.webhook_id)
    delivery = WebhookDelivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
    delivery.attempts += 1
    delivery.last_status, delivery.last_problem = status, problem[:200]
    wait = wait_after(delivery.attempts)
    delivery.next_at = None
    if status in _TAKEN:
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, timezone.now()
    elif status == GONE or wait is None or webhook.disabled_at is not None:
        delivery.state = DeliveryState.FAILED
    else:
        delivery.next_at = timezone.now() + wait
    delivery.save()
    if delivery.next_at is not None:
        queue_attempt(delivery)
    if status == GONE and webhook.disabled_at is None:
        _stop(webhook, because="Its address answered 410: it is gone and wants no more messages.")
        record_event(kind=EventKind.WEBHOOK_SWITCHED_OFF, subject=webhook, by=by)
    return delivery


def _stop(webhook: Webhook, *, because: str) -> None:
    webhook.disabled_at, webhook.disabled_because = timezone.now(), because
    webhook.save(update_fields=["disabled_at", "disabled_because"])
    _give_up_what_waits(webhook)


def _give_up_what_waits(webhook: Webhook) -> None:
    """Leave nothing waiting that no job will send: not before it is off, and not after."""
    WebhookDelivery.objects.filter(webhook=webhook, state=DeliveryState.WAITING).update(
        state=DeliveryState.FAILED, next_at=None, last_problem="The webhook was switched off."
    )
