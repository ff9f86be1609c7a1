"""A settled year: each line with its reason, none above what the opinion supports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adjudication.compensation.dues import Due, flat_pay
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
        component: as `Due` names it.
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

    Raises:
        CompensationError: the opinion is not in force for the whole period, or the score
            is about another pool.
    """
    _check_opinion_in_force(terms)
    _check_same_pool(terms, score)
    points = decimal_text(score.points, SHOWN_PLACES)
    dues = (
        flat_pay("fixed_fee", "Fixed fee", terms.fixed_fee, terms.period, terms.period),
        Due(
            "incentive",
            "Incentive",
            f"{points} of 100 points of a pool of {score.pool}",
            score.earned,
        ),
    )
    caps = {"fixed_fee": terms.opinion.fixed, "incentive": terms.opinion.incentive}
    return under_caps(dues, caps, terms.opinion.total)


def under_caps(dues: Sequence[Due], caps: Mapping[str, Money], total_cap: Money) -> Statement:
    """Pay each component as far as the opinion supports it.

    Each part is capped, and all together. Where the whole passes the opinion's total, what
    stands later in the list gives way: pay for services already rendered comes first, the
    incentive last.

    Args:
        dues: in the order of the agreement, which is the order of precedence.
        caps: the most for each component.
        total_cap: the most for all of them.

    Raises:
        CompensationError: the opinion says nothing about a component.

    Source:
        Agreement, compensation exhibit, "Limit": payment is limited to the amounts
        supported by the fair-market-value opinion. 42 CFR 411.357(d)(1), 42 CFR
        1001.952(d): compensation consistent with fair market value.
    """
    lines: list[Line] = []
    steps: list[Step] = []
    left, left_label = total_cap, "Opinion, total"
    for due in dues:
        if due.component not in caps:
            raise CompensationError(
                f"The fair-market-value opinion says nothing about {due.label.lower()}. Get an "
                "opinion that covers every component before settling."
            )
        paid, step = _capped(
            due.label,
            due.amount,
            (f"Opinion, {due.label.lower()}", caps[due.component]),
            (left_label, left),
        )
        lines.append(Line(due.component, _basis(due.reason, due.amount, paid), paid))
        steps += [*due.steps, step]
        joint = " and " if lines[1:] else " less "
        left, left_label = left - paid, f"{left_label}{joint}{due.label.lower()}"
    total = sum((line.amount for line in lines), Money(0))
    total_step = Step(
        "Total",
        "Add the lines.",
        tuple((due.label, str(line.amount)) for due, line in zip(dues, lines, strict=True)),
        str(total),
    )
    return Statement(tuple(lines), total, (*steps, total_step))


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
