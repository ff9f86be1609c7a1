"""The page of strata."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from agreements.terms.models import MeasurementYear
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError
from indicators.measure.figures import figure
from scorecards.cards.certainty import yardstick
from scorecards.cards.models import Scorecard
from scorecards.cards.queries import current_scorecard, feed_of
from scorecards.feeds.queries import spec_of
from scorecards.plans.goals import with_goals
from scorecards.strata.forms import StrataForm
from scorecards.strata.queries import Asked, columns_to_choose, strata_of
from scorecards.strata.reading import read_funnel, read_rows, read_total


@requires(Permission.SCORECARD_VIEW)
def strata(request: MemberRequest, tenant: str, year_pk: UUID) -> HttpResponse:
    """Show one indicator of a scorecard by a declared column; `?indicator=SLUG&by=COLUMN`."""
    year = get_object_or_404(visible_years(request.actor), pk=year_pk)
    card = current_scorecard(year)
    terms = with_goals(year.terms or {"indicators": []})
    feed = feed_of(year)
    chosen_from = columns_to_choose(spec_of(feed), terms) if feed else []
    columns = {column.name: column.label or column.name for column in chosen_from}
    indicators = {each["slug"]: each for each in terms["indicators"]}
    form = StrataForm(
        request.GET if "by" in request.GET else None,
        initial={"indicator": request.GET.get("indicator", "")},
        indicators=[(slug, each["definition"]["title"]) for slug, each in indicators.items()],
        columns=list(columns.items()),
    )
    shown: dict[str, Any] = {}
    if card is not None and form.is_valid():
        agreed, column = indicators[form.cleaned_data["indicator"]], form.cleaned_data["by"]
        try:
            shown = _shown(year, card, Asked(agreed, column), columns[column])
        except PolicyError as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        "scorecards/strata/detail.html",
        {"year": year, "card": card, "form": form, "has_columns": bool(columns), **shown},
    )


def _shown(year: MeasurementYear, card: Scorecard, asked: Asked, label: str) -> dict[str, Any]:
    """Hold every stratum against the goal that the scorecard holds the whole against."""
    found = strata_of(year=year, card=card, asked=asked)
    results = {result["slug"]: result["score"] for result in card.document["indicators"]}
    against = yardstick(asked.agreed, results[asked.agreed["slug"]]["tier"])
    return {
        "title": against.definition.title,
        "column": label,
        "rows": read_rows(against, found),
        "total": read_total(against, found),
        "funnel": read_funnel(against, found, "groups"),
        "goal": figure(against.definition, against.goal, against.places),
        "minimum": against.minimum_cases,
    }
