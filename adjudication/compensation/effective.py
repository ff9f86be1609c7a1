"""What an hour of duties came to in the end, held against the opinion's range. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from adjudication.compensation.components import work_of
from adjudication.compensation.hours import MINUTES_AN_HOUR
from comanage.values.money import CENTS_IN_A_DOLLAR, Money
from comanage.values.rounding import decimal_text

SHOWN_PLACES = 2


@dataclass(frozen=True, slots=True)
class EffectiveRate:
    """Dollars paid for duties, over all approved hours, those above a cap among them.

    Attributes:
        payee: a physician's name, or the group's.
        approved_minutes: more than zero.
        low, high: the opinion's range for an hour.
    """

    label: str
    payee: str
    paid: Money
    approved_minutes: int
    low: Money
    high: Money

    @property
    def rate(self) -> Fraction:
        """Dollars for an hour, exact."""
        cents = Fraction(self.paid.cents * MINUTES_AN_HOUR, self.approved_minutes)
        return cents / CENTS_IN_A_DOLLAR

    @property
    def is_within(self) -> bool:
        """Whether the opinion supports it; compared exactly."""
        cents = self.rate * CENTS_IN_A_DOLLAR
        return self.low.cents <= cents <= self.high.cents

    @property
    def rate_text(self) -> str:
        """Dollars for an hour, to the cent."""
        return f"${decimal_text(self.rate, SHOWN_PLACES)}"

    @property
    def hours_text(self) -> str:
        """The approved hours."""
        return decimal_text(Fraction(self.approved_minutes, MINUTES_AN_HOUR), SHOWN_PLACES)

    @property
    def words(self) -> str:
        """Say what it is and what it should be."""
        return (
            f"{self.label}, {self.payee}: {self.paid} for {self.hours_text} approved hours is "
            f"{self.rate_text} an hour; the opinion supports {self.low} to {self.high}."
        )


def effective_rates(document: Mapping[str, Any]) -> tuple[EffectiveRate, ...]:
    """Read the effective rate of each part that is paid by the hour and has approved hours.

    Args:
        document: a snapshot.

    Source:
        42 CFR 411.351, fair market value; 42 CFR 411.357(d)(1)(v): compensation does not exceed
        it. Hours and rate are both part of an opinion, so paid dollars are held against the hours
        that were worked.
    """
    terms = document["inputs"]["terms"]
    work = document["inputs"].get("work", [])
    given = terms["opinion"].get("hourly_range")
    paid = {
        line["number"]: Money.from_dollars(line["amount"])
        for line in document["result"]["statement"]["lines"]
        if "number" in line
    }
    found = []
    for component in terms.get("components", []) if given else []:
        minutes = sum(total.get("minutes", 0) for total in work_of(component, work))
        if component["kind"] == "hourly" and minutes:
            payee = component["payee"]
            found.append(
                EffectiveRate(
                    label=component["label"],
                    payee=payee["name"] if payee else terms["program"]["group"],
                    paid=paid[component["number"]],
                    approved_minutes=minutes,
                    low=Money.from_dollars(given["low"]),
                    high=Money.from_dollars(given["high"]),
                )
            )
    return tuple(found)
