"""Noting that cases were read."""

from django.db import transaction

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from scorecards.cards.models import Scorecard
from scorecards.intake.models import Upload


@transaction.atomic
def note_cases_read(
    *, subject: Scorecard | Upload, asked: dict[str, str], page: int, cases: int, by: Actor
) -> None:
    """Record that somebody read cases, and how many.

    No key of a case is kept: whoever must know which cases were read lists them again.

    Args:
        subject: the scorecard that counted them, or the file that changes them.
        asked: what was asked for, such as the indicator and the state.
        page: which hundred of them.
        cases: how many were shown.
        by: who read.
    """
    record_event(kind=EventKind.CASES_READ, subject=subject, by=by, **asked, page=page, cases=cases)
