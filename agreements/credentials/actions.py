"""Recording licenses, and what searches of the lists of excluded persons found."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from agreements.credentials.models import ExclusionList, License, Screening, ScreeningOutcome
from agreements.credentials.policies import (
    check_license,
    check_says_how_it_was_cleared,
    check_search,
)
from agreements.credentials.queries import matched_names
from agreements.participants.models import Physician
from agreements.programs.models import Program
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor


@dataclass(frozen=True, slots=True)
class SearchFacts:
    """One search of one or both lists, with the same outcome for all who were looked up.

    Attributes:
        with_group: whether the program's group itself was looked up too.
    """

    lists: tuple[ExclusionList, ...]
    searched_on: date
    outcome: ScreeningOutcome
    note: str = ""
    with_group: bool = False


@transaction.atomic
def record_license(
    *, physician: Physician, state: str, number: str, valid_until: date, by: Actor
) -> License:
    """Put a license, or its renewal, on record.

    Raises:
        PolicyError: it has no number, or is recorded already.
    """
    facts = {"state": state, "number": number.strip(), "valid_until": valid_until}
    known = License.objects.filter(physician=physician, **facts)
    check_license(number=number, is_known=known.exists())
    recorded = License.objects.create(
        physician=physician, recorded_at=timezone.now(), recorded_by_id=by.user_id, **facts
    )
    record_event(kind=EventKind.LICENSE_RECORDED, subject=recorded, by=by, state=state)
    return recorded


@transaction.atomic
def record_screenings(
    *,
    program: Program,
    physicians: Collection[Physician],
    facts: SearchFacts,
    today: date,
    by: Actor,
) -> list[Screening]:
    """Record that a program's people or its group were looked up.

    It is never edited; a new search follows.

    Raises:
        PolicyError: nobody was looked up, the day has not come, or a match is not explained.
    """
    is_clear = facts.outcome is ScreeningOutcome.CLEAR
    group = program.group if facts.with_group else None
    whom: list[dict[str, Any]] = [{"physician": each} for each in physicians]
    whom += [{"group": group}] if group else []
    check_search(
        people=len(whom),
        lists=len(facts.lists),
        searched_on=facts.searched_on,
        today=today,
        is_clear=is_clear,
        note=facts.note,
    )
    matched = matched_names(physicians, group, facts.lists)
    check_says_how_it_was_cleared(matched, is_clear=is_clear, note=facts.note)
    found = Screening.objects.bulk_create(
        Screening(
            **one,
            list_name=list_name,
            searched_on=facts.searched_on,
            outcome=facts.outcome,
            note=facts.note.strip(),
            recorded_at=timezone.now(),
            recorded_by_id=by.user_id,
        )
        for one in whom
        for list_name in facts.lists
    )
    record_event(
        kind=EventKind.SCREENED,
        subject=program,
        by=by,
        searched_on=facts.searched_on.isoformat(),
        lists=", ".join(sorted(facts.lists)),
        physicians=len(physicians),
        group=bool(group),
        outcome=facts.outcome,
    )
    return found
