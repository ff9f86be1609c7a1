"""Pages of the ledger."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from adjudication.handoffs.queries import visible_handoffs
from adjudication.payments import actions, policies, presenters
from adjudication.payments.forms import (
    CorrectionForm,
    DecisionForm,
    PaidForm,
    PaymentForm,
    ProposalForm,
    RecoveryForm,
)
from adjudication.payments.items import accounts_of, items_of
from adjudication.payments.queries import (
    correctable,
    entries_of_program,
    estimable,
    estimates_of_program,
    item_of,
    kept_back_from,
    overpaid_items,
    payable_items,
    signed_years,
    visible_entries,
    visible_estimates,
)
from adjudication.years.page import year_page
from agreements.programs.queries import visible_programs
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.identity.step_up import ask_for_proof, is_fresh
from comanage.values.money import Money
from comanage.web.errors import PolicyError
from comanage.web.posting import is_done, posted_only


@requires(Permission.ADJUDICATION_VIEW)
@require_GET
def ledger(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Show what a program owes and what was settled, with what is to be done next."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    entries = entries_of_program(program)
    years = signed_years(program)
    clock = presenters.read_clock(years, entries, today=request.tenant.today())
    accounts = accounts_of(entries)
    by = request.actor
    return render(
        request,
        "adjudication/payments/ledger.html",
        {
            "program": program,
            "accounts": presenters.read_accounts(accounts),
            "whole": presenters.balance_words(sum((a.balance for a in accounts), Money(0))),
            "clock": presenters.clock_words(clock) if clock else None,
            "entries": presenters.read_entries(entries, correctable(entries, by=by)),
            "estimates": [
                (estimate, policies.can_decide(estimate, by=by))
                for estimate in estimates_of_program(program)
            ],
            "payable": payable_items(program),
            "unpaid": [item for item in items_of(entries) if item.open > Money(0)],
            "overpaid": overpaid_items(entries),
            "open_years": [year for year in years if year.status == "open"],
            "handoffs": visible_handoffs(by).filter(program=program),
            "can_propose": by.holds(Permission.ESTIMATE_PROPOSE),
            "can_pay": by.holds(Permission.PAYMENT_RECORD),
        },
    )


@requires(Permission.PAYMENT_RECORD)
@posted_only
def payment_record(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Record that the authorized amounts were paid."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    back = reverse("adjudication:year-detail", args=[tenant, year.pk])
    if not is_fresh(request):
        return ask_for_proof(back=back)
    form = PaymentForm(request.POST)
    if is_done(
        request,
        form,
        lambda: actions.record_payment(year=year, **form.cleaned_data, by=request.actor),
        "The payment is recorded. The final report is being made.",
    ):
        return redirect(back)
    return year_page(request, year.pk, refused=form)


@requires(Permission.ESTIMATE_PROPOSE)
def estimate_propose(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Propose to pay on account of a quarter."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    room = estimable(year, today=request.tenant.today())
    form = ProposalForm(
        request.POST or None,
        quarters=[each.quarter for each in room.quarters if each.is_over],
        components=room.components,
    )
    if is_done(
        request,
        form,
        lambda: actions.propose_estimate(year=year, proposal=form.proposal(), by=request.actor),
        "Proposed. The CEO approves it, or declines.",
    ):
        return redirect("adjudication:ledger", tenant, year.program_id)
    context = {"year": year, "form": form, "room": room}
    return render(request, "adjudication/payments/propose.html", context)


@requires(Permission.ESTIMATE_APPROVE)
def estimate_approve(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Approve an estimate, or see what that would do."""
    estimate = get_object_or_404(visible_estimates(request.actor), pk=pk)
    if not is_fresh(request):
        return ask_for_proof(back=request.path)
    form = DecisionForm(request.POST or None)
    if is_done(
        request,
        form,
        lambda: actions.approve_estimate(estimate=estimate, **form.cleaned_data, by=request.actor),
        "Approved and booked. Finance pays it next.",
    ):
        return redirect("adjudication:ledger", tenant, estimate.year.program_id)
    context = {"estimate": estimate, "program": estimate.year.program, "form": form}
    return render(request, "adjudication/payments/approve.html", context)


@requires(Permission.ESTIMATE_APPROVE)
@posted_only
def estimate_decline(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Decline an estimate."""
    estimate = get_object_or_404(visible_estimates(request.actor), pk=pk)
    form = DecisionForm(request.POST)
    try:
        note = form.cleaned_data["note"] if form.is_valid() else ""
        actions.decline_estimate(estimate=estimate, note=note, by=request.actor)
    except PolicyError as broken:
        messages.error(request, str(broken))
        return redirect("adjudication:estimate-approve", tenant, estimate.pk)
    messages.success(request, "Declined. Finance may propose another.")
    return redirect("adjudication:ledger", tenant, estimate.year.program_id)


@requires(Permission.PAYMENT_RECORD)
def estimate_pay(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Record that an approved estimate was paid."""
    estimate = get_object_or_404(visible_estimates(request.actor), pk=pk)
    if not is_fresh(request):
        return ask_for_proof(back=request.path)
    form = PaidForm(request.POST or None)
    if is_done(
        request,
        form,
        lambda: actions.pay_estimate(estimate=estimate, **form.cleaned_data, by=request.actor),
        "The payment is recorded.",
    ):
        return redirect("adjudication:ledger", tenant, estimate.year.program_id)
    booked = estimate.entries.filter(kind="estimated").first()
    context: dict[str, Any] = {"estimate": estimate, "program": estimate.year.program, "form": form}
    context["item"] = item_of(booked) if booked else None
    return render(request, "adjudication/payments/pay.html", context)


@requires(Permission.PAYMENT_RECORD)
def entry_recoup(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Record how an overpayment came back."""
    entry = get_object_or_404(visible_entries(request.actor), pk=pk)
    if not is_fresh(request):
        return ask_for_proof(back=request.path)
    item = item_of(entry)
    form = RecoveryForm(
        request.POST or None,
        targets=kept_back_from(entry.program, item),
        initial={"amount": item.to_come_back},
    )
    if is_done(
        request,
        form,
        lambda: actions.recoup_overpayment(entry=entry, recovery=form.recovery(), by=request.actor),
        "The recoupment is in the ledger.",
    ):
        return redirect("adjudication:ledger", tenant, entry.program_id)
    context = {"entry": entry, "program": entry.program, "item": item, "form": form}
    return render(request, "adjudication/payments/recoup.html", context)


@requires(Permission.PAYMENT_RECORD)
def entry_correct(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Take an entry back by a new one."""
    entry = get_object_or_404(visible_entries(request.actor), pk=pk)
    if not is_fresh(request):
        return ask_for_proof(back=request.path)
    form = CorrectionForm(request.POST or None)
    if is_done(
        request,
        form,
        lambda: actions.correct_entry(entry=entry, **form.cleaned_data, by=request.actor),
        "Taken back. Both entries stay in the ledger.",
    ):
        return redirect("adjudication:ledger", tenant, entry.program_id)
    context = {"entry": entry, "program": entry.program, "form": form}
    return render(request, "adjudication/payments/correct.html", context)
