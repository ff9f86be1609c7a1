"""The trail of a calculation: every step with its inputs and its result, if anybody asked."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from comanage.values.money import Money
from comanage.values.rounding import decimal_text, exact_text
from scorecards.scoring.steps import Step

PLACES = 12
SCALE = 10**PLACES
SHOWN_PLACES = 6


def decimal_of(value: Fraction) -> str:
    """Write a value as a decimal: exact where 12 places hold it, else 12 places, halves upward."""
    above, below = value.numerator, value.denominator
    if below == 1:
        return str(above)
    scaled = (2 * above * SCALE + below) // (2 * below)
    whole, rest = divmod(abs(scaled), SCALE)
    decimals = f"{rest:0{PLACES}d}".rstrip("0")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def shown(value: object) -> str:
    """Write a figure for a person: `0.0535`, or `53/660 = 0.080303`."""
    if value is None:
        return "none"
    if not isinstance(value, Fraction):
        return str(value)
    text = decimal_of(value)
    if Fraction(text) == value:
        return text
    return f"{exact_text(value)} = {decimal_text(value, SHOWN_PLACES)}"


def dollars(amount: Fraction) -> Money:
    """Round dollars to the cent, half a cent upward."""
    return Money(100).times(amount)


class Trail:
    """Takes steps down in their order, or lets them go.

    Attributes:
        about: the slug of the indicator that is being scored; empty for all together.
        steps: each with what it was about.
    """

    def __init__(self, *, is_kept: bool) -> None:
        """Begin."""
        self.is_kept, self.about = is_kept, ""
        self.steps: list[tuple[str, Step]] = []

    def add(
        self, label: str, rule: str, inputs: Sequence[tuple[str, object]], output: object
    ) -> None:
        """Take a step down."""
        if self.is_kept:
            pairs = tuple((name, shown(value)) for name, value in inputs)
            self.steps.append((self.about, Step(label, rule, pairs, shown(output))))
