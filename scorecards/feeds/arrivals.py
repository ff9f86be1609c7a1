"""What came in for feeds, read from uploads and slices for their calendars."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject

from agreements.terms.models import MeasurementYear, YearStatus
from comanage.values.period import Period
from scorecards.feeds.calendar import Arrival, Arrivals, Entry, Plan, calendar
from scorecards.feeds.freshness import Freshness, freshness
from scorecards.feeds.models import Cadence, Feed
from scorecards.intake.models import Upload, UploadStatus

_TAKING = [YearStatus.OPEN, YearStatus.CLOSED]
_WAITING = {UploadStatus.RECEIVED, UploadStatus.HELD}


def calendars_of(
    feeds: Collection[Feed], *, today: date, zone: ZoneInfo
) -> dict[UUID, tuple[Entry, ...]]:
    """Return the calendar of each feed by its id, in two queries however many there are."""
    came, plans = arrivals_of(feeds, zone=zone), plans_of(feeds)
    return {feed.pk: calendar(plans[feed.pk], came[feed.pk], today=today) for feed in feeds}


@dataclass(frozen=True, slots=True)
class Promise:
    """The calendar of a feed that promises files by a day, and a program that reads it."""

    feed: str
    program_id: UUID
    calendar: tuple[Entry, ...]


def promises_to(programs: Collection[UUID], *, today: date, zone: ZoneInfo) -> list[Promise]:
    """List what was promised to programs, in two queries; in one where nothing was."""
    taking = MeasurementYear.objects.filter(
        program__feed_uses__feed=OuterRef("pk"), status__in=_TAKING
    )
    ends = JSONObject(start=F("starts_on"), end=F("ends_on"))
    feeds = list(
        Feed.objects.filter(uses__program__in=programs, is_sandbox=False)
        .exclude(cadence=Cadence.ON_REQUEST)
        .annotate(used_by=F("uses__program_id"), taken=ArraySubquery(taking.values_list(ends)))
    )
    came = arrivals_of(feeds, zone=zone) if feeds else {}
    return [
        Promise(
            feed.name,
            feed.used_by,
            calendar(_plan(feed, map(_period, feed.taken)), came[feed.pk], today=today),
        )
        for feed in feeds
    ]


def freshness_of(feed: Feed, *, today: date, zone: ZoneInfo, within: Period) -> Freshness:
    """Say how fresh a feed's data of a year is, in two queries."""
    came = arrivals_of([feed], zone=zone)[feed.pk]
    entries = calendar(plans_of([feed])[feed.pk], came, today=today)
    return freshness(feed.name, came.accepted, entries, within=within)


def plans_of(feeds: Collection[Feed]) -> dict[UUID, Plan]:
    """Read what each feed promised, by its id, with the years that take its files in."""
    found = MeasurementYear.objects.filter(program__feed_uses__feed__in=feeds, status__in=_TAKING)
    years = defaultdict(list)
    for feed_id, start, end in found.values_list(
        "program__feed_uses__feed_id", "starts_on", "ends_on"
    ):
        years[feed_id].append(Period(start, end))
    return {feed.pk: _plan(feed, years[feed.pk]) for feed in feeds}


def _plan(feed: Feed, years: Iterable[Period]) -> Plan:
    return Plan(
        Cadence(feed.cadence),
        feed.first_period_on,
        feed.due_days,
        None if feed.is_sandbox else tuple(years),
    )


def _period(ends: Mapping[str, str]) -> Period:
    return Period(date.fromisoformat(ends["start"]), date.fromisoformat(ends["end"]))


def arrivals_of(feeds: Collection[Feed], *, zone: ZoneInfo) -> dict[UUID, Arrivals]:
    """Return what came in for each feed by its id, in one query.

    What was refused, or was a dry run, did not come.
    """
    accepted, waiting = defaultdict(list), defaultdict(list)
    came = Upload.objects.filter(
        Q(slice__isnull=False) | Q(status__in=_WAITING, is_dry_run=False), feed__in=feeds
    )
    days = ("starts_on", "ends_on", "slice__starts_on", "slice__ends_on")
    for feed_id, status, at, start, end, first, stop in came.order_by("slice__version").values_list(
        "feed_id", "status", "received_at", *days
    ):
        if first is None:
            waiting[feed_id, status].append(_arrival(start, end, at, zone))
        else:
            accepted[feed_id].append(_arrival(first, stop, at, zone))
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
