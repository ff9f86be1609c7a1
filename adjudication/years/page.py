"""The page of a year's adjudication, on which the forms of several nouns stand.

A form that is refused comes back on it, in its place and as it was typed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
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
from adjudication.payments.items import Item, year_items
from adjudication.payments.policies import can_pay, is_settled
from adjudication.payments.presenters import (
    clock_words,
    read_clock,
    read_entries,
    read_months,
    years_of_agreement,
)
from adjudication.payments.queries import entries_of_program, overpaid_items
from adjudication.reviews.statement import SENTENCES
from adjudication.years import policies
from adjudication.years.forms import ConditionForm, SignForm
from adjudication.years.presenters import read_schedule, read_statement, sign_off_steps
from adjudication.years.queries import Standing, standing
from adjudication.years.steps import MEANING, Step
from agreements.credentials.queries import with_rosters
from agreements.drafting.anchors import Amount, anchor_of
from agreements.drafting.queries import with_agreements
from agreements.terms.models import YearStatus
from agreements.terms.queries import years_beside
from comanage.identity.actor import Actor
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.identity.step_up import is_fresh, proof_url
from comanage.jobs.kinds import JobKind
from comanage.jobs.queries import latest_job
from comanage.values.money import Money
from comanage.web.posting import in_place_of, say_if_misplaced
from scorecards.cards.queries import current_scorecard


@dataclass(frozen=True, slots=True)
class YearForms:
    """What the reader can fill in on the page; None where that is not for them, or not now."""

    comment: CommentForm | None = None
    sign: SignForm | None = None
    condition: ConditionForm | None = None
    payment: PaymentForm | None = None


def year_page(
    request: MemberRequest, pk: UUID, *, refused: forms.Form | None = None
) -> HttpResponse:
    """Show where the year's adjudication stands, what to do next, and a form that was refused."""
    by, today = request.actor, request.tenant.today()
    found = with_rosters(with_agreements(years_beside(pk, by=by)))
    beside = {each.pk: each for each in found}
    if pk not in beside:
        raise Http404
    year = beside[pk]
    now = standing(year)
    of_program = entries_of_program(year.program)
    entries = [entry for entry in of_program if entry.year_id == year.pk]
    years = [each for each in beside.values() if not each.is_draft]
    items = year_items(entries)
    paid = is_settled(now, items)
    of_agreement = years_of_agreement(years, year)
    clock = read_clock(of_agreement, of_program, today=today)
    step = policies.can_sign(now, by=by)
    reports = reports_of(now.snapshot) if now.snapshot else []
    awaited = Stage.FINAL if paid else Stage.REVIEW
    is_rendered = any(report.stage == awaited for report in reports)
    is_frozen = year.status == YearStatus.CLOSED and not now.is_restated
    frozen = now.snapshot.scorecard if now.snapshot and is_frozen else None
    holds = Holds()
    if now.snapshot:
        holds = holds_of(year, today=today, zone=request.tenant.zone, is_paid=paid)
    may_change = now.snapshot is not None and not paid
    held = read_holds(holds, year, may_change=may_change, today=today, by=by, refused=refused)
    given = _forms(now, items, step, by=by, refused=refused)
    say_if_misplaced(
        request,
        refused,
        [given.comment, given.sign, given.condition, given.payment, *held.forms],
    )
    document = json.loads(now.snapshot.canonical) if now.snapshot else None
    return render(
        request,
        "adjudication/years/detail.html",
        {
            "year": year,
            "standing": now,
            "snapshot": now.snapshot,
            "steps": sign_off_steps(now),
            "agreement_id": vars(year)["agreement_id"],
            "clauses": {amount.name: anchor_of(amount) for amount in Amount},
            "statement": read_statement(document) if document else None,
            "rates": effective_rates(document) if document else (),
            "schedule": read_schedule(document) if document else (),
            "reports": reports,
            "report_job": latest_job(JobKind.RENDER_REPORT, subject_id=now.snapshot.pk)
            if now.snapshot and not is_rendered
            else None,
            "committee": read_window(now.window) if now.window else None,
            "comment_form": given.comment,
            "entries": read_entries(entries),
            "overpaid": overpaid_items(entries),
            "months": read_months(year, entries, today=today, zone=request.tenant.zone)
            if year.terms
            else None,
            "clock": clock_words(clock) if clock and of_agreement[-1] == year else None,
            "is_fresh": is_fresh(request),
            "proof_url": proof_url(
                reverse("adjudication:year-detail", args=[request.tenant.slug, year.pk])
            ),
            "is_paid": paid,
            "to_pay": sum((item.open for item in items), Money(0)),
            "scorecard": frozen or current_scorecard(year),
            "holds": held,
            "are_held": holds.are_open,
            "can_freeze": (year.status == YearStatus.OPEN or now.is_restated)
            and today >= year.pay_ends_on
            and by.holds(Permission.ADJUDICATION_PREPARE),
            "is_over": today >= year.pay_ends_on,
            "step": step,
            "meaning": MEANING[step] if step else "",
            "sentences": SENTENCES if step is Step.REVIEW else (),
            "sign_form": given.sign,
            "condition_form": given.condition,
            "payment_form": given.payment,
        },
    )


def _forms(
    now: Standing,
    items: Sequence[Item],
    step: Step | None,
    *,
    by: Actor,
    refused: forms.Form | None,
) -> YearForms:
    """Make the forms of the snapshot that is seen, and put the refused one in its place."""
    seen = {"sha256": now.snapshot.sha256 if now.snapshot else ""}
    comment = sign = condition = payment = None
    if can_comment(now, by=by):
        comment = in_place_of(CommentForm(initial=seen, auto_id="id_comment_%s"), refused)
    if step:
        sign = in_place_of(SignForm(initial=seen | {"step": step}, step=step), refused)
    if step is Step.COUNSEL:
        condition = in_place_of(ConditionForm(initial=seen, auto_id="id_condition_%s"), refused)
    if can_pay(now, items, by=by):
        payment = in_place_of(PaymentForm(initial=seen), refused)
    return YearForms(comment, sign, condition, payment)
