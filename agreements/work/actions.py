"""Recording work and savings, and approving or declining them."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agreements.components.models import PAID_BY_WORK, ComponentKind, PayComponent
from agreements.participants.models import Physician
from agreements.terms.models import MeasurementYear
from agreements.work import policies
from agreements.work.models import SavingsCount, WorkDecision, WorkEntry, WorkOutcome, WorkSheet
from agreements.work.queries import days_taking_part
from agreements.work.totals import Total, YearCosts, month_of
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.values.period import Period
from comanage.web.errors import PolicyError

MOST_REASONS = 20


@transaction.atomic
def record_work(
    *, year: MeasurementYear, source: str, totals: Sequence[Total], by: Actor
) -> WorkSheet:
    """Record months of work from one document, for somebody else to approve.

    A total that is approved later for the same part, physician and month takes an earlier one's
    place.

    Raises:
        PolicyError: the year is not on the clock, or totals do not fit it; with every reason.
    """
    year = _locked(year)
    policies.check_is_on_the_clock(year)
    policies.check_has_totals(len(totals))
    entries = _entries(year, totals)
    sheet = _new_sheet(year, source, by)
    for entry in entries:
        entry.sheet = sheet
    WorkEntry.objects.bulk_create(entries)
    record_event(kind=EventKind.WORK_RECORDED, subject=sheet, by=by, totals=len(entries))
    return sheet


@transaction.atomic
def record_savings(
    *, year: MeasurementYear, source: str, count: YearCosts, today: date, by: Actor
) -> WorkSheet:
    """Record what the year and the one before it cost, for somebody else to approve.

    A count that is approved later takes an earlier one's place.

    Raises:
        PolicyError: the year is not on the clock or not over, or shares no savings by that number.
    """
    year = _locked(year)
    policies.check_is_on_the_clock(year)
    component = year.components.filter(number=count.part, kind=ComponentKind.SAVINGS).first()
    component = policies.shared_savings(component, count, year=year.period, today=today)
    sheet = _new_sheet(year, source, by)
    SavingsCount.objects.create(
        sheet=sheet,
        component=component,
        base_cost=count.base_cost,
        base_cases=count.base_cases,
        cost=count.cost,
        cases=count.cases,
    )
    record_event(kind=EventKind.SAVINGS_RECORDED, subject=sheet, by=by)
    return sheet


@transaction.atomic
def approve_work(*, sheet: WorkSheet, by: Actor) -> WorkDecision:
    """Approve a sheet, so that it is paid.

    Raises:
        PolicyError: decided already, recorded by the same person, or the year is off the clock.
    """
    decision = _decide(sheet, WorkOutcome.APPROVED, "", by)
    record_event(kind=EventKind.WORK_APPROVED, subject=sheet, by=by)
    return decision


@transaction.atomic
def decline_work(*, sheet: WorkSheet, note: str, by: Actor) -> WorkDecision:
    """Decline a sheet; whoever recorded it records it anew.

    Raises:
        PolicyError: as for `approve_work`, or no reason is given.
    """
    if not note.strip():
        raise PolicyError("Say what is wrong with it, so that it can be recorded anew.")
    decision = _decide(sheet, WorkOutcome.DECLINED, note.strip(), by)
    record_event(kind=EventKind.WORK_DECLINED, subject=sheet, by=by)
    return decision


def _new_sheet(year: MeasurementYear, source: str, by: Actor) -> WorkSheet:
    last = year.work_sheets.aggregate(last=Max("number"))["last"] or 0
    return WorkSheet.objects.create(
        year=year,
        number=last + 1,
        source=source,
        recorded_at=timezone.now(),
        recorded_by_id=by.user_id,
    )


def _entries(year: MeasurementYear, totals: Sequence[Total]) -> list[WorkEntry]:
    """Make the rows of totals that all fit; refuse with every reason otherwise."""
    today = Tenant.objects.get(pk=active_tenant_id()).today()
    paid_by_work = year.components.filter(kind__in=PAID_BY_WORK).select_related("physician")
    components = {each.number: each for each in paid_by_work}
    taking_part = days_taking_part(year)
    entries, reasons = [], []
    for total in totals:
        component = components.get(total.part)
        physician, days = taking_part.get(total.npi, (None, None))
        try:
            policies.check_total(total, component, year=year.period, days=days, today=today)
        except PolicyError as broken:
            reasons.append(str(broken))
            continue
        month = month_of(year.period, total.month)
        if component and physician and month:  # the policy saw to it
            entries.append(_entry(total, component, physician, month))
    if reasons:
        more = len(reasons) - MOST_REASONS
        cut = [*reasons[:MOST_REASONS], f"And {more} more."] if more > 0 else reasons
        raise PolicyError(" ".join(cut))
    return entries


def _entry(total: Total, component: PayComponent, physician: Physician, month: Period) -> WorkEntry:
    return WorkEntry(
        component=component,
        physician=physician,
        month=month.start,
        minutes=total.minutes,
        wrvus=total.wrvus,
        table_year=component.table_year,
    )


def _decide(sheet: WorkSheet, outcome: WorkOutcome, note: str, by: Actor) -> WorkDecision:
    policies.check_is_on_the_clock(_locked(sheet.year))
    decision = WorkDecision.objects.filter(sheet=sheet).first()
    policies.check_can_decide(sheet, decision, by=by)
    return WorkDecision.objects.create(
        sheet=sheet,
        outcome=outcome,
        note=note,
        decided_at=timezone.now(),
        decided_by_id=by.user_id,
    )


def _locked(year: MeasurementYear) -> MeasurementYear:
    return MeasurementYear.objects.select_for_update(no_key=True).get(pk=year.pk)
