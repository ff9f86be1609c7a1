"""Pages of readiness."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.programs.queries import visible_programs
from agreements.readiness import policies
from agreements.readiness.actions import submit_sheet
from agreements.readiness.forms import SheetForm
from agreements.readiness.presenters import chart_of, read_answered, read_question, read_themes
from agreements.readiness.queries import as_answered, counting_sheets, sheet_of
from agreements.readiness.scores import APART_FROM, GAP_UNDER, gaps_of, score_all
from comanage.documents.charts import sides_chart, sides_chart_sentence
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission, Role
from comanage.web.posting import is_done

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
            "gaps": [read_question(each) for each in gaps_of(scores)] if may_read else [],
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
