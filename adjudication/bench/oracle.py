"""What a year of the bench must come to, by rules of its own: nothing of the engine is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

FULL, HALF = Fraction(1), Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One indicator's result as it was drawn.

    Attributes:
        weight: points of 100.
        half_from: the rate from which half is paid; where fewer is better, up to which.
        full_from: and all of it.
        is_more_better: the direction.
    """

    numerator: int
    denominator: int
    weight: int
    half_from: Fraction
    full_from: Fraction
    is_more_better: bool

    @property
    def share(self) -> Fraction:
        """Which part of its dollars the result earns, compared at one place of the percentage."""
        shown = Fraction(int(Fraction(1000 * self.numerator, self.denominator) + HALF), 1000)
        sign = 1 if self.is_more_better else -1
        if sign * shown >= sign * self.full_from:
            return FULL
        return HALF if sign * shown >= sign * self.half_from else Fraction(0)


def cents_of(year: Sequence[Drawn], *, fixed: int, pool: int) -> int:
    """Add what is owed up, in cents: the pool divided by weight, largest remainder first.

    Args:
        year: the indicators in the order of the terms; each is scored.
        fixed: cents of the fixed fee.
        pool: cents of the incentive pool.
    """
    exact = [Fraction(pool * each.weight, 100) for each in year]
    parts = [int(part) for part in exact]
    by_rest = sorted(range(len(year)), key=lambda place: parts[place] - exact[place])
    for place in by_rest[: pool - sum(parts)]:
        parts[place] += 1
    earned = [int(part * each.share + HALF) for part, each in zip(parts, year, strict=True)]
    return fixed + sum(earned)
