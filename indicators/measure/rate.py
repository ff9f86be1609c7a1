"""From a tally to a rate, or to the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from indicators.measure.definition import Scoring
from indicators.measure.tally import Tally


class NotScoredReason(StrEnum):
    """Why there is no rate."""

    NO_DATA = "no_data"
    NO_ELIGIBLE_CASES = "no_eligible_cases"
    TOO_FEW_CASES = "too_few_cases"


REASON_TEXTS = {
    NotScoredReason.NO_DATA: "No data: no case of the initial population, or no value observed.",
    NotScoredReason.NO_ELIGIBLE_CASES: "No eligible cases: all were excluded or excepted.",
    NotScoredReason.TOO_FEW_CASES: "Fewer eligible cases than the agreed minimum.",
}


@dataclass(frozen=True, slots=True)
class NotScored:
    """There is no rate, which is not a rate of zero."""

    reason: NotScoredReason

    def __str__(self) -> str:
        """Give the reason in words."""
        return REASON_TEXTS[self.reason]


def performance_rate(tally: Tally, *, scoring: Scoring, minimum_cases: int) -> Fraction | NotScored:
    """Divide the numerator by the cases that could have met it, or take the mean.

    Args:
        tally: over one measurement period.
        scoring: `proportion`, or `mean` of the observed values.
        minimum_cases: fewest eligible cases (for a mean, observed values) for a rate,
            from the agreement; zero for no floor.

    Returns:
        The exact rate from 0 to 1, or the exact mean in the indicator's unit, or why there
        is none. Never rounded here: rounding before a comparison is the agreement's
        business (`scorecards.scoring`).

    Source:
        HL7 Quality Measure IG, proportion scoring: numerator / (denominator - denominator
        exclusions - denominator exceptions); continuous-variable scoring for the mean.
    """
    if tally.initial_population == 0:
        return NotScored(NotScoredReason.NO_DATA)
    if tally.eligible == 0:
        return NotScored(NotScoredReason.NO_ELIGIBLE_CASES)
    is_mean = scoring == "mean"
    above = tally.observation_sum if is_mean else Fraction(tally.numerator)
    below = tally.observations if is_mean else tally.eligible
    if below == 0:
        return NotScored(NotScoredReason.NO_DATA)
    if below < minimum_cases:
        return NotScored(NotScoredReason.TOO_FEW_CASES)
    return above / below
