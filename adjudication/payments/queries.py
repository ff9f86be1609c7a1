"""Reading the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from adjudication.compensation.estimates import EstimateTerms, most_of_quarter
from adjudication.handoffs.queries import handed_over, handover_key
from adjudication.holds.queries import holds_now
from adjudication.payments.items import Item, items_of, year_items
from adjudication.payments.models import (
    Component,
    Estimate,
    EstimateStatus,
    LedgerEntry,
)
from adjudication.payments.policies import can_correct
from adjudication.years.queries import standing
from agreements.programs.models import Program
from agreements.programs.queries import visible_programs
from agreements.terms.models import MeasurementYear, YearStatus
from comanage.identity.actor import Actor
from comanage.identity.scopes import offers_scopes
from comanage.values.money import Money
from comanage.values.period import Period

READ_LEDGER = "ledger:read"


@offers_scopes
def ledger_scopes() -> list[tuple[str, str]]:
    """Offer a machine's key the ledger, for accounts payable."""
    return [(READ_LEDGER, "Read the ledger and the batches for accounts payable")]


def entries_of_program(program: Program) -> list[LedgerEntry]:
    """List a program's entries in order, in one query."""
    return list(_entries().filter(program=program))


def entries_of_year(year: MeasurementYear) -> list[LedgerEntry]:
    """List a year's entries in order, in one query."""
    return list(_entries().filter(year=year))


def entries_of_programs(programs: Iterable[Program]) -> dict[UUID, list[LedgerEntry]]:
    """List entries by program, in order, in one query."""
    found: dict[UUID, list[LedgerEntry]] = {}
    for entry in _entries().filter(program__in=programs):
        found.setdefault(entry.program_id, []).append(entry)
    return found


def visible_entries(by: Actor) -> QuerySet[LedgerEntry]:
    """List the entries of the programs a person sees."""
    programs = visible_programs(by)
    return _entries().select_related("program__group").filter(program__in=programs)


def visible_estimates(by: Actor) -> QuerySet[Estimate]:
    """List the estimates of the programs a person sees."""
    return Estimate.objects.select_related(
        "year__program__group", "payee", "proposed_by", "decided_by"
    ).filter(year__program__in=visible_programs(by))


def estimates_of_program(program: Program) -> list[Estimate]:
    """List a program's estimates by year and quarter, in one query."""
    estimates = Estimate.objects.select_related("payee", "proposed_by", "decided_by", "year")
    return list(estimates.filter(year__program=program).order_by("starts_on", "component"))


def estimates_waiting() -> Combinable:
    """Count the estimates that wait for approval, beside each program of a query."""
    waiting = Estimate.objects.filter(
        year__program=OuterRef("pk"), status=EstimateStatus.PROPOSED
    ).order_by()
    counted = waiting.values("year__program").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def payable_items(program: Program) -> list[Item]:
    """List what is to be paid, was not handed over yet, and is neither restated nor held."""
    gone = handed_over(program)
    items = [
        item
        for item in items_of(entries_of_program(program))
        if item.open > Money(0) and handover_key(item) not in gone
    ]
    years = {item.key.year_id: item.entries[0].year for item in items}
    held = {
        pk for pk, year in years.items() if standing(year).is_restated or holds_now(year).are_open
    }
    return [item for item in items if item.key.year_id not in held]


def item_of(entry: LedgerEntry) -> Item:
    """Gather the amount that an entry is about, in one query."""
    about = _entries().filter(
        year=entry.year_id,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        component=entry.component,
        payee=entry.payee_id,
        physician=entry.physician_id,
    )
    return items_of(about)[0]


def next_sequence(program: Program) -> int:
    """Return the number of a program's next entry; keep others from taking it meanwhile."""
    Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    last = LedgerEntry.objects.filter(program=program).aggregate(last=Max("sequence"))["last"]
    return (last or 0) + 1


def signed_years(program: Program) -> list[MeasurementYear]:
    """List a program's years whose terms are signed, oldest first, in one query."""
    years = program.years.exclude(status=YearStatus.DRAFT).select_related("opinion")
    return list(years.order_by("starts_on"))


def _entries() -> QuerySet[LedgerEntry]:
    entries = LedgerEntry.objects.select_related("payee", "physician", "recorded_by", "year")
    return entries.order_by("program_id", "sequence")


@dataclass(frozen=True, slots=True)
class QuarterRoom:
    """What the terms allow to be paid on account of one quarter, by component."""

    quarter: Period
    most: dict[str, Money]
    is_over: bool


@dataclass(frozen=True, slots=True)
class EstimateRoom:
    """What can be estimated of a year."""

    components: list[Component]
    quarters: list[QuarterRoom]


def estimable(year: MeasurementYear, *, today: date) -> EstimateRoom:
    """Say what the terms allow for each quarter; asks nothing more than the year."""
    terms = (
        EstimateTerms.from_terms(year.terms, year.period, ended_on=year.ended_on)
        if year.terms
        else None
    )
    if terms is None:
        return EstimateRoom([], [])
    components = [Component.FIXED_FEE] if terms.fixed_fee > Money(0) else []
    if terms.incentive_share is not None:
        components.append(Component.INCENTIVE)
    quarters = [
        QuarterRoom(
            quarter,
            {each.label: most_of_quarter(terms, quarter, each) for each in components},
            is_over=today >= min(quarter.end, year.pay_ends_on),
        )
        for quarter in year.period.quarters()
        if quarter.start < year.pay_ends_on
    ]
    return EstimateRoom(components, quarters)


def overpaid_items(entries: Iterable[LedgerEntry]) -> list[Item]:
    """List the amounts of which something is to come back."""
    return [item for item in items_of(entries) if item.to_come_back > Money(0)]


def kept_back_from(program: Program, item: Item) -> list[tuple[LedgerEntry, str]]:
    """List what an overpayment may be kept back from, each by its entry and in words."""
    payee = (item.key.payee_id, item.key.physician_id)
    return [
        (
            other.last_owed,
            f"the {other.component_name.lower()} for {other.key.period}, {other.open} to be paid",
        )
        for other in payable_items(program)
        if (other.key.payee_id, other.key.physician_id) == payee
    ]


def correctable(entries: Sequence[LedgerEntry], *, by: Actor) -> frozenset[object]:
    """Name the entries that a person may take back now; asks nothing."""
    booked = {item.key.year_id for item in year_items(entries)}
    return frozenset(
        entry.pk
        for item in items_of(entries)
        for entry in item.entries
        if can_correct(entry, item, is_booked=item.key.year_id in booked, by=by)
    )
