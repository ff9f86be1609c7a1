"""Pages of a year's adjudication."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from adjudication.committee.forms import CommentForm
from adjudication.committee.policies import can_comment
from adjudication.committee.presenters import read_window
from adjudication.compensation.effective import effective_rates
from adjudication.holds.presenters import read_holds
from adjudication.holds.queries import Holds, holds_of
from adjudication.package.models import Stage
from adjudication.package.queries import reports_of
from adjudication.payments.forms import PaymentForm
from adjudication.payments.items import year_items
from adjudication.payments.policies import can_pay, is_settled
from adjudication.payments.presenters import (
    clock_words,
    read_clock,
    read_entries,
    read_months,
)
from adjudication.payments.queries import entries_of_program, overpaid_items
from adjudication.reviews.statement import SENTENCES
from adjudication.years import actions, policies
from adjudication.years.forms import ConditionForm, SignForm
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
from agreements.terms.queries import visible_years, years_beside
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission, Role
from comanage.identity.step_up import ask_for_proof, is_fresh, proof_url
from comanage.jobs.kinds import JobKind
from comanage.jobs.queries import latest_job
from comanage.values.money import Money
from comanage.web.errors import errors_in_words
from comanage.web.posting import or_say_why, posted_only
from scorecards.cards.queries import current_scorecard


def _year(request: MemberRequest, pk: UUID) -> MeasurementYear:
    return get_object_or_404(visible_years(request.actor), pk=pk)


@requires(Permission.ADJUDICATION_VIEW)
def year_detail(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Show where the year's adjudication stands and the one thing to do next."""
    beside = {each.pk: each for each in years_beside(year_pk, by=request.actor)}
    if year_pk not in beside:
        raise Http404
    year = beside[year_pk]
    now = standing(year)
    of_program = entries_of_program(year.program)
    entries = [entry for entry in of_program if entry.year_id == year.pk]
    years = [each for each in beside.values() if not each.is_draft]
    items = year_items(entries)
    paid = is_settled(now, items)
    today = request.tenant.today()
    clock = read_clock(years, of_program, today=today)
    step = policies.can_sign(now, by=request.actor)
    reports = reports_of(now.snapshot) if now.snapshot else []
    awaited = Stage.FINAL if paid else Stage.REVIEW
    is_rendered = any(report.stage == awaited for report in reports)
    is_frozen = year.status == YearStatus.CLOSED and not now.is_restated
    frozen = now.snapshot.scorecard if now.snapshot and is_frozen else None
    holds = Holds()
    if now.snapshot:
        holds = holds_of(year, today=today, zone=request.tenant.zone, is_paid=paid)
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
            "rates": effective_rates(document) if document else (),
            "schedule": read_schedule(document) if document else (),
            "reports": reports,
            "report_job": latest_job(JobKind.RENDER_REPORT, subject_id=now.snapshot.pk)
            if now.snapshot and not is_rendered
            else None,
            "committee": read_window(now.window) if now.window else None,
            "comment_form": CommentForm(initial={"sha256": sha256}, auto_id="id_comment_%s")
            if can_comment(now, by=request.actor)
            else None,
            "entries": read_entries(entries),
            "overpaid": overpaid_items(entries),
            "months": read_months(year, entries, today=today, zone=request.tenant.zone)
            if year.terms
            else None,
            "clock": clock_words(clock) if clock and years[-1] == year else None,
            "is_fresh": is_fresh(request),
            "proof_url": proof_url(request.path),
            "is_paid": paid,
            "to_pay": sum((item.open for item in items), Money(0)),
            "scorecard": frozen or current_scorecard(year),
            "holds": read_holds(
                holds,
                year,
                may_change=now.snapshot is not None and not paid,
                today=today,
                by=request.actor,
            ),
            "are_held": holds.are_open,
            "can_freeze": (year.status == YearStatus.OPEN or now.is_restated)
            and today >= year.ends_on
            and request.actor.holds(Permission.ADJUDICATION_PREPARE),
            "is_over": today >= year.ends_on,
            "step": step,
            "meaning": MEANING[step] if step else "",
            "sentences": SENTENCES if step is Step.REVIEW else (),
            "sign_form": SignForm(initial={"step": step, "sha256": sha256}, step=step)
            if step
            else None,
            "condition_form": ConditionForm(initial={"sha256": sha256}, auto_id="id_condition_%s")
            if step is Step.COUNSEL
            else None,
            "payment_form": PaymentForm(initial={"sha256": sha256})
            if can_pay(now, items, by=request.actor)
            else None,
        },
    )


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
    if not form.is_valid():
        messages.error(request, errors_in_words(form))
        return redirect("adjudication:year-detail", tenant, year.pk)
    given = form.cleaned_data | {"owner": Role(form.cleaned_data["owner"])}
    with or_say_why(request):
        actions.approve_on_condition(year=year, **given, by=request.actor)
        messages.success(request, "Signed on condition. The year is on hold until it is met.")
    return redirect("adjudication:year-detail", tenant, year.pk)


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
    form = SignForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The signature was not complete. Open the page again and sign.")
        return redirect("adjudication:year-detail", tenant, year.pk)
    with or_say_why(request):
        deed(year, form.cleaned_data | {"step": Step(form.cleaned_data["step"])})
        messages.success(request, what_comes_next(standing(year)))
    return redirect("adjudication:year-detail", tenant, year.pk)
