"""One point of a control chart, and what chance alone allows around it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt

SIGMAS = 3  # between the center and a control limit
NEAR_SIGMAS = 2  # beyond so many a point lies near a limit

Bounds = tuple[Fraction | None, Fraction | None]
UNBOUNDED: Bounds = (None, None)


class Side(StrEnum):
    """Above or below the center; of a trend, rising or falling."""

    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One period's value with the center and the spread of its stretch of the chart.

    Comparisons are exact: a distance is squared and compared with the squared spread, so no
    square root is taken and a point on a limit is never outside it by a rounding.

    Attributes:
        value: the period's rate, count or number.
        center: mean of the stretch of points that share limits.
        variance: one sigma, squared, of this point.
        stretch: which stretch of the chart, from 0; it rises where limits were rebased.
        bounds: least and greatest value that can occur; limits are drawn no further.
    """

    value: Fraction
    center: Fraction
    variance: Fraction
    stretch: int = 0
    bounds: Bounds = UNBOUNDED

    @property
    def lower(self) -> float:
        """The lower limit, for drawing."""
        limit = float(self.center) - SIGMAS * sqrt(self.variance)
        return limit if self.bounds[0] is None else max(limit, float(self.bounds[0]))

    @property
    def upper(self) -> float:
        """The upper limit, for drawing."""
        limit = float(self.center) + SIGMAS * sqrt(self.variance)
        return limit if self.bounds[1] is None else min(limit, float(self.bounds[1]))

    @property
    def side(self) -> Side | None:
        """Above or below the center; None for a point on it."""
        if self.value == self.center:
            return None
        return Side.HIGH if self.value > self.center else Side.LOW

    def is_beyond(self, sigmas: int) -> bool:
        """Say whether the value lies more than so many sigmas from the center."""
        return (self.value - self.center) ** 2 > sigmas**2 * self.variance

    @property
    def is_outside(self) -> bool:
        """Say whether the value lies outside the control limits."""
        return self.is_beyond(SIGMAS)

    def side_of_goal(self, goal: Fraction) -> Side | None:
        """Say whether a goal lies above both limits, below both, or between them (None).

        A goal on a limit is between them.
        """
        as_point = ControlPoint(goal, self.center, self.variance)
        return as_point.side if as_point.is_outside else None
