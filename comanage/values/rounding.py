"""Exact fractions in and out of text, and the one rounding rule: halves upward."""

from __future__ import annotations

import re
from fractions import Fraction
from math import floor

HALF = Fraction(1, 2)
LONGEST_NUMBER = 200
_DECIMAL = re.compile(r"(?P<number>-?[0-9]+(?:\.[0-9]+)?)(?P<percent> ?%)?")
_FRACTION = re.compile(r"(?P<above>-?[0-9]+)/(?P<below>[0-9]+)")


class NumberTextError(ValueError):
    """Text that is not a number in one of the forms we read."""


def round_half_up(value: Fraction, places: int) -> Fraction:
    """Keep so many decimals, halves upward (toward more, also below zero).

    Args:
        value: any exact value.
        places: decimals to keep, zero or more.
    """
    if places < 0:
        raise ValueError(f"Cannot keep {places} decimals.")
    scale = 10**places
    return Fraction(floor(value * scale + HALF), scale)


def decimal_text(value: Fraction, places: int) -> str:
    """Write a value with exactly so many decimals, halves upward: `8.0`."""
    scale = 10**places
    scaled = int(round_half_up(value, places) * scale)
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(scaled), scale)
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


def exact_text(value: Fraction) -> str:
    """Write a value without any rounding: `53/660`; a whole number as `5`."""
    return str(value)


def fraction_from_text(text: str) -> Fraction:
    """Read `0.085`, `8.5%` or `53/660` exactly.

    Raises:
        NumberTextError: anything else, such as `1e3`, `.5` or a division by zero.
    """
    cleaned = text.strip()
    if len(cleaned) > LONGEST_NUMBER:
        raise NumberTextError(f"A number may have {LONGEST_NUMBER} characters at most.")
    if found := _DECIMAL.fullmatch(cleaned):
        number = Fraction(found["number"])
        return number / 100 if found["percent"] else number
    if (found := _FRACTION.fullmatch(cleaned)) and int(found["below"]):
        return Fraction(int(found["above"]), int(found["below"]))
    raise NumberTextError(f"{text!r} is not a number such as 0.085, 8.5% or 53/660.")
