"""The writing down of entries, which every deed of the ledger shares."""

from datetime import date
from typing import Any

from django.utils import timezone

from adjudication.payments.items import Item, year_items
from adjudication.payments.models import Component, EntryKind, LedgerEntry, Side
from adjudication.payments.queries import entries_of_year, next_sequence
from agreements.terms.models import MeasurementYear
from comanage.identity.actor import Actor
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.values.period import Period, day_text

CLAUSE = {
    Component.FIXED_FEE: "Compensation exhibit, fixed fee",
    Component.HOURLY: "Compensation exhibit, duties by the hour",
    Component.SALARY: "Compensation exhibit, salary",
    Component.WRVU: "Compensation exhibit, pay by wRVU",
    Component.SAVINGS: "Compensation exhibit, shared savings",
    Component.INCENTIVE: "Compensation exhibit, incentive fee",
}
RECONCILING = "Payment and reconciliation"


def book(year: MeasurementYear, *, period: Period, by: Actor, **facts: Any) -> LedgerEntry:
    """Write the program's next entry."""
    return LedgerEntry.objects.create(
        program=year.program,
        year=year,
        sequence=next_sequence(year.program),
        payee=year.program.group,
        starts_on=period.start,
        ends_on=period.end,
        recorded_at=timezone.now(),
        recorded_by_id=by.user_id,
        **facts,
    )


def pay(
    year: MeasurementYear, item: Item, *, paid_on: date, reference: str, by: Actor, **source: Any
) -> LedgerEntry:
    """Write down that what is open of an amount was paid."""
    return book(
        year,
        by=by,
        kind=EntryKind.PAID,
        side=Side.SETTLED,
        period=item.key.period,
        component=item.key.component,
        physician_id=item.key.physician_id,
        amount=-item.open,
        number=item.next_number,
        paid_on=paid_on,
        reference=reference,
        reason=f"Paid on {day_text(paid_on)}, reference {reference}.",
        clause=RECONCILING,
        **source,
    )


def locked_year(year: MeasurementYear) -> MeasurementYear:
    """Read a year anew and keep it for this transaction: its ledger grows one deed at a time."""
    years = MeasurementYear.objects.select_related("program__group", "opinion")
    return years.select_for_update(of=("self",), no_key=True).get(pk=year.pk)


def is_booked(year: MeasurementYear) -> bool:
    """Say whether what the year owes was booked."""
    return bool(year_items(entries_of_year(year)))


def today() -> date:
    """Return the hospital's day."""
    return Tenant.objects.get(pk=active_tenant_id()).today()
