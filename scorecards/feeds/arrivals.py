"""What came in for feeds, read from uploads and slices for their calendars."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from agreements.terms.models import MeasurementYear, YearStatus
from comanage.values.period import Period
from scorecards.feeds.calendar import Arrival, Arrivals, Entry, Plan, calendar
from scorecards.feeds.freshness import Freshness, freshness
from scorecards.feeds.models import Cadence, Feed
from scorecards.intake.models import Slice, Upload, UploadStatus

_WAITING = {UploadStatus.RECEIVED, UploadStatus.HELD}


def calendars_of(
    feeds: Collection[Feed], *, today: date, zone: ZoneInfo
) -> dict[UUID, tuple[Entry, ...]]:
    """Return the calendar of each feed by its id, in three queries however many there are."""
    came, plans = arrivals_of(feeds, zone=zone), plans_of(feeds)
    return {feed.pk: calendar(plans[feed.pk], came[feed.pk], today=today) for feed in feeds}


def freshness_of(feed: Feed, *, today: date, zone: ZoneInfo, within: Period) -> Freshness:
    """Say how fresh a feed's data of a year is, in three queries."""
    came = arrivals_of([feed], zone=zone)[feed.pk]
    entries = calendar(plans_of([feed])[feed.pk], came, today=today)
    return freshness(feed.name, came.accepted, entries, within=within)


def plans_of(feeds: Collection[Feed]) -> dict[UUID, Plan]:
    """Read what each feed promised, by its id, with the years that take its files in."""
    found = MeasurementYear.objects.filter(
        program__feed_uses__feed__in=feeds, status__in=[YearStatus.OPEN, YearStatus.CLOSED]
    )
    years = defaultdict(list)
    for feed_id, start, end in found.values_list(
        "program__feed_uses__feed_id", "starts_on", "ends_on"
    ):
        years[feed_id].append(Period(start, end))
    return {
        feed.pk: Plan(
            Cadence(feed.cadence),
            feed.first_period_on,
            feed.due_days,
            None if feed.is_sandbox else tuple(years[feed.pk]),
        )
        for feed in feeds
    }


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
