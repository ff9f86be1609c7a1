"""Pages of a measurement year's terms."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.allocations.presenters import division_of
from agreements.components.completeness import NAMES
from agreements.components.models import ComponentKind
from agreements.components.policies import kinds_that_fit
from agreements.components.presenters import component_lines
from agreements.components.queries import components_of
from agreements.contracts.actions import lock_amended_terms
from agreements.contracts.presenters import read_writing
from agreements.contracts.queries import writing_for
from agreements.drafting.policies import check_can_lock_alone
from agreements.drafting.queries import agreement_over, is_written_here
from agreements.duties.presenters import read_fee
from agreements.programs.queries import visible_programs
from agreements.terms import actions, policies
from agreements.terms.completeness import gaps
from agreements.terms.document import terms_document
from agreements.terms.forms import AgreedIndicatorForm, LockForm, YearForm
from agreements.terms.models import AgreedIndicator, EarlyEnd, MeasurementYear
from agreements.terms.presenters import (
    EARLY_END,
    indicator_lines,
    pay_lines,
    scope_in_words,
    wrvu_worth,
)
from agreements.terms.queries import has_later_year, visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from comanage.web.posting import is_done, or_say_why, posted_only


def _year(request: MemberRequest, pk: UUID) -> MeasurementYear:
    return get_object_or_404(visible_years(request.actor), pk=pk)


@requires(Permission.PROGRAM_EDIT)
def year_draft(request: MemberRequest, tenant: str, program_pk: UUID) -> HttpResponse:
    """Start a year's draft."""
    program = get_object_or_404(visible_programs(request.actor), pk=program_pk)
    form = YearForm(request.POST or None, program=program)
    if request.method == "POST" and form.is_valid():
        try:
            year = actions.draft_year(program=program, terms=form.terms(), by=request.actor)
        except PolicyError as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, "The year is drafted. Next: its indicators.")
            return redirect("agreements:year-detail", tenant, year.pk)
    return render(request, "agreements/terms/draft.html", {"form": form, "program": program})


@requires(Permission.PROGRAM_VIEW)
def year_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show a year's terms and what they still lack."""
    year = _year(request, pk)
    actor = request.actor
    components = component_lines(
        components_of(year), group=year.program.group.name, period=year.period
    )
    agreement = agreement_over(year)
    can_lock = (
        year.is_draft
        and actor.holds(Permission.TERMS_LOCK)
        and not (agreement and agreement.locks_terms)
    )
    writing = writing_for(year) if can_lock else None
    document = terms_document(year) if year.is_draft else year.terms or {}
    pay = pay_lines(year, components)
    agreed = list(year.indicators.select_related("version__indicator").prefetch_related("tiers"))
    return render(
        request,
        "agreements/terms/detail.html",
        {
            "year": year,
            "agreement": agreement,
            "pay": pay,
            "wrvu_worth": wrvu_worth(year.opinion),
            "early_end": EARLY_END[EarlyEnd(year.early_end)],
            "falls_short": not all(line.is_within for line in pay)
            or not year.opinion.validity.covers(year.period),
            "components": components,
            "division": division_of(year),
            "kinds": kinds_that_fit(year.program),
            "has_work": any(line.kind != NAMES[ComponentKind.SALARY] for line in components),
            "indicators": indicator_lines(agreed, has_plan=year.scoring_plan is not None),
            "total_weight": sum(each.weight for each in agreed),
            "scope_words": scope_in_words(year.scope, agreed) if year.scope else "",
            "fee": read_fee(document),
            "gaps": gaps(document) if year.is_draft else [],
            "can_edit": year.is_draft and actor.holds(Permission.PROGRAM_EDIT),
            "can_lock": can_lock,
            "writing": writing and read_writing(writing, today=request.tenant.today(), by=actor.id),
            "can_see_register": actor.holds(Permission.CONTRACT_VIEW),
            "can_open": policies.can_open(year, today=request.tenant.today())
            and actor.holds(Permission.PERIOD_OPEN),
            "can_draft_next": policies.can_be_followed(year, has_later_year=has_later_year(year))
            and actor.holds(Permission.PROGRAM_EDIT),
            "lock_form": LockForm(),
            "can_see_scorecard": actor.holds(Permission.SCORECARD_VIEW),
            "can_see_proof": actor.holds(Permission.ADJUDICATION_VIEW),
            "can_see_library": actor.holds(Permission.LIBRARY_VIEW),
        },
    )


