"""Gathering the days that must not be missed, from contracts, years, opinions and papers."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from agreements.contracts.models import Contract
from agreements.contracts.queries import standing_of
from agreements.contracts.standing import Standing
from agreements.credentials.freshness import STALE_AFTER_DAYS
from agreements.credentials.models import License
from agreements.credentials.queries import (
    entity_searched,
    searched,
    with_entities,
    with_searches,
)
from agreements.dates.critical import CriticalDate, Place
from agreements.dates.models import CalendarFeed
from agreements.dates.of_contract import days_of_contract
from agreements.participants.models import Participant
from agreements.programs.models import Program
from agreements.programs.queries import visible_programs
from agreements.terms.models import MeasurementYear, YearStatus
from agreements.valuations.models import Opinion
from comanage.identity.actor import Actor
from comanage.identity.roles import Permission, Role
from comanage.values.period import day_text

# What is long over is history, and stands on the page of its record.
SHOWN_AFTER = timedelta(days=60)
# As many days as the standard workplan takes from the first look to the kick-off.
DRAFTED_AHEAD = timedelta(days=90)
_A_DAY = timedelta(days=1)
_STALE_AFTER = timedelta(days=STALE_AFTER_DAYS)
Gatherer = Callable[[], Iterable[CriticalDate]]
_OTHERS: list[tuple[Permission, Gatherer]] = []


def gathers(*, seen_with: Permission) -> Callable[[Gatherer], Gatherer]:
    """Mark a query of a room that this one cannot read: its dates stand with all others.

    Args:
        seen_with: what a member must hold to see them.
    """

    def mark(gatherer: Gatherer) -> Gatherer:
        _OTHERS.append((seen_with, gatherer))
        return gatherer

    return mark


def dates_seen_by(by: Actor, *, today: date) -> list[CriticalDate]:
    """List the dates that a member may see, the earliest first; seven queries, and others' own.

    Whoever does not read the register sees the agreements of their programs, written here.
    """
    sees_register = by.holds(Permission.CONTRACT_VIEW)
    others = [gatherer for needed, gatherer in _OTHERS if by.holds(needed)]
    return _gather(visible_programs(by), others, sees_register=sees_register, today=today)


def all_dates(*, today: date) -> list[CriticalDate]:
    """List the dates of the whole hospital, the earliest first; queries as for a member."""
    others = [gatherer for _, gatherer in _OTHERS]
    return _gather(Program.objects.all(), others, sees_register=True, today=today)


def live_feed(membership_id: UUID) -> CalendarFeed | None:
    """Return a member's feed that is not revoked; one query."""
    return CalendarFeed.objects.filter(membership=membership_id, revoked_at=None).first()


def _gather(
    programs: "QuerySet[Program]",
    others: Iterable[Gatherer],
    *,
    sees_register: bool,
    today: date,
) -> list[CriticalDate]:
    listed = list(with_entities(programs))
    names = {each.pk: each.name for each in listed}
    rows = list(Contract.objects.prefetch_related("events"))
    found = [
        *_of_contracts(_readable(rows, names, sees_register=sees_register), today=today),
        *_of_years(names, _by_program(rows), today),
        *_of_opinions(names),
        *_of_people(listed, today),
        *(each for gatherer in others for each in gatherer()),
    ]
    shown = [each for each in found if each.due_on >= today - SHOWN_AFTER]
    return sorted(shown, key=lambda each: each.order)


def _readable(
    rows: Iterable[Contract], programs: Mapping[UUID, str], *, sees_register: bool
) -> Iterator[tuple[Contract, Place]]:
    """Give each contract that may be seen its page: in the register, or of the agreement itself."""
    for row in rows:
        if sees_register:
            yield row, Place("agreements:contract-detail", row.pk)
        elif row.agreement_id is not None and row.program_id in programs:
            yield row, Place("agreements:agreement-detail", row.agreement_id)


def _by_program(rows: Iterable[Contract]) -> dict[UUID, list[Standing]]:
    found: dict[UUID, list[Standing]] = {}
    for row in rows:
        if row.program_id is not None:
            found.setdefault(row.program_id, []).append(standing_of(row))
    return found


def _of_contracts(rows: Iterable[tuple[Contract, Place]], *, today: date) -> Iterator[CriticalDate]:
    for row, place in rows:
        for due in days_of_contract(
            standing_of(row),
            notice_days=row.notice_days,
            fmv_until=row.fmv_until if row.program_id is None else None,
            today=today,
        ):
            yield CriticalDate(
                due.due_on,
                f"{due.title}: {row.title}",
                f"contract-{row.pk}-{due.what}",
                due.to_do,
                due.owner,
                place,
            )


