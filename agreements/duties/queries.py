"""Reading duties."""

from django.db.models import QuerySet

from agreements.duties.models import Duty
from agreements.terms.models import MeasurementYear
from agreements.terms.queries import visible_years
from comanage.identity.actor import Actor


def duties_of(year: MeasurementYear) -> "QuerySet[Duty]":
    """List a year's duties in their order, in one query."""
    return year.duties.order_by("number")


def visible_duties(by: Actor) -> "QuerySet[Duty]":
    """List the duties in the programs a person sees."""
    return Duty.objects.select_related("year__program").filter(year__in=visible_years(by))
