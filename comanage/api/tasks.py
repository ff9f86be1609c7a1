"""The job that tries to deliver one message, once."""

from django.utils import timezone

from comanage.api.actions import keep_attempt
from comanage.api.models import DeliveryState, WebhookDelivery
from comanage.api.webhooks import message_of
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.run import Run, handles
from comanage.web.outbound import OutboundError, call


@handles(JobKind.DELIVER_WEBHOOK)
def deliver_webhook(run: Run) -> None:
    """Send one message and keep what came of it; a run that is lost sends it again."""
    with run.reading():
        delivery = WebhookDelivery.objects.select_related("webhook").get(pk=run.subject_id)
        webhook = delivery.webhook
        is_wanted = delivery.state == DeliveryState.WAITING and webhook.disabled_at is None
        message = message_of(webhook, delivery, now=timezone.now()) if is_wanted else None
    status, problem = None, ""
    if message is not None:
        try:
            answer = call(webhook.url, method="POST", body=message.body, headers=message.headers)
            status, problem = answer.status, "" if answer.status < 300 else f"{answer.status}"
        except OutboundError as failed:
            problem = str(failed)
    with run.committing():
        if message is not None:
            by = Actor.system("Webhooks")
            keep_attempt(delivery=delivery, status=status, problem=problem, by=by)
