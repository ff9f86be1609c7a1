"""Looking into the library."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from indicators.catalogue import standard_definitions
from indicators.library.models import Indicator, IndicatorVersion
from indicators.measure.definition import Definition


@dataclass(frozen=True, slots=True)
class StandardIndicator:
    """A definition of the catalogue, and whether the hospital has taken it up."""

    definition: Definition
    is_adopted: bool


def current_versions() -> QuerySet[IndicatorVersion]:
    """List the newest version of each indicator, by title, in one query."""
    newest = IndicatorVersion.objects.filter(indicator=OuterRef("indicator")).order_by("-number")
    return (
        IndicatorVersion.objects.select_related("indicator")
        .filter(pk=Subquery(newest.values("pk")[:1]))
        .order_by("indicator__title")
    )


def standard_indicators() -> list[StandardIndicator]:
    """List the catalogue, in one query."""
    adopted = set(Indicator.objects.values_list("slug", flat=True))
    return [
        StandardIndicator(definition, definition.slug in adopted)
        for definition in standard_definitions()
    ]
