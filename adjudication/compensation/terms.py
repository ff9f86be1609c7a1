"""The pay terms of a measurement year, and the opinion of value that caps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from comanage.values.money import Money
from comanage.values.period import Period


class CompensationError(ValueError):
    """Pay that the terms or the opinion do not allow."""


@dataclass(frozen=True, slots=True)
class OpinionCaps:
    """The most that a fair-market-value opinion supports for the whole period.

    Attributes:
        fixed: for the fixed fee.
        incentive: for the incentive.
        total: for all parts together.
        valid: the days on which the opinion is in force.
        further: for each further part that the opinion speaks of, such as `hourly`.
    """

    fixed: Money
    incentive: Money
    total: Money
    valid: Period
    further: Mapping[str, Money] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse negative caps."""
        _refuse_negative(self.fixed, self.incentive, self.total, *self.further.values())


@dataclass(frozen=True, slots=True)
class PayTerms:
    """What was agreed to be paid.

    Attributes:
        period: the measurement period that is settled.
        fixed_fee: for the whole period.
        incentive_pool: for a full score.
        opinion: caps what is paid.
    """

    period: Period
    fixed_fee: Money
    incentive_pool: Money
    opinion: OpinionCaps

    def __post_init__(self) -> None:
        """Refuse negative amounts."""
        _refuse_negative(self.fixed_fee, self.incentive_pool)


def _refuse_negative(*amounts: Money) -> None:
    for amount in amounts:
        if amount < Money(0):
            raise CompensationError(f"{amount} is negative. Agreed amounts and caps are not.")
