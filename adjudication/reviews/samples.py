"""The sampled cases of an indicator, read from the slices that the snapshot names."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from adjudication.reviews.sampling import draw
from adjudication.years.models import Snapshot
from agreements.terms.models import MeasurementYear
from comanage.web.errors import PolicyError
from indicators.measure.population import State
from scorecards.cases.listing import CaseReading, key_of
from scorecards.cases.queries import listing_of
from scorecards.intake.spec import DataLevel

_FINDING = {
    DataLevel.CODED_CASES: "At this feed's level a case is named by a code of the file that was "
    "sent, such as its row: the data owner finds the chart by that file.",
    DataLevel.KEYED_CASES: "The key is a hash that only the hospital can compute: the data owner "
    "finds the chart by it.",
}


@dataclass(frozen=True, slots=True)
class SampledCases:
    """The cases of a sample in the order received.

    Attributes:
        cases: how many were judged.
        key_label: what the feed calls the key of a case.
        finding: how a chart is found by it.
    """

    cases: int
    readings: tuple[CaseReading, ...]
    key_label: str
    finding: str


def agreed_indicator(snapshot: Snapshot, slug: str) -> Mapping[str, Any] | None:
    """Return an indicator of the frozen terms, or None."""
    terms = json.loads(snapshot.canonical)["inputs"]["terms"]
    return next((each for each in terms["indicators"] if each["slug"] == slug), None)


def sampled_cases(
    year: MeasurementYear, snapshot: Snapshot, agreed: Mapping[str, Any]
) -> SampledCases:
    """Draw the sample of an indicator and read its cases: those that met and those that did not.

    Raises:
        PolicyError: the feed has no cases, none was judged, or there are too many for a page.
    """
    found = listing_of(year=year, card=snapshot.scorecard, agreed=agreed)
    judged = np.sort(
        np.concatenate([found.listing.rows(key_of(s)) for s in (State.MET, State.NOT_MET)])
    )
    if not len(judged):
        raise PolicyError("No case of this indicator was judged, so there is none to look at.")
    places = draw(snapshot.sha256, agreed["slug"], len(judged))
    return SampledCases(
        cases=len(judged),
        readings=found.listing.read(judged[list(places)], found.case_key),
        key_label=found.key_label,
        finding=_FINDING.get(found.level, ""),
    )
