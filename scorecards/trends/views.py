"""The page of a year over time."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from scorecards.cards.queries import current_scorecard
from scorecards.trends.queries import counted_years
from scorecards.trends.reading import read_trends


@requires(Permission.SCORECARD_VIEW)
def trend(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Show a control chart for each indicator of a year, where its cases are dated."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    card = current_scorecard(year)
    years = counted_years(year, card) if card else []
    return render(
        request,
        "scorecards/trends/detail.html",
        {
            "year": year,
            "card": card,
            "readings": read_trends(years),
            "joined": len(years) - 1,
        },
    )
