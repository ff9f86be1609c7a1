"""Reading opinions and memos, and what an opinion is held against."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from agreements.participants.models import Participant
from agreements.programs.models import Program
from agreements.programs.queries import visible_programs
from agreements.terms.models import MeasurementYear
from agreements.valuations.models import Memo, Opinion
from agreements.valuations.staleness import Standing, Trigger, triggers
from comanage.identity.actor import Actor


def visible_opinions(by: Actor) -> "QuerySet[Opinion]":
    """List the opinions of the programs a person sees."""
    opinions = Opinion.objects.select_related("program", "document")
    return opinions.filter(program__in=visible_programs(by))


def visible_memos(by: Actor) -> "QuerySet[Memo]":
    """List the memos of the programs a person sees."""
    memos = Memo.objects.select_related("program", "document")
    return memos.filter(program__in=visible_programs(by))


def opinion_triggers(
    program: Program, *, today: date, changed_on: Collection[date] = ()
) -> list[tuple[Opinion, tuple[Trigger, ...]]]:
    """List a program's opinions, the newest first, each with what makes it stale; four queries.

    An opinion that another one took over from is history and has no triggers.

    Args:
        program: whose opinions.
        today: at the hospital.
        changed_on: from when its agreement was amended, extended, renewed or held over.
    """
    return triggers_of(
        list(program.opinions.select_related("document")),
        years=list(program.years.order_by("starts_on").prefetch_related("duties")),
        participants=list(program.participants.select_related("physician")),
        today=today,
        changed_on=changed_on,
    )


def triggers_of(
    opinions: Sequence[Opinion],
    *,
    years: Sequence[MeasurementYear],
    participants: Sequence[Participant],
    today: date,
    changed_on: Collection[date] = (),
) -> list[tuple[Opinion, tuple[Trigger, ...]]]:
    """List opinions of a program with what makes each stale, from rows at hand; no query.

    Args:
        opinions: all of the program, the newest first.
        years: all of the program, the earliest first, with their duties.
        participants: all of the program, with their physicians.
        today: at the hospital.
        changed_on: from when its agreement was amended, extended, renewed or held over.
    """
    return [
        (each, ())
        if _is_history(each, opinions, today)
        else (
            each,
            triggers(
                _standing(each, opinions, years, participants, today, changed_on), today=today
            ),
        )
        for each in opinions
    ]


def _is_history(opinion: Opinion, opinions: Sequence[Opinion], today: date) -> bool:
    """Say whether a later opinion holds, or held, in place of one that ended."""
    return today >= opinion.valid_until and any(
        other.valid_from > opinion.valid_from and other.valid_from <= today for other in opinions
    )


def _standing(
    opinion: Opinion,
    opinions: Iterable[Opinion],
    years: Iterable[MeasurementYear],
    participants: Sequence[Participant],
    today: date,
    changed_on: Collection[date],
) -> Standing:
    under = [list(year.duties.all()) for year in years if year.opinion_id == opinion.pk]
    listed = [duties for duties in under if duties]
    first = {duty.name for duty in listed[0]} if listed else set()
    newest = listed[-1] if listed else []
    return Standing(
        validity=opinion.validity,
        is_renewed=any(opinion.valid_until in other.validity for other in opinions),
        assumed_minutes=opinion.assumed_minutes,
        duty_minutes=sum(duty.minutes for duty in newest) if newest else None,
        new_duties=tuple(duty.name for duty in newest if duty.name not in first),
        roster_then=_roster(participants, opinion.valid_from),
        roster_now=_roster(participants, today),
        changed_on=tuple(day for day in changed_on if day > opinion.opined_on),
    )


def _roster(participants: Iterable[Participant], day: date) -> frozenset[str]:
    return frozenset(each.physician.npi for each in participants if each.takes_part_on(day))
