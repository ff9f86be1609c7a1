"""A share of what was saved against the year before."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from adjudication.compensation.dues import Due
from adjudication.compensation.terms import CompensationError
from comanage.values.money import CENTS_IN_A_DOLLAR, Money
from comanage.values.period import Period
from comanage.values.rounding import decimal_text
from scorecards.scoring.steps import Step

RATE_PLACES = 2
POINT_PLACES = 2


@dataclass(frozen=True, slots=True)
class SavingsTerms:
    """What was agreed about sharing savings; rates are exact, from 0 to 1.

    Attributes:
        share_rate: of what was saved, after the fee.
        minimum_rate: of the base year's cost that must be saved; less is not shared.
        limit_rate: of that cost, which a share never passes; None for no such limit.
        fee: of an administrator, taken from the savings first.
        least_points: of 100, that the year's indicators must earn.
    """

    label: str
    share_rate: Fraction
    minimum_rate: Fraction
    limit_rate: Fraction | None
    fee: Money
    least_points: Fraction


@dataclass(frozen=True, slots=True)
class SavingsCount:
    """What a year and the twelve months before it cost.

    Attributes:
        base_cost, base_cases: of the twelve months before, so that old savings drop out.
        cost, cases: of the year.
    """

    base_cost: Money
    base_cases: int
    cost: Money
    cases: int


def share_savings(
    terms: SavingsTerms, count: SavingsCount, points: Fraction, period: Period
) -> Due:
    """Pay the group its share of what was saved.

    Cost by case is held against that of the base year, and cases above its volume are left out,
    so that treating more patients earns nothing.

    Args:
        terms: as agreed.
        count: actual cost, recorded by one person and approved by another.
        points: of 100, that the year's indicators earned.
        period: the year.

    Raises:
        CompensationError: a count is below zero, or a year has no case or no cost.

    Rounding:
        Once, the share, half a cent upward.

    Source:
        OIG Advisory Opinion 17-09: base year that resets, volume above it excluded, fee first. 42
        CFR 510.500 as a model: actual savings, a quality criterion, once a year.
    """
    if min(count.base_cases, count.cases) < 1 or count.base_cost <= Money(0):
        raise CompensationError(
            f"{terms.label}: savings need at least one case in each year, and a cost of the base "
            "year above zero."
        )
    if count.cost < Money(0):
        raise CompensationError(f"{terms.label}: a cost is zero or more.")
    counted = min(count.cases, count.base_cases)
    base = Fraction(count.base_cost.cents * counted, count.base_cases * CENTS_IN_A_DOLLAR)
    actual = Fraction(count.cost.cents * counted, count.cases * CENTS_IN_A_DOLLAR)
    saved = base - actual
    steps = [_cases_step(terms, count, counted, base, actual)]
    reason, earned = _earned(terms, saved, base, points, steps)
    return Due(
        "savings",
        terms.label,
        f"{terms.label} for {period}: {reason}",
        Money(1).times(earned * CENTS_IN_A_DOLLAR),
        tuple(steps),
    )


def _earned(
    terms: SavingsTerms, saved: Fraction, base: Fraction, points: Fraction, steps: list[Step]
) -> tuple[str, Fraction]:
    rate = saved / base
    steps.append(
        Step(
            f"{terms.label}, rate",
            "What was saved, as a share of the base; less than the minimum is not shared.",
            (("Saved", _dollars(saved)), ("Rate", _percent(rate)),
             ("Minimum", _percent(terms.minimum_rate))),
            _percent(rate),
        )
    )  # fmt: skip
    if points < terms.least_points:
        return (
            f"nothing is shared below {_points(terms.least_points)} points; the indicators earned "
            f"{_points(points)}"
        ), Fraction(0)
    if saved <= 0 or rate < terms.minimum_rate:
        return f"{_percent(rate)} saved, of which nothing is shared", Fraction(0)
    after_fee = max(saved - Fraction(terms.fee.cents, CENTS_IN_A_DOLLAR), Fraction(0))
    share = after_fee * terms.share_rate
    limit = share if terms.limit_rate is None else base * terms.limit_rate
    earned = min(share, limit)
    steps.append(
        Step(
            f"{terms.label}, share",
            "Savings less the administrator's fee, times the share, within its limit.",
            (
                *(("Saved", _dollars(saved)), ("Fee", str(terms.fee))),
                ("Share", _percent(terms.share_rate)),
                *([] if terms.limit_rate is None else [("Limit", _dollars(limit))]),
            ),
            _dollars(earned),
        )
    )
    return f"{_percent(terms.share_rate)} of {_dollars(after_fee)} saved", earned


def _cases_step(
    terms: SavingsTerms, count: SavingsCount, counted: int, base: Fraction, actual: Fraction
) -> Step:
    return Step(
        f"{terms.label}, cases that count",
        "Cost by case times the cases, of which those above the base year's volume are left out.",
        (
            *(("Base cost", str(count.base_cost)), ("Base cases", f"{count.base_cases:,}")),
            *(("Cost", str(count.cost)), ("Cases", f"{count.cases:,}")),
            ("Cases that count", f"{counted:,}"),
        ),
        f"{_dollars(base)} less {_dollars(actual)}",
    )


def _dollars(value: Fraction) -> str:
    return str(Money(1).times(value * CENTS_IN_A_DOLLAR))


def _percent(rate: Fraction) -> str:
    return f"{decimal_text(rate * 100, RATE_PLACES)} %"


def _points(points: Fraction) -> str:
    return decimal_text(points, POINT_PLACES)
