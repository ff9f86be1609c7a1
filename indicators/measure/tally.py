"""Cases counted by where they stand. Tallies add up: months to a year, slices to a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from comanage.values.rounding import exact_text, fraction_from_text
from indicators.measure.values import NO_VALUES, KeptValues


class TallyError(ValueError):
    """Counts that cannot come from placing each case once."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of cases of one indicator, and the sums of what they add.

    Attributes:
        initial_population: cases the indicator is about.
        denominator: of those, the cases to be judged, exclusions still among them.
        denominator_exclusions: taken out before judging.
        denominator_exceptions: not met, for an accepted reason.
        numerator: judged and met; where cases are observed, those that add to the numerator.
        numerator_exclusions: met on paper, not to be counted; among the not met.
        not_met: judged and not met.
        not_known: of the not met, those whose numerator a missing value leaves open.
        missing: cases for which a criterion asked on the way, or an observed value,
            could not be known. They may stand anywhere, also outside the population.
        observations: cases observed, where a case adds a number.
        numerator_sum: what the observed cases add to the numerator, exact.
        denominator_sum: what they add to the denominator, exact.
        values: the values themselves, for a median or percentile.
    """

    initial_population: int = 0
    denominator: int = 0
    denominator_exclusions: int = 0
    denominator_exceptions: int = 0
    numerator: int = 0
    numerator_exclusions: int = 0
    not_met: int = 0
    not_known: int = 0
    missing: int = 0
    observations: int = 0
    numerator_sum: Fraction = Fraction(0)
    denominator_sum: Fraction = Fraction(0)
    values: KeptValues = NO_VALUES

    def __post_init__(self) -> None:
        """Refuse counts that do not fit into each other."""
        counts = [getattr(self, name) for name in COUNTS]
        if any(type(count) is not int or count < 0 for count in counts):
            raise TallyError("Counts are whole numbers, zero or more.")
        if not all(isinstance(getattr(self, name), Fraction) for name in SUMS):
            raise TallyError("Sums are exact fractions.")
        judged = self.not_met + self.observations
        if not (
            self.initial_population >= self.denominator
            and self.eligible >= judged
            and self.not_met >= self.numerator_exclusions + self.not_known
            and self.initial_population >= self.numerator + self.not_met
        ):
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

    def to_document(self) -> dict[str, Any]:
        """Write whole numbers, sums as exact text, and kept values where there are any."""
        document: dict[str, Any] = {name: getattr(self, name) for name in COUNTS}
        document |= {name: exact_text(getattr(self, name)) for name in SUMS}
        return document | ({"values": self.values.to_document()} if self.values else {})

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Tally:
        """Read what `to_document` wrote.

        Raises:
            TallyError: a count is missing or is not a count.
        """
        expected = {*COUNTS, *SUMS}
        if set(document) - {"values"} != expected:
            odd = ", ".join(sorted((set(document) - {"values"}) ^ expected))
            raise TallyError(f"The fields of a tally do not match: {odd}.")
        try:
            exact = {name: fraction_from_text(str(document[name])) for name in SUMS}
            values = KeptValues.from_document(document.get("values", []))
        except ValueError as wrong:
            raise TallyError(f"A sum or a value is not a number: {wrong}") from wrong
        return cls(**{**{name: document[name] for name in COUNTS}, **exact, "values": values})


SUMS = ("numerator_sum", "denominator_sum")
COUNTS = tuple(known.name for known in fields(Tally) if known.name not in (*SUMS, "values"))
