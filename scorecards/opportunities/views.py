"""Pages of opportunity assessments."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh

from agreements.programs.models import Program
from agreements.programs.queries import visible_programs
from comanage.documents.pdf import PdfUnavailable, render_pdf
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.jobs.kinds import JobKind
from comanage.jobs.queries import latest_job
from comanage.values.period import Period
from comanage.web.downloads import download
from comanage.web.errors import PolicyError, errors_in_words
from comanage.web.posting import is_done, or_say_why, posted_only
from comanage.web.templatetags.comanage import moment
from scorecards.opportunities.actions import (
    ask_for_assessment,
    cancel_assessment,
    note_summary_download,
    take_proposal,
)
from scorecards.opportunities.forms import AssessmentForm, TakeForm
from scorecards.opportunities.models import Assessment, AssessmentOutcome
from scorecards.opportunities.progress import progress_of
from scorecards.opportunities.queries import (
    days_to_choose,
    draft_years,
    failed_among,
    feed_of_program,
    ground_of,
    newest_scope,
    outcome_of,
    visible_assessments,
)
from scorecards.opportunities.reading import read_assessment
from scorecards.opportunities.summary import Facts, summary_content

ASKED = "The assessment is being computed."
NOT_READY = "This assessment has no result, so there is no summary of it."


@requires(Permission.SCORECARD_VIEW)
def opportunity_list(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """List the assessments of a program."""
    program = _program(request, program_pk)
    assessments = list(visible_assessments(request.actor).filter(program=program))
    return render(
        request,
        "scorecards/opportunities/list.html",
        {
            "program": program,
            "assessments": assessments,
            "failed": failed_among(assessments),
            "feed": feed_of_program(program),
            "can_ask": request.actor.holds(Permission.PROGRAM_EDIT),
        },
    )


@requires(Permission.PROGRAM_EDIT)
def opportunity_ask(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Ask for an assessment."""
    program = _program(request, program_pk)
    feed = feed_of_program(program)
    if feed is None:
        return redirect("scorecards:opportunity-list", tenant, program.pk)
    periods = days_to_choose(feed)
    form = AssessmentForm(
        request.POST or None, ground=ground_of(feed), initial=_initial(program, periods)
    )

    made: list[Assessment] = []

    def deed() -> None:
        period, asked = form.cleaned_data["period"], form.asked()
        made.append(
            ask_for_assessment(program=program, period=period, asked=asked, by=request.actor)
        )

    if is_done(request, form, deed, ASKED):
        return redirect("scorecards:opportunity-detail", tenant, made[0].pk)
    return render(
        request,
        "scorecards/opportunities/ask.html",
        {"program": program, "form": form, "periods": periods},
    )


@requires(Permission.SCORECARD_VIEW)
def opportunity_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show an assessment; the page asks again while it is computed."""
    assessment = _assessment(request, pk)
    outcome = outcome_of(assessment)
    if request.headers.get("HX-Request") and outcome is not None:
        return HttpResponseClientRefresh()
    context: dict[str, Any] = {
        "assessment": assessment,
        "program": assessment.program,
        "outcome": outcome,
        "can_edit": request.actor.holds(Permission.PROGRAM_EDIT),
    }
    if outcome is None:
        context |= {
            "job": latest_job(JobKind.ASSESS_OPPORTUNITIES, subject_id=assessment.pk),
            "progress": progress_of(assessment.pk),
        }
        if request.headers.get("HX-Request"):
            return render(request, "scorecards/opportunities/_job.html", context)
    elif outcome.document is not None:
        context |= _shown(request, outcome)
    return render(request, "scorecards/opportunities/detail.html", context)


@requires(Permission.PROGRAM_EDIT)
@posted_only
def opportunity_cancel(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Stop an assessment."""
    assessment = _assessment(request, pk)
    with or_say_why(request):
        cancel_assessment(assessment=assessment, by=request.actor)
        messages.success(request, "The assessment is stopped. Nothing of it is kept.")
    return redirect("scorecards:opportunity-list", tenant, assessment.program_id)