@requires(Permission.PROGRAM_EDIT)
def year_edit(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Change a draft's days, pay and scope."""
    year = _year(request, pk)
    form = YearForm(request.POST or None, program=year.program, year=year)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_year(year=year, terms=form.terms(), by=request.actor)
        except PolicyError as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, "The draft is changed.")
            return redirect("agreements:year-detail", tenant, year.pk)
    return render(request, "agreements/terms/edit.html", {"form": form, "year": year})


@requires(Permission.PROGRAM_EDIT)
@posted_only
def year_next(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Draft the year after a signed one."""
    year = _year(request, pk)
    try:
        following = actions.draft_next_year(year=year, by=request.actor)
    except PolicyError as broken:
        messages.error(request, str(broken))
        return redirect("agreements:year-detail", tenant, year.pk)
    messages.success(request, "The next year is drafted, with the goals agreed for it.")
    return redirect("agreements:year-detail", tenant, following.pk)


@requires(Permission.PROGRAM_EDIT)
def indicator_agree(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Add an indicator to a draft."""
    year = _year(request, pk)
    form = AgreedIndicatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            agreed = actions.agree_indicator(year=year, terms=form.terms(), by=request.actor)
        except PolicyError as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, f"{agreed.version.indicator} is in the terms.")
            return redirect("agreements:year-detail", tenant, year.pk)
    return render(request, "agreements/terms/agree.html", {"form": form, "year": year})


def _agreed(request: MemberRequest, pk: UUID) -> AgreedIndicator:
    rows = AgreedIndicator.objects.select_related("year__program", "version__indicator")
    return get_object_or_404(rows.filter(year__in=visible_years(request.actor)), pk=pk)


@requires(Permission.PROGRAM_EDIT)
def indicator_change(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Change what a draft agrees on one indicator."""
    agreed = _agreed(request, pk)
    form = AgreedIndicatorForm(request.POST or None, agreed=agreed)

    def deed() -> object:
        return actions.change_indicator(agreed=agreed, terms=form.terms(), by=request.actor)

    if is_done(request, form, deed, f"{agreed.version.indicator} is changed."):
        return redirect("agreements:year-detail", tenant, agreed.year_id)
    shown = {"form": form, "year": agreed.year, "agreed": agreed}
    return render(request, "agreements/terms/change.html", shown)


@requires(Permission.PROGRAM_EDIT)
@posted_only
def indicator_withdraw(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Take an indicator out of a draft."""
    agreed = _agreed(request, pk)
    with or_say_why(request):
        actions.withdraw_indicator(agreed=agreed, by=request.actor)
        messages.success(request, f"{agreed.version.indicator} is out of the terms.")
    return redirect("agreements:year-detail", tenant, agreed.year_id)


@requires(Permission.TERMS_LOCK)
@posted_only
def terms_lock(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Lock the signed terms: of a later year by its amendment, else by the day that is given."""
    year = _year(request, pk)
    form = LockForm(request.POST)
    with or_say_why(request):
        check_can_lock_alone(is_written_here=is_written_here(year))
        if writing_for(year) is not None:
            lock_amended_terms(year=year, by=request.actor)
        elif form.is_valid():
            actions.lock_terms(year=year, **form.cleaned_data, by=request.actor)
        else:
            raise PolicyError("Give the day on which both parties signed, as year-month-day.")
        messages.success(request, "The terms are locked. They can no longer change.")
    return redirect("agreements:year-detail", tenant, year.pk)


@requires(Permission.PERIOD_OPEN)
@posted_only
def period_open(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Put the year on the clock."""
    year = _year(request, pk)
    with or_say_why(request):
        actions.open_period(year=year, today=request.tenant.today(), by=request.actor)
        messages.success(request, "The year is on the clock. Data may come in.")
    return redirect("agreements:year-detail", tenant, year.pk)
