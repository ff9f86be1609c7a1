"""Pages of readiness."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.programs.queries import visible_programs
from agreements.readiness import policies
from agreements.readiness.actions import submit_sheet, take_gap
from agreements.readiness.forms import GapForm, SheetForm
from agreements.readiness.presenters import chart_of, read_answered, read_gaps, read_themes
from agreements.readiness.queries import (
    as_answered,
    counting_sheets,
    planned_sources,
    sheet_of,
)
from agreements.readiness.scores import APART_FROM, GAP_UNDER, gaps_of, score_all
from comanage.documents.charts import sides_chart, sides_chart_sentence
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission, Role
from comanage.web.errors import errors_in_words
from comanage.web.posting import is_done, or_say_why, posted_only

SENT = "Your answers are kept. You can answer again; then the newer ones count."


@requires(Permission.PROGRAM_VIEW)
def readiness_detail(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Show who has answered and, to those who may read it, what they said."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    sheets = counting_sheets(program)
    own = sheet_of(sheets, request.actor)
    scores = score_all(as_answered(sheets))
    may_read = policies.can_read_scores(request.actor, has_answered=own is not None)
    chart = chart_of(scores)
    return render(
        request,
        "agreements/readiness/detail.html",
        {
            "program": program,
            "answered": read_answered(sheets),
            "sheets": sheets,
            "own": own,
            "can_answer": request.actor.holds(Permission.READINESS_ANSWER),
            "may_read": may_read,
            "themes": read_themes(scores) if may_read else (),
            "gaps": read_gaps(gaps_of(scores), planned_sources(program)) if may_read else (),
            "can_plan": request.actor.holds(Permission.PROGRAM_EDIT),
            "chart": sides_chart(chart) if may_read and sheets else "",
            "sentence": sides_chart_sentence(chart),
            "gap_under": GAP_UNDER,
            "apart_from": APART_FROM,
        },
    )


@requires(Permission.READINESS_ANSWER)
def readiness_answer(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Answer what one's role is asked."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    own = sheet_of(counting_sheets(program), request.actor)
    form = SheetForm(
        request.POST or None,
        role=Role(request.actor.role or ""),
        initial=own.answers if own else None,
    )

    def deed() -> object:
        return submit_sheet(program=program, answers=form.answers(), by=request.actor)

    if is_done(request, form, deed, SENT):
        return redirect("agreements:readiness-detail", tenant, program.pk)
    return render(
        request,
        "agreements/readiness/answer.html",
        {"program": program, "form": form, "themes": list(form.asked())},
    )


@requires(Permission.PROGRAM_EDIT)
@posted_only
def gap_take(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Put what closes a gap into the workplan."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    form = GapForm(request.POST)
    if not form.is_valid():
        messages.error(request, errors_in_words(form))
        return redirect("agreements:readiness-detail", tenant, program.pk)
    with or_say_why(request):
        task = take_gap(program=program, key=form.cleaned_data["question"], by=request.actor)
        messages.success(request, f"“{task.title}” stands in the workplan, due in thirty days.")
    return redirect("agreements:readiness-detail", tenant, program.pk)
