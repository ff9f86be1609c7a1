"""The calendar of critical dates, and the feed that a calendar program reads."""

import hmac
from datetime import UTC
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.dates.actions import make_feed, revoke_feed
from agreements.dates.critical import Place
from agreements.dates.icalendar import calendar_text
from agreements.dates.models import CalendarFeed
from agreements.dates.presenters import read_agenda
from agreements.dates.queries import dates_seen_by, live_feed
from comanage.api.limiting import within_limit
from comanage.clients.limits import stranger_policy
from comanage.identity.actor import Actor
from comanage.identity.guards import requires
from comanage.identity.keys import BearerKey, KeyKind, read_key
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.tenancy.scope import tenant_scope
from comanage.web.addresses import address_of
from comanage.web.downloads import download
from comanage.web.errors import not_found
from comanage.web.posting import posted_only


@requires(Permission.PROGRAM_VIEW)
def calendar(request: MemberRequest, tenant: str) -> HttpResponse:
    """Show the dates a member may see, the overdue first."""
    today = request.tenant.today()
    dates = dates_seen_by(request.actor, today=today)
    context = {
        "agenda": read_agenda(dates, today=today, by=request.actor),
        "feed": live_feed(request.membership.pk),
    }
    return render(request, "agreements/dates/calendar.html", context)


@requires(Permission.PROGRAM_VIEW)
@posted_only
def feed_make(request: MemberRequest, tenant: str) -> HttpResponse:
    """Give the member a feed, and show its address, this once."""
    key = make_feed(membership=request.membership, by=request.actor)
    address = settings.BASE_URL.rstrip("/") + reverse("calendar-feed", args=[str(key)])
    return render(request, "agreements/dates/address.html", {"address": address})


@requires(Permission.PROGRAM_VIEW)
@posted_only
def feed_revoke(request: MemberRequest, tenant: str) -> HttpResponse:
    """Revoke the member's own feed."""
    feed = live_feed(request.membership.pk)
    if feed is not None:
        revoke_feed(feed=feed, by=request.actor)
        messages.success(request, "The address is revoked. It opens nothing any more.")
    return redirect("agreements:calendar", tenant)


@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponseBase:
    """Answer a calendar program that knows a feed's key, and nobody else."""
    return within_limit(
        stranger_policy(), address_of(request), answer=lambda: _read(request, read_key(key))
    )


def _read(request: HttpRequest, key: BearerKey | None) -> HttpResponse:
    if key is None or key.kind is not KeyKind.CALENDAR_FEED:
        return not_found(request, is_api=False)
    with tenant_scope(key.tenant_id):
        found = _believe(key)
        return not_found(request, is_api=False) if found is None else _answer(found)


def _believe(key: BearerKey) -> CalendarFeed | None:
    """Return the feed that a key proves, while its member may see programs here."""
    feeds = CalendarFeed.objects.select_related("membership__user", "tenant")
    found = feeds.filter(pk=key.record_id, revoked_at=None).first()
    if found is None or not hmac.compare_digest(found.secret_sha256, key.secret_sha256):
        return None
    is_there = found.membership.is_active_on(found.tenant.today())
    is_let_in = Actor.member(found.membership).holds(Permission.PROGRAM_VIEW)
    return found if is_there and is_let_in else None


def _answer(found: CalendarFeed) -> HttpResponse:
    def page_of(place: Place) -> str:
        record = [place.record] if place.record else []
        path = reverse(place.page, args=[found.tenant.slug, *record])
        return settings.BASE_URL.rstrip("/") + path

    text = calendar_text(
        f"CoManage, {found.tenant.name}",
        dates_seen_by(Actor.member(found.membership), today=found.tenant.today()),
        at=timezone.now().astimezone(UTC),
        host=urlsplit(settings.BASE_URL).hostname or "localhost",
        page_of=page_of,
    )
    return download(
        text.encode(), filename="comanage.ics", content_type="text/calendar; charset=utf-8"
    )
