"""Pages of a year's adjudication."""

import json
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from adjudication.package.queries import reports_of
from adjudication.payments.forms import PaymentForm
from adjudication.payments.policies import can_pay
from adjudication.payments.queries import payments_of
from adjudication.years import actions, policies
from adjudication.years.forms import SignForm
from adjudication.years.models import SignOff
from adjudication.years.presenters import (
    read_schedule,
    read_statement,
    sign_off_steps,
    what_comes_next,
)
from adjudication.years.queries import standing
from adjudication.years.steps import MEANING, Step
from agreements.terms.models import MeasurementYear, YearStatus
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.jobs.kinds import JobKind
from comanage.jobs.queries import latest_job
from comanage.web.errors import PolicyError
from scorecards.cards.queries import current_scorecard


def _year(request: MemberRequest, pk: UUID) -> MeasurementYear:
    return get_object_or_404(visible_years(request.actor), pk=pk)


@requires(Permission.ADJUDICATION_VIEW)
def year_detail(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Show where the year's adjudication stands and the one thing to do next."""
    year = _year(request, year_pk)
    now = standing(year)
    payments = payments_of(year)
    step = policies.can_sign(now, by=request.actor)
    sha256 = now.snapshot.sha256 if now.snapshot else ""
    document = json.loads(now.snapshot.canonical) if now.snapshot else None
    return render(
        request,
        "adjudication/years/detail.html",
        {
            "year": year,
            "standing": now,
            "snapshot": now.snapshot,
            "steps": sign_off_steps(now),
            "statement": read_statement(document) if document else None,
            "schedule": read_schedule(document) if document else (),
            "reports": reports_of(now.snapshot) if now.snapshot else [],
            "report_job": latest_job(JobKind.RENDER_REPORT, subject_id=now.snapshot.pk)
            if now.snapshot
            else None,
            "payments": payments,
            "scorecard": current_scorecard(year),
            "can_freeze": (year.status == YearStatus.OPEN or (now.is_restated and not payments))
            and request.tenant.today() >= year.ends_on
            and request.actor.holds(Permission.ADJUDICATION_PREPARE),
            "is_over": request.tenant.today() >= year.ends_on,
            "step": step,
            "meaning": MEANING[step] if step else "",
            "sign_form": SignForm(initial={"step": step, "sha256": sha256}) if step else None,
            "payment_form": PaymentForm(initial={"sha256": sha256})
            if can_pay(now, has_payments=bool(payments), by=request.actor)
            else None,
        },
    )


@requires(Permission.ADJUDICATION_PREPARE)
@require_POST
def year_freeze(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Freeze the year."""
    year = _year(request, year_pk)
    try:
        actions.freeze_year(year=year, by=request.actor)
    except PolicyError as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, "The year is frozen. The data owner attests next.")
    return redirect("adjudication:year-detail", tenant, year.pk)


@requires(Permission.ADJUDICATION_SIGN)
@require_POST
def year_sign(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Approve a step."""

    def approve(year: MeasurementYear, step: Step, sha256: str, note: str) -> SignOff:
        return actions.sign_off(year=year, step=step, sha256=sha256, note=note, by=request.actor)

    return _with_signature(request, tenant, year_pk, approve)


@requires(Permission.ADJUDICATION_SIGN)
@require_POST
def year_return(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Send the year back."""

    def send_back(year: MeasurementYear, step: Step, sha256: str, note: str) -> SignOff:
        return actions.return_for_changes(
            year=year, step=step, sha256=sha256, reason=note, by=request.actor
        )

    return _with_signature(request, tenant, year_pk, send_back)


def _with_signature(
    request: MemberRequest,
    tenant: str,
    year_pk: UUID,
    deed: Callable[[MeasurementYear, Step, str, str], SignOff],
) -> HttpResponse:
    year = _year(request, year_pk)
    form = SignForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The signature was not complete. Open the page again and sign.")
        return redirect("adjudication:year-detail", tenant, year.pk)
    given = form.cleaned_data
    try:
        deed(year, Step(given["step"]), given["sha256"], given["note"])
    except PolicyError as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, what_comes_next(standing(year)))
    return redirect("adjudication:year-detail", tenant, year.pk)
