"""Reading the parts of a year's pay."""

from django.db.models import QuerySet

from agreements.components.models import PayComponent
from agreements.terms.models import MeasurementYear


def components_of(year: MeasurementYear) -> QuerySet[PayComponent]:
    """List a year's parts with who is paid, in their order, in one query."""
    return year.components.select_related("physician").order_by("number")
