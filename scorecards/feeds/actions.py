"""Declaring a feed, and changing what is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.urls import reverse

from agreements.programs.models import Program
from comanage.api.webhooks import WebhookKind, announce
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor, ActorKind
from comanage.identity.models import User
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind, ScheduleKind
from comanage.jobs.queue import enqueue
from comanage.jobs.schedule import plans
from comanage.notices.actions import tell
from comanage.notices.queries import members_in
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.values.canonical import sha256_of
from comanage.values.period import Period
from scorecards.dataagreements.models import DataAgreement
from scorecards.feeds.admission import refusals
from scorecards.feeds.arrivals import calendars_of
from scorecards.feeds.models import Cadence, Feed, FeedExpectation, FeedMap, FeedUse
from scorecards.feeds.queries import current_map
from scorecards.feeds.reminders import LateFile, late_files
from scorecards.intake.spec import DataLevel, FeedSpec, from_document, to_document
from scorecards.maps.admission import check_map_may_follow

MEMBERS = tuple(role for role in Role if role is not Role.EXTRACT_CLIENT)


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """What is known of a feed apart from its columns; the fields are explained in the model."""

    name: str
    source_system: str
    owner: User | None = None
    agreement: DataAgreement | None = None
    cadence: Cadence = Cadence.ON_REQUEST
    first_period_on: date | None = None
    due_days: int = 15
    expected_rows: int | None = None
    tolerance_percent: int = 25
    takes_additions: bool = False
    allows_skipping: bool = False
    raw_days: int = 30
    on_legal_hold: bool = False
    is_sandbox: bool = False

    def by_name(self) -> dict[str, Any]:
        """Return the facts under the names of the model's fields."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@transaction.atomic
def declare_feed(
    *, facts: FeedFacts, spec: FeedSpec, programs: Sequence[Program], today: date, by: Actor
) -> Feed:
    """Declare what a hospital sends, and which programs read it.

    Raises:
        PolicyError: the name is taken, a program reads another feed, the calendar has no
            beginning, or no agreement in force lets this level in.
    """
    for broken in refusals(facts, spec.level, programs=programs, today=today):
        raise broken
    feed = Feed.objects.create(**facts.by_name(), level=spec.level.value)
    _keep_map(feed, spec, version=1, note="", by=by)
    FeedUse.objects.bulk_create(FeedUse(feed=feed, program=program) for program in programs)
    record_event(
        kind=EventKind.FEED_DECLARED,
        subject=feed,
        by=by,
        level=feed.level,
        columns=[column.name for column in spec.columns],
    )
    return feed


@transaction.atomic
def edit_feed(*, feed: Feed, facts: FeedFacts, today: date, by: Actor) -> Feed:
    """Change what is known of a feed; its columns are changed by a new map.

    Raises:
        PolicyError: as for declaring.
    """
    feed = Feed.objects.select_for_update(no_key=True).get(pk=feed.pk)
    for broken in refusals(facts, DataLevel(feed.level), today=today, but=feed):
        raise broken
    given = facts.by_name()
    changed = [name for name, value in given.items() if getattr(feed, name) != value]
    if not changed:
        return feed
    for name in changed:
        setattr(feed, name, given[name])
    feed.save(update_fields=changed)
    record_event(kind=EventKind.FEED_EDITED, subject=feed, by=by, changed=changed)
    return feed


@transaction.atomic
def give_map(*, feed: Feed, spec: FeedSpec, note: str, today: date, by: Actor) -> FeedMap:
    """Give a feed the next version of its map; files that came in keep the one they came with.

    Raises:
        PolicyError: nothing is changed, there is no note, no agreement in force lets the level
            in, or locked terms ask for what would go.
    """
    feed = Feed.objects.select_for_update(no_key=True).get(pk=feed.pk)
    newest = current_map(feed)
    check_map_may_follow(feed, from_document(newest.spec), spec, note=note, today=today)
    given = _keep_map(feed, spec, version=newest.version + 1, note=note, by=by)
    feed.level = spec.level.value
    feed.save(update_fields=["level"])
    record_event(
        kind=EventKind.FEED_MAPPED,
        subject=feed,
        by=by,
        version=given.version,
        level=feed.level,
        columns=[column.name for column in spec.columns],
    )
    return given


@transaction.atomic
def state_expectation(
    *, feed: Feed, period: Period, rows: int, source: str, by: Actor
) -> FeedExpectation:
    """Write down how many rows an independent source counts for a period; the newest holds."""
    expectation = FeedExpectation.objects.create(
        feed=feed,
        starts_on=period.start,
        ends_on=period.end,
        rows=rows,
        source=source,
        stated_by_id=by.id if by.kind is ActorKind.MEMBER else None,
    )
    record_event(
        kind=EventKind.EXPECTATION_STATED, subject=feed, by=by, period=str(period), rows=rows
    )
    return expectation


@plans(ScheduleKind.MORNING_REMINDERS)
def plan_morning(morning: str) -> None:
    """Queue the reminders of a hospital's morning."""
    enqueue(JobKind.REMIND, subject_id=active_tenant_id(), key=f"morning:{morning}")


@transaction.atomic
def remind_of_late_files(*, tenant: Tenant, by: Actor) -> None:
    """Tell who owns a feed that its file did not come, and three days later who runs the data.

    Each is told once of each period. A feed without an owner is told to the others at once.
    """
    today = tenant.today()
    feeds = Feed.objects.filter(is_sandbox=False).exclude(cadence=Cadence.ON_REQUEST)
    awaited = list(feeds.select_related("owner").annotate(declared_at=Min("maps__made_at")))
    calendars = calendars_of(awaited, today=today, zone=tenant.zone)
    administrators = members_in([Role.SERVICE_LINE_ADMINISTRATOR], today=today)
    members = {user.pk for user in members_in(MEMBERS, today=today)}
    for feed in awaited:
        declared_on = feed.declared_at.astimezone(tenant.zone).date()
        owners = [feed.owner] if feed.owner is not None and feed.owner_id in members else []
        for late in late_files(
            feed.name, str(feed.pk), calendars[feed.pk], declared_on=declared_on
        ):
            others = administrators if late.is_for_administrators or not owners else []
            _tell_of(late, feed, [*owners, *others], tenant=tenant, by=by)


def _tell_of(
    late: LateFile, feed: Feed, users: Sequence[User], *, tenant: Tenant, by: Actor
) -> None:
    path = reverse("scorecards:feed-detail", args=[tenant.slug, feed.pk])
    told = tell(users=users, key=late.key, subject=late.subject, body=late.body, path=path, by=by)
    if told and not late.is_for_administrators:
        announce(kind=WebhookKind.FEED_LATE, subject_id=feed.pk)


def _keep_map(feed: Feed, spec: FeedSpec, *, version: int, note: str, by: Actor) -> FeedMap:
    document = to_document(spec)
    return FeedMap.objects.create(
        feed=feed,
        version=version,
        spec=document,
        sha256=sha256_of(document),
        note=note,
        made_by_id=by.id if by.kind is ActorKind.MEMBER else None,
    )
