"""Pages of approval and signature. Everybody acts in their own session; no address is a key."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from agreements.drafting.document import from_document
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.drafting.parties import for_whom, preamble
from agreements.drafting.presenters import read_clauses, read_exhibits
from agreements.drafting.queries import (
    has_changed_since,
    visible_agreements,
    visible_versions,
)
from agreements.lint.counting import open_findings, with_open_findings
from agreements.proposals.queries import with_asked
from agreements.scans.policies import can_receive
from agreements.signing import actions, policies, queries
from agreements.signing.blocks import blocks_of, party_of
from agreements.signing.consent import CONSENT, INTENT
from agreements.signing.forms import DecisionForm, DeclineForm, RecallForm, SendForm, SignForm
from agreements.signing.models import Decided, SigningRound
from agreements.signing.next_steps import next_step
from agreements.signing.obstacles import obstacles_of
from agreements.signing.presenters import (
    how_it_ended,
    is_void,
    pays,
    read_approvals,
    read_earlier,
    read_needs,
    read_signatures,
    whose_turn,
)
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.identity.step_up import (
    ask_for_proof,
    is_fresh,
    is_proved_anew,
    proof_method,
    proof_url,
)
from comanage.web.downloads import download_paper
from comanage.web.errors import errors_in_words
from comanage.web.posting import is_done, or_say_why, posted_only


def _agreement(request: MemberRequest, pk: UUID) -> Agreement:
    return get_object_or_404(visible_agreements(request.actor), pk=pk)


def _round(agreement: Agreement) -> SigningRound:
    round_ = queries.last_round(agreement)
    if round_ is None:
        raise Http404
    return round_


@requires(Permission.PROGRAM_VIEW)
def signing(
    request: MemberRequest, tenant: str, pk: UUID, refused: DecisionForm | None = None
) -> HttpResponse:
    """Show who must approve and sign an agreement, and what came of it."""
    by = request.actor
    rows = with_asked(with_open_findings(visible_agreements(by)), by)
    agreement: Agreement = get_object_or_404(rows, pk=pk)
    round_ = queries.last_round(agreement)
    shown: dict[str, Any] = {"agreement": agreement, "round": round_}
    if agreement.is_drafted and by.holds(Permission.AGREEMENT_DRAFT):
        newest = visible_versions(by).filter(agreement=agreement).select_related("share").first()
        shown["next_step"] = next_step(
            agreement,
            newest,
            open_findings(agreement),
            slug=tenant,
            has_changed=newest is not None and has_changed_since(newest),
            is_asked=vars(agreement)["is_asked"],
        )
    if round_ is not None:
        can_approve, people = by.holds(Permission.AGREEMENT_APPROVE), queries.people_by_role()
        shown |= {
            "approvals": read_approvals(round_, people),
            "whose_turn": whose_turn(agreement, round_, people),
            "pays": pays(round_.version),
            "signatures": read_signatures(round_),
            "can_change_chain": by.holds(Permission.APPROVAL_CHAIN_EDIT),
            "is_fresh": is_fresh(request),
            "proof_url": proof_url(reverse("agreements:signing", args=[tenant, pk])),
            "is_void": is_void(agreement),
            "is_inside": not by.sees_only_own_programs,
            "can_decide": can_approve and policies.can_decide(agreement, round_, by=by),
            "can_see_findings": by.holds(Permission.FINDING_VIEW),
            "why_not": policies.why_not_to_decide(agreement, round_, by=by) if can_approve else "",
            "can_meet": can_approve and policies.can_meet(agreement, round_, by=by),
            "can_sign": policies.can_sign(agreement, round_, by=by),
            "decision_form": refused or DecisionForm(),
            "executed": getattr(round_, "executed", None),
            "recall": getattr(round_, "recall", None),
            "ended": how_it_ended(round_),
            "earlier": read_earlier(queries.rounds_before(round_)),
            "can_recall": by.holds(Permission.AGREEMENT_DRAFT)
            and policies.can_recall(agreement, round_, by=by),
            "can_send_paper": by.holds(Permission.AGREEMENT_DRAFT)
            and can_receive(agreement, round_),
            "can_see_paper": by.holds(Permission.CONTRACT_RECORD),
        }
    return render(request, "agreements/signing/detail.html", shown)


@requires(Permission.AGREEMENT_DRAFT)
def version_send(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Name who signs, and send a version round."""
    version: AgreementVersion = get_object_or_404(visible_versions(request.actor), pk=pk)
    agreement = version.agreement
    kept = with_open_findings(visible_agreements(request.actor)).get(pk=agreement.pk)
    findings = open_findings(kept)
    physicians = queries.physicians_signatories(agreement)
    form = SendForm(
        request.POST or None, hospital=queries.hospital_signatories(), physicians=physicians
    )
    needs, people = queries.needs_ahead(version), queries.people_by_role()

    def deed() -> object:
        return actions.send_for_approval(version=version, **form.chosen(), by=request.actor)

    if is_done(request, form, deed, "Sent round. Whoever is next is told."):
        return redirect("agreements:signing", tenant, agreement.pk)
    shown = {
        "form": form,
        "version": version,
        "agreement": agreement,
        "needs": read_needs(needs, people),
        "obstacles": obstacles_of(
            version,
            needs,
            people=people,
            physicians=physicians,
            findings=findings,
            tenant=tenant,
            by=request.actor,
        ),
        "findings": findings,
        "can_change_chain": request.actor.holds(Permission.APPROVAL_CHAIN_EDIT),
    }
    return render(request, "agreements/signing/send.html", shown)


