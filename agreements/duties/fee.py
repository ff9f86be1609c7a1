"""The fixed fee built up from duties. Pure.

Source:
    Fixed fee by hours and rate of each duty, each valued by itself: the valuators' practice in
    DOMAIN 2 (K18); 42 CFR 411.354(d)(1): set in advance, in a way that can be verified.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from comanage.values.money import Money

MINUTES_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class BuiltUp:
    """What duties come to, beside a fixed fee.

    Attributes:
        minutes: of all duties in a year.
        total: the sum of what each comes to, each rounded by itself.
        fixed_fee: as it stands in the terms.
    """

    minutes: int
    total: Money
    fixed_fee: Money

    @property
    def difference(self) -> Money:
        """The fixed fee less what the duties come to; negative where they come to more."""
        return self.fixed_fee - self.total

    @property
    def is_equal(self) -> bool:
        """Whether the fixed fee is what the duties come to."""
        return self.total == self.fixed_fee


def duty_amount(minutes: int, rate: Money) -> Money:
    """Return what a duty comes to in a year, rounded to the cent once, half a cent upward.

    Args:
        minutes: a year.
        rate: for an hour.
    """
    return rate.times(Fraction(minutes, MINUTES_AN_HOUR))


def built_up(duties: Iterable[Mapping[str, Any]], *, fixed_fee: Money) -> BuiltUp:
    """Add up duties as the terms document writes them."""
    listed = list(duties)
    amounts = [duty_amount(each["minutes"], Money.from_dollars(each["rate"])) for each in listed]
    minutes = sum(each["minutes"] for each in listed)
    return BuiltUp(minutes, sum(amounts, Money(0)), fixed_fee)
