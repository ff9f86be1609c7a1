"""Pages of feeds."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError, add_refusals
from scorecards.feeds.actions import declare_feed, edit_feed, state_expectation
from scorecards.feeds.admission import refusals
from scorecards.feeds.arrivals import arrivals_of, plans_of
from scorecards.feeds.calendar import calendar
from scorecards.feeds.columns import read_columns
from scorecards.feeds.forms import ExpectationForm, FactsForm, FeedForm
from scorecards.feeds.freshness import freshness
from scorecards.feeds.presenters import read_calendar, read_feeds
from scorecards.feeds.queries import spec_of, visible_feeds
from scorecards.maps.editor import MapEditor, typed


@requires(Permission.FEED_VIEW)
def feed_list(request: MemberRequest, tenant: str) -> HttpResponse:
    """List the feeds, what needs somebody first; sandboxes apart."""
    feeds = list(visible_feeds(request.actor).prefetch_related("uses__program"))
    readings = read_feeds(feeds, today=request.tenant.today(), zone=request.tenant.zone)
    return render(
        request,
        "scorecards/feeds/list.html",
        {
            "readings": [each for each in readings if not each.feed.is_sandbox],
            "sandboxes": [each.feed for each in readings if each.feed.is_sandbox],
            "can_declare": request.actor.holds(Permission.FEED_DECLARE),
        },
    )


@requires(Permission.FEED_DECLARE)
def feed_declare(request: MemberRequest, tenant: str) -> HttpResponse:
    """Declare a feed and its map."""
    given = request.POST if request.method == "POST" else None
    form, editor = FeedForm(given), MapEditor(given)
    if editor.asks_back:
        form, editor = FeedForm(initial=typed(form)), editor.again()
    elif given is not None and _can_be_declared(request, form, editor):
        try:
            feed = declare_feed(
                facts=form.facts(),
                spec=editor.spec,
                programs=list(form.cleaned_data["programs"]),
                today=request.tenant.today(),
                by=request.actor,
            )
        except PolicyError as broken:
            add_refusals(form, [broken])
        else:
            messages.success(request, f"{feed.name} is declared. Files may be uploaded.")
            return redirect("scorecards:feed-detail", tenant, feed.pk)
    return render(request, "scorecards/feeds/declare.html", {"facts": form, "editor": editor})


def _can_be_declared(request: MemberRequest, form: FeedForm, editor: MapEditor) -> bool:
    """Check the fields, the map and the rules, so that all that is wrong is told at once."""
    form.full_clean()
    is_map = editor.is_valid()
    programs, today = form.cleaned_data.get("programs", ()), request.tenant.today()
    add_refusals(form, refusals(form.facts(), editor.level, programs=programs, today=today))
    return is_map and form.is_valid()


@requires(Permission.FEED_DECLARE)
def feed_edit(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Change what is known of a feed."""
    feed = get_object_or_404(visible_feeds(request.actor), pk=pk)
    form = FactsForm(request.POST or None, feed=feed)
    if request.method == "POST" and form.is_valid():
        try:
            edit_feed(feed=feed, facts=form.facts(), today=request.tenant.today(), by=request.actor)
        except PolicyError as broken:
            add_refusals(form, [broken])
        else:
            messages.success(request, "The feed is changed.")
            return redirect("scorecards:feed-detail", tenant, feed.pk)
    return render(request, "scorecards/feeds/edit.html", {"form": form, "feed": feed})


@requires(Permission.FEED_DECLARE)
def expectation_state(request: MemberRequest, tenant: str, feed_pk: UUID) -> HttpResponse:
    """State how many rows are expected of a period."""
    feed = get_object_or_404(visible_feeds(request.actor), pk=feed_pk)
    asked = {name: request.GET.get(name, "") for name in ("first_day", "last_day")}
    form = ExpectationForm(request.POST or None, initial=asked)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        state_expectation(
            feed=feed,
            period=given["period"],
            rows=given["rows"],
            source=given["source"],
            by=request.actor,
        )
        messages.success(request, "The expected rows are on record.")
        return redirect("scorecards:feed-detail", tenant, feed.pk)
    return render(request, "scorecards/feeds/expect.html", {"form": form, "feed": feed})


@requires(Permission.FEED_VIEW)
def feed_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show a feed: its calendar, its data, its uploads, its columns."""
    feeds = visible_feeds(request.actor).select_related("owner", "agreement")
    feed = get_object_or_404(feeds, pk=pk)
    uploads = feed.uploads.select_related("sent_by_user", "sent_by_client")
    today, zone = request.tenant.today(), request.tenant.zone
    came = arrivals_of([feed], zone=zone)[feed.pk]
    entries = calendar(plans_of([feed])[feed.pk], came, today=today)
    actor = request.actor
    return render(
        request,
        "scorecards/feeds/detail.html",
        {
            "feed": feed,
            "columns": read_columns(spec_of(feed)),
            "freshness": freshness(feed.name, came.accepted, entries, within=None),
            "calendar": read_calendar(feed, entries, list(feed.expectations.all())),
            "uses": feed.uses.select_related("program"),
            "uploads": Paginator(uploads, 20).get_page(request.GET.get("page")),
            "slices": feed.slices.select_related("upload"),
            "can_upload": actor.holds(Permission.UPLOAD_SUBMIT),
            "can_declare": actor.holds(Permission.FEED_DECLARE),
        },
    )
