"""Columns of exact numbers: whole numbers over one scale, and no overflow.

Few bits while the values fit, sixty-four beyond, Python's own whole numbers beyond those.
Dates are numbers of days, moments are numbers of seconds and flags are 0 and 1, so that one
comparison serves them all; `kind` keeps them apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.measure.criteria.tree import Kind

Bools = npt.NDArray[np.bool_]
LARGEST = 2**63 - 1
# Stands for all cases where no value is missing; known by identity, so that work is saved.
NONE_MISSING: Bools = np.zeros(1, np.bool_)
NONE_MISSING.flags.writeable = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """One number for each case, or an array of one that stands for all of them.

    Attributes:
        scaled: the numbers times `scale` over `step`; 0 where missing.
        scale: a whole number above 0: 100 for cents of a dollar, 60 for minutes kept in
            seconds, 1 for whole numbers.
        missing: where there is no number; NONE_MISSING where nothing is missing.
        kind: what the numbers stand for.
        step: 60 for moments kept in minutes; always 1 for numbers, dates and flags.
        largest: no scaled number is larger in size; None where nobody looked yet.
    """

    scaled: npt.NDArray[Any]
    scale: int
    missing: Bools
    kind: Kind = Kind.NUMBER
    step: int = 1
    largest: int | None = None

    @property
    def peak(self) -> int:
        """A size that no scaled number passes."""
        return _peak(self.scaled) if self.largest is None else self.largest

    def calculated(self, sign: str, other: Numbers) -> Numbers:
        """Add, subtract or multiply; missing where either is missing."""
        missing = either(self.missing, other.missing)
        if sign == "*":
            largest = self.peak * other.peak
            room = max(largest, self.peak, other.peak)  # the product may be all zeros
            first, second = operands(_roomy(self.scaled, room), _roomy(other.scaled, room))
            scale = self.scale * other.scale
            return Numbers(_known(first * second, missing), scale, missing, largest=largest)
        one, another = aligned(self, other)
        largest = one.peak + another.peak
        first, second = operands(_roomy(one.scaled, largest), _roomy(another.scaled, largest))
        result = _known(first + second if sign == "+" else first - second, missing)
        return Numbers(result, one.scale, missing, step=one.step, largest=largest)

    def divided_by(self, number: Fraction) -> Numbers:
        """Divide every number by one that is not zero, without rounding."""
        share = Fraction(self.step, self.scale) / number
        multiplied = _times(self, share.numerator)
        return replace(multiplied, scale=share.denominator, step=1, kind=Kind.NUMBER)

    def total(self) -> Fraction:
        """Add up all numbers that are there."""
        values = _roomy(self.scaled, self.peak * max(self.scaled.size, 1))
        return Fraction(int(values.sum()) * self.step, self.scale)


def one_number(number: Fraction, kind: Kind = Kind.NUMBER) -> Numbers:
    """Return a number that stands for all cases."""
    step = 60 if kind is Kind.MOMENT and number.numerator % 60 == 0 else 1
    scaled = number.numerator // step
    fits = abs(scaled) <= LARGEST
    array = np.array([scaled], np.int64 if fits else np.object_)
    return Numbers(array, number.denominator, NONE_MISSING, kind, step, abs(scaled))


def either(first: Bools, second: Bools) -> Bools:
    """Say where one of two is missing."""
    if first is NONE_MISSING:
        return second
    return first if second is NONE_MISSING or second is first else first | second


def aligned(first: Numbers, second: Numbers) -> tuple[Numbers, Numbers]:
    """Bring two columns to one scale and step."""
    if (first.scale, first.step) == (second.scale, second.step):
        return first, second
    scale = lcm(first.scale, second.scale)
    factors = [part.step * (scale // part.scale) for part in (first, second)]
    step = gcd(*factors)
    one, other = (
        replace(_times(part, factor // step), scale=scale, step=step)
        for part, factor in zip((first, second), factors, strict=True)
    )
    return one, other


def operands(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> tuple[Any, Any]:
    """Take a number that stands for all cases out of its array: it fits every width of numbers."""
    if second.size == 1 and first.size != 1:
        return first, second.item()
    if first.size == 1 and second.size != 1:
        return first.item(), second
    return first, second


def _times(numbers: Numbers, factor: int) -> Numbers:
    if factor == 1:
        return numbers
    largest = numbers.peak * abs(factor)
    roomy = _roomy(numbers.scaled, max(largest, abs(factor)))  # the numbers may be all zeros
    return replace(numbers, scaled=np.multiply(roomy, factor), largest=largest)


def _peak(values: npt.NDArray[Any]) -> int:
    return max(int(values.max(initial=0)), -int(values.min(initial=0)))


def _roomy(values: npt.NDArray[Any], largest: int) -> npt.NDArray[Any]:
    """Go over to 64 bits, or to Python's whole numbers, when a result could pass the width."""
    if values.dtype == object or largest <= _room(values.dtype):
        return values
    return values.astype(np.int64 if largest <= LARGEST else object)


def _room(kind: np.dtype[Any]) -> int:
    # Flags and unsigned numbers have no room for a difference.
    return int(np.iinfo(kind).max) if kind.kind == "i" else -1


def _known(values: npt.NDArray[Any], missing: Bools) -> npt.NDArray[Any]:
    """Put 0 where a number is missing, so that sums and peaks leave it out."""
    if missing is NONE_MISSING:
        return values
    if values.dtype == object:
        return np.where(missing, 0, values)
    known: npt.NDArray[Any] = np.multiply(values, ~missing, dtype=values.dtype)
    return known
