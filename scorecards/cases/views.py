"""The page that says why: the cases of an indicator, each with what decided."""

from typing import Any
from uuid import UUID

import numpy as np
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from scorecards.cards.queries import current_scorecard
from scorecards.cases.actions import note_cases_read
from scorecards.cases.listing import STATE_ORDER, key_of
from scorecards.cases.queries import listing_of

PAGE = 100


@requires(Permission.CASES_VIEW)
def case_list(request: MemberRequest, tenant: str, year_pk: UUID, slug: str) -> HttpResponse:
    """List the cases of one indicator, `?state=not-met`, 100 a page. Reading is an event."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    agreed = next(
        (each for each in (year.terms or {}).get("indicators", ()) if each["slug"] == slug), None
    )
    card = current_scorecard(year)
    if card is None or agreed is None:
        raise Http404
    state = request.GET.get("state", "")
    if state not in {key_of(each) for each in STATE_ORDER}:
        state = ""
    standing: dict[str, Any] = {"year": year, "card": card, "agreed": agreed, "state": state}
    try:
        found = listing_of(year=year, card=card, agreed=agreed)
    except PolicyError as refused:
        shown: dict[str, Any] = {"refusal": str(refused)}
    else:
        page = Paginator(found.listing.rows(state).tolist(), PAGE).get_page(request.GET.get("page"))
        rows = np.array(page.object_list, np.int64)
        shown = {
            "page": page,
            "cases": found.listing.read(rows, found.case_key),
            "counts": found.listing.counts,
            "out_of_scope": found.listing.out_of_scope,
            "key_label": found.key_label,
            "tally": found.tally,
            "query": f"state={state}&" if state else "",
        }
        note_cases_read(
            subject=card,
            asked={"indicator": slug, "state": state or "every state"},
            page=page.number,
            cases=len(rows),
            by=request.actor,
        )
    return render(request, "scorecards/cases/list.html", standing | shown)
