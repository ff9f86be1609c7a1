"""The page of one upload, which several deeds come back to."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from scorecards.intake.models import UNDECIDED, Slice, Upload, UploadStatus
from scorecards.intake.policies import is_closed
from scorecards.intake.presenters import progress_of
from scorecards.intake.queries import finding_counts, work_on, years_counting
from scorecards.restatements.forms import AskForm, DecisionForm
from scorecards.restatements.models import Restatement
from scorecards.restatements.policies import can_rule, needs_reason
from scorecards.restatements.queries import restatement_of
from scorecards.restatements.reading import read_changes
from scorecards.retention.presenters import keeping_of


def show_upload(
    request: MemberRequest,
    upload: Upload,
    *,
    decision_form: DecisionForm | None = None,
    ask_form: AskForm | None = None,
) -> HttpResponse:
    """Show what became of a file; a form that was refused comes back as it was typed."""
    job = work_on(upload)
    is_being_checked = job is None or job.is_pending
    if upload.status == UploadStatus.RECEIVED and not is_being_checked:
        upload.refresh_from_db()  # the check may have ended between the two readings
    years, restatement = years_counting(upload), restatement_of(upload)
    changes = read_changes(upload.changes)
    counts = finding_counts(upload) if upload.findings_total else []
    findings = upload.findings.order_by("severity", "position")
    actor = request.actor
    closed = is_closed(upload.period, years)
    can_cancel = upload.status in UNDECIDED and actor.holds(Permission.UPLOAD_SUBMIT)
    context: dict[str, Any] = {
        "upload": upload,
        "job": job,
        "keeping": keeping_of(
            upload,
            today=request.tenant.today(),
            is_being_checked=is_being_checked,
        ),
        "progress": progress_of(upload),
        "counts": counts,
        "findings": Paginator(findings, 50).get_page(request.GET.get("page")) if counts else None,
        "slice": Slice.objects.filter(upload=upload).first(),
        "years": years,
        "is_closed": closed,
        "restatement": restatement,
        "changes": changes,
        "decision_form": decision_form or _decision_form(request, upload, restatement),
        "ask_form": (ask_form or AskForm())
        if closed and restatement is None and can_cancel and upload.status == UploadStatus.HELD
        else None,
        "can_cancel": can_cancel,
        "can_see_scorecards": actor.holds(Permission.SCORECARD_VIEW),
        "can_see_cases": actor.holds(Permission.CASES_VIEW),
        "can_upload": actor.holds(Permission.UPLOAD_SUBMIT),
    }
    template = "_outcome.html" if request.headers.get("HX-Request") else "detail.html"
    return render(request, f"scorecards/intake/{template}", context)


def _decision_form(
    request: MemberRequest, upload: Upload, restatement: Restatement | None
) -> DecisionForm | None:
    """Return the form for who may decide now on changes that are known."""
    if upload.status != UploadStatus.HELD or upload.changes is None:
        return None
    shown = {"basis": upload.changes["basis"]}
    if restatement is None:
        may = request.actor.holds(Permission.UPLOAD_ACCEPT)
        return DecisionForm(initial=shown, needs_reason=needs_reason(upload)) if may else None
    may = request.actor.holds(Permission.RESTATEMENT_APPROVE)
    return (
        DecisionForm(initial=shown)
        if may and can_rule(upload, restatement, by=request.actor)
        else None
    )
