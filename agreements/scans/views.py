"""Pages of an agreement that was signed on paper."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from agreements.drafting.models import Agreement
from agreements.drafting.queries import visible_agreements
from agreements.scans import actions, policies
from agreements.scans.forms import ConfirmForm, RefusalForm, ScanForm
from agreements.scans.models import SignedScan
from agreements.scans.queries import visible_scans
from agreements.signing.queries import last_round
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.identity.step_up import ask_for_proof, is_proved_anew, proof_method, proof_url
from comanage.web.downloads import download_paper
from comanage.web.posting import in_place_of, is_done, or_say_why, posted_only


def _scan(request: MemberRequest, pk: UUID) -> SignedScan:
    return get_object_or_404(visible_scans(request.actor), pk=pk)


@requires(Permission.AGREEMENT_DRAFT)
def scan_receive(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Send the scan of a paper that both sides signed."""
    agreement: Agreement = get_object_or_404(visible_agreements(request.actor), pk=pk)
    round_ = last_round(agreement)
    if round_ is None:
        raise Http404
    if not policies.can_receive(agreement, round_):
        with or_say_why(request):
            policies.check_can_receive(agreement, round_)
        return redirect("agreements:signing", tenant, agreement.pk)
    form = ScanForm(request.POST or None, request.FILES or None)

    def deed() -> object:
        return actions.receive_scan(agreement=agreement, **form.given(), by=request.actor)

    if is_done(request, form, deed, "The paper is kept. Somebody else is told to confirm it."):
        return redirect("agreements:signing", tenant, agreement.pk)
    shown = {"form": form, "agreement": agreement, "round": round_}
    return render(request, "agreements/scans/receive.html", shown)


@requires(Permission.CONTRACT_RECORD)
def scan_detail(
    request: MemberRequest, tenant: str, pk: UUID, refused: forms.Form | None = None
) -> HttpResponse:
    """Compare a signed paper with its version, then confirm or decline it."""
    scan = _scan(request, pk)
    agreement = scan.round.agreement
    shown = {
        "scan": scan,
        "agreement": agreement,
        "round": scan.round,
        "decision": getattr(scan, "decision", None),
        "can_answer": policies.can_answer(agreement, scan),
        "can_confirm": policies.can_confirm(agreement, scan, by=request.actor),
        "is_fresh": is_proved_anew(request),
        "proof_url": proof_url(reverse("agreements:scan-detail", args=[tenant, pk])),
        "confirm_form": in_place_of(ConfirmForm(), refused),
        "refusal_form": in_place_of(RefusalForm(), refused),
    }
    return render(request, "agreements/scans/detail.html", shown)


@requires(Permission.CONTRACT_RECORD)
@posted_only
def scan_confirm(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Confirm a paper, which executes the agreement; whoever does proves anew who they are."""
    scan = _scan(request, pk)
    if not is_proved_anew(request):
        return ask_for_proof(back=reverse("agreements:scan-detail", args=[tenant, pk]))
    form = ConfirmForm(request.POST)

    def deed() -> object:
        return actions.confirm_scan(scan=scan, method=proof_method(request), by=request.actor)

    if is_done(request, form, deed, "Confirmed. The agreement is executed."):
        return redirect("agreements:signing", tenant, scan.round.agreement_id)
    return scan_detail(request, tenant, pk, refused=form)


@requires(Permission.CONTRACT_RECORD)
@posted_only
def scan_decline(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Decline a paper, with the reason."""
    scan = _scan(request, pk)
    form = RefusalForm(request.POST)

    def deed() -> object:
        reason = form.cleaned_data["reason"]
        return actions.decline_scan(scan=scan, reason=reason, by=request.actor)

    if is_done(request, form, deed, "Declined. Whoever sent it is told why."):
        return redirect("agreements:signing", tenant, scan.round.agreement_id)
    return scan_detail(request, tenant, pk, refused=form)


@requires(Permission.PROGRAM_VIEW)
@require_GET
def scan_download(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Hand out a signed paper as it came; each copy is an event."""
    scan = _scan(request, pk)
    actions.note_scan_copy(scan=scan, by=request.actor)
    filename = f"{slugify(scan.round.agreement.title)}-signed-paper.pdf"
    return download_paper(scan.file, filename=filename)
