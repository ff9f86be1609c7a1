"""Reading every agreement of a year."""

from adjudication.compensation.stacking import Stack, stacks
from agreements.programs.queries import visible_programs
from agreements.terms.models import MeasurementYear, YearStatus
from agreements.work.queries import approved_work_of
from comanage.identity.actor import Actor


def stacks_of(calendar_year: int, *, by: Actor) -> list[Stack]:
    """Gather the agreements whose year begins in a calendar year, in three queries."""
    years = list(
        MeasurementYear.objects.exclude(status=YearStatus.DRAFT).filter(
            program__in=visible_programs(by), starts_on__year=calendar_year
        )
    )
    work = approved_work_of([year.pk for year in years])
    return stacks(
        (year.terms, work.get(year.pk, []))
        for year in years
        if year.terms and year.in_effect is not None
    )


def calendar_years(*, by: Actor) -> list[int]:
    """List the calendar years in which signed years begin, the newest first, in one query."""
    signed = MeasurementYear.objects.exclude(status=YearStatus.DRAFT)
    days = signed.filter(program__in=visible_programs(by)).values_list("starts_on", flat=True)
    return sorted({day.year for day in days}, reverse=True)
