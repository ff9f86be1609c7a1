"""Numbers in SQL without a division, so that no database rounds before it compares.

A number is an expression times an exact factor: a duration in minutes is its seconds times
1/60. To compare two numbers, both are multiplied until the factors are gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class SqlNumber:
    """An expression times a factor.

    Attributes:
        text: the expression; whole numbers and decimals only, never rounded.
        factor: what its value is multiplied by.
        constant: the value of the expression, when it is the same for every case.
        may_overflow: the expression is of a type with little room, such as `integer`.
    """

    text: str
    factor: Fraction = ONE
    constant: Fraction | None = None
    may_overflow: bool = False

    def with_room(self, whole: str) -> SqlNumber:
        """Write the expression in a type in which a calculation does not overflow."""
        if not self.may_overflow:
            return self
        return replace(self, text=f"CAST({self.text} AS {whole})", may_overflow=False)

    def times(self, factor: Fraction) -> SqlNumber:
        """Multiply the value, not the expression."""
        return replace(self, factor=self.factor * factor)


def constant(value: Fraction) -> SqlNumber:
    """Write a constant: in digits when it has an end, or else as a share of a whole number."""
    digits = _digits(value)
    if digits is not None:
        return SqlNumber(digits, constant=value)
    whole = Fraction(value.numerator)
    return SqlNumber(str(value.numerator), Fraction(1, value.denominator), whole)


def calculated(sign: str, first: SqlNumber, second: SqlNumber, whole: str) -> SqlNumber:
    """Add, subtract or multiply.

    Args:
        sign: `+`, `-` or `*`.
        first: on the left.
        second: on the right.
        whole: the type of whole numbers with room.
    """
    if first.constant is not None and second.constant is not None:
        left, right = first.constant * first.factor, second.constant * second.factor
        return constant({"+": left + right, "-": left - right, "*": left * right}[sign])
    if sign == "*" and first.constant == 1:
        return second.times(first.factor)
    first, second = first.with_room(whole), second.with_room(whole)
    if sign == "*":
        return SqlNumber(f"({first.text} * {second.text})", first.factor * second.factor)
    shared = _shared_factor((first, second))
    left_text, right_text = (_over(number, shared, whole) for number in (first, second))
    return SqlNumber(f"({left_text} {sign} {right_text})", shared)


def aligned(numbers: Sequence[SqlNumber], whole: str) -> list[str]:
    """Write numbers so that they compare as their values do: all multiplied alike.

    Args:
        numbers: in any order.
        whole: the type of whole numbers with room.
    """
    shared = _shared_factor(numbers)
    return [_over(number, shared, whole) for number in numbers]


def _shared_factor(numbers: Sequence[SqlNumber]) -> Fraction:
    """Find a factor above 0 of which every number's factor is a whole multiple."""
    return Fraction(1, lcm(*(number.factor.denominator for number in numbers)))


def _over(number: SqlNumber, shared: Fraction, whole: str) -> str:
    multiple = int(number.factor / shared)
    if number.constant is not None:
        return constant(number.constant * multiple).text
    return number.text if multiple == 1 else f"({multiple} * {number.with_room(whole).text})"


def _digits(value: Fraction) -> str | None:
    twos_and_fives = value.denominator
    for prime in (2, 5):
        while twos_and_fives % prime == 0:
            twos_and_fives //= prime
    if twos_and_fives != 1:
        return None
    places = _places(value.denominator)
    # By hand: decimals round to 28 digits, and a criterion may have 36.
    digits = str(abs(int(value * 10**places))).rjust(places + 1, "0")
    point = len(digits) - places
    written = f"{digits[:point]}.{digits[point:]}" if places else digits
    return f"-{written}" if value < 0 else written


def _places(denominator: int) -> int:
    places = 0
    while 10**places % denominator:
        places += 1
    return places
