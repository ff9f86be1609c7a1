"""Reading the cases that a scorecard counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agreements.terms.models import MeasurementYear
from comanage.web.errors import PolicyError
from indicators.measure.definition import Definition
from indicators.measure.tally import Tally
from scorecards.cards.engine import scope_of
from scorecards.cards.loading import read_all
from scorecards.cards.models import Scorecard
from scorecards.cards.queries import feed_of, slices_counted
from scorecards.cases.listing import Listing, list_cases
from scorecards.feeds.queries import spec_of
from scorecards.intake.spec import DataLevel


@dataclass(frozen=True, slots=True)
class FoundCases:
    """The cases of one indicator, how the feed names a case, its level, and the counts."""

    listing: Listing
    case_key: str
    key_label: str
    tally: Tally
    level: DataLevel


def listing_of(*, year: MeasurementYear, card: Scorecard, agreed: Mapping[str, Any]) -> FoundCases:
    """Place and explain the cases of one indicator of a scorecard, in two queries.

    Raises:
        PolicyError: there are no cases, or too many for a page.
    """
    feed = feed_of(year)
    if feed is None:
        raise PolicyError("No feed is declared for this program, so it has no cases.")
    spec = spec_of(feed)
    if spec.level is DataLevel.AGGREGATES:
        raise PolicyError("This feed holds aggregates: it has counts, and no cases to list.")
    definition = Definition.from_document(agreed["definition"])
    names = {*definition.columns_by_name, spec.case_key}
    cases = read_all(slices_counted(card), names)
    results = {result["slug"]: result for result in card.document["indicators"]}
    return FoundCases(
        listing=list_cases(definition, cases, scope_of(year.terms or {}, definition)),
        case_key=spec.case_key,
        key_label=spec.column(spec.case_key).label or spec.case_key,
        tally=Tally.from_document(results[agreed["slug"]]["tally"]),
        level=spec.level,
    )
