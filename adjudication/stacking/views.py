"""The page of what each physician comes to."""

from django.http import HttpResponse
from django.shortcuts import render

from adjudication.compensation.stacking import MOST_HOURS
from adjudication.stacking.presenters import read_stacks
from adjudication.stacking.queries import calendar_years, stacks_of
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission


@requires(Permission.STACKING_VIEW)
def stacking(request: MemberRequest, tenant: str) -> HttpResponse:
    """Show each physician's hours and dollars from every agreement of one calendar year."""
    years = calendar_years(by=request.actor)
    asked = request.GET.get("year", "")
    chosen = next((year for year in years if str(year) == asked), years[0] if years else None)
    context = {
        "years": years,
        "chosen": chosen,
        "stacks": read_stacks(stacks_of(chosen, by=request.actor)) if chosen else [],
        "most_hours": MOST_HOURS,
    }
    return render(request, "adjudication/stacking/stacking.html", context)
