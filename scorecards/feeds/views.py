"""Pages of feeds."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from scorecards.feeds.actions import declare_feed, edit_feed
from scorecards.feeds.forms import FactsForm, FeedForm
from scorecards.feeds.queries import spec_of, visible_feeds


@requires(Permission.FEED_VIEW)
def feed_list(request: MemberRequest, tenant: str) -> HttpResponse:
    """List the feeds."""
    return render(
        request,
        "scorecards/feeds/list.html",
        {
            "feeds": visible_feeds(request.actor).prefetch_related("uses__program"),
            "can_declare": request.actor.holds(Permission.FEED_DECLARE),
        },
    )


@requires(Permission.FEED_DECLARE)
def feed_declare(request: MemberRequest, tenant: str) -> HttpResponse:
    """Declare a feed."""
    form = FeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.spec is not None:
        try:
            feed = declare_feed(
                facts=form.facts(),
                spec=form.spec,
                programs=list(form.cleaned_data["programs"]),
                today=request.tenant.today(),
                by=request.actor,
            )
        except PolicyError as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, f"{feed.name} is declared. Files may be uploaded.")
            return redirect("scorecards:feed-detail", tenant, feed.pk)
    return render(request, "scorecards/feeds/declare.html", {"form": form})


@requires(Permission.FEED_DECLARE)
def feed_edit(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Change what is known of a feed."""
    feed = get_object_or_404(visible_feeds(request.actor), pk=pk)
    form = FactsForm(request.POST or None, feed=feed)
    if request.method == "POST" and form.is_valid():
        try:
            edit_feed(feed=feed, facts=form.facts(), today=request.tenant.today(), by=request.actor)
        except PolicyError as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, "The feed is changed.")
            return redirect("scorecards:feed-detail", tenant, feed.pk)
    return render(request, "scorecards/feeds/edit.html", {"form": form, "feed": feed})


@requires(Permission.FEED_VIEW)
def feed_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show a feed: its columns, its uploads, its slices."""
    feeds = visible_feeds(request.actor).select_related("owner", "agreement")
    feed = get_object_or_404(feeds, pk=pk)
    uploads = feed.uploads.select_related("sent_by_user", "sent_by_client")
    return render(
        request,
        "scorecards/feeds/detail.html",
        {
            "feed": feed,
            "spec": spec_of(feed),
            "uses": feed.uses.select_related("program"),
            "uploads": Paginator(uploads, 20).get_page(request.GET.get("page")),
            "slices": feed.slices.select_related("upload"),
            "can_upload": request.actor.holds(Permission.UPLOAD_SUBMIT),
            "can_declare": request.actor.holds(Permission.FEED_DECLARE),
        },
    )
