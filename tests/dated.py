"""A hospital whose stays are dated over 14 months and name an attending physician.

Every month has 30 stays of cardiology at risk of a return, one that ended in death (taken out)
and five of neurology (out of scope). What comes out can be counted by hand.
"""

from collections.abc import Iterator
from datetime import date

from agreements.programs.models import Program
from agreements.terms.actions import lock_terms, open_period
from agreements.terms.models import EarlyEnd, MeasurementYear
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope
from comanage.values.canonical import sha256_of
from comanage.values.period import Period
from scorecards.feeds.models import Feed, FeedMap
from scorecards.feeds.queries import current_map
from scorecards.intake.spec import from_document
from tests.ground import (
    HEADER,
    READMISSION,
    YEAR,
    hand_in,
    small_draft,
    small_hospital,
    small_opinion,
)

BEFORE = Period(date(2024, 11, 1), date(2025, 1, 1))
MONTHS = [*BEFORE.months(), *YEAR.months()]
# Stays with a return in each month. October 2025 stands out.
RETURNED = (3, 2, 4, 3, 2, 3, 4, 2, 3, 3, 2, 12, 3, 2)
AT_RISK, DIED, ELSEWHERE = 30, 1, 5
PHYSICIANS = tuple(f"P{number:02}" for number in range(1, 13))
LENGTH_OF_STAY = (
    "average-length-of-stay",
    40,
    (("Threshold", "3.5", "50%"), ("Target", "3.0", "100%")),
)
SCOPE = "medical_specialty = 'Cardiology'"
DATED = (
    {"name_in_file": "discharged_on", "name": "discharged_on", "type": "date", "required": True},
    {"name_in_file": "attending", "name": "attending", "type": "code", "label": "Attending"},
)


def dated_hospital(
    slug: str = "smallville",
    *,
    in_parts: bool = False,
    until: date | None = None,
    early_end: EarlyEnd = EarlyEnd.BY_DAYS,
) -> Tenant:
    """Make the hospital with two computed years: November and December 2024, then 2025.

    Args:
        slug: of the hospital.
        in_parts: whether each month came as a file of its own.
        until: the day before which the newest file ends; None for the end of 2025.
        early_end: what the terms say of a year that ends early.
    """
    tenant = small_hospital(slug)
    with tenant_scope(tenant.pk):
        feed = Feed.objects.get()
        first = current_map(feed)
        spec = {**first.spec, "columns": [*first.spec["columns"], *DATED]}
        spec["date_column"] = "discharged_on"
        from_document(spec)
        FeedMap.objects.create(feed=feed, version=2, spec=spec, sha256=sha256_of(spec))
        for period in (BEFORE, YEAR):
            _open(period, early_end)
            sent = Period(period.start, min(period.end, until or period.end))
            for part in sent.months() if in_parts else [sent]:
                hand_in(dated_stays(part), period=part)
    return tenant


def _open(period: Period, early_end: EarlyEnd) -> MeasurementYear:
    opinion = small_opinion(Program.objects.get(), valid_from=period.start, valid_until=period.end)
    year = small_draft(
        period=period,
        opinion=opinion,
        scope=SCOPE,
        early_end=early_end,
        indicators=(READMISSION, LENGTH_OF_STAY),
    )
    by = member(Role.CONSULTANT)
    year = lock_terms(year=year, signed_on=date(2024, 10, 15), by=by)
    return open_period(year=year, today=period.start, by=by)


def dated_stays(period: Period) -> bytes:
    """Write the stays of a period as CSV."""
    lines = [
        ",".join(cells)
        for number, month in enumerate(MONTHS)
        for day, cells in _stays(number, month.start)
        if day in period
    ]
    return ("\n".join([f"{HEADER},discharged_on,attending", *lines]) + "\n").encode()


def _stays(number: int, first_day: date) -> Iterator[tuple[date, list[str]]]:
    kinds = [("Cardiology", "1")] * AT_RISK
    kinds += [("Cardiology", "11")] * DIED + [("Neurology", "1")] * ELSEWHERE
    for place, (specialty, disposition) in enumerate(kinds):
        day = first_day.replace(day=place % 28 + 1)
        returned = "<30" if place < RETURNED[number] else "NO"
        key, physician = f"E{number:02}{place:03}", PHYSICIANS[place % len(PHYSICIANS)]
        yield (
            day,
            [
                *(key, specialty, "1", disposition, str(2 + place * (number + 3) % 4), "None"),
                *(returned, day.isoformat(), physician),
            ],
        )
