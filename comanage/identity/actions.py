"""Granting and ending access."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.models import Membership, User
from comanage.identity.policies import check_can_end, check_can_grant
from comanage.identity.roles import Role


@transaction.atomic
def grant_membership(
    *, email: str, name: str, role: Role, starts_on: date, ends_on: date | None, by: Actor
) -> Membership:
    """Give a person a role here; a new person gets a user without a password.

    Raises:
        PolicyError: the person is a member already.
    """
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User.objects.create_user(email=email, name=name)
    is_member = Membership.objects.filter(user=user, revoked_at=None).exists()
    check_can_grant(user, is_member=is_member)
    membership: Membership = Membership.objects.create(
        user=user, role=role, starts_on=starts_on, ends_on=ends_on
    )
    record_event(kind=EventKind.MEMBERSHIP_GRANTED, subject=membership, by=by, role=role.value)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: Actor) -> Membership:
    """Cut a person's access at once.

    Raises:
        PolicyError: it has ended already, or is the actor's own.
    """
    membership = Membership.objects.select_for_update(of=("self",), no_key=True).get(
        pk=membership.pk
    )
    check_can_end(membership, by=by)
    membership.revoked_at = timezone.now()
    membership.save(update_fields=["revoked_at"])
    record_event(kind=EventKind.MEMBERSHIP_ENDED, subject=membership, by=by)
    return membership
