"""Filing an opinion."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from agreements.programs.models import Program
from agreements.valuations.models import Opinion
from agreements.valuations.policies import check_can_file, check_range
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.values.money import Money


@dataclass(frozen=True, slots=True)
class OpinionFacts:
    """What the valuator wrote; `valid_until` is the first day it no longer holds.

    Attributes:
        salary, hourly, wrvu, savings: the most for each of these parts; None where nothing is
            said of it.
        hourly_low, hourly_high: what an hour of duties is worth; both or none.
        wrvu_low, wrvu_high: what a wRVU is worth; both or none.
        percentile: of the survey that was relied on, 1 to 99.
        all_agreements: the most for one physician in a year, from every agreement.
    """

    valuator: str
    opined_on: date
    valid_from: date
    valid_until: date
    fixed: Money
    incentive: Money
    total: Money
    salary: Money | None = None
    hourly: Money | None = None
    wrvu: Money | None = None
    savings: Money | None = None
    hourly_low: Money | None = None
    hourly_high: Money | None = None
    wrvu_low: Decimal | None = None
    wrvu_high: Decimal | None = None
    percentile: int | None = None
    all_agreements: Money | None = None

    @property
    def parts(self) -> Money:
        """What all parts come to, each at its most."""
        named = (self.salary, self.hourly, self.wrvu, self.savings)
        return sum((part for part in named if part), self.fixed + self.incentive)


@transaction.atomic
def file_opinion(*, program: Program, facts: OpinionFacts, by: Actor) -> Opinion:
    """Put a fair-market-value opinion on file. It is never edited: a new opinion follows it.

    Raises:
        PolicyError: its parts or dates contradict each other.
    """
    check_can_file(
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        parts=facts.parts,
        total=facts.total,
    )
    check_range("hour", facts.hourly_low, facts.hourly_high)
    check_range("wRVU", facts.wrvu_low, facts.wrvu_high)
    opinion = Opinion.objects.create(program=program, **_values(facts))
    record_event(
        kind=EventKind.OPINION_FILED, subject=opinion, by=by, total=facts.total.dollars_text
    )
    return opinion


def _values(facts: OpinionFacts) -> dict[str, Any]:
    return {field.name: getattr(facts, field.name) for field in fields(facts)}
