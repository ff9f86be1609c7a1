"""Sign-ins, sign-outs and failures in the audit trail of every hospital the person belongs to."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.models import Membership, User
from comanage.tenancy.scope import person_scope, tenant_scope


@receiver(user_logged_in)
def signed_in(user: User, **_signal: Any) -> None:
    """Record a sign-in."""
    _record(user, EventKind.SIGNED_IN)


@receiver(user_logged_out)
def signed_out(user: User | None, **_signal: Any) -> None:
    """Record a sign-out."""
    if user is not None:
        _record(user, EventKind.SIGNED_OUT)


@receiver(user_login_failed)
def failed_to_sign_in(credentials: dict[str, Any], **_signal: Any) -> None:
    """Record a failed attempt on an address that belongs to somebody."""
    address = str(credentials.get("email") or credentials.get("username") or "").lower()
    user = User.objects.filter(email=address).first()
    if user is not None:
        _record(user, EventKind.SIGN_IN_FAILED)


def _record(user: User, kind: EventKind) -> None:
    with person_scope(user.pk):
        memberships = list(Membership.own.select_related("user", "tenant").filter(revoked_at=None))
    for membership in memberships:
        with tenant_scope(membership.tenant.id):
            record_event(kind=kind, subject=membership, by=Actor.member(membership))
