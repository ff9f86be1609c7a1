"""Deciding on files that wait, and looking at the cases that they change."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from comanage.web.posting import or_say_why, posted_only
from scorecards.cases.actions import note_cases_read
from scorecards.intake.models import Upload
from scorecards.intake.pages import show_upload
from scorecards.intake.queries import visible_uploads
from scorecards.restatements import actions
from scorecards.restatements.differences import KINDS
from scorecards.restatements.forms import AskForm, DecisionForm
from scorecards.restatements.policies import ComparisonMovedError, needs_reason
from scorecards.restatements.weighing import changed_cases

PAGE = 100


def _upload(request: MemberRequest, pk: UUID) -> Upload:
    return get_object_or_404(visible_uploads(request.actor), pk=pk)


@requires(Permission.UPLOAD_ACCEPT)
@posted_only
def upload_accept(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Let a file that waits count."""

    def accept(upload: Upload, basis: str, reason: str) -> str:
        slice_ = actions.accept_upload(
            upload=upload, shown_basis=basis, reason=reason, by=request.actor
        )
        return f"Accepted as version {slice_.version}. The scorecards that count it are computed."

    return _decide(request, tenant, pk, accept)


@requires(Permission.UPLOAD_ACCEPT)
@posted_only
def upload_decline(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Send a file that waits away."""

    def decline(upload: Upload, basis: str, reason: str) -> str:
        actions.decline_upload(upload=upload, reason=reason, by=request.actor)
        return "Declined. What counted before goes on counting."

    return _decide(request, tenant, pk, decline)


@requires(Permission.RESTATEMENT_APPROVE)
@posted_only
def restatement_approve(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Let a file change a closed period."""

    def approve(upload: Upload, basis: str, reason: str) -> str:
        actions.approve_restatement(upload=upload, shown_basis=basis, note=reason, by=request.actor)
        return "Approved. A new edition of the scorecard is computed; earlier ones stay readable."

    return _decide(request, tenant, pk, approve)


@requires(Permission.RESTATEMENT_APPROVE)
@posted_only
def restatement_decline(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Keep a closed period as it was."""

    def decline(upload: Upload, basis: str, reason: str) -> str:
        actions.decline_restatement(upload=upload, note=reason, by=request.actor)
        return "Declined. The closed period stays as it was published."

    return _decide(request, tenant, pk, decline)


@requires(Permission.UPLOAD_SUBMIT)
@posted_only
def restatement_ask(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Ask that a file which waits may change a period that was closed meanwhile."""
    upload, form = _upload(request, pk), AskForm(request.POST)
    if not form.is_valid():
        return show_upload(request, upload, ask_form=form)
    with or_say_why(request):
        actions.ask_for_restatement(
            upload=upload, reason=form.cleaned_data["reason"], by=request.actor
        )
        messages.success(request, "Asked. Counsel or compliance decides.")
    return redirect("scorecards:upload-detail", tenant, upload.pk)


@requires(Permission.CASES_VIEW)
def upload_cases(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """List the cases that a file changes, `?kind=changed`, 100 a page. Reading is an event."""
    upload = _upload(request, pk)
    kind = request.GET.get("kind", KINDS[-1])
    if kind not in KINDS:
        raise Http404
    shown: dict[str, Any] = {}
    try:
        with changed_cases(upload) as comparison:
            page = Paginator(range(getattr(comparison.changes, kind)), PAGE).get_page(
                request.GET.get("page")
            )
            start = (page.number - 1) * PAGE
            shown["lines"] = comparison.lines(kind, start, start + PAGE)
            shown |= {"changes": comparison.changes, "page": page}
    except PolicyError as refused:
        shown["refusal"] = str(refused)
    else:
        note_cases_read(
            subject=upload,
            asked={"change": kind},
            page=page.number,
            cases=len(shown["lines"]),
            by=request.actor,
        )
    return render(
        request, "scorecards/restatements/cases.html", {"upload": upload, "kind": kind} | shown
    )


def _decide(
    request: MemberRequest, tenant: str, pk: UUID, deed: Callable[[Upload, str, str], str]
) -> HttpResponse:
    """Do a deed on the changes that were looked at; what was typed is never lost."""
    upload = _upload(request, pk)
    form = DecisionForm(request.POST, needs_reason=needs_reason(upload))
    if not form.is_valid():
        return show_upload(request, upload, decision_form=form)
    try:
        done = deed(upload, form.cleaned_data["basis"], form.cleaned_data["reason"])
    except ComparisonMovedError as moved:
        actions.ask_to_weigh(upload=upload)
        messages.info(request, str(moved))
    except PolicyError as broken:
        form.add_error(None, str(broken))
        return show_upload(request, upload, decision_form=form)
    else:
        messages.success(request, done)
    return redirect("scorecards:upload-detail", tenant, upload.pk)
