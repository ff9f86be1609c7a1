"""Pages of the independent review."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from adjudication.reviews import actions
from adjudication.reviews.answers import read_answer
from adjudication.reviews.forms import AnswerForm, CountForm, MarksForm, SeenForm
from adjudication.reviews.models import Method
from adjudication.reviews.policies import can_record
from adjudication.reviews.presenters import read_record, sample_words
from adjudication.reviews.queries import count_marks, marks_of, record_of
from adjudication.reviews.samples import agreed_indicator, sampled_cases
from adjudication.reviews.sampling import RULE, sample_size
from adjudication.reviews.statement import SENTENCES
from adjudication.years.figures import figures_of
from adjudication.years.models import Snapshot
from adjudication.years.queries import Standing, standing
from agreements.terms.models import MeasurementYear
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError, errors_in_words
from comanage.web.posting import is_done, or_say_why, posted_only
from scorecards.cases.actions import note_cases_read


def _reviewed(request: MemberRequest, pk: UUID) -> tuple[MeasurementYear, Standing, Snapshot]:
    """Find a year that is frozen."""
    year = get_object_or_404(visible_years(request.actor), pk=pk)
    now = standing(year)
    if now.snapshot is None:
        raise Http404
    return year, now, now.snapshot


@requires(Permission.ADJUDICATION_VIEW)
@require_GET
def review_detail(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Show the record of the review, and to the reviewer how to make it."""
    year, now, snapshot = _reviewed(request, year_pk)
    figures = figures_of(json.loads(snapshot.canonical))
    record = record_of(snapshot, {slug: figure.title for slug, figure in figures.items()})
    seen = {"sha256": snapshot.sha256}
    context = {
        "year": year,
        "snapshot": snapshot,
        "record": record,
        "readings": read_record(record),
        "rule": RULE,
        "sentences": SENTENCES,
        "may_record": can_record(now, by=request.actor),
        "may_see_sample": request.actor.holds(Permission.SAMPLE_VIEW),
        "seen_form": SeenForm(initial=seen),
        "answer_form": AnswerForm(initial=seen, auto_id="id_answer_%s"),
    }
    return render(request, "adjudication/reviews/detail.html", context)


@requires(Permission.REVIEW_RECORD)
@posted_only
def review_recompute(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Compute the result anew, and record it."""
    year, _, _ = _reviewed(request, year_pk)
    form = SeenForm(request.POST)
    if not form.is_valid():
        messages.error(request, errors_in_words(form))
        return redirect("adjudication:review-detail", tenant, year.pk)
    with or_say_why(request):
        recounts = actions.recompute_result(year=year, **form.cleaned_data, by=request.actor)
        matches = sum(recount.is_match for recount in recounts)
        messages.success(request, f"Computed anew: {matches} of {len(recounts)} indicators match.")
    return redirect("adjudication:review-detail", tenant, year.pk)


@requires(Permission.REVIEW_RECORD)
@posted_only
def review_offline(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Record the figures of a verification that was made elsewhere."""
    year, _, snapshot = _reviewed(request, year_pk)
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, errors_in_words(form))
        return redirect("adjudication:review-detail", tenant, year.pk)
    with or_say_why(request):
        recounts = actions.record_figures(
            year=year,
            sha256=form.cleaned_data["sha256"],
            method=Method.OFFLINE,
            found=read_answer(form.cleaned_data["file"], snapshot.sha256),
            note="",
            by=request.actor,
        )
        messages.success(request, f"Recorded: {len(recounts)} indicators match.")
    return redirect("adjudication:review-detail", tenant, year.pk)


@requires(Permission.REVIEW_RECORD)
def review_count(request: MemberRequest, tenant: str, year_pk: UUID, slug: str) -> HttpResponse:
    """Record the reviewer's own count of one indicator, without showing the snapshot's."""
    year, _, snapshot = _reviewed(request, year_pk)
    figure = figures_of(json.loads(snapshot.canonical)).get(slug)
    if figure is None:
        raise Http404
    seen = {"sha256": snapshot.sha256}
    form = CountForm(request.POST or None, figure=figure, initial=seen)

    def keep() -> object:
        given = form.cleaned_data
        return actions.record_figures(
            year=year,
            sha256=given["sha256"],
            method=Method.COUNTED,
            found={slug: (given["above"], given.get("below"))},
            note=given["note"],
            by=request.actor,
        )

    if is_done(request, form, keep, "Your count is recorded."):
        return redirect("adjudication:review-detail", tenant, year.pk)
    context = {"year": year, "figure": figure, "form": form}
    return render(request, "adjudication/reviews/count.html", context)


@requires(Permission.SAMPLE_VIEW)
@require_GET
def sample_detail(request: MemberRequest, tenant: str, year_pk: UUID, slug: str) -> HttpResponse:
    """List the sampled cases of one indicator. Reading them is an event."""
    year, now, snapshot = _reviewed(request, year_pk)
    agreed = agreed_indicator(snapshot, slug)
    if agreed is None:
        raise Http404
    shown: dict[str, object] = {"year": year, "agreed": agreed, "rule": RULE}
    try:
        sample = sampled_cases(year, snapshot, agreed)
    except PolicyError as refused:
        shown["refusal"] = str(refused)
        return render(request, "adjudication/reviews/sample.html", shown)
    note_cases_read(
        subject=snapshot.scorecard,
        asked={"indicator": slug, "sample_of": snapshot.sha256},
        page=1,
        cases=len(sample.readings),
        by=request.actor,
    )
    marks = marks_of(snapshot, slug)
    form = MarksForm(size=len(sample.readings), marks=marks, initial={"sha256": snapshot.sha256})
    shown |= {
        "sample": sample,
        "rows": [
            (reading, form[f"mark_{number}"], marks.get(number))
            for number, reading in enumerate(sample.readings, 1)
        ],
        "form": form,
        "may_record": can_record(now, by=request.actor),
        "words": sample_words(count_marks(sample.cases, len(sample.readings), marks.values())),
    }
    return render(request, "adjudication/reviews/sample.html", shown)


@requires(Permission.REVIEW_RECORD)
@posted_only
def sample_mark(request: MemberRequest, tenant: str, year_pk: UUID, slug: str) -> HttpResponse:
    """Record what charts say of sampled cases."""
    year, _, snapshot = _reviewed(request, year_pk)
    agreed = agreed_indicator(snapshot, slug)
    if agreed is None:
        raise Http404
    with or_say_why(request):
        cases = sampled_cases(year, snapshot, agreed).cases
        form = MarksForm(request.POST, size=sample_size(cases), marks={})
        if form.is_valid():
            actions.mark_sample(
                year=year,
                sha256=form.cleaned_data["sha256"],
                indicator=slug,
                cases=cases,
                marks=form.marks(),
                by=request.actor,
            )
            messages.success(request, "The marks are recorded.")
        else:
            messages.error(request, errors_in_words(form))
    return redirect("adjudication:sample-detail", tenant, year.pk, slug)
