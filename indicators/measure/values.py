"""The values behind a median, kept with how often each occurs, so that they add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from comanage.values.rounding import exact_text, fraction_from_text


@dataclass(frozen=True, slots=True)
class KeptValues:
    """Values in rising order, each with how often it occurs.

    Adding two of them is the multiset union: any split of the cases gives the same.
    """

    counted: tuple[tuple[Fraction, int], ...] = ()

    @classmethod
    def of(cls, values: Iterable[Fraction]) -> KeptValues:
        """Keep these values."""
        return cls(tuple(sorted(Counter(values).items())))

    def __bool__(self) -> bool:
        """Whether there is any value."""
        return bool(self.counted)

    def __len__(self) -> int:
        """How many values there are."""
        return sum(times for _, times in self.counted)

    def __add__(self, other: KeptValues) -> KeptValues:
        """Keep the values of both."""
        if not (self.counted and other.counted):
            return self if self.counted else other
        both = Counter(dict(self.counted))
        both.update(dict(other.counted))
        return KeptValues(tuple(sorted(both.items())))

    def percentile(self, share: Fraction, method: str) -> Fraction:
        """Return the value below which so large a share of the values lies.

        Args:
            share: between 0 and 1; 1/2 is the median.
            method: `linear` interpolates between neighbors: with n values in rising order
                the place is 1 + share * (n - 1) (Hyndman and Fan 1996, definition 7; SQL
                `percentile_cont`). `nearest_rank` takes the value at place
                ceil(share * n) (definition 1; SQL `percentile_disc`).

        Raises:
            ValueError: there is no value.
        """
        total = len(self)
        if total == 0:
            raise ValueError("There is no percentile of no values.")
        if method == "nearest_rank":
            return self._at(max(ceil(share * total), 1))
        place = 1 + share * (total - 1)
        low = floor(place)
        rest = place - low
        first = self._at(low)
        return first + rest * (self._at(low + 1) - first) if rest else first

    def _at(self, place: int) -> Fraction:
        for value, upto in self._cumulated():
            if place <= upto:
                return value
        raise AssertionError(place)

    def _cumulated(self) -> Iterator[tuple[Fraction, int]]:
        upto = 0
        for value, times in self.counted:
            upto += times
            yield value, upto

    def to_document(self) -> list[list[str | int]]:
        """Write pairs of a value, as exact text, and how often it occurs."""
        return [[exact_text(value), times] for value, times in self.counted]

    @classmethod
    def from_document(cls, document: Sequence[Sequence[str | int]]) -> KeptValues:
        """Read what `to_document` wrote.

        Raises:
            ValueError: not pairs of a number and a count above zero.
        """
        pairs = []
        for pair in document:
            if len(pair) != 2 or type(pair[1]) is not int or pair[1] < 1:
                raise ValueError("Kept values are pairs of a number and a count.")
            pairs.append((fraction_from_text(str(pair[0])), pair[1]))
        return cls(tuple(sorted(pairs)))


NO_VALUES = KeptValues()
