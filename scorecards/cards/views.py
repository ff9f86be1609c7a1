"""Pages of scorecards."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agreements.terms.models import YearStatus
from agreements.terms.queries import visible_years
from comanage.documents.charts import steps_bar, steps_bar_sentence
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.jobs.kinds import JobKind
from comanage.jobs.queries import latest_job
from comanage.web.errors import PolicyError
from scorecards.cards.actions import ask_for_recompute
from scorecards.cards.queries import current_scorecard
from scorecards.cards.reading import read_indicators


@requires(Permission.SCORECARD_VIEW)
def scorecard(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Show where a year stands; the page asks again while a computation runs."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    card = current_scorecard(year)
    readings = read_indicators(year.terms or {}, card.document) if card else ()
    parts = [reading.part for reading in readings]
    is_fragment = bool(request.headers.get("HX-Request"))
    return render(
        request,
        "scorecards/cards/_job.html" if is_fragment else "scorecards/cards/detail.html",
        {
            "year": year,
            "card": card,
            "job": latest_job(JobKind.RECOMPUTE_SCORECARD, subject_id=year.pk),
            "readings": readings,
            "slices": card.document["slices"] if card else [],
            "pool_chart": steps_bar(parts) if parts else "",
            "pool_sentence": steps_bar_sentence(parts) if parts else "",
            "can_recompute": year.status == YearStatus.OPEN
            and request.actor.holds(Permission.SCORECARD_RECOMPUTE),
            "can_see_adjudication": request.actor.holds(Permission.ADJUDICATION_VIEW),
        },
    )


@requires(Permission.SCORECARD_RECOMPUTE)
@require_POST
def scorecard_recompute(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Ask a worker to compute the scorecard again."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    try:
        ask_for_recompute(year=year, by=request.actor)
    except PolicyError as broken:
        messages.error(request, str(broken))
    return redirect("scorecards:scorecard", tenant, year.pk)
