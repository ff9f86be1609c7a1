"""The parts of the pay: pools, exchanges, rates and shares of savings, and their limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scorecards.scoring.plans.follows import Factor, Follows
from scorecards.scoring.plans.numbers import CENTS, ZERO, Number, Rounding


@dataclass(frozen=True, slots=True)
class Pool:
    """Dollars for a full score.

    Attributes:
        by: `indicator`: split by weight to the cent, each part times its share; `domain`:
            the same by domain; `total`: times the share of the total, or as `share` says.
        most: caps of single indicators or domains, in dollars.
    """

    amount: Number
    by: Literal["indicator", "domain", "total"]
    share: Follows | None
    most: tuple[tuple[str, Number], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Withholds a share of payments and pays it back by score: 1 + withheld x (slope x share - 1).

    Attributes:
        share: what it is paid back by; None: the share of the total.

    Source:
        42 CFR 412.162 and 412.165(b): linear exchange function, adjustment factor.
    """

    base: Number
    withheld: Number
    slope: Number
    rounding: Rounding | None
    share: Follows | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of payments: paid, or owed where the plan says so."""

    base: Number
    rate: Factor
    is_owed: bool


@dataclass(frozen=True, slots=True)
class PerCase:
    """Savings by case: what is counted is volume up to that of the base year.

    Attributes:
        base_year: of the benchmark; with `year` it must be the year before: the base resets,
            and savings of earlier years drop out.

    Source:
        OIG Advisory Opinion 17-09.
    """

    benchmark: Number
    actual: Number
    cases: Number
    base_cases: Number | None
    year: Number | None
    base_year: Number | None


@dataclass(frozen=True, slots=True)
class Corridor:
    """A slice of savings or losses, and the share of it that is passed on.

    Attributes:
        above: where it begins, as a share of the benchmark; it ends where the next one begins.
    """

    above: Number
    share: Number


@dataclass(frozen=True, slots=True)
class Losses:
    """What is owed back where more was spent than the benchmark.

    Attributes:
        rate: of the losses; None: one minus the share rate of savings, with corridors all.
        corridors: of the losses, before their rate; none for all of them.
        limit: of what is owed, as a share of the benchmark.
        most_owed: of what is owed, in dollars.
    """

    minimum_rate: Factor
    rate: Factor | None
    least: Number | None
    most: Number | None
    limit: Number | None
    most_owed: Number | None
    corridors: tuple[Corridor, ...] = ()


@dataclass(frozen=True, slots=True)
class Savings:
    """A share of what was saved against a benchmark.

    Attributes:
        spending: benchmark and actual dollars, or both by case.
        discount: share of the benchmark that is taken off first; what is left is the benchmark.
        fee: of an administrator, taken from the savings first.
        minimum_rate: share of the benchmark that must be saved.
        is_beyond: the minimum itself is not enough.
        is_above_minimum: only savings above the minimum are shared.
        corridors: of the savings, before the share rate; none for all of them.
        limit: of what is earned, as a share of the benchmark.
        most: of what is earned over the whole term, in dollars.
        paid_before: of that, already paid.

    Source:
        42 CFR 425.604 to 425.610; OIG Advisory Opinion 17-09.
    """

    spending: tuple[Number, Number] | PerCase
    fee: Number
    minimum_rate: Factor
    is_beyond: bool
    is_above_minimum: bool
    share_rate: Factor
    limit: Number | None
    most: Number | None
    paid_before: Number
    losses: Losses | None
    discount: Factor = ZERO
    corridors: tuple[Corridor, ...] = ()


@dataclass(frozen=True, slots=True)
class PayPart:
    """A named part of the pay."""

    name: str
    kind: Pool | Exchange | Rate | Savings
    rounding: Rounding = CENTS


@dataclass(frozen=True, slots=True)
class PayLimit:
    """The most that all parts pay together, and who says so."""

    amount: Number
    source: str
