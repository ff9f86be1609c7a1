"""From the rows that are at hand to the facts that rules look at. No query is made here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from agreements.components.models import ComponentKind
from agreements.contracts.clocks import barred_until
from agreements.contracts.facts import kind_of
from agreements.contracts.models import Contract, ContractEventKind, ContractKind
from agreements.contracts.queries import standing_of
from agreements.drafting.models import Agreement
from agreements.lint.facts import Elsewhere, MemoFacts, Worked
from agreements.lint.kickback import YEARS_UNCHANGED
from agreements.participants.models import Participant, PhysicianGroup
from agreements.programs.models import Program
from agreements.terms.models import MeasurementYear, YearStatus
from agreements.work.models import WorkEntry
from comanage.identity.roles import BOUND_TO_THEIR_PROGRAMS
from comanage.values.money import Money
from comanage.values.period import Period

QUARTERS = 4
OF_MEMO = ("approved_on", "approver", "approver_role", "document")
ABOUT_DUTIES = frozenset({ContractKind.CO_MANAGEMENT, ContractKind.MEDICAL_DIRECTOR})
Terms = dict[str, Any]


def memo_facts(memo: Mapping[str, Any] | None, people: Iterable[Participant]) -> MemoFacts | None:
    """Read the newest memo, and whether who approved it is one of those who are paid."""
    if memo is None:
        return None
    approver = memo["approver"]
    names = {each.physician.name.casefold() for each in people}
    of_physicians = memo["approver_role"] in BOUND_TO_THEIR_PROGRAMS or approver.casefold() in names
    return MemoFacts(
        date.fromisoformat(memo["approved_on"]),
        approver,
        is_of_physicians=of_physicians,
        has_paper=memo["document"] is not None,
    )


@dataclass(frozen=True, slots=True)
class Held:
    """What the hospital has with some people, beside which a version is held.

    Attributes:
        years: of the programs that they take part in, with program and duties.
        contracts: with them, or of one of these programs.
        same: those of the contracts that may be the same as the version's agreement.
    """

    years: Sequence[MeasurementYear]
    contracts: Sequence[Contract]
    same: Sequence[Contract]


def elsewhere(
    agreement: Agreement, held: Held, *, begins_on: date, duties: Iterable[Terms], listed: set[UUID]
) -> Elsewhere:
    """Hold a version against what the hospital has with some people.

    Args:
        agreement: that the version is of; its own entry in the register bars nothing.
        held: with its physicians, or with their immediate family.
        begins_on: first day of the term.
        duties: of the version's terms.
        listed: the programs that have a contract in the register.
    """
    program = agreement.program
    own = [each for each in held.contracts if each.program_id == program.pk]
    others = [each for each in held.same if each.agreement_id != agreement.pk]
    return Elsewhere(
        same_duties=tuple(_same_duties(program, held.years, duties)),
        contracts=tuple(
            (each.title, last)
            for each in held.contracts
            if each not in own and each.kind in ABOUT_DUTIES
            if (last := _runs_until(each, begins_on)) is not None
        ),
        unlisted=_unlisted(held.years, listed),
        barred=tuple(_barred(others, begins_on, kind_of(program))),
        amended_holdovers=tuple(_amended_holdovers(own)),
    )


def is_with(contract: Contract, group: PhysicianGroup) -> bool:
    """Say whether a contract is with a group, by itself or by its name."""
    return contract.group_id == group.pk or contract.party.casefold() == group.name.casefold()


def unchanged_goals(terms: Terms, years: Iterable[MeasurementYear]) -> tuple[str, ...]:
    """List the slugs of indicators whose goals and baseline the two signed years before had too.

    Args:
        terms: of the version.
        years: of the program, the earliest first.
    """
    before = [_goals(year.terms) for year in earlier(terms, years)[-YEARS_UNCHANGED:] if year.terms]
    if len(before) < YEARS_UNCHANGED:
        return ()
    return tuple(
        slug
        for slug, goals in _goals(terms).items()
        if all(goals == one.get(slug) for one in before)
    )


def earlier(terms: Terms, years: Iterable[MeasurementYear]) -> list[MeasurementYear]:
    """List the signed years of a program before the year of some terms, the earliest first."""
    start = date.fromisoformat(terms["period"]["start"])
    signed = [each for each in years if each.status != YearStatus.DRAFT]
    return [each for each in signed if each.starts_on < start]


def license_gaps(
    people: Iterable[Participant], *, today: date
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name whose licenses have all ended, and of whom none is on record.

    Args:
        people: read with the day on which the last of their licenses ends.
        today: at the hospital.
    """
    ends = {each.physician.name: vars(each)["licensed_until"] for each in people}
    return (
        tuple(name for name, end in ends.items() if end is not None and end <= today),
        tuple(name for name, end in ends.items() if end is None),
    )


