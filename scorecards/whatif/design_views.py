"""The page on which a draft is tried on past results."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from agreements.terms.document import terms_document
from agreements.terms.policies import check_can_edit
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from scorecards.scoring.plan import PlanError
from scorecards.whatif.design_forms import DesignForm
from scorecards.whatif.designing import as_drafted, check_can_be_tried, pasts_of, try_out
from scorecards.whatif.queries import earlier_year


@requires(Permission.PROGRAM_EDIT)
def design(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Try pay, weights, goals and shares of a draft on past results; nothing is kept."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    page: dict[str, Any] = {"year": year}
    try:
        check_can_edit(year)
        terms = terms_document(year)
        check_can_be_tried(terms)
    except (PolicyError, PlanError) as refused:
        return render(request, "scorecards/whatif/design.html", page | {"refusal": str(refused)})
    form = DesignForm(request.GET or None, terms=terms)
    tried = form.tried() if form.is_valid() else as_drafted(terms)
    try:
        page["trial"] = try_out(terms, tried, pasts_of(terms, earlier_year(year)))
    except PlanError as wrong:
        page["wrong"] = str(wrong)
    return render(request, "scorecards/whatif/design.html", page | {"form": form})
