"""How large an opportunity is: what would change if the worse units came to a reference. Pure.

Every quantity is an exact fraction; dollars are rounded once, at the end. What chance alone would
make of units that all were at the reference is computed beside it in binary floats: it is printed
as a warning and decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import exp, floor, lgamma, log

from comanage.values.money import Money
from indicators.measure.definition import Definition
from indicators.measure.rate import exact_parts, judged_cases
from indicators.measure.tally import Tally
from scorecards.cards.certainty import counts_events, interval_of_tally

SIZED = ("proportion", "ratio", "observed_over_expected", "mean")
BEST_SHARE = Fraction(1, 10)
DOLLARS = ("us dollars", "usd", "dollars")
DAYS = ("days",)


class ReferenceKind(StrEnum):
    """What the units are held against."""

    BEST = "best"
    AVERAGE = "average"
    BENCHMARK = "benchmark"
    PEER = "peer"


@dataclass(frozen=True, slots=True)
class Unit:
    """One physician, ward or site with its counts."""

    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class UnitGap:
    """One unit that is worse than the reference.

    Attributes:
        above, below: the parts of its result.
        at_reference: what the upper part would be at the reference.
        quantity: the distance between the two; positive.
        is_clear: the whole 95 % interval of its result is worse than the reference.
    """

    name: str
    above: Fraction
    below: Fraction
    at_reference: Fraction
    quantity: Fraction
    is_clear: bool


@dataclass(frozen=True, slots=True)
class Sizing:
    """The opportunity.

    Attributes:
        gaps: the units that are worse, in the order given.
        quantity: all of them together.
        clear: those together whose interval is wholly worse.
        chance: what chance alone would make, were every unit at the reference; None where chance
            is not known from counts.
        units: how many units were judged.
    """

    gaps: tuple[UnitGap, ...]
    quantity: Fraction
    clear: Fraction
    chance: float | None
    units: int


@dataclass(frozen=True, slots=True)
class NotSized:
    """There is no size, and why, in a sentence."""

    reason: str


def judged_units(
    definition: Definition, units: Sequence[Unit], minimum_cases: int
) -> tuple[Unit, ...]:
    """Keep the units with cases enough to be judged, and something to divide by."""
    return tuple(
        unit
        for unit in units
        if judged_cases(unit.tally, definition) >= minimum_cases
        and exact_parts(unit.tally, definition)[1] > 0
    )


def best_reference(definition: Definition, units: Sequence[Unit]) -> Fraction:
    """Return what the best units reach that together have a tenth of all cases.

    Proportions are put in order with one met and one not met case added to each unit, so that a
    small unit with a lucky run does not come first.

    Args:
        definition: of the indicator.
        units: judged ones; at least one.

    Source:
        C. I. Kiefe and others, Identifying achievable benchmarks of care: concepts and
        methodology, International Journal for Quality in Health Care 10 (1998) 443-447: pared
        mean of the best tenth, ordered by the adjusted performance fraction.
    """
    parts = [exact_parts(unit.tally, definition) for unit in units]
    is_more_better = definition.improvement == "increase"

    def place(part: tuple[Fraction, Fraction]) -> Fraction:
        above, below = part
        if definition.scoring == "proportion":
            above, below = above + 1, below + 2
        return -above / below if is_more_better else above / below

    whole = sum((below for _, below in parts), Fraction(0))
    reached, total = Fraction(0), Fraction(0)
    for above, below in sorted(parts, key=place):
        reached, total = reached + above, total + below
        if total >= whole * BEST_SHARE:
            break
    return reached / total


def average_reference(definition: Definition, units: Sequence[Unit]) -> Fraction:
    """Return what all judged units reach together."""
    parts = [exact_parts(unit.tally, definition) for unit in units]
    return sum(above for above, _ in parts) / sum((below for _, below in parts), Fraction(0))


def size(definition: Definition, units: Sequence[Unit], reference: Fraction) -> Sizing | NotSized:
    """Add up what the units that are worse than a reference are away from it.

    Args:
        definition: of the indicator.
        units: judged ones.
        reference: in the unit of the rate.
    """
    refusal = why_not_sized(definition, units)
    if refusal is not None:
        return refusal
    gaps = [gap for unit in units if (gap := _gap(definition, unit, reference)) is not None]
    return Sizing(
        gaps=tuple(gaps),
        quantity=sum((gap.quantity for gap in gaps), Fraction(0)),
        clear=sum((gap.quantity for gap in gaps if gap.is_clear), Fraction(0)),
        chance=_chance(definition, units, reference),
        units=len(units),
    )


def why_not_sized(definition: Definition, units: Sequence[Unit]) -> NotSized | None:
    """Say why an indicator has no size on these units; None when it has."""
    if definition.scoring not in SIZED:
        noun = definition.scoring.replace("_", " ")
        return NotSized(
            f"A {noun} has no parts that could be moved from unit to unit, so it is not sized."
        )
    if not units:
        return NotSized(
            "No unit has cases enough to be judged. Take more days, or a lower minimum."
        )
    return None


def in_dollars(quantity: Fraction, definition: Definition, cost: Money | None) -> Money | None:
    """Return the dollars of a quantity, half a cent upward; None without a cost.

    Args:
        quantity: events, days or dollars.
        definition: one in dollars needs no cost.
        cost: of one event or one day.
    """
    if is_in_dollars(definition):
        return Money(100).times(quantity)
    return None if cost is None else cost.times(quantity)


def in_days(
    quantity: Fraction, definition: Definition, days_per_event: Fraction | None
) -> Fraction | None:
    """Return the days of a quantity, exactly; None when it is not known how many there are."""
    if definition.scoring == "mean" and definition.unit.lower() in DAYS:
        return quantity
    return None if days_per_event is None else quantity * days_per_event


def is_in_dollars(definition: Definition) -> bool:
    """Say whether the quantity is in dollars already."""
    return definition.scoring == "mean" and definition.unit.lower() in DOLLARS


def _gap(definition: Definition, unit: Unit, reference: Fraction) -> UnitGap | None:
    above, below = exact_parts(unit.tally, definition)
    at_reference = reference * below
    is_more_better = definition.improvement == "increase"
    quantity = at_reference - above if is_more_better else above - at_reference
    if quantity <= 0:
        return None
    interval = interval_of_tally(definition, unit.tally)
    is_clear = False
    if interval is not None:
        low, high = interval
        is_clear = high < reference if is_more_better else low > reference
    return UnitGap(unit.name, above, below, at_reference, quantity, is_clear)


def _chance(definition: Definition, units: Sequence[Unit], reference: Fraction) -> float | None:
    """Return how much distance chance makes on the worse side, were all at the reference."""
    if not counts_events(definition):
        return None
    parts = [exact_parts(unit.tally, definition) for unit in units]
    if definition.scoring == "proportion":
        if not 0 <= reference <= 1 or any(below.denominator != 1 for _, below in parts):
            return None
        return sum(binomial_excess(int(below), float(reference)) for _, below in parts)
    return sum(poisson_excess(float(reference * below)) for _, below in parts)


def binomial_excess(cases: int, chance: float) -> float:
    """Return the mean of how far a binomial count lies above its mean, counting below as zero.

    Source:
        De Moivre's formula of the mean absolute deviation, halved; P. Diaconis and S. Zabell,
        Closed form summation for classical distributions, Statistical Science 6 (1991) 284-302.
    """
    if cases == 0 or not 0 < chance < 1:
        return 0.0
    most = floor(cases * chance) + 1
    ways = lgamma(cases + 1) - lgamma(most + 1) - lgamma(cases - most + 1)
    return most * exp(ways + most * log(chance) + (cases - most + 1) * log(1 - chance))


def poisson_excess(mean: float) -> float:
    """Return the mean of how far a Poisson count lies above its mean, counting below as zero.

    Source:
        As for `binomial_excess`, in its limit of many cases.
    """
    if mean <= 0:
        return 0.0
    most = floor(mean)
    return exp((most + 1) * log(mean) - mean - lgamma(most + 1))
