"""What follows a figure of a plan: the figure, and the factor that is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Literal

from scorecards.scoring.plans.curves import Curve
from scorecards.scoring.plans.numbers import ONE, ZERO, Improvement, Number, Rounding


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure that something follows.

    Attributes:
        kind: `indicator`, `domain`, `total` or `input`.
        name: slug or input; empty for the total.
        part: `value`, `points`, `score` or `share` (of all that could be earned).
    """

    kind: Literal["indicator", "domain", "total", "input"]
    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Several:
    """A figure made of several; those that are not scored are left aside.

    Attributes:
        kind: their `sum` or `mean`, or the `highest` or `lowest` of them.
    """

    kind: Literal["sum", "mean", "highest", "lowest"]
    of: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Logistic:
    """An S-shaped curve from 0 to 1: 1 / (1 + e ** (-steepness x (figure - middle))).

    Attributes:
        rounding: of the curve's value, which no fraction is; to a decimal unit.

    Source:
        42 CFR 413.338: the exchange function of the Skilled Nursing Facility program.
    """

    middle: Number
    steepness: Number
    rounding: Rounding


@dataclass(frozen=True, slots=True)
class Follows:
    """A factor that follows a figure: (figure - start) / unit, on a curve, times, plus, bounded.

    Its numbers may follow figures too: so come a product, a quotient, an excess over another.

    Attributes:
        logistic: the figure goes through this curve first; None where it does not.
        if_missing: what it is where a figure is not scored, or the unit is zero; None: then
            there is none.
    """

    reads: Reading | Several
    curve: Curve | None = None
    improvement: Improvement = "increase"
    times: Factor = ONE
    plus: Factor = ZERO
    least: Factor | None = None
    most: Factor | None = None
    rounding: Rounding | None = None
    if_missing: Factor | None = None
    logistic: Logistic | None = None
    start: Factor = ZERO
    unit: Factor = ONE

    @property
    def is_counted(self) -> bool:
        """Whether the figure is counted from a start, or by a unit, before all else."""
        return self.start != ZERO or self.unit != ONE

    @property
    def factors(self) -> tuple[Factor | None, ...]:
        """Start, unit, times, plus, least and most: each may follow a figure of its own."""
        return (self.start, self.unit, self.times, self.plus, self.least, self.most)


Factor = Number | Follows


def readings_in(thing: object) -> Iterator[Reading]:
    """Name every figure that a part of a plan reads."""
    if isinstance(thing, Reading):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from readings_in(each)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from readings_in(getattr(thing, field.name))