def without_letter(
    people: Iterable[Participant], register: Iterable[Contract], *, begins_on: date
) -> tuple[str, ...]:
    """Name who has no contract of employment that runs on a day.

    What was written here is no such letter: whoever signs it signs for all of them.

    Args:
        people: who take part.
        register: read with the physicians who are party to each contract.
        begins_on: first day of the term.
    """
    employed = {
        physician
        for contract in register
        if contract.kind == ContractKind.EMPLOYMENT and contract.agreement_id is None
        if standing_of(contract).began_on <= begins_on
        if _runs_until(contract, begins_on) is not None
        for physician in vars(contract)["parties"]
    }
    return tuple(each.physician.name for each in people if each.physician_id not in employed)


def hours_alone(year: MeasurementYear, terms: Terms) -> bool:
    """Say whether a year under the opinion pays its duties by the hour alone."""
    kinds = {part["kind"] for part in (year.terms or {}).get("components", ())}
    return (
        str(year.opinion_id) == terms["opinion"]["id"]
        and ComponentKind.HOURLY in kinds
        and year.fixed_fee == Money(0)
    )


def worked_by_quarter(
    year: MeasurementYear, entries: Iterable[WorkEntry], assumed: int, *, today: date
) -> tuple[Worked, ...]:
    """Add approved minutes up by quarters that are over, beside a quarter of the assumed year."""
    listed = [each for each in entries if each.minutes is not None]
    return tuple(
        Worked(str(quarter), _minutes_in(quarter, listed), assumed // QUARTERS)
        for quarter in year.period.quarters()
        if quarter.end <= today
    )


def _minutes_in(quarter: Period, entries: Iterable[WorkEntry]) -> int:
    months = {(month.start.year, month.start.month) for month in quarter.months()}
    return sum(
        each.minutes or 0 for each in entries if (each.month.year, each.month.month) in months
    )


def _goals(terms: Terms) -> dict[str, tuple[Any, ...]]:
    """Read what each indicator is held against, by slug: its baseline, and its tiers or plan."""
    plan = terms.get("scoring_plan") or {"indicators": []}
    planned = {each["slug"]: each for each in plan["indicators"]}
    return {
        each["slug"]: (
            each["baseline"]["numerator"],
            each["baseline"]["denominator"],
            each["tiers"],
            planned.get(each["slug"]),
        )
        for each in terms["indicators"]
    }


def _same_duties(
    program: Program, years: Iterable[MeasurementYear], duties: Iterable[Terms]
) -> Iterable[tuple[str, str]]:
    newest = {year.program_id: year for year in years if year.program_id != program.pk}
    for duty in duties:
        for year in newest.values():
            theirs = list(year.duties.all())
            keys = {each.key for each in theirs} - {""}
            names = {each.name.casefold() for each in theirs}
            if duty["key"] in keys or duty["name"].casefold() in names:
                yield duty["name"], year.program.name


def _runs_until(contract: Contract, day: date) -> date | None:
    """Return the last day of a contract that runs on or after a day; None of any other."""
    stands = standing_of(contract)
    over_on = stands.over_on or date.max
    return Period(stands.began_on, over_on).last if over_on > day else None


def _unlisted(years: Iterable[MeasurementYear], listed: set[UUID]) -> tuple[str, ...]:
    signed = (each for each in years if each.status != YearStatus.DRAFT)
    names = {each.program.name for each in signed if each.program_id not in listed}
    return tuple(sorted(names))


def _barred(
    contracts: Iterable[Contract], begins_on: date, kind: str
) -> Iterable[tuple[str, date, date]]:
    for each in contracts:
        stands = standing_of(each)
        if each.kind != kind or stands.ended_on is None:
            continue
        until = barred_until(stands.began_on, stands.ended_on)
        if until is not None and stands.began_on <= begins_on < until:
            yield each.title, stands.ended_on, until


def _amended_holdovers(own: Iterable[Contract]) -> Iterable[tuple[str, date]]:
    for contract in own:
        held_from = standing_of(contract).held_from
        if held_from is None:
            continue
        for event in contract.events.all():
            if event.kind == ContractEventKind.AMENDED and event.effective_on >= held_from:
                yield contract.title, event.effective_on
