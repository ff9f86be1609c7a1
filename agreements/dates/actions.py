"""Telling whom a date concerns, and giving a member a feed of their dates."""

from uuid import uuid4

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from agreements.contracts.clocks import NOTICES, milestone
from agreements.dates.models import CalendarFeed
from agreements.dates.queries import all_dates
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.keys import BearerKey, KeyKind, new_key
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.notices.actions import tell
from comanage.notices.queries import members_in
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.values.period import day_text

_LONGEST_SUBJECT = 200


@transaction.atomic
def remind_of_critical_dates(*, tenant: Tenant, by: Actor) -> None:
    """Tell who owns a date that it comes: once each 90, 60, 30 and 7 days before.

    Where nobody holds the owner's role, the service-line administrators are told instead.
    """
    today = tenant.today()
    for each in all_dates(today=today):
        mark = milestone(each.due_on, today=today)
        if mark is None or (each.is_monthly and mark != min(NOTICES)):
            continue
        owners = members_in([each.owner], today=today)
        tell(
            users=owners or members_in([Role.SERVICE_LINE_ADMINISTRATOR], today=today),
            key=f"date:{each.key}:{each.due_on}:{mark}",
            subject=f"{each.title}, by {day_text(each.due_on)}"[:_LONGEST_SUBJECT],
            body=each.to_do,
            path=reverse(each.place.page, args=[tenant.slug, *each.place.records]),
            by=by,
        )


@transaction.atomic
def make_feed(*, membership: Membership, by: Actor) -> BearerKey:
    """Give a member a new feed, whose key is said once; the one before opens nothing any more."""
    membership = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    now = timezone.now()
    CalendarFeed.objects.filter(membership=membership, revoked_at=None).update(revoked_at=now)
    key = new_key(KeyKind.CALENDAR_FEED, tenant_id=active_tenant_id(), record_id=uuid4())
    feed = CalendarFeed.objects.create(
        pk=key.record_id, membership=membership, secret_sha256=key.secret_sha256, made_at=now
    )
    record_event(kind=EventKind.CALENDAR_FEED_MADE, subject=feed, by=by)
    return key


@transaction.atomic
def revoke_feed(*, feed: CalendarFeed, by: Actor) -> None:
    """Let a feed open nothing any more; one that was revoked before keeps its time."""
    feed = CalendarFeed.objects.select_for_update(no_key=True).get(pk=feed.pk)
    feed.revoked_at = feed.revoked_at or timezone.now()
    feed.save(update_fields=["revoked_at"])
    record_event(kind=EventKind.CALENDAR_FEED_REVOKED, subject=feed, by=by)
