"""What a plan does to figures after they are found: gates, multipliers, caps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scorecards.scoring.plans.follows import Factor, Reading
from scorecards.scoring.plans.numbers import Number, Rounding


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets a figure through where another one is good enough.

    Attributes:
        compare: `at_least`, `at_most`, `above` or `below` the limit.
        closed: what the figure is multiplied by where it is not.
        open_if_missing: whether a figure that is not scored opens the gate.
    """

    reads: Reading
    compare: Literal["at_least", "at_most", "above", "below"]
    limit: Number
    closed: Number
    open_if_missing: bool


@dataclass(frozen=True, slots=True)
class Multiplier:
    """Multiplies a figure."""

    factor: Factor


@dataclass(frozen=True, slots=True)
class Becomes:
    """Puts another figure in its place: 1 less a reduction, or what a curve makes of it."""

    factor: Factor


@dataclass(frozen=True, slots=True)
class Cap:
    """Keeps a figure from passing its bounds."""

    least: Number | None
    most: Number | None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is done to figures after they are found, in the order of the plan.

    Attributes:
        level: `indicators`, `domains`, `total` or `pay`.
        names: slugs; empty for the total.
        only: `paid` or `owed`: pay of the other sign is left as it is; empty for both.
    """

    name: str
    level: Literal["indicators", "domains", "total", "pay"]
    names: tuple[str, ...]
    deed: Gate | Multiplier | Cap | Rounding | Becomes
    only: Literal["", "paid", "owed"] = ""
