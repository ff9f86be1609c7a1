"""Cases counted by where they stand. Tallies add up: months to a year, slices to a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from comanage.values.rounding import exact_text, fraction_from_text


class TallyError(ValueError):
    """Counts that cannot come from placing each case once."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of cases of one indicator.

    Attributes:
        initial_population: cases the indicator is about.
        denominator: of those, the cases to be judged, exclusions still among them.
        denominator_exclusions: taken out before judging.
        denominator_exceptions: not met, for an accepted reason.
        numerator: judged and met; 0 for a mean.
        not_met: judged and not met; 0 for a mean.
        missing: cases for which a criterion asked on the way, or the observed value,
            could not be known. They may stand anywhere, also outside the population.
        observation_sum: for a mean, the exact sum of the observed values.
        observations: for a mean, how many values were observed.
    """

    initial_population: int = 0
    denominator: int = 0
    denominator_exclusions: int = 0
    denominator_exceptions: int = 0
    numerator: int = 0
    not_met: int = 0
    missing: int = 0
    observation_sum: Fraction = Fraction(0)
    observations: int = 0

    def __post_init__(self) -> None:
        """Refuse counts that do not fit into each other."""
        counts = [getattr(self, name) for name in COUNTS]
        if any(type(count) is not int or count < 0 for count in counts):
            raise TallyError("Counts are whole numbers, zero or more.")
        if not isinstance(self.observation_sum, Fraction):
            raise TallyError("The observation sum is an exact fraction.")
        judged = self.numerator + self.not_met + self.observations
        if self.denominator > self.initial_population or judged > self.eligible:
            raise TallyError(
                f"{judged} judged of {self.eligible} eligible cases, {self.denominator} in the "
                f"denominator, {self.initial_population} in the initial population: the counts "
                f"do not fit into each other."
            )

    @property
    def eligible(self) -> int:
        """Denominator less exclusions and exceptions: the cases the rate is about."""
        return self.denominator - self.denominator_exclusions - self.denominator_exceptions

    def __add__(self, other: Tally) -> Tally:
        """Add the counts of other cases."""
        if not isinstance(other, Tally):
            return NotImplemented
        return Tally(
            **{
                known.name: getattr(self, known.name) + getattr(other, known.name)
                for known in fields(self)
            }
        )

    def to_document(self) -> dict[str, int | str]:
        """Write whole numbers, and the sum as exact text."""
        counts = {name: getattr(self, name) for name in COUNTS}
        return {**counts, "observation_sum": exact_text(self.observation_sum)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Tally:
        """Read what `to_document` wrote.

        Raises:
            TallyError: a count is missing or is not a count.
        """
        expected = {*COUNTS, "observation_sum"}
        if set(document) != expected:
            odd = ", ".join(sorted(set(document) ^ expected))
            raise TallyError(f"The fields of a tally do not match: {odd}.")
        try:
            exact = fraction_from_text(str(document["observation_sum"]))
        except ValueError as wrong:
            raise TallyError(f"observation_sum: {wrong}") from wrong
        return cls(**{**document, "observation_sum": exact})


COUNTS = tuple(known.name for known in fields(Tally) if known.name != "observation_sum")
