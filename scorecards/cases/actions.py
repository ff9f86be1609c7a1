"""Noting that cases were read."""

from django.db import transaction

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from scorecards.cards.models import Scorecard


@transaction.atomic
def note_cases_read(
    *, card: Scorecard, indicator: str, state: str, page: int, cases: int, by: Actor
) -> None:
    """Record that somebody read cases: of which indicator and state, and how many.

    No key of a case is kept: whoever must know which cases were read lists them again.
    """
    record_event(
        kind=EventKind.CASES_READ,
        subject=card,
        by=by,
        indicator=indicator,
        state=state or "every state",
        page=page,
        cases=cases,
    )
