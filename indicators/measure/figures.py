"""Results as people print and type them: in the indicator's unit, with the decimals agreed on."""

from __future__ import annotations

from fractions import Fraction

from comanage.values.rounding import decimal_text, exact_text
from indicators.measure.definition import Definition
from indicators.measure.scoring import PERCENT

MOST_PLACES = 8


def unit_text(definition: Definition) -> str:
    """Name the unit behind a printed figure: `%`, `days`, `per 1,000 line days`."""
    is_percent = definition.scoring == "proportion" and definition.printed_multiplier == PERCENT
    return "%" if is_percent else definition.unit


def figure(definition: Definition, value: Fraction, places: int) -> str:
    """Print a result with so many decimals, halves upward: `8.0 %`, `3.5 days`."""
    scaled = value * definition.printed_multiplier
    return f"{decimal_text(scaled, places)} {unit_text(definition)}"


def exact_figure(definition: Definition, value: Fraction, places: int) -> str:
    """Print a goal with all its decimals, at least so many: what was signed is not rounded."""
    scaled = value * definition.printed_multiplier
    return f"{trimmed(scaled, places)} {unit_text(definition)}"


def typed_result(definition: Definition, typed: Fraction) -> Fraction:
    """Take a typed figure back to the exact result: 1.2 per 1,000 is 0.0012; 8.5 % is 0.085."""
    return typed if unit_text(definition) == "%" else typed / definition.printed_multiplier


def as_typed(definition: Definition, result: Fraction) -> str:
    """Write an exact result as it is typed: 0.0012 as 1.2 per 1,000, 0.085 as 8.5%."""
    sign = "%" if unit_text(definition) == "%" else ""
    return f"{trimmed(result * definition.printed_multiplier, 0)}{sign}"


def trimmed(value: Fraction, places: int) -> str:
    """Write a decimal with at least so many places and no needless zeros after them."""
    for more in range(places, MOST_PLACES):
        text = decimal_text(value, more)
        if Fraction(text) == value:
            return text
    return decimal_text(value, MOST_PLACES)


def count_text(value: Fraction) -> str:
    """Print a count with thousands apart, a sum with its decimals, or a fraction that has no end.

    `5,200`, `19,240.5`, `53/660`: never rounded.
    """
    text = trimmed(value, 0)
    if Fraction(text) != value:
        return exact_text(value)
    whole, point, decimals = text.partition(".")
    return f"{int(whole):,}{point}{decimals}"


def benchmark_in_words(definition: Definition) -> str:
    """Say what others reach, with its source: `12.6 %, national rate, 2020-07..2023-06 (CMS)`."""
    given = definition.benchmark
    if not given.get("value"):
        return ""
    parts = (f"{given['value']} {given.get('unit', '')}".strip(), given.get("statistic", ""))
    words = ", ".join(part for part in (*parts, given.get("period", "")) if part)
    source = given.get("source", "")
    return f"{words} ({source})" if source else words
