"""Which clause each computed dollar rests on: one for every kind, and no kind without one. Pure.

Source:
    42 CFR 411.354(d)(1): compensation is set in advance in a writing, in detail that can be
    verified; so whoever reads an amount finds the words that it comes from, and back.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from agreements.drafting.document import Anchor
from comanage.values.money import Money


class Amount(StrEnum):
    """The kinds of dollars that the product computes."""

    FIXED_FEE = "fixed_fee"
    HOURLY = "hourly"
    SALARY = "salary"
    WRVU = "wrvu"
    SAVINGS = "savings"
    INCENTIVE = "incentive"
    ESTIMATE = "estimate"
    CAP = "cap"
    DIVISION = "division"
    PRORATION = "proration"
    RECOUPMENT = "recoupment"


CLAUSE_OF: Mapping[Amount, str] = {
    Amount.FIXED_FEE: "fixed-fee",
    Amount.HOURLY: "hourly-duties",
    Amount.SALARY: "salary",
    Amount.WRVU: "wrvu-pay",
    Amount.SAVINGS: "shared-savings",
    Amount.INCENTIVE: "incentive-fee",
    Amount.ESTIMATE: "payment-on-account",
    Amount.CAP: "fair-market-value",
    Amount.DIVISION: "distribution",
    Amount.PRORATION: "effects-of-ending",
    Amount.RECOUPMENT: "payment",
}


def anchor_of(amount: Amount) -> str:
    """Return the key of the clause that a kind of dollars rests on."""
    return CLAUSE_OF[amount]


def amounts_of(clause: str) -> tuple[Amount, ...]:
    """List the kinds of dollars that rest on a clause."""
    return tuple(amount for amount, key in CLAUSE_OF.items() if key == clause)


def anchors_in(terms: Mapping[str, Any]) -> tuple[Anchor, ...]:
    """List every dollar that terms can make, each with its one clause, in the order of the pay."""
    return tuple(_anchors(terms))


def _anchors(terms: Mapping[str, Any]) -> Iterator[Anchor]:
    pay, opinion = terms["pay"], terms["opinion"]
    fixed, pool = (Money.from_dollars(pay[name]) for name in ("fixed_fee", "incentive_pool"))
    if fixed > Money(0):
        yield _anchor(Amount.FIXED_FEE, "Fixed fee", fixed)
    for part in terms.get("components", ()):
        yield _anchor(Amount(part["kind"]), part["label"], None, str(part["number"]))
    if pool > Money(0):
        yield _anchor(Amount.INCENTIVE, "Incentive pool", pool)
        for indicator in terms["indicators"]:
            title = indicator["definition"]["title"]
            yield _anchor(Amount.INCENTIVE, title, None, indicator["slug"])
    if "incentive_estimate" in pay:
        yield _anchor(Amount.ESTIMATE, "Incentive paid on account", None)
    for part, most in {**opinion.get("caps", {}), **_own(opinion)}.items():
        amount = Money.from_dollars(most)
        yield _anchor(Amount.CAP, f"Most by the opinion, {part}", amount, part)
    if "allocation" in terms:
        yield _anchor(Amount.DIVISION, "Division among the physicians", None)
    yield _anchor(Amount.PRORATION, "Pay of a year that ends early", None)
    yield _anchor(Amount.RECOUPMENT, "What was overpaid", None)


def _own(opinion: Mapping[str, Any]) -> dict[str, str]:
    """The limits that every opinion has."""
    return {part: opinion[part] for part in ("fixed", "incentive", "total")}


def _anchor(amount: Amount, label: str, figure: Money | None, part: str = "") -> Anchor:
    return Anchor(amount.value, part, label, str(figure) if figure else "", anchor_of(amount))
