"""What holds a year: what people named, and what the year's own records show."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from adjudication.holds.causes import Cause
from adjudication.holds.models import Hold, Outcome
from agreements.terms.models import MeasurementYear
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.values.period import day_text
from scorecards.feeds.arrivals import calendars_of
from scorecards.feeds.calendar import NOT_COME
from scorecards.feeds.models import Cadence, Feed


@dataclass(frozen=True, slots=True)
class Found:
    """A cause that the year's own records show; it ends when they no longer do."""

    cause: Cause
    what: str
    owner: Role


@dataclass(frozen=True, slots=True)
class Holds:
    """What holds a year.

    Attributes:
        named: by people, the oldest first, the released ones among them.
        found: in the year's records.
    """

    named: tuple[Hold, ...] = ()
    found: tuple[Found, ...] = ()

    @property
    def are_open(self) -> bool:
        """Whether the year may be neither authorized nor paid."""
        return bool(self.found) or any(is_open(hold) for hold in self.named)

    def upheld_since(self, moment: datetime) -> bool:
        """Say whether a dispute was upheld after a moment: then the year is to be corrected."""
        releases = [hold.release for hold in self.named if not is_open(hold)]
        return any(
            each.outcome == Outcome.UPHELD and each.released_at > moment for each in releases
        )


def is_open(hold: Hold) -> bool:
    """Say whether nothing has released a hold yet."""
    return not hasattr(hold, "release")


def holds_of(year: MeasurementYear, *, today: date, zone: ZoneInfo, is_paid: bool = False) -> Holds:
    """Read what holds a year, in four queries; of one that is paid what held it, in one."""
    named = year.holds.select_related("opened_by", "release__released_by")
    found = () if is_paid else _gaps(year, today=today, zone=zone)
    return Holds(tuple(named), tuple(found))


def holds_now(year: MeasurementYear) -> Holds:
    """Read what holds a year on the hospital's own day."""
    tenant = Tenant.objects.get(pk=active_tenant_id())
    return holds_of(year, today=tenant.today(), zone=tenant.zone)


def held_years(years: Collection[UUID]) -> set[UUID]:
    """Return the years that somebody holds, in one query."""
    open_ones = Hold.objects.filter(year__in=years, release=None)
    return set(open_ones.values_list("year_id", flat=True))


def _gaps(year: MeasurementYear, *, today: date, zone: ZoneInfo) -> list[Found]:
    """Find the periods of the year for which a file was promised and none is accepted."""
    feeds = Feed.objects.filter(uses__program=year.program_id, is_sandbox=False)
    awaited = list(feeds.exclude(cadence=Cadence.ON_REQUEST))
    calendars = calendars_of(awaited, today=today, zone=zone) if awaited else {}
    return [
        Found(
            Cause.DATA,
            f"{feed.name}: the file for {entry.period} was due {day_text(entry.due_on)} and has "
            f"not come. Send it, or say of the feed that it is not promised.",
            Role.SERVICE_LINE_ADMINISTRATOR,
        )
        for feed in awaited
        for entry in calendars[feed.pk]
        if entry.state in NOT_COME and entry.period.overlaps(year.period)
    ]
