"""Reading the register."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from agreements.contracts.amending import Amendment, Paper, Writing
from agreements.contracts.clocks import reconciliation_deadline
from agreements.contracts.models import (
    CHANGES,
    Cause,
    Contract,
    ContractEvent,
    ContractEventKind,
    ContractKind,
    ContractPaper,
)
from agreements.contracts.policies import EndedContract
from agreements.contracts.standing import Happening, Standing, standing
from agreements.participants.models import PhysicianGroup
from agreements.programs.models import Program
from agreements.terms.document import early_end_rule
from agreements.terms.models import MeasurementYear, YearStatus
from agreements.valuations.models import Opinion
from comanage.values.period import Period

_PAYING = (ContractKind.CO_MANAGEMENT, ContractKind.PSA, ContractKind.EMPLOYMENT)


def contracts() -> QuerySet[Contract]:
    """List every contract with its people and events, by party; three queries."""
    return Contract.objects.select_related("group", "program", "entered_by").prefetch_related(
        "people__physician", "events__recorded_by"
    )


def papers() -> QuerySet[ContractPaper]:
    """List the papers of all contracts, the oldest first; one query."""
    return ContractPaper.objects.select_related("contract", "file", "kept_by")


def standing_of(contract: Contract) -> Standing:
    """Read how a contract stands; its events are at hand, or one query."""
    return standing(
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        signed_on=contract.signed_on,
        happenings=[happening(each) for each in contract.events.all()],
    )


def standing_as_made(contract: Contract) -> Standing:
    """Read how a contract stood before anything happened to it; no query."""
    return standing(
        starts_on=contract.starts_on, ends_on=contract.ends_on, signed_on=contract.signed_on
    )


def happening(event: ContractEvent) -> Happening:
    """Return the days of an event."""
    return Happening(event.kind, event.effective_on, event.signed_on, event.ends_on)


def ended_with(*, group: PhysicianGroup | None, party: str, kind: str) -> list[EndedContract]:
    """List the terminated contracts of a kind with a party, by group or name; two queries."""
    same = Q(party__iexact=party)
    if group is not None:
        same |= Q(group=group)
    rows = Contract.objects.filter(same, kind=kind).prefetch_related("events")
    ended = ((each, standing_of(each)) for each in rows)
    return [
        EndedContract(each.title, stands.began_on, stands.ended_on)
        for each, stands in ended
        if stands.ended_on is not None
    ]


def signed_periods(program: Program | None) -> tuple[Period, ...]:
    """List the signed measurement years of a program that are not closed; one query."""
    years = MeasurementYear.objects.filter(
        program=program, status__in=[YearStatus.LOCKED, YearStatus.OPEN]
    )
    if program is None:
        return ()
    return tuple(year.in_effect for year in years if year.in_effect is not None)


def opinion_until(contract: Contract) -> date | None:
    """Return the first day without an opinion: of the program, else as entered; one query."""
    if contract.program_id is None:
        return contract.fmv_until
    newest = Opinion.objects.filter(program=contract.program_id).order_by("-valid_until").first()
    return newest.valid_until if newest else contract.fmv_until


def with_changes(programs: QuerySet[Program]) -> QuerySet[Program]:
    """Read with each program from when its contracts changed, as `changed_on`; no query."""
    changes = ContractEvent.objects.filter(contract__program=OuterRef("pk"), kind__in=CHANGES)
    return programs.annotate(changed_on=ArraySubquery(changes.values("effective_on")))


def reconcile_by(program: Program) -> date | None:
    """Return the last day on which a program's payments are reconciled after its contract ended.

    None while a contract of the program goes on, or none is in the register.
    """
    ends = [standing_of(each).over_on for each in contracts().filter(program=program)]
    over = [end for end in ends if end is not None]
    if not over or len(over) < len(ends):
        return None
    return reconciliation_deadline(max(over))


def end_cause_of(contract: Contract) -> Cause | None:
    """Say why a contract was terminated; None where it was not, one query."""
    event = contract.events.filter(kind=ContractEventKind.TERMINATED).last()
    return Cause(event.cause) if event else None


def ending_of(contract: Contract) -> dict[str, Any] | None:
    """Say how a program's agreement ended, as its years keep it; at most four queries.

    Returns:
        None while the contract goes on, where another one that began before its end goes on
        paying for the same program, or where nobody said who ended it.
    """
    events = list(contract.events.all())
    ends = [each for each in events if each.kind == ContractEventKind.TERMINATED]
    if not ends or not _pays(contract) or _goes_on(contract, ends[-1].effective_on):
        return None
    rules = [each for each in events if each.kind == ContractEventKind.END_RULE]
    said = [each.ended_by for each in (ends[-1], *rules) if each.ended_by]
    rule = early_end_rule(rules[-1].early_end) if rules else None
    ending = {"on": ends[-1].effective_on.isoformat(), "cause": ends[-1].cause}
    return {**ending, "by": said[0], **({"rule": rule} if rule else {})} if said else None


def ended_early(year: MeasurementYear) -> date | None:
    """Return the first day without a year's agreement where it is over before the year; 2 queries.

    Read from the register itself, also of a term that ran out; what a year keeps of it is
    `MeasurementYear.ending`. What begins on that day or later is another agreement, with a year
    of its own. None where the register has no contract of the program.
    """
    own = _behind(year)
    ends = [each.over_on for each in own]
    over = [each for each in ends if each is not None and each < year.ends_on]
    return max(over) if over and len(over) == len(ends) else None


def _behind(year: MeasurementYear) -> list[Standing]:
    """Read how the contracts stand that a year is paid under, the earliest first."""
    stands = [standing_of(each) for each in _paying_for(year.program_id)]
    begun = sorted(
        (each for each in stands if each.began_on < year.ends_on), key=lambda each: each.began_on
    )
    current = [each for each in begun if each.runs_past(year.starts_on)]
    own = current[:1]
    for each in current[1:]:
        if not any(one.runs_past(each.began_on) for one in own):
            break
        own.append(each)
    return own or begun


def writing_for(year: MeasurementYear) -> Writing | None:
    """Read the writing that a later year takes effect by; at most four queries.

    Returns:
        None for a year that belongs to no agreement that was executed here: to one that was signed
        elsewhere, or to one that follows after the end.
    """
    contract = _executed_here(year)
    if contract is None:
        return None
    kept = papers().filter(contract=contract, file__shredded_at=None)
    return Writing(
        contract=contract.pk,
        title=contract.title,
        first_day=year.starts_on,
        amendments=[
            Amendment(event.number, event.signed_on)
            for event in contract.events.all()
            if event.kind == ContractEventKind.AMENDED
            and event.effective_on == year.starts_on
            and event.signed_on is not None
        ],
        papers=[
            Paper(each.title, each.file.sha256, each.received_on, each.kept_by_id) for each in kept
        ],
    )


def _executed_here(year: MeasurementYear) -> Contract | None:
    """Find the contract of an agreement that was executed here, which a year belongs to.

    One whose term is over stays the year's own, since it may be renewed or held over, unless
    another contract goes on in its place.
    """
    stands = [(each, standing_of(each)) for each in _paying_for(year.program_id)]
    there = [
        (each, standing)
        for each, standing in stands
        if standing.began_on <= year.starts_on
        and (standing.ended_on is None or standing.ended_on > year.starts_on)
    ]
    own = [(each, standing) for each, standing in there if each.agreement_id is not None]
    if not own:
        return None
    contract, standing = max(own, key=lambda pair: pair[1].began_on)
    others = [other for each, other in there if each.agreement_id is None]
    is_replaced = not standing.runs_past(year.starts_on) and any(
        other.runs_past(year.starts_on) for other in others
    )
    return None if is_replaced else contract


def years_that_outlast(contract: Contract, ended_on: date) -> list[MeasurementYear]:
    """List the signed years of a contract's program that end after a day; two queries.

    Without those of another agreement: that ended before this one began, or that begin under one
    which follows it.
    """
    years = MeasurementYear.objects.filter(program=contract.program_id, ends_on__gt=ended_on)
    others = _paying_for(contract.program_id).exclude(pk=contract.pk)
    later = [each for each in map(standing_of, others) if each.began_on >= ended_on]
    return [
        year
        for year in years.exclude(status=YearStatus.DRAFT)
        if (year.ended_on is None or year.ended_on > contract.starts_on)
        and (year.starts_on < ended_on or not any(_covers(each, year.starts_on) for each in later))
    ]


def _covers(stands: Standing, day: date) -> bool:
    return stands.began_on <= day and stands.runs_past(day)


def _pays(contract: Contract) -> bool:
    return contract.program_id is not None and contract.kind in _PAYING


def _paying_for(program_id: UUID | None) -> QuerySet[Contract]:
    """List the contracts that pay for a program, with their events; two queries."""
    paying = Contract.objects.filter(program=program_id, kind__in=_PAYING)
    return paying.prefetch_related("events")


def _goes_on(contract: Contract, day: date) -> bool:
    """Say whether another contract pays for the same program on a day, and did before."""
    others = map(standing_of, _paying_for(contract.program_id).exclude(pk=contract.pk))
    return any(each.began_on < day and each.runs_past(day) for each in others)


def runs_until(program: Program) -> list[tuple[str, date | None]]:
    """Say of each contract that was written here for a program when it is over; two queries.

    Returns:
        Titles, each with the first day without the contract; None while it is held over.
    """
    written = Contract.objects.filter(agreement__program=program).prefetch_related("events")
    return [(each.title, standing_of(each).over_on) for each in written]


def of_physicians(rows: Iterable[Contract]) -> list[tuple[str, list[Contract]]]:
    """Return the contracts under each physician they are listed under, by name; no query."""
    by_name: dict[str, list[Contract]] = {}
    for contract in rows:
        for each in contract.people.all():
            by_name.setdefault(each.physician.name, []).append(contract)
    return sorted(by_name.items())


def year_to_follow(contract: Contract, stands: Standing, *, today: date) -> MeasurementYear | None:
    """Return the last signed year of a program whose contract runs on after it; at most one query.

    None where the contract is over, the next year is drafted already, or no year is signed.
    """
    if contract.program_id is None or stands.ended_on is not None or stands.signed_on is None:
        return None
    years = MeasurementYear.objects.select_related("program").filter(program=contract.program_id)
    in_effect = [year for year in years.order_by("starts_on") if year.in_effect is not None]
    last = in_effect[-1] if in_effect else None
    if last is None or last.is_draft or not stands.runs_past(max(last.pay_ends_on, today)):
        return None
    return last


def year_of_the_end(contract: Contract, stands: Standing) -> Period | None:
    """Return the measurement year in which a terminated contract ends; at most one query."""
    if stands.ended_on is None or contract.program_id is None:
        return None
    years = MeasurementYear.objects.filter(
        program=contract.program_id, starts_on__lt=stands.ended_on, ends_on__gt=stands.ended_on
    )
    return next((year.period for year in years if year.in_effect is not None), None)
