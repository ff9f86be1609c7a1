"""Pages of opinions and memos."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from agreements.programs.queries import visible_programs
from agreements.valuations.actions import (
    file_opinion,
    note_memo_download,
    note_opinion_download,
    write_memo,
)
from agreements.valuations.forms import MemoForm, OpinionForm
from agreements.valuations.queries import visible_memos, visible_opinions
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.downloads import download_or_say_why
from comanage.web.posting import is_done


@requires(Permission.PROGRAM_EDIT)
def opinion_file(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """File an opinion."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    form = OpinionForm(request.POST or None, request.FILES or None)
    if is_done(
        request,
        form,
        lambda: file_opinion(
            program=program, facts=form.facts(), document=form.paper, by=request.actor
        ),
        "The opinion is on file and caps what the terms may pay.",
    ):
        return redirect("agreements:program-detail", tenant, program.pk)
    return render(request, "agreements/valuations/file.html", {"form": form, "program": program})


@requires(Permission.VALUATION_READ)
def opinion_download(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Hand out the paper of an opinion; each download is an event."""
    opinion = get_object_or_404(visible_opinions(request.actor), pk=pk)
    return download_or_say_why(
        request,
        lambda: note_opinion_download(opinion=opinion, by=request.actor),
        filename=f"opinion-{opinion.opined_on.isoformat()}.pdf",
        back=redirect("agreements:program-detail", tenant, opinion.program_id),
    )


@requires(Permission.VALUATION_READ)
def memo_list(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Show why the arrangement makes sense, the newest memo first."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    context = {
        "program": program,
        "memos": program.memos.select_related("document", "written_by"),
        "can_edit": request.actor.holds(Permission.PROGRAM_EDIT),
    }
    return render(request, "agreements/valuations/memos.html", context)


@requires(Permission.PROGRAM_EDIT)
def memo_write(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Put a memo on record."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    form = MemoForm(request.POST or None, request.FILES or None)
    if is_done(
        request,
        form,
        lambda: write_memo(
            program=program,
            facts=form.facts(),
            document=form.paper,
            today=request.tenant.today(),
            by=request.actor,
        ),
        "The memo is on record.",
    ):
        return redirect("agreements:memo-list", tenant, program.pk)
    return render(request, "agreements/valuations/memo.html", {"form": form, "program": program})


@requires(Permission.VALUATION_READ)
def memo_download(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Hand out the paper of a memo; each download is an event."""
    memo = get_object_or_404(visible_memos(request.actor), pk=pk)
    return download_or_say_why(
        request,
        lambda: note_memo_download(memo=memo, by=request.actor),
        filename=f"memo-{memo.approved_on.isoformat()}.pdf",
        back=redirect("agreements:memo-list", tenant, memo.program_id),
    )