@requires(Permission.PROGRAM_EDIT)
@posted_only
def proposal_take(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Put a proposed indicator into a draft."""
    assessment = _assessment(request, pk)
    form = TakeForm(request.POST, years=draft_years(assessment.program))
    outcome = outcome_of(assessment)
    if not form.is_valid() or outcome is None:
        messages.error(request, errors_in_words(form) or NOT_READY)
        return redirect("scorecards:opportunity-detail", tenant, assessment.pk)
    given = form.cleaned_data
    try:
        agreed = take_proposal(
            outcome=outcome,
            slug=given["slug"],
            year=form.chosen,
            weight=given["weight"],
            by=request.actor,
        )
    except PolicyError as broken:
        messages.error(request, str(broken))
        return redirect("scorecards:opportunity-detail", tenant, assessment.pk)
    messages.success(request, f"{agreed} stands in the draft, with its baseline frozen.")
    return redirect("agreements:year-detail", tenant, agreed.year_id)


@requires(Permission.SCORECARD_VIEW)
@require_GET
def summary_download(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Hand out the executive summary; each download is an event."""
    assessment = _assessment(request, pk)
    outcome = outcome_of(assessment)
    if outcome is None or outcome.document is None:
        messages.error(request, NOT_READY)
        return redirect("scorecards:opportunity-detail", tenant, assessment.pk)
    try:
        pdf = _summary(request, assessment, outcome)
    except PdfUnavailable as missing:
        messages.error(request, str(missing))
        return redirect("scorecards:opportunity-detail", tenant, assessment.pk)
    note_summary_download(outcome=outcome, by=request.actor)
    name = f"{tenant}-opportunities-{assessment.number}.pdf"
    return download(pdf, filename=name, content_type="application/pdf")


def _summary(request: MemberRequest, assessment: Assessment, outcome: AssessmentOutcome) -> bytes:
    """Typeset the summary: the same result gives the same bytes."""
    document = outcome.document or {}
    facts = Facts(
        hospital=request.tenant.name,
        program=assessment.program.name,
        service_line=assessment.program.get_service_line_display(),
        number=assessment.number,
        period=assessment.period,
        asked_by=assessment.asked_by.name,
        computed_at=moment(outcome.ended_at, request.tenant.time_zone),
        sha256=outcome.sha256,
    )
    content = summary_content(facts, document, read_assessment(document))
    return render_pdf(
        render_to_string("scorecards/opportunities/summary.html", {"summary": content}),
        stylesheets=("css/report.css", "css/summary.css"),
        created=outcome.ended_at,
        title=content["title"],
    )


def _shown(request: MemberRequest, outcome: AssessmentOutcome) -> dict[str, Any]:
    document = outcome.document or {}
    years = (
        draft_years(outcome.assessment.program)
        if request.actor.holds(Permission.PROGRAM_EDIT)
        else []
    )
    return {
        "asked": document["asked"],
        "slices": document["slices"],
        "opportunities": [
            (
                reading,
                TakeForm(years=years, initial={"slug": reading.slug}, auto_id=f"{reading.slug}-%s")
                if years and reading.goals
                else None,
            )
            for reading in read_assessment(document)
        ],
    }


def _initial(program: Program, periods: list[Period]) -> dict[str, Any]:
    """Begin with all days in one piece that were sent last, and the scope of the newest year."""
    initial: dict[str, Any] = {"scope": newest_scope(program)}
    if periods:
        newest = max(periods, key=lambda each: each.end)
        start = newest.start
        for period in sorted(periods, key=lambda each: each.end, reverse=True):
            if period.end == start:
                start = period.start
        initial |= {"first_day": start, "last_day": newest.last}
    return initial


def _program(request: MemberRequest, pk: UUID) -> Program:
    return get_object_or_404(visible_programs(request.actor), pk=pk)


def _assessment(request: MemberRequest, pk: UUID) -> Assessment:
    return get_object_or_404(visible_assessments(request.actor), pk=pk)
