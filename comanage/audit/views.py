"""The page of the audit trail."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from comanage.audit.kinds import EventKind
from comanage.audit.presenters import read_event
from comanage.audit.queries import events, verify_chain
from comanage.audit.record import record_event
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission


@requires(Permission.AUDIT_VIEW)
def audit_trail(request: MemberRequest, tenant: str) -> HttpResponse:
    """List events, newest first; `?verify=1` walks the whole chain. Reading is an event too."""
    kind, actor = request.GET.get("kind", ""), request.GET.get("actor", "")
    check = verify_chain() if request.GET.get("verify") else None
    page = Paginator(events(kind=kind, actor=actor), 50).get_page(request.GET.get("page"))
    response = render(
        request,
        "audit/trail.html",
        {
            "page": page,
            "readings": [read_event(event) for event in page],
            "query": f"{urlencode({'kind': kind, 'actor': actor})}&",
            "kinds": EventKind.choices,
            "kind": kind,
            "actor_name": actor,
            "check": check,
        },
    )
    record_event(kind=EventKind.TRAIL_VIEWED, subject=request.tenant, by=request.actor)
    return response
