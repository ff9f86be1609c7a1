"""Reading the ledger."""

from adjudication.payments.models import PaymentEntry
from agreements.terms.models import MeasurementYear


def payments_of(year: MeasurementYear) -> list[PaymentEntry]:
    """List a year's payments, in one query."""
    entries = PaymentEntry.objects.select_related("payee", "recorded_by").filter(year=year)
    return list(entries.order_by("component"))
