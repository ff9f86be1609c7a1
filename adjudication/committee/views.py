"""The doors of the committee: comments stand on the page of the year, their days have one."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from adjudication.committee.actions import comment_on_result, set_comment_days
from adjudication.committee.forms import CommentForm, DaysForm
from adjudication.committee.policies import can_change_days
from adjudication.committee.queries import windows_now
from adjudication.years.page import year_page
from agreements.programs.queries import visible_programs
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.posting import is_done, posted_only


@requires(Permission.RESULT_COMMENT)
@posted_only
def comment_write(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Keep a comment on the year's result."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    form = CommentForm(request.POST)
    if is_done(
        request,
        form,
        lambda: comment_on_result(year=year, **form.cleaned_data, by=request.actor),
        "Kept. It will be printed in the report.",
    ):
        return redirect("adjudication:year-detail", tenant, year.pk)
    return year_page(request, year.pk, refused=form)


@requires(Permission.PROGRAM_EDIT)
def comment_days(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Change the days in which the committee comments; while it does, say until when."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    form = DaysForm(request.POST or None, initial={"days": program.comment_days})
    if is_done(
        request,
        form,
        lambda: set_comment_days(program=program, **form.cleaned_data, by=request.actor),
        "The committee has these days from the next review on.",
    ):
        return redirect("agreements:program-detail", tenant, program.pk)
    may_change = can_change_days(windows_now(program))
    return render(
        request,
        "adjudication/committee/days.html",
        {"program": program, "form": form, "may_change": may_change},
    )
