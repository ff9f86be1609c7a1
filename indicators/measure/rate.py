"""From a tally to a rate, or to the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from indicators.measure.definition import Definition
from indicators.measure.scoring import OBSERVED
from indicators.measure.tally import Tally


class NotScoredReason(StrEnum):
    """Why there is no rate."""

    NO_DATA = "no_data"
    NO_ELIGIBLE_CASES = "no_eligible_cases"
    TOO_FEW_CASES = "too_few_cases"
    ZERO_DENOMINATOR = "zero_denominator"
    NOT_EXECUTABLE = "not_executable"


REASON_TEXTS = {
    NotScoredReason.NO_DATA: "No cases: none is in the initial population, or no value is known.",
    NotScoredReason.NO_ELIGIBLE_CASES: "No eligible cases: all were excluded or excepted.",
    NotScoredReason.TOO_FEW_CASES: "Fewer cases than the agreed minimum.",
    NotScoredReason.ZERO_DENOMINATOR: "The denominator adds up to zero.",
    NotScoredReason.NOT_EXECUTABLE: "The logic of this indicator is not executable here.",
}


@dataclass(frozen=True, slots=True)
class NotScored:
    """There is no rate, which is not a rate of zero."""

    reason: NotScoredReason

    def __str__(self) -> str:
        """Give the reason in words."""
        return REASON_TEXTS[self.reason]


# Their result is how often something happened, which may be never.
_EVENTS = ("count", "milestone")


def performance_rate(
    tally: Tally, definition: Definition, minimum_cases: int = 0
) -> Fraction | NotScored:
    """Score a tally in the way its indicator is scored.

    Args:
        tally: over one measurement period.
        definition: whose cases were counted.
        minimum_cases: fewest judged cases for a rate, from the agreement; zero for no floor.

    Returns:
        The exact result, or why there is none: a proportion from 0 to 1 (never multiplied
        by 100), a mean, median, percentile or sum in the indicator's unit, a ratio, a
        count, 1 or 0 for a milestone reached or not. Never rounded here: rounding before a
        comparison is the agreement's business.

    Source:
        HL7 Quality Measure IG: proportion, ratio and continuous-variable scoring.
    """
    if not definition.is_executable:
        return NotScored(NotScoredReason.NOT_EXECUTABLE)
    if tally.initial_population == 0:
        return NotScored(NotScoredReason.NO_DATA)
    if tally.eligible == 0 and not tally.numerator_sum:
        return NotScored(NotScoredReason.NO_ELIGIBLE_CASES)
    judged = judged_cases(tally, definition)
    if judged == 0 and not tally.numerator_sum and definition.scoring not in _EVENTS:
        return NotScored(NotScoredReason.NO_DATA)
    if judged < minimum_cases:
        return NotScored(NotScoredReason.TOO_FEW_CASES)
    if definition.scoring in ("median", "percentile"):
        return tally.values.percentile(definition.percentile_share, definition.percentile_method)
    above, below = exact_parts(tally, definition)
    return above / below if below else NotScored(NotScoredReason.ZERO_DENOMINATOR)


def judged_cases(tally: Tally, definition: Definition) -> int:
    """Count the cases that a minimum is held against: eligible, or observed."""
    if definition.data == "aggregates":
        return int(tally.denominator_sum)
    return tally.observations if definition.scoring in OBSERVED else tally.eligible


def exact_parts(tally: Tally, definition: Definition) -> tuple[Fraction, Fraction]:
    """Return the exact numerator and denominator whose quotient is the result.

    Of a median or percentile the result cannot be taken apart: 0 and the number of values.
    """
    if definition.data == "aggregates":
        return tally.numerator_sum, tally.denominator_sum
    match definition.scoring:
        case "proportion":
            return Fraction(tally.numerator), Fraction(tally.eligible)
        case "count":
            return Fraction(tally.numerator), Fraction(1)
        case "milestone":
            return Fraction(min(tally.numerator, 1)), Fraction(1)
        case "sum":
            return tally.numerator_sum, Fraction(1)
        case "observed_over_expected" if definition.published_rate is not None:
            return tally.numerator_sum, definition.published_rate * tally.observations
        case "ratio" | "observed_over_expected":
            return tally.numerator_sum, tally.denominator_sum
    return tally.numerator_sum, Fraction(tally.observations)
