"""Putting the division of the pay into a draft, and taking it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db import transaction

from agreements.allocations.bases import WITH_SHARES
from agreements.allocations.policies import check_part_periods
from agreements.terms.models import MeasurementYear
from agreements.terms.policies import check_can_edit
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.values.rounding import exact_text, fraction_from_text


@dataclass(frozen=True, slots=True)
class AllocationTerms:
    """How the group divides what it is paid.

    Attributes:
        by: one of `bases.BASES`.
        joiners: what becomes of who joins during the year, one of `bases.PART_PERIODS`.
        leavers: what becomes of who leaves.
        shares: by NPI, exact; only where it is divided by shares.
    """

    by: str
    joiners: str
    leavers: str
    shares: Mapping[str, Fraction] = field(default_factory=dict)

    def to_document(self) -> dict[str, Any]:
        """Write the rule as the terms hold it."""
        document: dict[str, Any] = {
            "by": self.by,
            "joiners": self.joiners,
            "leavers": self.leavers,
        }
        if self.by in WITH_SHARES:
            document["shares"] = {npi: exact_text(share) for npi, share in self.shares.items()}
        return document


@transaction.atomic
def agree_allocation(
    *, year: MeasurementYear, terms: AllocationTerms, by: Actor
) -> MeasurementYear:
    """Put the division of the pay into a draft, in place of the one before.

    Raises:
        PolicyError: the terms are locked, or the rule contradicts itself.
    """
    check_part_periods(terms.by, terms.joiners, terms.leavers)
    year = _write(year, terms.to_document())
    record_event(kind=EventKind.ALLOCATION_AGREED, subject=year, by=by, divided_by=terms.by)
    return year


@transaction.atomic
def withdraw_allocation(*, year: MeasurementYear, by: Actor) -> MeasurementYear:
    """Leave the division to the group.

    Raises:
        PolicyError: the terms are locked.
    """
    year = _write(year, None)
    record_event(kind=EventKind.ALLOCATION_WITHDRAWN, subject=year, by=by)
    return year


def carry_allocation_over(*, year: MeasurementYear, following: MeasurementYear, by: Actor) -> None:
    """Agree a year's division for the next one too."""
    if year.allocation is None:
        return
    shares = year.allocation.get("shares", {})
    rule = {name: year.allocation[name] for name in ("by", "joiners", "leavers")}
    terms = AllocationTerms(
        **rule, shares={npi: fraction_from_text(share) for npi, share in shares.items()}
    )
    following.allocation = agree_allocation(year=following, terms=terms, by=by).allocation


def _write(year: MeasurementYear, document: dict[str, Any] | None) -> MeasurementYear:
    year = MeasurementYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    check_can_edit(year)
    year.allocation = document
    year.save(update_fields=["allocation"])
    return year