@requires(Permission.AGREEMENT_DRAFT)
def round_recall(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Take a version back that goes round, with the reason."""
    agreement = _agreement(request, pk)
    round_ = _round(agreement)
    if not policies.can_recall(agreement, round_, by=request.actor):
        with or_say_why(request):
            policies.check_can_recall(agreement, round_, by=request.actor)
        return redirect("agreements:signing", tenant, agreement.pk)
    form = RecallForm(request.POST or None)

    def deed() -> object:
        reason = form.cleaned_data["reason"]
        return actions.recall_round(agreement=agreement, reason=reason, by=request.actor)

    if is_done(request, form, deed, "Recalled. Those who read it are told."):
        return redirect("agreements:signing", tenant, agreement.pk)
    shown = {"agreement": agreement, "round": round_, "form": form}
    return render(request, "agreements/signing/recall.html", shown)


@requires(Permission.AGREEMENT_APPROVE)
@posted_only
def approval_decide(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Approve, approve on a condition, return or reject; whoever does proves anew who they are."""
    agreement = _agreement(request, pk)
    if not is_fresh(request):
        return ask_for_proof(back=reverse("agreements:signing", args=[tenant, pk]))
    form = DecisionForm(request.POST)

    def deed() -> object:
        given = form.cleaned_data
        return actions.decide_approval(
            agreement=agreement,
            outcome=Decided(given["outcome"]),
            reason=given["reason"],
            by=request.actor,
        )

    if is_done(request, form, deed, "Your decision is recorded. Whoever is next is told."):
        return redirect("agreements:signing", tenant, agreement.pk)
    return signing(request, tenant, pk, refused=form)


@requires(Permission.AGREEMENT_APPROVE)
@posted_only
def condition_meet(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Say that one's own condition is met; whoever does proves anew who they are."""
    agreement = _agreement(request, pk)
    if not is_fresh(request):
        return ask_for_proof(back=reverse("agreements:signing", args=[tenant, pk]))
    with or_say_why(request):
        actions.decide_approval(
            agreement=agreement, outcome=Decided.MET, reason="", by=request.actor
        )
        messages.success(request, "The condition is met.")
    return redirect("agreements:signing", tenant, agreement.pk)


@requires(Permission.AGREEMENT_SIGN)
def agreement_sign(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Read the version, consent, and sign; who signs proves anew who they are."""
    agreement = _agreement(request, pk)
    round_ = _round(agreement)
    if not policies.can_sign(agreement, round_, by=request.actor):
        with or_say_why(request):
            policies.check_can_sign(agreement, round_, by=request.actor)
        return redirect("agreements:signing", tenant, agreement.pk)
    if not is_proved_anew(request):
        return ask_for_proof(back=reverse("agreements:agreement-sign", args=[tenant, pk]))
    form = SignForm(request.POST or None, initial={"sha256": round_.version.sha256})

    def deed() -> object:
        return actions.sign_agreement(
            agreement=agreement,
            sha256=form.cleaned_data["sha256"],
            typed_name=form.cleaned_data["typed_name"],
            method=proof_method(request),
            by=request.actor,
        )

    if is_done(request, form, deed, "Signed."):
        return redirect("agreements:signing", tenant, agreement.pk)
    document = from_document(round_.version.document)
    side = policies.check_can_sign(agreement, round_, by=request.actor)
    shown = {
        "agreement": agreement,
        "version": round_.version,
        "preamble": preamble(document),
        "for_whom": for_whom(party_of(side, document)),
        "blocks": blocks_of(round_, document, request.tenant.zone),
        "form": form,
        "decline_form": DeclineForm(),
        "clauses": read_clauses(document),
        "exhibits": read_exhibits(document),
        "consent": CONSENT,
        "intent": INTENT,
    }
    return render(request, "agreements/signing/sign.html", shown)


@requires(Permission.AGREEMENT_SIGN)
@posted_only
def agreement_decline(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Decline to sign, with the reason."""
    agreement = _agreement(request, pk)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        messages.error(request, errors_in_words(form))
        return redirect("agreements:agreement-sign", tenant, agreement.pk)
    with or_say_why(request):
        actions.decline_signature(
            agreement=agreement, reason=form.cleaned_data["reason"], by=request.actor
        )
        messages.success(request, "Declined. It went back to whoever sent it.")
    return redirect("agreements:signing", tenant, agreement.pk)


@requires(Permission.PROGRAM_VIEW)
@require_GET
def executed_download(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Hand out the executed agreement; each copy is an event."""
    agreement = _agreement(request, pk)
    copy = queries.executed_copy(agreement)
    if copy is None:
        messages.error(request, "The agreement is not executed yet.")
        return redirect("agreements:signing", tenant, agreement.pk)
    actions.note_executed_copy(copy=copy, by=request.actor)
    return download_paper(copy.file, filename=f"{slugify(agreement.title)}-executed.pdf")
