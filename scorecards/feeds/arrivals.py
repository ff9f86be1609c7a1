"""What came in for feeds, read from uploads and slices for their calendars."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from comanage.values.period import Period
from scorecards.feeds.calendar import Arrival, Arrivals, Entry, Plan, calendar
from scorecards.feeds.freshness import Freshness, freshness
from scorecards.feeds.models import Cadence, Feed
from scorecards.intake.models import Slice, Upload, UploadStatus

_WAITING = {UploadStatus.RECEIVED, UploadStatus.HELD}


def calendars_of(
    feeds: Collection[Feed], *, today: date, zone: ZoneInfo
) -> dict[UUID, tuple[Entry, ...]]:
    """Return the calendar of each feed by its id, in two queries however many feeds there are."""
    came = arrivals_of(feeds, zone=zone)
    return {feed.pk: calendar(plan_of(feed), came[feed.pk], today=today) for feed in feeds}


def freshness_of(feed: Feed, *, today: date, zone: ZoneInfo, within: Period) -> Freshness:
    """Say how fresh a feed's data of a year is, in two queries."""
    came = arrivals_of([feed], zone=zone)[feed.pk]
    entries = calendar(plan_of(feed), came, today=today)
    return freshness(feed.name, came.accepted, entries, within=within)


def plan_of(feed: Feed) -> Plan:
    """Read what a feed promised."""
    return Plan(Cadence(feed.cadence), feed.first_period_on, feed.due_days)


def arrivals_of(feeds: Collection[Feed], *, zone: ZoneInfo) -> dict[UUID, Arrivals]:
    """Return what came in for each feed by its id; what was refused or a dry run did not come."""
    accepted, waiting = defaultdict(list), defaultdict(list)
    slices = Slice.objects.filter(feed__in=feeds).order_by("version")
    for feed_id, start, end, at in slices.values_list(
        "feed_id", "starts_on", "ends_on", "upload__received_at"
    ):
        accepted[feed_id].append(_arrival(start, end, at, zone))
    uploads = Upload.objects.filter(feed__in=feeds, status__in=_WAITING, is_dry_run=False)
    for feed_id, status, start, end, at in uploads.values_list(
        "feed_id", "status", "starts_on", "ends_on", "received_at"
    ):
        waiting[feed_id, status].append(_arrival(start, end, at, zone))
    return {
        feed.pk: Arrivals(
            accepted=tuple(accepted[feed.pk]),
            held=tuple(waiting[feed.pk, UploadStatus.HELD]),
            received=tuple(waiting[feed.pk, UploadStatus.RECEIVED]),
        )
        for feed in feeds
    }


def _arrival(start: date, end: date, at: datetime, zone: ZoneInfo) -> Arrival:
    return Arrival(Period(start, end), at.astimezone(zone).date())
