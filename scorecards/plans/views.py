"""Pages of a year's scoring plan: read in words, begun, edited, tried, taken out."""

from copy import copy
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.terms.actions import put_scoring_plan
from agreements.terms.document import terms_document
from agreements.terms.models import MeasurementYear
from agreements.terms.policies import check_can_edit
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from comanage.web.posting import posted_only
from scorecards.cards.engine import definitions_of
from scorecards.plans.changes import UNSEEN, changes
from scorecards.plans.editor import PlanEditor
from scorecards.plans.forms import TryForm
from scorecards.plans.policies import check_plan_fits
from scorecards.plans.starts import STARTS, starting_plan, with_all_indicators
from scorecards.plans.trying import try_results
from scorecards.plans.usual import usual_results
from scorecards.plans.wording import Section, plan_in_words
from scorecards.scoring.plans.engine import ScoringError
from scorecards.scoring.plans.node import PlanDocumentError
from scorecards.scoring.plans.reading import read_plan
from scorecards.whatif.queries import earlier_year


def _year(request: MemberRequest, pk: UUID) -> MeasurementYear:
    return get_object_or_404(visible_years(request.actor), pk=pk)


def _terms_with_tiers(year: MeasurementYear) -> dict[str, Any]:
    """Read the terms as they are without a plan: with weights and tiers, to begin with."""
    bare = copy(year)
    bare.scoring_plan = None
    return terms_document(bare)


@requires(Permission.PROGRAM_VIEW)
def plan_detail(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Say in words how a year pays."""
    year = _year(request, year_pk)
    terms = year.terms if year.terms and not year.is_draft else _terms_with_tiers(year)
    shown: dict[str, Any] = {
        "year": year,
        "has_plan": year.scoring_plan is not None,
        "sections": _in_words(year.scoring_plan or starting_plan("tiers", terms), terms),
        "can_edit": year.is_draft and request.actor.holds(Permission.PROGRAM_EDIT),
    }
    if year.is_draft and year.scoring_plan is not None:
        try:
            check_plan_fits(terms_document(year), year.scoring_plan)
        except PolicyError as broken:
            shown["misfit"] = str(broken)
    return render(request, "scorecards/plans/detail.html", shown)


@requires(Permission.PROGRAM_EDIT)
def plan_begin(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Choose what a plan begins with."""
    year = _year(request, year_pk)
    shown = {"year": year, "starts": STARTS.items(), "has_indicators": year.indicators.exists()}
    return render(request, "scorecards/plans/begin.html", shown)


@requires(Permission.PROGRAM_EDIT)
def plan_edit(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Write the plan of a draft; it is saved once its changes were shown."""
    year = _year(request, year_pk)
    try:
        check_can_edit(year)
    except PolicyError as broken:
        messages.error(request, str(broken))
        return redirect("scorecards:plan-detail", tenant, year.pk)
    terms = _terms_with_tiers(year)
    if request.method != "POST":
        begun = year.scoring_plan if "start" not in request.GET else None
        document = (
            starting_plan(request.GET.get("start", ""), terms)
            if begun is None
            else with_all_indicators(begun, terms)
        )
        return _show(request, year, terms, PlanEditor(terms, document=document))
    editor = PlanEditor(terms, request.POST)
    if editor.asks_back:
        return _show(request, year, terms, editor.again())
    if editor.tries:
        return _tried(request, year, terms, editor)
    if not editor.is_valid():
        return _show(request, year, terms, editor)
    return _save(request, year, terms, editor)


@requires(Permission.PROGRAM_EDIT)
@posted_only
def plan_check(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Say what is wrong with a plan that is being written, by the id of each field."""
    editor = PlanEditor(_terms_with_tiers(_year(request, year_pk)), request.POST)
    return JsonResponse({"problems": editor.live_problems()})


@requires(Permission.PROGRAM_EDIT)
@posted_only
def plan_withdraw(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Take the plan out of a draft: weights and tiers pay again."""
    year = _year(request, year_pk)
    try:
        put_scoring_plan(year=year, document=None, by=request.actor)
    except PolicyError as broken:
        messages.error(request, str(broken))
        return redirect("scorecards:plan-detail", tenant, year.pk)
    messages.success(request, "The plan is out of the terms. Weights and tiers pay again.")
    return redirect("agreements:year-detail", tenant, year.pk)


def _in_words(document: dict[str, Any], terms: dict[str, Any]) -> tuple[Section, ...]:
    """Say a plan in words; nothing where the terms no longer let it be read."""
    try:
        return plan_in_words(read_plan(document), terms)
    except PlanDocumentError:
        return ()


def _save(
    request: MemberRequest, year: MeasurementYear, terms: dict[str, Any], editor: PlanEditor
) -> HttpResponse:
    """Show what a valid plan changes, or save it where that was seen."""
    mark = editor.mark_after(year.scoring_plan)
    if request.POST.get("seen") != mark:
        before = _in_words(year.scoring_plan or starting_plan("tiers", terms), terms)
        found = changes(before, plan_in_words(editor.plan, terms))
        shown = {"changes": found, "mark": mark, "unseen": "" if found else UNSEEN}
        return _show(request, year, terms, editor, **shown)
    try:
        put_scoring_plan(year=year, document=editor.document, by=request.actor)
    except PolicyError as broken:
        editor.refuse(str(broken))
        return _show(request, year, terms, editor)
    messages.success(request, "The plan is in the terms.")
    return redirect("scorecards:plan-detail", request.tenant.slug, year.pk)


def _tried(
    request: MemberRequest, year: MeasurementYear, terms: dict[str, Any], editor: PlanEditor
) -> HttpResponse:
    """Show what the typed results would earn under the plan as it is typed."""
    form = TryForm(request.POST, definitions=definitions_of(terms), usual={})
    shown: dict[str, Any] = {"try_form": form}
    if not editor.is_valid():
        shown["untried"] = "The plan has problems; they stand beside its fields. Mend them first."
        shown["untried_items"] = [
            f"{label}: {said}".removeprefix(": ") for _, label, said in editor.problems
        ]
    elif not form.is_valid():
        shown["untried"] = (
            "A result cannot be read. Give a number, such as 8.5% or 12.5, or nothing."
        )
    else:
        try:
            shown["tried"] = try_results(editor.plan, terms, form.cleaned_data)
        except ScoringError as wrong:
            shown["untried"], shown["untried_items"] = "It cannot be scored.", wrong.messages
    if request.headers.get("HX-Request"):
        return render(request, "scorecards/plans/_tried.html", shown)
    return _show(request, year, terms, editor, **shown)


def _show(
    request: MemberRequest,
    year: MeasurementYear,
    terms: dict[str, Any],
    editor: PlanEditor,
    **shown: Any,
) -> HttpResponse:
    definitions = definitions_of(terms)
    if "try_form" not in shown:
        given = request.POST if any(name.startswith("try-") for name in request.POST) else None
        usual = usual_results(terms, None if given else earlier_year(year))
        shown["try_form"] = TryForm(given, definitions=definitions, usual=usual)
    context = {"year": year, "editor": editor} | shown
    return render(request, "scorecards/plans/edit.html", context)