def _of_years(
    programs: Mapping[UUID, str], terms: Mapping[UUID, list[Standing]], today: date
) -> Iterator[CriticalDate]:
    """Take each year that is not closed, and the draft that a program lacks which goes on.

    Args:
        programs: by id, with their names.
        terms: how the contracts of each program stand.
        today: at the hospital.
    """
    years = MeasurementYear.objects.filter(program__in=programs).exclude(status=YearStatus.CLOSED)
    last: dict[UUID, MeasurementYear] = {}
    for year in years.order_by("starts_on"):
        if year.in_effect is None:
            continue
        last[year.program_id] = year
        yield _of_draft(year, programs) if year.is_draft else _of_signed(year, programs)
    for program_id, year in last.items():
        end = max(year.pay_ends_on, today)
        goes_on = any(each.runs_past(end) for each in terms.get(program_id, ()))
        if goes_on and not year.is_draft:
            yield _to_follow(year, programs)


def _of_draft(year: MeasurementYear, programs: Mapping[UUID, str]) -> CriticalDate:
    return CriticalDate(
        year.starts_on,
        f"Terms signed and locked: {programs[year.program_id]}, {year.period}",
        f"year-{year.pk}-lock",
        "Have the terms signed and locked by this day.",
        Role.COUNSEL,
        Place("agreements:year-detail", year.pk),
    )


def _of_signed(year: MeasurementYear, programs: Mapping[UUID, str]) -> CriticalDate:
    return CriticalDate(
        year.pay_ends_on,
        f"Adjudication begins: {programs[year.program_id]}, {year.in_effect}",
        f"year-{year.pk}-close",
        "Cut the year off and prepare its adjudication.",
        Role.CONSULTANT,
        Place("agreements:year-detail", year.pk),
    )


def _to_follow(year: MeasurementYear, programs: Mapping[UUID, str]) -> CriticalDate:
    return CriticalDate(
        year.pay_ends_on - DRAFTED_AHEAD,
        f"Next year drafted: {programs[year.program_id]}, from {day_text(year.pay_ends_on)}",
        f"year-{year.pk}-next",
        "Draft the next year from the page of this one: its opinion, approvals and signatures "
        "take their time.",
        Role.CONSULTANT,
        Place("agreements:year-detail", year.pk),
    )


def _of_opinions(programs: Mapping[UUID, str]) -> Iterator[CriticalDate]:
    """Take the opinion of each program that holds longest."""
    opinions = Opinion.objects.filter(program__in=programs).order_by("valid_until")
    for program_id, opinion in {each.program_id: each for each in opinions}.items():
        yield CriticalDate(
            opinion.valid_until - _A_DAY,
            f"Fair-market-value opinion ends: {programs[program_id]}",
            f"opinion-{program_id}",
            "File another opinion before pay goes on.",
            Role.CONSULTANT,
            Place("agreements:program-detail", program_id),
        )


def _of_people(programs: Sequence[Program], today: date) -> Iterator[CriticalDate]:
    present = Participant.objects.filter(
        Q(left_on=None) | Q(left_on__gt=today), program__in=programs, joined_on__lte=today
    )
    people = list(with_searches(present))
    yield from _of_searches(people, programs)
    yield from _of_licenses({each.physician_id: each for each in people})


def _of_licenses(people: Mapping[UUID, Participant]) -> Iterator[CriticalDate]:
    """Take the license that ends last, of each person in each state."""
    licenses = License.objects.filter(physician__in=people).order_by("valid_until")
    last = {(each.physician_id, each.state): each for each in licenses}
    for (physician_id, state), each in last.items():
        person = people[physician_id]
        yield CriticalDate(
            each.last_day,
            f"License ends: {person.physician.name}, {each.get_state_display()}",
            f"license-{physician_id}-{state}",
            "Record the renewed license.",
            Role.COMPLIANCE,
            Place("agreements:people", person.program_id),
        )


def _of_searches(
    people: Iterable[Participant], programs: Iterable[Program]
) -> Iterator[CriticalDate]:
    """Take the search of each program that was made first: by then all are looked up again.

    Its group or company is looked up like its physicians.
    """
    looked_up = {each.pk: [entity_searched(each)] for each in programs}
    for person in people:
        looked_up[person.program_id].append(searched(person))
    for program in programs:
        days = [search.searched_on for one in looked_up[program.pk] for search in one.searches]
        if days:
            yield CriticalDate(
                min(days) + _STALE_AFTER,
                f"Exclusion lists: {program.name}",
                f"screening-{program.pk}",
                "Look its physicians and their group up in the LEIE and SAM again; payments wait "
                "otherwise.",
                Role.COMPLIANCE,
                Place("agreements:people", program.pk),
                is_monthly=True,
            )
