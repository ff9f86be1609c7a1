"""Pages of baselines."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.terms.document import previous_baselines
from agreements.terms.models import AgreedIndicator
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from comanage.web.posting import posted_only
from scorecards.baselines.actions import freeze_baseline
from scorecards.baselines.forms import FreezeForm, HistoryForm
from scorecards.baselines.presenters import read_baseline
from scorecards.baselines.queries import compute_baseline, covered_history
from scorecards.cards.reading import origin_in_words


@requires(Permission.PROGRAM_EDIT)
def baseline_compute(request: MemberRequest, tenant: str, agreed_pk: UUID) -> HttpResponse:
    """Count an indicator over history and show the counts; nothing is kept."""
    return _counted(request, _agreed(request, agreed_pk))


@requires(Permission.PROGRAM_EDIT)
@posted_only
def baseline_freeze(request: MemberRequest, tenant: str, agreed_pk: UUID) -> HttpResponse:
    """Freeze the counts that were shown, and put them into the draft."""
    agreed, form = _agreed(request, agreed_pk), FreezeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing is frozen yet. Count first, then freeze what you see.")
        return _counted(request, agreed, reason=request.POST.get("reason", ""))
    given = form.cleaned_data
    try:
        freeze_baseline(
            agreed=agreed,
            period=given["period"],
            shown_sha256=given["sha256"],
            reason=given["reason"],
            by=request.actor,
        )
    except PolicyError as broken:
        messages.error(request, str(broken))
        return _counted(request, agreed, reason=given["reason"])
    messages.success(request, "The baseline is frozen and stands in the draft.")
    return redirect("agreements:year-detail", tenant, agreed.year_id)


def _agreed(request: MemberRequest, pk: UUID) -> AgreedIndicator:
    return get_object_or_404(
        AgreedIndicator.objects.select_related("year__program", "version__indicator").filter(
            year__in=visible_years(request.actor)
        ),
        pk=pk,
    )


def _counted(request: MemberRequest, agreed: AgreedIndicator, *, reason: str = "") -> HttpResponse:
    form = HistoryForm(request.POST or None)
    reading, freeze = None, None
    if request.method == "POST" and form.is_valid():
        try:
            computed = compute_baseline(agreed=agreed, period=form.cleaned_data["period"])
        except PolicyError as broken:
            form.add_error(None, str(broken))
        else:
            reading = read_baseline(agreed, computed)
            freeze = agreed.year.is_draft and FreezeForm(
                initial=form.cleaned_data | {"sha256": reading.sha256, "reason": reason},
                auto_id="freeze_%s",  # the days stand on the page twice
            )
    previous = previous_baselines(agreed.year).get(agreed.version.indicator.slug)
    return render(
        request,
        "scorecards/baselines/compute.html",
        {
            "agreed": agreed,
            "form": form,
            "reading": reading,
            "freeze_form": freeze,
            "previous": origin_in_words(previous) if previous else "",
            "history": covered_history(agreed.year),
        },
    )
