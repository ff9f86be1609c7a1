"""What holds a year: what people named, and what the year's own records show."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from adjudication.holds.causes import Cause
from adjudication.holds.models import Hold, Outcome
from agreements.credentials.queries import screening_gaps_of, with_rosters
from agreements.terms.models import MeasurementYear
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.values.period import day_text
from scorecards.feeds.arrivals import promises_to
from scorecards.feeds.calendar import NOT_COME


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
    """Read what holds a year, in four queries at most; of one that is paid what held it, in one.

    A year that was read by `with_rosters` is not read again, which is one query less.
    """
    named = year.holds.select_related("opened_by", "release__released_by")
    found = () if is_paid else _gaps_of(_read(year), today=today, zone=zone)[year.pk]
    return Holds(tuple(named), tuple(found))


def holds_now(year: MeasurementYear) -> Holds:
    """Read what holds a year on the hospital's own day."""
    tenant = Tenant.objects.get(pk=active_tenant_id())
    return holds_of(year, today=tenant.today(), zone=tenant.zone)


def holds_of_years(
    years: Collection[MeasurementYear], *, today: date, zone: ZoneInfo
) -> dict[UUID, Holds]:
    """Read what holds years that are frozen and unpaid, by year: three queries however many.

    Args:
        years: read by `with_rosters`.
        today: at the hospital.
        zone: of the hospital.
    """
    if not years:
        return {}
    named: dict[UUID, list[Hold]] = defaultdict(list)
    holds = Hold.objects.select_related("opened_by", "release__released_by").filter(year__in=years)
    for hold in holds:
        named[hold.year_id].append(hold)
    gaps = _gaps_of(years, today=today, zone=zone)
    return {year.pk: Holds(tuple(named[year.pk]), tuple(gaps[year.pk])) for year in years}


def held_years(years: Collection[UUID]) -> set[UUID]:
    """Return the years that somebody holds, in one query."""
    open_ones = Hold.objects.filter(year__in=years, release=None)
    return set(open_ones.values_list("year_id", flat=True))


def _read(year: MeasurementYear) -> list[MeasurementYear]:
    if "roster" in vars(year):
        return [year]
    return list(with_rosters(MeasurementYear.objects.filter(pk=year.pk)))


def _gaps_of(
    years: Collection[MeasurementYear], *, today: date, zone: ZoneInfo
) -> dict[UUID, list[Found]]:
    """Find what the records of years lack, by year: files that were promised, and searches."""
    files = _files_of(years, today=today, zone=zone)
    searches = screening_gaps_of(years, today=today)
    return {
        year.pk: [
            *files[year.pk],
            *(Found(Cause.SCREENING, what, Role.COMPLIANCE) for what in searches[year.pk]),
        ]
        for year in years
    }


def _files_of(
    years: Collection[MeasurementYear], *, today: date, zone: ZoneInfo
) -> dict[UUID, list[Found]]:
    """Find the periods of years for which a file was promised and none is accepted, by year."""
    promises = promises_to({year.program_id for year in years}, today=today, zone=zone)
    return {
        year.pk: [
            Found(
                Cause.DATA,
                f"{promised.feed}: the file for {entry.period} was due {day_text(entry.due_on)} "
                f"and has not come. Send it, or say of the feed that it is not promised.",
                Role.SERVICE_LINE_ADMINISTRATOR,
            )
            for promised in promises
            if promised.program_id == year.program_id
            for entry in promised.calendar
            if entry.state in NOT_COME and entry.period.overlaps(year.in_effect or year.period)
        ]
        for year in years
    }
