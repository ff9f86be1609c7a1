"""Granting and ending access."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.keys import new_key
from comanage.identity.models import ExtractClient, Membership, SignsInBy, User
from comanage.identity.policies import (
    check_can_end,
    check_can_grant,
    check_can_renew,
    check_name_is_free,
)
from comanage.identity.roles import Role
from comanage.tenancy.scope import active_tenant_id

LONGEST_KEY_LIFE = timedelta(days=180)


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
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    check_can_end(membership, by=by)
    membership.revoked_at = timezone.now()
    membership.save(update_fields=["revoked_at"])
    record_event(kind=EventKind.MEMBERSHIP_ENDED, subject=membership, by=by)
    return membership


@transaction.atomic
def create_extract_client(
    *, name: str, scopes: list[str], by: Actor, life: timedelta = LONGEST_KEY_LIFE
) -> tuple[ExtractClient, str]:
    """Register a machine; return it with its key, which is shown this once.

    Raises:
        PolicyError: another machine has the name.
    """
    is_taken = ExtractClient.objects.filter(name=name).exists()
    check_name_is_free(name=name, is_taken=is_taken)
    client = ExtractClient(
        name=name,
        signs_in_by=SignsInBy.KEY,
        scopes=scopes,
        expires_at=timezone.now() + min(life, LONGEST_KEY_LIFE),
    )
    key = new_key(tenant_id=active_tenant_id(), client_id=client.pk)
    client.secret_sha256 = key.secret_sha256
    client.save()
    record_event(kind=EventKind.CLIENT_CREATED, subject=client, by=by, scopes=scopes)
    return client, str(key)


@transaction.atomic
def renew_extract_client(*, client: ExtractClient, by: Actor) -> str:
    """Give a machine a new key, shown this once; the old one opens nothing from now on.

    Raises:
        PolicyError: the machine was revoked.
    """
    client = ExtractClient.objects.select_for_update().get(pk=client.pk)
    check_can_renew(client)
    key = new_key(tenant_id=active_tenant_id(), client_id=client.pk)
    client.secret_sha256 = key.secret_sha256
    client.expires_at = timezone.now() + LONGEST_KEY_LIFE
    client.save(update_fields=["secret_sha256", "expires_at"])
    record_event(kind=EventKind.CLIENT_RENEWED, subject=client, by=by)
    return str(key)


@transaction.atomic
def revoke_extract_client(*, client: ExtractClient, by: Actor) -> ExtractClient:
    """Make a machine's key worthless at once; a second time changes nothing."""
    client = ExtractClient.objects.select_for_update().get(pk=client.pk)
    if client.revoked_at is None:
        client.revoked_at = timezone.now()
        client.save(update_fields=["revoked_at"])
        record_event(kind=EventKind.CLIENT_REVOKED, subject=client, by=by)
    return client
