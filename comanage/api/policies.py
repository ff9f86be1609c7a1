"""When a webhook may be made, and a message sent again."""

from comanage.api.models import Webhook
from comanage.web.errors import PolicyError
from comanage.web.outbound import OutboundError, read_target


def check_can_create(*, name: str, url: str, is_taken: bool) -> None:
    """Raise PolicyError unless the name is free and the address is one that is called."""
    if is_taken:
        raise PolicyError(f"There is a webhook named “{name}” already. Choose a name.")
    try:
        read_target(url)
    except OutboundError as wrong:
        raise PolicyError(str(wrong)) from wrong


def check_can_disable(webhook: Webhook, *, reason: str) -> None:
    """Raise PolicyError unless it is on and somebody says why it should not be."""
    check_is_on(webhook)
    _check_reason(reason)


def check_can_enable(webhook: Webhook, *, reason: str) -> None:
    """Raise PolicyError unless it is off and somebody says why it should be on."""
    if webhook.disabled_at is None:
        raise PolicyError(f"{webhook.name} is on already.")
    _check_reason(reason)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise PolicyError("Give a reason: the audit trail keeps it.")


def check_is_on(webhook: Webhook) -> None:
    """Raise PolicyError when nothing is sent to the webhook any more."""
    if webhook.disabled_at is not None:
        raise PolicyError(f"{webhook.name} is switched off: {webhook.disabled_because}")
