"""The first page of a hospital."""

from django.http import HttpResponse
from django.shortcuts import render

from adjudication.holds.presenters import hold_lines
from adjudication.overview.queries import due_agreements, due_items, due_tasks, overview_rows
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission


@requires(Permission.PROGRAM_VIEW)
def overview(request: MemberRequest, tenant: str) -> HttpResponse:
    """Show what needs the reader, then where each program stands."""
    today = request.tenant.today()
    rows = overview_rows(request.actor, today=today, zone=request.tenant.zone)
    return render(
        request,
        "adjudication/overview/overview.html",
        {
            "rows": [(row, hold_lines(row.holds, today=today)) for row in rows],
            "due": [
                *due_agreements(request.actor),
                *due_items(rows, by=request.actor, today=today),
                *due_tasks(rows),
            ],
            "can_see_scorecards": request.actor.holds(Permission.SCORECARD_VIEW),
            "can_see_adjudication": request.actor.holds(Permission.ADJUDICATION_VIEW),
            "can_see_stacking": request.actor.holds(Permission.STACKING_VIEW),
            "can_create": request.actor.holds(Permission.PROGRAM_EDIT),
        },
    )
