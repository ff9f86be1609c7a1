"""The executive summary of an assessment: what its template prints, as plain text. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comanage.values.period import Period
from scorecards.opportunities.reading import OpportunityReading

MOST_DETAILED = 3  # on two to four pages there is room for so many
MOST_LINES = 6  # the others stand in the annex
LIMITS = (
    (
        "The counts come from the hospital's own stored data, by the definitions of the library; "
        "the hashes of the slices are named below, so that anybody can count again."
    ),
    (
        "Units differ in whom they treat. A size is what the data would have shown, and no "
        "forecast of what a program saves."
    ),
    "Sizes are not added up over indicators: one stay can count in several of them.",
    (
        "Proposed goals bind nobody. The parties agree on goals and weights, and an independent "
        "valuator on pay. This is not legal advice."
    ),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands at the head of the summary."""

    hospital: str
    program: str
    service_line: str
    number: int
    period: Period
    asked_by: str
    computed_at: str
    sha256: str


def summary_content(
    facts: Facts, document: Mapping[str, Any], readings: Sequence[OpportunityReading]
) -> dict[str, Any]:
    """Return the context of the template."""
    asked = document["asked"]
    detailed = [each for each in readings if each.chart][:MOST_DETAILED]
    return {
        "title": "Opportunity assessment",
        "facts": facts,
        "lead": _lead(readings),
        "scope": asked["scope"] or "Every case",
        "label": asked["label"],
        "minimum": f"{asked['minimum_cases']:,}",
        "readings": readings,
        "detailed": detailed,
        "annex": [
            each
            for each in readings
            if each.size
            and each.size.lines
            and (each not in detailed or len(each.size.lines) > MOST_LINES)
        ],
        "most_lines": f":{MOST_LINES}",
        "slices": [
            {"rows": f"{each['rows']:,}", "file": each["filename"], "sha256": each["sha256"]}
            for each in document["slices"]
        ],
        "limits": LIMITS,
    }


def _lead(readings: Sequence[OpportunityReading]) -> str:
    """Say what is largest, in one or two sentences."""
    largest = next((each for each in readings if each.size and each.size.amount), None)
    if largest is None or largest.size is None:
        sized = next((each for each in readings if each.size and each.size.lines), None)
        if sized is None or sized.size is None:
            return "None of the indicators shows an opportunity against its reference."
        return f"{sized.title}: {sized.size.sentence}"
    return f"{largest.title} is the largest: {largest.size.sentence} That is {largest.size.amount}."
