"""US dollars in whole cents, and the division of a pool into parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

CENTS_IN_A_DOLLAR = 100
CENTS_DIGITS = 2
HALF_A_CENT = Fraction(1, 2)
_DOLLARS = re.compile(r"(?P<sign>-?)(?P<dollars>[0-9]{1,15})(?:\.(?P<cents>[0-9]+))?")


class MoneyError(ValueError):
    """An amount that is not whole cents, or a division that makes no sense."""


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount of US dollars, held in whole cents. May be negative: money owed back."""

    cents: int

    def __post_init__(self) -> None:
        """Refuse anything but a whole number: a float would lose cents silently."""
        if type(self.cents) is not int:
            raise MoneyError(f"{self.cents!r} is not a whole number of cents.")

    @classmethod
    def from_dollars(cls, dollars: str | Decimal) -> Money:
        """Read dollars as people write them at the edge of the system.

        Args:
            dollars: plain digits with at most two decimals, such as `1234.50`; no
                currency sign, no thousands separators.

        Raises:
            MoneyError: not a number, or finer than a cent.
        """
        if not isinstance(dollars, str | Decimal):
            raise MoneyError(f"{dollars!r} must be given as text or Decimal, not as a float.")
        found = _DOLLARS.fullmatch(str(dollars).strip())
        if not found:
            raise MoneyError(f"{str(dollars)[:40]!r} is not an amount such as 1234.50.")
        if len(found["cents"] or "") > CENTS_DIGITS:
            raise MoneyError(f"{dollars} has more than two decimals. Give whole cents.")
        cents = int(found["dollars"] + (found["cents"] or "").ljust(CENTS_DIGITS, "0"))
        return cls(-cents if found["sign"] else cents)

    def __add__(self, other: Money) -> Money:
        """Add two amounts."""
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.cents + other.cents)

    def __radd__(self, start: int) -> Money:
        """Let `sum(amounts)` begin at its own zero; any other number is refused."""
        return self if start == 0 else NotImplemented

    def __sub__(self, other: Money) -> Money:
        """Take one amount from another."""
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.cents - other.cents)

    def __neg__(self) -> Money:
        """Turn an amount owed into an amount owed back."""
        return Money(-self.cents)

    def times(self, share: Fraction | int) -> Money:
        """Take a share of the amount, half a cent upward (toward more)."""
        return Money(floor(self.cents * share + HALF_A_CENT))

    @property
    def dollars_text(self) -> str:
        """Dollars and cents for JSON and CSV: `62333.33`, `-12.00`."""
        return f"{self._sign}{self._dollars}.{self._odd_cents:02d}"

    def __str__(self) -> str:
        """Dollars and cents for people: `$62,333.33`, `-$12.00`."""
        return f"{self._sign}${self._dollars:,}.{self._odd_cents:02d}"

    @property
    def _sign(self) -> str:
        return "-" if self.cents < 0 else ""

    @property
    def _dollars(self) -> int:
        return abs(self.cents) // CENTS_IN_A_DOLLAR

    @property
    def _odd_cents(self) -> int:
        return abs(self.cents) % CENTS_IN_A_DOLLAR


def split_by_weight(pool: Money, weights: Sequence[int | Fraction]) -> list[Money]:
    """Divide a pool so that the parts add up to the pool, to the cent.

    Each part first gets its share rounded down. Cents left over go to the largest
    remainders, then to the earliest weight.

    Args:
        pool: zero or more.
        weights: zero or more each, at least one of them above zero.

    Returns:
        One amount for each weight, in the order given.

    Raises:
        MoneyError: a negative pool or weight, or nothing to divide by.
    """
    whole = sum(weights)
    if pool.cents < 0 or whole <= 0 or min(weights) < 0:
        shown = ", ".join(map(str, weights))
        raise MoneyError(f"Cannot divide {pool} by the weights [{shown}].")
    shares = [divmod(pool.cents * weight, whole) for weight in weights]
    spare = pool.cents - sum(int(cents) for cents, _ in shares)
    by_remainder = sorted(range(len(shares)), key=lambda part: -shares[part][1])
    topped_up = set(by_remainder[:spare])
    return [Money(int(cents) + (part in topped_up)) for part, (cents, _) in enumerate(shares)]
