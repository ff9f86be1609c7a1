"""Reading notices: each person their own, and nobody else's."""

from collections.abc import Collection
from datetime import date

from django.db.models import F, QuerySet

from comanage.identity.models import Membership, User
from comanage.identity.roles import Role
from comanage.notices.models import Notice


def notices_of(user: User) -> QuerySet[Notice]:
    """List a person's notices: unread ones first, then the newest."""
    return Notice.objects.filter(user=user).order_by(
        F("read_at").desc(nulls_first=True), "-created_at"
    )


def unread_count(user: User) -> int:
    """Count what a person has not read, in one query."""
    return Notice.objects.filter(user=user, read_at=None).count()


def unread_under(*keys: str) -> QuerySet[Notice]:
    """List what was told under any of the keys and nobody has read, whoever it was told to."""
    return Notice.objects.filter(key__in=keys, read_at=None)


def members_in(roles: Collection[Role], *, today: date) -> list[User]:
    """List the people who hold one of the roles on a day, by name, in one query."""
    memberships = Membership.objects.select_related("user").filter(role__in=roles, revoked_at=None)
    return [each.user for each in memberships if each.is_active_on(today)]


def membership_of(user: User) -> Membership | None:
    """Return a person's live membership, or None."""
    return Membership.objects.filter(user=user, revoked_at=None).first()
