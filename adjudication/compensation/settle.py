"""A settled year: each line with its reason, none above what the opinion supports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adjudication.compensation.terms import CompensationError, PayTerms
from comanage.values.money import Money
from comanage.values.rounding import decimal_text
from scorecards.scoring.score import Score
from scorecards.scoring.steps import Step

SHOWN_PLACES = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One amount with its reason.

    Attributes:
        component: `fixed_fee` or `incentive`.
        basis: how the amount came about, for a person.
    """

    component: str
    basis: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """What is owed for a period; the total is the sum of the lines."""

    lines: tuple[Line, ...]
    total: Money
    steps: tuple[Step, ...]

    def to_document(self) -> dict[str, Any]:
        """Write the statement as plain values, dollars as text."""
        return {
            "lines": [
                {
                    "component": line.component,
                    "basis": line.basis,
                    "amount": line.amount.dollars_text,
                }
                for line in self.lines
            ],
            "total": self.total.dollars_text,
            "steps": [step.to_document() for step in self.steps],
        }


def settle(terms: PayTerms, score: Score) -> Statement:
    """Settle a period: the fixed fee, and the incentive that was earned.

    Each part is capped by the opinion. Where both together pass the opinion's total, the
    incentive gives way, because the fixed fee pays for services already rendered.

    Raises:
        CompensationError: the opinion is not in force for the whole period, or the score
            is about another pool.

    Source:
        Agreement, compensation exhibit, "Limit": payment is limited to the amounts
        supported by the fair-market-value opinion. 42 CFR 411.357(d)(1), 42 CFR
        1001.952(d): compensation consistent with fair market value.
    """
    _check_opinion_in_force(terms)
    _check_same_pool(terms, score)
    fixed, fixed_step = _capped(
        "Fixed fee",
        terms.fixed_fee,
        ("Opinion, fixed fee", terms.opinion.fixed),
        ("Opinion, total", terms.opinion.total),
    )
    left = terms.opinion.total - fixed
    incentive, incentive_step = _capped(
        "Incentive",
        score.earned,
        ("Opinion, incentive", terms.opinion.incentive),
        ("Opinion, total less fixed fee", left),
    )
    total = fixed + incentive
    points = decimal_text(score.points, SHOWN_PLACES)
    lines = (
        Line(
            "fixed_fee",
            _basis(f"Fixed fee for {terms.period}", terms.fixed_fee, fixed),
            fixed,
        ),
        Line(
            "incentive",
            _basis(f"{points} of 100 points of a pool of {score.pool}", score.earned, incentive),
            incentive,
        ),
    )
    total_step = Step(
        "Total",
        "Add the lines.",
        (("Fixed fee", str(fixed)), ("Incentive", str(incentive))),
        str(total),
    )
    return Statement(lines, total, (fixed_step, incentive_step, total_step))


def _check_opinion_in_force(terms: PayTerms) -> None:
    if not terms.opinion.valid.covers(terms.period):
        raise CompensationError(
            f"The fair-market-value opinion is in force {terms.opinion.valid}, which does not "
            f"cover {terms.period}. Get an opinion for the whole period before settling it."
        )


def _check_same_pool(terms: PayTerms, score: Score) -> None:
    if score.pool != terms.incentive_pool:
        raise CompensationError(
            f"The score is about a pool of {score.pool}, the pay terms about "
            f"{terms.incentive_pool}. Score the plan of these terms."
        )


def _capped(label: str, amount: Money, *caps: tuple[str, Money]) -> tuple[Money, Step]:
    """Pay the amount, or the lowest cap where that is less."""
    paid = min(amount, *(cap for _, cap in caps))
    return paid, Step(
        f"{label} paid",
        "The lowest of the amount due and the caps of the fair-market-value opinion.",
        (("Due", str(amount)), *((name, str(cap)) for name, cap in caps)),
        str(paid),
    )


def _basis(reason: str, due: Money, paid: Money) -> str:
    if paid == due:
        return f"{reason}: {due}."
    return (
        f"{reason}: {due}, limited to {paid} by the fair-market-value opinion; "
        f"{due - paid} not paid."
    )
