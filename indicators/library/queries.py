"""Looking into the library."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from indicators.catalogue import standard_definition, standard_definitions
from indicators.library.models import Indicator, IndicatorVersion
from indicators.measure.definition import Definition


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; empty texts ask for nothing.

    Attributes:
        words: each must occur in the title, the description, the standard or the short name.
        service_line, domain, status: codes of the governance card; an indicator for all
            service lines fits each of them.
        scoring: a way of scoring.
    """

    words: str = ""
    service_line: str = ""
    domain: str = ""
    scoring: str = ""
    status: str = ""

    def fits(self, document: Mapping[str, Any]) -> bool:
        """Say whether a definition's document is what the reader looks for."""
        given = document.get("governance", {})
        return (
            self.service_line in ("", given.get("service_line"))
            and self.domain in ("", given.get("domain"))
            and self.scoring in ("", document["scoring"])
            and self.status in ("", given.get("standard_status") or "none")
            and _reads(document, self.words)
        )


@dataclass(frozen=True, slots=True)
class StandardIndicator:
    """A definition of the catalogue, and the hospital's own where it has taken it up."""

    definition: Definition
    adopted: Indicator | None


def current_versions() -> QuerySet[IndicatorVersion]:
    """List the newest version of each indicator, by title, in one query."""
    newest = IndicatorVersion.objects.filter(indicator=OuterRef("indicator")).order_by("-number")
    return (
        IndicatorVersion.objects.select_related("indicator")
        .filter(pk=Subquery(newest.values("pk")[:1]))
        .order_by("indicator__title")
    )


def versions_to_agree_on(agreed: IndicatorVersion) -> QuerySet[IndicatorVersion]:
    """List the version that is agreed on and the newest of its indicator, in one query."""
    newest = current_versions().filter(indicator=agreed.indicator_id).values("pk")
    versions = IndicatorVersion.objects.select_related("indicator")
    return versions.filter(Q(pk=agreed.pk) | Q(pk__in=newest)).order_by("-number")


def library_versions(wanted: Wanted) -> list[IndicatorVersion]:
    """List the newest version of each indicator that is looked for, by title, in one query."""
    return [version for version in current_versions() if wanted.fits(version.document)]


def standard_indicators(wanted: Wanted | None = None) -> list[StandardIndicator]:
    """List what is looked for in the catalogue, by title, in one query."""
    wanted = wanted or Wanted()
    adopted = {indicator.slug: indicator for indicator in Indicator.objects.all()}
    return [
        StandardIndicator(definition, adopted.get(definition.slug))
        for definition in sorted(standard_definitions(), key=lambda each: each.title.lower())
        if wanted.fits(definition.to_document())
    ]


def standard_indicator(slug: str) -> StandardIndicator:
    """Return one indicator of the catalogue, in one query.

    Raises:
        LookupError: there is none of that slug.
    """
    definition = standard_definition(slug)
    return StandardIndicator(definition, Indicator.objects.filter(slug=slug).first())


def _reads(document: Mapping[str, Any], words: str) -> bool:
    read = " ".join(
        (
            document["title"],
            document["slug"],
            document.get("description", ""),
            document.get("governance", {}).get("standard", ""),
            document.get("governance", {}).get("catalogue_id", ""),
        )
    ).lower()
    return all(word in read for word in words.lower().split())
