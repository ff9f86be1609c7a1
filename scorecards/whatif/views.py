"""The page of what-if."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from scorecards.cards.queries import current_scorecard
from scorecards.whatif.asking import asks_of
from scorecards.whatif.board import answer
from scorecards.whatif.forms import WhatIfForm
from scorecards.whatif.policies import check_can_ask
from scorecards.whatif.queries import board_of
from scorecards.whatif.reading import read_answer


@requires(Permission.SCORECARD_VIEW)
def what_if(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Play the rest of a year through: `?rest-SLUG=7.5&size-SLUG=120`; nothing is kept."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    card = current_scorecard(year)
    page: dict[str, Any] = {"year": year, "card": card}
    try:
        check_can_ask(year)
    except PolicyError as refused:
        return render(request, "scorecards/whatif/detail.html", page | {"refusal": str(refused)})
    if card is None:
        return render(request, "scorecards/whatif/detail.html", page)
    board = board_of(year, card)
    form = WhatIfForm(request.GET or {}, asks=asks_of(board))
    given = form.given() if form.is_valid() else {}
    reading = read_answer(board, answer(board, given))
    page |= {
        "form": form,
        "pace": board.pace,
        "answer": reading,
        "rows": list(zip(form.rows, reading.indicators, strict=True)),
    }
    is_part = request.headers.get("HX-Request")
    template = "_answers.html" if is_part else "detail.html"
    return render(request, f"scorecards/whatif/{template}", page)
