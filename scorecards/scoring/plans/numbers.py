"""Exact numbers of a plan: written in it, or taken from the results; and how they are rounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from math import ceil, floor, isqrt
from typing import Literal

HALF = Fraction(1, 2)
ZERO, ONE = Fraction(0), Fraction(1)
How = Literal["half_up", "half_even", "half_away", "down", "up"]
Improvement = Literal["increase", "decrease"]


class ResultsError(ValueError):
    """Results that the plan cannot score: one sentence about one organisation's figure."""


@dataclass(frozen=True, slots=True)
class Input:
    """A number that comes with the results, by its name."""

    name: str


Number = Fraction | Input
Inputs = Mapping[str, Fraction]


def known(number: Number, inputs: Inputs) -> Fraction:
    """Return the number, looked up where it is an input.

    Raises:
        ResultsError: the results do not give it.
    """
    if isinstance(number, Fraction):
        return number
    value = inputs.get(number.name)
    if value is None:
        raise ResultsError(f"The plan needs “{number.name}”, and it is empty. Give it.")
    return value


@dataclass(frozen=True, slots=True)
class Rounding:
    """Where the terms round, and how.

    Attributes:
        to: the unit that is kept, above zero: 1, 0.01, 0.5.
        how: `half_up` toward more, also below zero; `half_even`; `half_away` from zero;
            `down` and `up` without regard to halves.
    """

    to: Fraction
    how: How = "half_up"

    def of(self, value: Fraction) -> Fraction:
        """Round a value."""
        units = value / self.to
        if units.denominator == 1:
            return value
        match self.how:
            case "half_up":
                whole = floor(units + HALF)
            case "half_even":
                whole = round(units)
            case "half_away":
                whole = floor(abs(units) + HALF) * (1 if units > 0 else -1)
            case "down":
                whole = floor(units)
            case "up":
                whole = ceil(units)
        return whole * self.to

    def __str__(self) -> str:
        """Say it in words."""
        words = {
            "half_up": "halves upward",
            "half_even": "halves to the even neighbor",
            "half_away": "halves away from zero",
            "down": "always down",
            "up": "always up",
        }
        return (
            f"to the nearest {self.to}, {words[self.how]}"
            if self.how.startswith("half")
            else f"to multiples of {self.to}, {words[self.how]}"
        )


CENTS = Rounding(Fraction(1, 100))
FINE = Rounding(Fraction(1, 10**15))
"""How a figure that no fraction holds is rounded, where the plan does not say."""
_DIGITS = 60
_FARTHEST = 10_000
_CONTEXT = Context(prec=_DIGITS)


def square_root(value: Fraction, rounding: Rounding | None) -> Fraction:
    """Find a root, rounded as the plan says, else to fifteen decimals."""
    above, below = isqrt(value.numerator), isqrt(value.denominator)
    if above**2 == value.numerator and below**2 == value.denominator:
        return rounded(Fraction(above, below), rounding)
    scale = 10**_DIGITS
    return (rounding or FINE).of(Fraction(isqrt(floor(value * scale**2)), scale))


def logistic(exponent: Fraction, rounding: Rounding) -> Fraction:
    """Find 1 / (1 + e ** -exponent), rounded; sixty digits are found before."""
    if abs(exponent) > _FARTHEST:
        return rounding.of(ONE if exponent > 0 else ZERO)
    power = _CONTEXT.divide(Decimal(-exponent.numerator), Decimal(exponent.denominator))
    found = _CONTEXT.divide(Decimal(1), _CONTEXT.add(Decimal(1), _CONTEXT.exp(power)))
    return rounding.of(Fraction(found))


def rounded(value: Fraction, rounding: Rounding | None) -> Fraction:
    """Round a value where there is a rule."""
    return rounding.of(value) if rounding else value


def between(value: Fraction, least: Fraction | None, most: Fraction | None) -> Fraction:
    """Keep a value inside its bounds."""
    if least is not None and value < least:
        return least
    if most is not None and value > most:
        return most
    return value


def is_better(improvement: Improvement, value: Fraction, than: Fraction) -> bool:
    """Say whether a value is strictly better than another."""
    return value > than if improvement == "increase" else value < than
