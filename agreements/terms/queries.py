"""Reading measurement years and their terms."""

from uuid import UUID

from django.db.models import QuerySet

from agreements.programs.queries import visible_programs
from agreements.terms.models import MeasurementYear, YearStatus
from comanage.identity.actor import Actor


def visible_years(by: Actor) -> QuerySet[MeasurementYear]:
    """List the years of the programs a person sees, newest first."""
    return MeasurementYear.objects.select_related("program__group", "opinion").filter(
        program__in=visible_programs(by)
    )


def years_beside(pk: UUID, *, by: Actor) -> QuerySet[MeasurementYear]:
    """List a year and the others of its program, the oldest first.

    Empty where the person does not see it.
    """
    return visible_years(by).filter(program__years=pk).order_by("starts_on")


def has_later_year(year: MeasurementYear) -> bool:
    """Say whether the program has a year that is in effect after this one, in one query."""
    later = MeasurementYear.objects.filter(program=year.program_id, starts_on__gte=year.pay_ends_on)
    return any(each.in_effect is not None for each in later if each.pk != year.pk)


def years_on_the_clock() -> QuerySet[MeasurementYear]:
    """List the open years of the tenant."""
    return MeasurementYear.objects.select_related("program").filter(status=YearStatus.OPEN)
