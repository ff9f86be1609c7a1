"""Columns of exact numbers: whole numbers with so many decimals, and no overflow.

Sixty-four bits while the values fit, Python's own whole numbers beyond. Dates are numbers
of days and flags are 0 and 1, so that one comparison serves them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Numbers:
    """One number for each case, or an array of one that stands for all of them.

    Attributes:
        scaled: the numbers times ten to the power of `places`; 0 where missing.
        places: decimals.
        missing: where there is no number.
    """

    scaled: npt.NDArray[Any]
    places: int
    missing: Bools

    def calculated(self, sign: str, other: Numbers) -> Numbers:
        """Add, subtract or multiply; missing where either is missing."""
        missing = self.missing | other.missing
        if sign == "*":
            first, second = _roomy(self.scaled, other.scaled, peak(self) * peak(other))
            return Numbers(_known(first * second, missing), self.places + other.places, missing)
        left, right, places = aligned(self, other)
        first, second = _roomy(left, right, _peak(left) + _peak(right))
        result = first + second if sign == "+" else first - second
        return Numbers(_known(result, missing), places, missing)

    def total(self) -> Fraction:
        """Add up all numbers that are there."""
        values, _ = _roomy(self.scaled, self.scaled, peak(self) * max(self.scaled.size, 1))
        return Fraction(int(values.sum()), 10**self.places)


def aligned(first: Numbers, second: Numbers) -> tuple[npt.NDArray[Any], npt.NDArray[Any], int]:
    """Bring two columns to the same number of decimals."""
    places = max(first.places, second.places)
    return _with_places(first, places), _with_places(second, places), places


def peak(numbers: Numbers) -> int:
    """Return the largest size of any number, scaled."""
    return _peak(numbers.scaled)


def _with_places(numbers: Numbers, places: int) -> npt.NDArray[Any]:
    factor = 10 ** (places - numbers.places)
    if factor == 1:
        return numbers.scaled
    values, _ = _roomy(numbers.scaled, numbers.scaled, peak(numbers) * factor)
    # A factor beyond 64 bits must stay a Python number: with zeros only, the peak is 0.
    roomy = values if factor <= LARGEST else values.astype(object)
    raised: npt.NDArray[Any] = np.multiply(roomy, factor)
    return raised


def _peak(values: npt.NDArray[Any]) -> int:
    return max(int(values.max(initial=0)), -int(values.min(initial=0)))


def _roomy(
    first: npt.NDArray[Any], second: npt.NDArray[Any], largest: int
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Go over to Python's whole numbers when a result could pass 64 bits."""
    if largest <= LARGEST:
        return first, second
    return first.astype(object), second.astype(object)


def _known(values: npt.NDArray[Any], missing: Bools) -> npt.NDArray[Any]:
    """Put 0 where a number is missing, so that sums and peaks leave it out."""
    return np.where(missing, 0, values)
