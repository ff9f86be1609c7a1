"""What the layout of every page knows: the hospital, the member, where one may go."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from comanage.identity.roles import Permission
from comanage.notices.queries import unread_count

# The few places to go, in the order of the chain of work.
_PLACES = (
    ("Overview", "adjudication:overview", Permission.PROGRAM_VIEW),
    ("Programs", "agreements:program-list", Permission.PROGRAM_VIEW),
    ("Calendar", "agreements:calendar", Permission.PROGRAM_VIEW),
    ("Contracts", "agreements:contract-list", Permission.CONTRACT_VIEW),
    ("Indicators", "indicators:library", Permission.LIBRARY_VIEW),
    ("Hospital data", "scorecards:feed-list", Permission.FEED_VIEW),
    ("Members", "web:member-list", Permission.MEMBER_EDIT),
    ("Extract clients", "web:client-list", Permission.CLIENT_EDIT),
    ("Export", "web:export-list", Permission.TENANT_EXPORT),
    ("Audit trail", "web:audit-trail", Permission.AUDIT_VIEW),
)


# Pages that stand elsewhere than the place they belong to; the first that fits counts.
_BELONGS = (
    ("programs/calendar/", "agreements:calendar"),
    ("programs/contracts/", "agreements:contract-list"),
    ("data/scorecards/", "agreements:program-list"),
    ("data/baselines/", "agreements:program-list"),
    ("data/opportunities/", "agreements:program-list"),
    ("data/plans/", "agreements:program-list"),
    ("adjudication/", "agreements:program-list"),
    ("data/", "scorecards:feed-list"),
)


def layout(request: HttpRequest) -> dict[str, Any]:
    """Give every template the tenant, the membership and the navigation."""
    idle_seconds = settings.SESSION_COOKIE_AGE
    tenant = getattr(request, "tenant", None)
    membership = getattr(request, "membership", None)
    if tenant is None or membership is None:
        return {
            "tenant": None,
            "membership": None,
            "unread_notices": 0,
            "navigation": [],
            "idle_seconds": idle_seconds,
        }
    return {
        "idle_seconds": idle_seconds,
        "tenant": tenant,
        "membership": membership,
        "unread_notices": partial(unread_count, membership.user),  # asked where a page shows it
        "navigation": [
            {"label": label, "url": url, "is_current": _is_current(request.path, url, name)}
            for label, name, permission in _PLACES
            if request.actor.holds(permission)  # type: ignore[attr-defined]  # see MemberRequest
            for url in (reverse(name, args=[tenant.slug]),)
        ],
    }


def _is_current(path: str, url: str, name: str) -> bool:
    if name == "adjudication:overview":
        return path == url
    rest = path.split("/", 3)[-1]  # what follows /t/<tenant>/
    for prefix, place in _BELONGS:
        if rest.startswith(prefix):
            return name == place
    return path.startswith(url)
