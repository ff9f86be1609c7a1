"""Pages of a year's adjudication."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from adjudication.years import actions
from adjudication.years.forms import ConditionForm, SignForm
from adjudication.years.models import SignOff
from adjudication.years.page import year_page
from adjudication.years.presenters import what_comes_next
from adjudication.years.queries import standing
from adjudication.years.steps import Step
from agreements.terms.models import MeasurementYear
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission, Role
from comanage.identity.step_up import ask_for_proof, is_fresh
from comanage.web.posting import is_done, or_say_why, posted_only


def _year(request: MemberRequest, pk: UUID) -> MeasurementYear:
    return get_object_or_404(visible_years(request.actor), pk=pk)


@requires(Permission.ADJUDICATION_VIEW)
def year_detail(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Show where the year's adjudication stands and the one thing to do next."""
    return year_page(request, year_pk)


@requires(Permission.ADJUDICATION_PREPARE)
@posted_only
def year_freeze(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Freeze the year."""
    year = _year(request, year_pk)
    with or_say_why(request):
        actions.freeze_year(year=year, by=request.actor)
        messages.success(request, "The year is frozen. The data owner attests next.")
    return redirect("adjudication:year-detail", tenant, year.pk)


@requires(Permission.ADJUDICATION_SIGN)
@posted_only
def year_sign(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Approve a step."""

    def approve(year: MeasurementYear, given: Mapping[str, Any]) -> SignOff:
        return actions.sign_off(year=year, **given, by=request.actor)

    return _with_signature(request, tenant, year_pk, approve)


@requires(Permission.ADJUDICATION_SIGN)
@posted_only
def year_condition(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Approve as counsel, on a condition."""
    year = _year(request, year_pk)
    if not is_fresh(request):
        return _ask_for_proof(tenant, year)
    form = ConditionForm(request.POST)
    if is_done(
        request,
        form,
        lambda: actions.approve_on_condition(
            year=year,
            **form.cleaned_data | {"owner": Role(form.cleaned_data["owner"])},
            by=request.actor,
        ),
        "Signed on condition. The year is on hold until it is met.",
    ):
        return redirect("adjudication:year-detail", tenant, year.pk)
    return year_page(request, year.pk, refused=form)


@requires(Permission.ADJUDICATION_SIGN)
@posted_only
def year_return(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Send the year back."""

    def send_back(year: MeasurementYear, given: Mapping[str, Any]) -> SignOff:
        return actions.return_for_changes(
            year=year,
            step=given["step"],
            sha256=given["sha256"],
            reason=given["note"],
            by=request.actor,
        )

    return _with_signature(request, tenant, year_pk, send_back)


def _ask_for_proof(tenant: str, year: MeasurementYear) -> HttpResponse:
    """A signature asks who somebody is; a browser that stands open may be anybody's."""
    return ask_for_proof(back=reverse("adjudication:year-detail", args=[tenant, year.pk]))


def _with_signature(
    request: MemberRequest,
    tenant: str,
    year_pk: UUID,
    deed: Callable[[MeasurementYear, Mapping[str, Any]], SignOff],
) -> HttpResponse:
    year = _year(request, year_pk)
    if not is_fresh(request):
        return _ask_for_proof(tenant, year)
    step = next((each for each in Step if each == request.POST.get("step")), None)
    form = SignForm(request.POST, step=step)
    if is_done(
        request,
        form,
        lambda: deed(year, form.cleaned_data | {"step": Step(form.cleaned_data["step"])}),
        lambda: what_comes_next(standing(year)),
    ):
        return redirect("adjudication:year-detail", tenant, year.pk)
    return year_page(request, year.pk, refused=form)
