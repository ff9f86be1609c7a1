"""What may be paid on account of a year that is not settled yet, and what each month owes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from adjudication.compensation.terms import CompensationError
from comanage.values.money import Money, split_by_weight
from comanage.values.period import Period
from comanage.values.rounding import fraction_from_text

FIXED_FEE, INCENTIVE = "fixed_fee", "incentive"


@dataclass(frozen=True, slots=True)
class EstimateTerms:
    """What signed terms say about paying on account.

    Attributes:
        period: the measurement year.
        fixed_fee: for the whole year.
        incentive_pool: for a full score.
        incentive_share: of the pool that may be paid before the year is adjudicated, 0 to 1;
            None when the terms say nothing about it, and then nothing of it is.
        ended_on: first day without the agreement, where it ended inside the year.
    """

    period: Period
    fixed_fee: Money
    incentive_pool: Money
    incentive_share: Fraction | None = None
    ended_on: date | None = None

    @classmethod
    def from_terms(
        cls, terms: Mapping[str, Any], period: Period, *, ended_on: date | None = None
    ) -> EstimateTerms:
        """Read them from the document that was signed."""
        pay = terms["pay"]
        share = pay.get("incentive_estimate")
        return cls(
            period=period,
            fixed_fee=Money.from_dollars(pay["fixed_fee"]),
            incentive_pool=Money.from_dollars(pay["incentive_pool"]),
            incentive_share=None if share is None else fraction_from_text(share),
            ended_on=ended_on,
        )

    def in_effect(self, days: Period) -> Fraction:
        """Return the share of some days of the year on which the agreement was in effect."""
        if self.ended_on is None or days.end <= self.ended_on:
            return Fraction(1)
        return Fraction(max(0, (self.ended_on - days.start).days), days.days)


def most_of_quarter(terms: EstimateTerms, quarter: Period, component: str) -> Money:
    """Return the most that may be paid on account for one quarter.

    The year's amount is divided over its quarters by their days, to the cent, so that four
    quarters never come to more than the year. Of the quarter in which the agreement ended its
    days count, half a cent upward; of a later one nothing.

    Args:
        terms: as signed.
        quarter: one of `terms.period.quarters()`.
        component: `fixed_fee` or `incentive`.

    Raises:
        CompensationError: not a quarter of the year, or a component that the terms do not let
            be estimated.

    Source:
        OIG Advisory Opinion 12-22: the fixed fee and an estimated performance fee are paid
        quarterly and reconciled once a year. 42 CFR 411.354(d)(1): how is set in advance.
    """
    quarters = terms.period.quarters()
    if quarter not in quarters:
        listed = "; ".join(map(str, quarters))
        raise CompensationError(f"{quarter} is not a quarter of the year. They are: {listed}.")
    days = [each.days for each in quarters]
    whole = split_by_weight(_estimable(terms, component), days)[quarters.index(quarter)]
    return whole.times(terms.in_effect(quarter))


def fixed_fee_by_month(terms: EstimateTerms) -> list[tuple[Period, Money]]:
    """Divide the fixed fee over the months of the year by their days, to the cent.

    The month in which the agreement ended has its days' part, a later one nothing.
    """
    months = terms.period.months()
    parts = split_by_weight(terms.fixed_fee, [month.days for month in months])
    return [
        (month, part.times(terms.in_effect(month)))
        for month, part in zip(months, parts, strict=True)
    ]


def _estimable(terms: EstimateTerms, component: str) -> Money:
    if component == FIXED_FEE:
        return terms.fixed_fee
    if component == INCENTIVE and terms.incentive_share is not None:
        return terms.incentive_pool.times(terms.incentive_share)
    raise CompensationError(
        "The terms say nothing about paying the incentive before the year is adjudicated, so "
        "only the fixed fee is estimated."
    )
