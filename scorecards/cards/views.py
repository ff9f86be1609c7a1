"""Pages of scorecards."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

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
from scorecards.cards.queries import current_scorecard, feed_of
from scorecards.cards.reading import read_indicators, read_slices
from scorecards.trends.queries import counted_years
from scorecards.trends.reading import read_trends


@requires(Permission.SCORECARD_VIEW)
def scorecard(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Show where a year stands; the page asks again while a computation runs."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    card = current_scorecard(year)
    job = latest_job(JobKind.RECOMPUTE_SCORECARD, subject_id=year.pk)
    shown = request.GET.get("shown", "")
    standing = {"year": year, "card": card, "job": job}
    if request.headers.get("HX-Request"):
        if card and not shown:  # the page is still the empty one: nothing on it can be lost
            return HttpResponseClientRefresh()
        is_new = card is not None and str(card.version) != shown
        return render(
            request, "scorecards/cards/_job.html", standing | {"shown": shown, "is_new": is_new}
        )
    readings = read_indicators(year.terms or {}, card.document) if card else ()
    trends = read_trends(counted_years(year, card)) if card else ()
    by_slug = {trend.slug: trend for trend in trends}
    parts = [reading.part for reading in readings]
    actor = request.actor
    return render(
        request,
        "scorecards/cards/detail.html",
        standing
        | {
            "shown": card.version if card else "",
            "readings": readings,
            "results": [(reading, by_slug.get(reading.slug)) for reading in readings],
            "slices": read_slices(card.document) if card else (),
            "feed": feed_of(year),
            "pool_chart": steps_bar(parts, is_projected=True) if parts else "",
            "pool_sentence": steps_bar_sentence(parts, is_projected=True) if parts else "",
            "can_recompute": year.status == YearStatus.OPEN
            and actor.holds(Permission.SCORECARD_RECOMPUTE),
            "can_upload": actor.holds(Permission.UPLOAD_SUBMIT),
            "can_declare": actor.holds(Permission.FEED_DECLARE),
            "can_see_cases": actor.holds(Permission.CASES_VIEW),
            "can_see_adjudication": actor.holds(Permission.ADJUDICATION_VIEW),
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
