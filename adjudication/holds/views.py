"""Doors of holds: they stand on the page of the year."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from adjudication.holds.actions import ANSWER_DAYS, open_hold, raise_dispute, release_hold
from adjudication.holds.forms import DisputeForm, HoldForm, ReleaseForm
from adjudication.holds.models import Hold, Outcome
from adjudication.holds.presenters import indicator_choices
from adjudication.years.page import year_page
from agreements.terms.models import MeasurementYear
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.identity.step_up import ask_for_proof, is_fresh
from comanage.values.period import day_text
from comanage.web.posting import is_done, posted_only


@requires(Permission.HOLD_OPEN)
@posted_only
def hold_open(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Hold the year for a named cause."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    form = HoldForm(request.POST)
    if is_done(
        request,
        form,
        lambda: open_hold(year=year, facts=form.facts(), by=request.actor),
        "The year is on hold. Whoever mends it is told.",
    ):
        return _back(request, year)
    return year_page(request, year.pk, refused=form)


@requires(Permission.DISPUTE_RAISE)
@posted_only
def dispute_raise(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Dispute the result of the year."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    form = DisputeForm(request.POST, indicators=indicator_choices(year))
    today = request.tenant.today()
    if is_done(
        request,
        form,
        lambda: raise_dispute(year=year, **form.cleaned_data, today=today, by=request.actor),
        f"Disputed. It is answered by {day_text(today + timedelta(days=ANSWER_DAYS))}.",
    ):
        return _back(request, year)
    return year_page(request, year.pk, refused=form)


@requires(Permission.ADJUDICATION_SIGN)
@posted_only
def hold_release(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Release a hold, or answer a dispute."""
    years = visible_years(request.actor)
    hold = get_object_or_404(Hold.objects.select_related("year").filter(year__in=years), pk=pk)
    if not is_fresh(request):
        return ask_for_proof(back=reverse("adjudication:year-detail", args=[tenant, hold.year_id]))
    form = ReleaseForm(request.POST, hold=hold)
    if is_done(
        request,
        form,
        lambda: release_hold(
            hold=hold,
            outcome=Outcome(form.cleaned_data["outcome"]),
            answer=form.cleaned_data["answer"],
            by=request.actor,
        ),
        "Released. Whoever opened it is told.",
    ):
        return _back(request, hold.year)
    return year_page(request, hold.year_id, refused=form)


def _back(request: MemberRequest, year: MeasurementYear) -> HttpResponse:
    return redirect("adjudication:year-detail", request.tenant.slug, year.pk)
