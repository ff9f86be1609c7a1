"""Filing an opinion."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from agreements.programs.models import Program
from agreements.valuations.models import Opinion
from agreements.valuations.policies import check_can_file
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.values.money import Money


@dataclass(frozen=True, slots=True)
class OpinionFacts:
    """What the valuator wrote; `valid_until` is the first day it no longer holds."""

    valuator: str
    opined_on: date
    valid_from: date
    valid_until: date
    fixed: Money
    incentive: Money
    total: Money


@transaction.atomic
def file_opinion(*, program: Program, facts: OpinionFacts, by: Actor) -> Opinion:
    """Put a fair-market-value opinion on file. It is never edited: a new opinion follows it.

    Raises:
        PolicyError: its parts or dates contradict each other.
    """
    check_can_file(
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        parts=facts.fixed + facts.incentive,
        total=facts.total,
    )
    opinion = Opinion.objects.create(
        program=program,
        valuator=facts.valuator,
        opined_on=facts.opined_on,
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        fixed=facts.fixed,
        incentive=facts.incentive,
        total=facts.total,
    )
    record_event(
        kind=EventKind.OPINION_FILED, subject=opinion, by=by, total=facts.total.dollars_text
    )
    return opinion
