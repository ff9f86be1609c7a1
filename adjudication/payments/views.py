"""Pages of payments."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from adjudication.payments.actions import record_payment
from adjudication.payments.forms import PaymentForm
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from comanage.web.posting import posted_only


@requires(Permission.PAYMENT_RECORD)
@posted_only
def payment_record(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Record that the authorized amounts were paid."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    form = PaymentForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Give the day of payment and its reference.")
        return redirect("adjudication:year-detail", tenant, year.pk)
    try:
        record_payment(year=year, **form.cleaned_data, by=request.actor)
    except PolicyError as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, "The payment is recorded. The final report is being made.")
    return redirect("adjudication:year-detail", tenant, year.pk)
