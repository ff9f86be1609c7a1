"""From the counts of a report to the exact rate they make, or to the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from comanage.values.rounding import exact_text
from indicators.exchange import vocabulary as v
from indicators.exchange.counts import ZERO, Counts, number_document
from indicators.exchange.errors import refusal

UNFIT = (
    "More cases are in the numerator than are left of the denominator: the report counts "
    "excluded cases as met, so its rate cannot be told from its counts."
)
NET = (
    "The counts look net of exclusions: nobody is left in the denominator, and yet cases are "
    "excluded or excepted. HL7 counts the denominator before them, so there is no rate here."
)


@dataclass(frozen=True, slots=True)
class Rate:
    """What the counts make: an exact rate from two numbers, or the reason why there is none."""

    above: Fraction | None = None
    below: Fraction | None = None
    value: Fraction | None = None
    not_scored: str = ""
    notes: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Write the two numbers, the exact rate, or the reason."""
        return {
            "performance_numerator": number_document(self.above),
            "performance_denominator": number_document(self.below),
            "rate": None if self.value is None else exact_text(self.value),
            "not_scored": self.not_scored or None,
        }


def rate_of(counts: Counts, scoring: str) -> Rate:
    """Compute the rate of the counts, exactly.

    Args:
        counts: of one group or stratum.
        scoring: HL7's code; empty text when nobody says it, which is read as a proportion.

    Returns:
        The rate, or why there is none: `no_counts`, `no_eligible_cases`, `needs_values` for a
        continuous variable, `not_computed_here` for other scorings, `observations_unassigned`,
        `counts_do_not_fit` when excluded cases were counted as met, or taken out before.

    Raises:
        ExchangeError: counts that no proportion can have.

    Source:
        HL7 Quality Measure IG: (numerator - numerator exclusions) / (denominator - exclusions
        - exceptions) for a proportion; the same without exceptions, or the sum of numerator
        over the sum of denominator observations, for a ratio; the initial population of a
        cohort.
    """
    if scoring == "cohort":
        count = counts.by_code.get(v.INITIAL_POPULATION)
        return Rate(above=count, value=count, not_scored="" if count is not None else "no_counts")
    if scoring == "continuous-variable":
        return Rate(not_scored="needs_values")
    if scoring not in ("", "proportion", "ratio"):
        return Rate(not_scored="not_computed_here")
    if counts.observations and scoring != "proportion":
        return _ratio_of_observations(counts)
    return _quotient(counts, scoring)


def _quotient(counts: Counts, scoring: str) -> Rate:
    both = {v.NUMERATOR, v.DENOMINATOR} <= counts.by_code.keys()
    calculated = counts.by_code.keys() >= v.CALCULATED_CODES
    if not both and not calculated:
        return Rate(not_scored="no_counts")
    above, below = counts.of(v.CALCULATED_NUMERATOR), counts.of(v.CALCULATED_DENOMINATOR)
    notes: tuple[str, ...] = ()
    if both:
        stated = (above, below)
        above = counts.of(v.NUMERATOR) - counts.of(v.NUMERATOR_EXCLUSION)
        below = counts.of(v.DENOMINATOR) - counts.of(v.DENOMINATOR_EXCLUSION)
        below -= counts.of(v.DENOMINATOR_EXCEPTION) if scoring != "ratio" else ZERO
        if calculated and stated != (above, below):
            notes = ("The calculated counts differ from those of the populations.",)
    if both and below < 0 and counts.of(v.DENOMINATOR) == counts.of(v.NUMERATOR) == 0:
        return Rate(not_scored="counts_do_not_fit", notes=(*notes, NET))
    _check_possible(counts, scoring, above, below)
    if above > below and scoring != "ratio":
        return Rate(above, below, not_scored="counts_do_not_fit", notes=(*notes, UNFIT))
    if below == 0:
        return Rate(above, below, not_scored="no_eligible_cases", notes=notes)
    return Rate(above, below, above / below, notes=notes)


def _check_possible(counts: Counts, scoring: str, above: Fraction, below: Fraction) -> None:
    if below < 0:
        raise refusal(
            counts.place,
            f"The exclusions and exceptions are more than the denominator of "
            f"{counts.of(v.DENOMINATOR)}.",
        )
    if above < 0:
        raise refusal(counts.place, "The numerator exclusions are more than the numerator.")
    met, judged = counts.of(v.NUMERATOR), counts.of(v.DENOMINATOR)
    if not v.POPULATION_CODES & counts.by_code.keys():
        met, judged = above, below
    if met > judged and scoring != "ratio":
        said = "" if scoring else " If it is a ratio, the report or its measure must say so."
        raise refusal(
            counts.place,
            f"The numerator of {number_document(met)} is above the denominator of "
            f"{number_document(judged)}, which no proportion can have.{said}",
        )


def _ratio_of_observations(counts: Counts) -> Rate:
    """Divide sums of observations; a side without one counts its cases."""
    observed = dict(counts.observations)
    sides = {v.NUMERATOR, v.DENOMINATOR}
    if not observed.keys() <= sides or len(counts.observations) != len(observed):
        return Rate(not_scored="observations_unassigned")
    if not sides <= observed.keys() | counts.by_code.keys():
        return Rate(not_scored="no_counts")
    above = observed.get(v.NUMERATOR, counts.of(v.NUMERATOR) - counts.of(v.NUMERATOR_EXCLUSION))
    below = observed.get(
        v.DENOMINATOR, counts.of(v.DENOMINATOR) - counts.of(v.DENOMINATOR_EXCLUSION)
    )
    if below == 0:
        return Rate(above, below, not_scored="zero_denominator")
    return Rate(above, below, above / below)
