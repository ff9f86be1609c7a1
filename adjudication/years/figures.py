"""What each indicator of a snapshot comes down to: what another count must give. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from comanage.values.rounding import fraction_from_text
from indicators.measure.definition import Definition
from indicators.measure.figures import count_text
from indicators.measure.rate import exact_parts
from indicators.measure.tally import Tally

_PARTS = {
    "proportion": ("Cases that met", "Cases judged"),
    "mean": ("Sum of the cases", "Cases"),
    "median": ("Median of the cases", "Cases"),
    "percentile": ("Percentile of the cases", "Cases"),
    "observed_over_expected": ("Observed", "Expected"),
    "count": ("Number", ""),
    "milestone": ("Reached, 1 or 0", ""),
    "sum": ("Sum", ""),
}
_WHOLE = ("median", "percentile")


@dataclass(frozen=True, slots=True)
class Figure:
    """The two numbers of an indicator's result.

    Attributes:
        slug: of the indicator.
        title: of the indicator.
        names: of the numbers; the second is empty where there is one alone.
        above: the numerator, or what cannot be taken apart; None where it has no result.
        below: the denominator; None where there is one number alone.
    """

    slug: str
    title: str
    names: tuple[str, str]
    above: Fraction | None
    below: Fraction | None

    @property
    def text(self) -> str:
        """Both numbers as printed, exact: `424 / 5,279`."""
        return figures_text(self.above, self.below)

    def is_matched_by(self, above: Fraction | None, below: Fraction | None) -> bool:
        """Say whether another count found the same, exactly."""
        return (above, below) == (self.above, self.below)


def figures_text(above: Fraction | None, below: Fraction | None) -> str:
    """Print two numbers of which each may be lacking."""
    numbers = ["none" if above is None else count_text(above)]
    return " / ".join([*numbers, *([] if below is None else [count_text(below)])])


def figures_of(document: Mapping[str, Any]) -> dict[str, Figure]:
    """Read the figures of a snapshot, by slug in the order of the terms."""
    return figures_in(document["inputs"]["terms"], document["result"]["scorecard"])


def figures_in(terms: Mapping[str, Any], scorecard: Mapping[str, Any]) -> dict[str, Figure]:
    """Read the figures of a scorecard, by slug in the order of the terms."""
    definitions = {
        agreed["slug"]: Definition.from_document(agreed["definition"])
        for agreed in terms["indicators"]
    }
    return {
        result["slug"]: _figure(definitions[result["slug"]], result)
        for result in scorecard["indicators"]
    }


def names_of(definition: Definition) -> tuple[str, str]:
    """Name the two numbers of a result; the second is empty where there is one alone."""
    return _PARTS.get(definition.scoring, ("Numerator", "Denominator"))


def numbers_of(
    definition: Definition, tally: Tally, rate: Fraction | None
) -> tuple[Fraction | None, Fraction | None]:
    """Return the two numbers of a result, as `Figure` has them."""
    above, below = exact_parts(tally, definition)
    is_whole = definition.scoring in _WHOLE and definition.data != "aggregates"
    return rate if is_whole else above, below if names_of(definition)[1] else None


def _figure(definition: Definition, result: Mapping[str, Any]) -> Figure:
    rate = None if result["rate"] is None else fraction_from_text(result["rate"])
    above, below = numbers_of(definition, Tally.from_document(result["tally"]), rate)
    return Figure(
        slug=result["slug"],
        title=result["title"],
        names=names_of(definition),
        above=above,
        below=below,
    )
