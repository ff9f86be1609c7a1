"""The counts of one group or stratum of a report, and the rate that they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from comanage.values.rounding import NumberTextError, exact_text, fraction_from_text
from indicators.exchange import vocabulary as v
from indicators.exchange.concepts import (
    concept_document,
    concept_label,
    extension_text,
    link_of,
    population_code,
)
from indicators.exchange.errors import refusal
from indicators.exchange.reading import Element, extension_value

# HL7's code of each population as our tallies name it.
TALLY_NAMES: Mapping[str, str] = {
    v.INITIAL_POPULATION: "initial_population",
    v.DENOMINATOR: "denominator",
    v.DENOMINATOR_EXCLUSION: "denominator_exclusions",
    v.DENOMINATOR_EXCEPTION: "denominator_exceptions",
    v.NUMERATOR: "numerator",
    v.NUMERATOR_EXCLUSION: "numerator_exclusions",
    v.MEASURE_POPULATION: "measure_population",
    v.MEASURE_POPULATION_EXCLUSION: "measure_population_exclusions",
    v.CALCULATED_NUMERATOR: "calculated_numerator",
    v.CALCULATED_DENOMINATOR: "calculated_denominator",
}
OF_A_RATE = frozenset(
    {
        *(v.DENOMINATOR, v.DENOMINATOR_EXCLUSION, v.DENOMINATOR_EXCEPTION),
        *(v.NUMERATOR, v.NUMERATOR_EXCLUSION, *v.CALCULATED_CODES),
    }
)
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class CountedPopulation:
    """One population of a report with its count; None when the report gives no count."""

    place: str
    id: str
    link_id: str
    code: str
    label: str
    concept: dict[str, Any] | None
    refers_to: str
    count: Fraction | None

    def document(self) -> dict[str, Any]:
        """Write the population as it was sent."""
        return {
            "id": self.id or None,
            "link_id": self.link_id or None,
            "code": self.code or None,
            "coded_as": self.concept,
            "count": number_document(self.count),
        }


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts by population, for one group or stratum.

    Attributes:
        by_code: sums of the populations that HL7 names; absent when the report has none.
        observations: counts of measure observations, with what they were observed in.
    """

    place: str
    by_code: Mapping[str, Fraction] = field(default_factory=dict)
    observations: tuple[tuple[str, Fraction], ...] = ()

    def of(self, code: str) -> Fraction:
        """Return a count, 0 when the report has no such population."""
        return self.by_code.get(code, ZERO)

    def document(self) -> dict[str, Any]:
        """Write the counts under the names of our tallies."""
        named: dict[str, Any] = {
            TALLY_NAMES[code]: number_document(count) for code, count in self.by_code.items()
        }
        if self.observations:
            named["observations"] = [
                {"of": of or None, "count": number_document(count)}
                for of, count in self.observations
            ]
        return named


def number_document(number: Fraction | None) -> int | str | None:
    """Write a count: a whole number as such, another one as exact text (`2.5`, `1/3`)."""
    if number is None:
        return None
    if number.denominator == 1:
        return int(number)
    rest = number.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    if rest > 1:
        return exact_text(number)
    return format((Decimal(number.numerator) / Decimal(number.denominator)).normalize(), "f")


def read_counted(holder: Element) -> list[CountedPopulation]:
    """Read the populations of a group or stratum of a report.

    Raises:
        ExchangeError: a count below zero, or of a population that is not known.
    """
    return [_counted(part) for part in holder.children("population")]


def add_up(place: str, populations: Sequence[CountedPopulation]) -> Counts:
    """Gather the counts by population.

    A population that is there twice, and is no part of a rate, is left out of the counts: it
    stands among the populations alone.

    Raises:
        ExchangeError: one that makes the rate is there twice, so that its count is not known.
    """
    counted = [part for part in populations if part.count is not None and part.code]
    often = Counter(part.code for part in counted)
    for part in counted:
        if often[part.code] > 1 and part.code in OF_A_RATE:
            raise refusal(
                part.place,
                f"There are {often[part.code]} populations of the kind "
                f"{part.code.replace('-', ' ')} in this group, so its count is not known.",
            )
    return Counts(
        place,
        {p.code: p.count or ZERO for p in counted if p.code in TALLY_NAMES and often[p.code] == 1},
        tuple((p.refers_to, p.count or ZERO) for p in counted if p.code == v.MEASURE_OBSERVATION),
    )


def _counted(part: Element) -> CountedPopulation:
    concept = part.child("code")
    count = _count(part)
    if count is not None and not concept_label(concept):
        raise refusal(
            part.path, "This population has a count and no code, so its part is not known."
        )
    return CountedPopulation(
        place=part.path,
        id=part.text("id"),
        link_id=link_of(part),
        code=population_code(concept),
        label=concept_label(concept),
        concept=concept_document(concept),
        refers_to=extension_text(part, v.CRITERIA_REFERENCE_NAMES),
        count=count,
    )


def _count(part: Element) -> Fraction | None:
    exact = _exact_count(part)
    written = part.number("count")
    count = exact if exact is not None else written
    if count is not None and count < 0:
        raise refusal(part.at("count"), f"The count is {number_document(count)}, below zero.")
    return count


def _exact_count(part: Element) -> Fraction | None:
    """Return a count that an extension states because an integer could not."""
    for extension in part.extensions(*v.COUNT_NAMES):
        kind, _ = extension_value(extension)
        if kind == "valueQuantity" and (quantity := extension.child(kind)) is not None:
            return quantity.number("value")
        if kind in ("valueDecimal", "valueInteger"):
            return extension.number(kind)
        if kind == "valueString":
            return _fraction(extension)
    return None


def _fraction(extension: Element) -> Fraction:
    try:
        return fraction_from_text(extension.text("valueString"))
    except NumberTextError as wrong:
        raise refusal(extension.at("valueString"), str(wrong)) from wrong
