"""What is asked of an assessment, as a plain document that is kept beside its result. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from comanage.values.money import Money
from comanage.values.rounding import exact_text, fraction_from_text
from scorecards.opportunities.sizing import ReferenceKind


@dataclass(frozen=True, slots=True)
class AskedIndicator:
    """One indicator to assess.

    Attributes:
        version_id: of the library.
        slug, title: of the indicator, for people.
        reference: what the units are held against.
        peer: a value of peers in the unit of the rate, with its source; None for none.
        cost: dollars of one event, or of one day of stay; None for none.
        cost_source: who says so.
        days: of stay that one event adds; None when it is not known.
        days_source: who says so.
    """

    version_id: UUID
    slug: str
    title: str
    reference: ReferenceKind
    peer: Fraction | None = None
    peer_source: str = ""
    cost: Money | None = None
    cost_source: str = ""
    days: Fraction | None = None
    days_source: str = ""

    def to_document(self) -> dict[str, Any]:
        """Write it as plain values."""
        return {
            "version": str(self.version_id),
            "slug": self.slug,
            "title": self.title,
            "reference": self.reference.value,
            "peer": None if self.peer is None else exact_text(self.peer),
            "peer_source": self.peer_source,
            "cost": None if self.cost is None else self.cost.dollars_text,
            "cost_source": self.cost_source,
            "days": None if self.days is None else exact_text(self.days),
            "days_source": self.days_source,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "AskedIndicator":
        """Read it back."""
        peer, cost, days = document["peer"], document["cost"], document["days"]
        return cls(
            version_id=UUID(document["version"]),
            slug=document["slug"],
            title=document["title"],
            reference=ReferenceKind(document["reference"]),
            peer=None if peer is None else fraction_from_text(peer),
            peer_source=document["peer_source"],
            cost=None if cost is None else Money.from_dollars(cost),
            cost_source=document["cost_source"],
            days=None if days is None else fraction_from_text(days),
            days_source=document.get("days_source", ""),
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole assessment.

    Attributes:
        scope: a criterion that restricts the cases; empty for all.
        column: by which cases are told apart: physician, ward or site.
        label: of the column, in words.
        minimum_cases: fewest with which a unit is judged.
    """

    scope: str
    column: str
    label: str
    minimum_cases: int
    indicators: tuple[AskedIndicator, ...]

    def to_document(self) -> dict[str, Any]:
        """Write it as plain values."""
        return {
            "scope": self.scope,
            "column": self.column,
            "label": self.label,
            "minimum_cases": self.minimum_cases,
            "indicators": [each.to_document() for each in self.indicators],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Asked":
        """Read it back."""
        return cls(
            scope=document["scope"],
            column=document["column"],
            label=document["label"],
            minimum_cases=document["minimum_cases"],
            indicators=tuple(map(AskedIndicator.from_document, document["indicators"])),
        )
