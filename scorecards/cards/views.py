"""Pages of scorecards."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django_htmx.http import HttpResponseClientRefresh

from agreements.drafting.anchors import Amount, anchor_of
from agreements.drafting.queries import agreement_over
from agreements.terms.models import MeasurementYear, YearStatus
from agreements.terms.queries import visible_years
from comanage.documents.charts import steps_bar, steps_bar_sentence
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.jobs.kinds import JobKind
from comanage.jobs.queries import latest_job
from comanage.web.posting import or_say_why, posted_only
from scorecards.cards.actions import ask_for_recompute
from scorecards.cards.editions import read_editions, restated_words
from scorecards.cards.queries import current_scorecard, edition, feed_of, published
from scorecards.cards.reading import read_domains, read_indicators, read_slices
from scorecards.feeds.arrivals import freshness_of
from scorecards.feeds.freshness import Freshness
from scorecards.feeds.models import Feed
from scorecards.restatements.queries import restated_slices
from scorecards.trends.queries import counted_years
from scorecards.trends.reading import read_trends
from scorecards.whatif.policies import can_ask

EDITIONS = 20


@requires(Permission.SCORECARD_VIEW)
def scorecard(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Show where a year stands; the page asks again while a computation runs.

    `?edition=2` shows an earlier edition as it was published: to be read, and nothing else.
    """
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    card = newest = current_scorecard(year)
    if asked := request.GET.get("edition"):
        card = edition(year, asked)
        if card is None:
            raise Http404
    is_old = card is not None and card != newest
    job = latest_job(JobKind.RECOMPUTE_SCORECARD, subject_id=year.pk)
    shown = request.GET.get("shown", "")
    standing = {"year": year, "card": card, "job": None if is_old else job}
    if request.headers.get("HX-Request"):
        if card and not shown:  # the page is still the empty one: nothing on it can be lost
            return HttpResponseClientRefresh()
        is_new = card is not None and str(card.version) != shown
        return render(
            request, "scorecards/cards/_job.html", standing | {"shown": shown, "is_new": is_new}
        )
    readings = read_indicators(year.terms or {}, card.document) if card else ()
    trends = read_trends(counted_years(year, card, as_published=is_old)) if card else ()
    by_slug = {trend.slug: trend for trend in trends}
    parts = [reading.part for reading in readings]
    actor, feed = request.actor, feed_of(year)
    return render(
        request,
        "scorecards/cards/detail.html",
        standing
        | {
            "shown": card.version if card else "",
            "is_old": is_old,
            "newest": newest,
            "restated": restated_words(card.document["slices"], restated_slices(year))
            if card
            else (),
            "readings": readings,
            "agreement": agreement_over(year),
            "clause": anchor_of(Amount.INCENTIVE),
            "domains": read_domains(card.document) if card else (),
            "results": [(reading, by_slug.get(reading.slug)) for reading in readings],
            "slices": read_slices(card.document) if card else (),
            "feed": feed,
            "freshness": None if is_old else _freshness(request, feed, year),
            "pool_chart": steps_bar(parts, is_projected=True) if parts else "",
            "pool_sentence": steps_bar_sentence(parts, is_projected=True) if parts else "",
            "can_recompute": not is_old
            and year.status == YearStatus.OPEN
            and actor.holds(Permission.SCORECARD_RECOMPUTE),
            "can_ask": not is_old and can_ask(year),
            "can_upload": actor.holds(Permission.UPLOAD_SUBMIT),
            "can_declare": actor.holds(Permission.FEED_DECLARE),
            "can_see_feeds": actor.holds(Permission.FEED_VIEW),
            "can_see_cases": not is_old and actor.holds(Permission.CASES_VIEW),
            "can_see_adjudication": actor.holds(Permission.ADJUDICATION_VIEW),
        },
    )


@requires(Permission.SCORECARD_VIEW)
def edition_list(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """List the editions of a year's scorecard: when, why, dollars, and what changed."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    page = Paginator(year.scorecards.all(), EDITIONS).get_page(request.GET.get("page"))
    start = (page.number - 1) * EDITIONS
    # One more than is shown: the last on the page is held against it.
    listed = published(year, start, start + EDITIONS + 1)
    return render(
        request,
        "scorecards/cards/editions.html",
        {
            "year": year,
            "page": page,
            "editions": read_editions(year.terms or {}, listed, restated_slices(year)),
        },
    )


def _freshness(
    request: MemberRequest, feed: Feed | None, year: MeasurementYear
) -> Freshness | None:
    if feed is None:
        return None
    today, zone = request.tenant.today(), request.tenant.zone
    return freshness_of(feed, today=today, zone=zone, within=year.in_effect or year.period)


@requires(Permission.SCORECARD_RECOMPUTE)
@posted_only
def scorecard_recompute(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Ask a worker to compute the scorecard again."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    with or_say_why(request):
        ask_for_recompute(year=year, by=request.actor)
        messages.success(request, "It is computed again. A new result shows here when it is there.")
    return redirect("scorecards:scorecard", tenant, year.pk)
