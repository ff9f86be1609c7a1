"""A settled year: each line with its reason, none above what the opinion supports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adjudication.compensation.dues import (
    COMPONENT_NAMES,
    Due,
    Payee,
    flat_pay,
    in_a_sentence,
    whole_months,
)
from adjudication.compensation.early_end import EarlyEnd, caps_in_effect, incentive_due
from adjudication.compensation.terms import CompensationError, OpinionCaps, PayTerms
from comanage.values.money import Money
from comanage.values.period import Period
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
        label: of a further part, as the terms call it; empty for the others.
        number: of that part in the terms; 0 for the others.
        payee: None for the group.
    """

    component: str
    basis: str
    amount: Money
    label: str = ""
    number: int = 0
    payee: Payee | None = None

    def to_document(self) -> dict[str, Any]:
        """Write the line as plain values; what only further parts have is left out of others."""
        document: dict[str, Any] = {
            "component": self.component,
            "basis": self.basis,
            "amount": self.amount.dollars_text,
        }
        if self.number:
            document |= {"label": self.label, "number": self.number}
        if self.payee:
            document["payee"] = {"npi": self.payee.npi, "name": self.payee.name}
        return document


@dataclass(frozen=True, slots=True)
class Statement:
    """What is owed for a period; the total is the sum of the lines."""

    lines: tuple[Line, ...]
    total: Money
    steps: tuple[Step, ...]

    def to_document(self) -> dict[str, Any]:
        """Write the statement as plain values, dollars as text."""
        return {
            "lines": [line.to_document() for line in self.lines],
            "total": self.total.dollars_text,
            "steps": [step.to_document() for step in self.steps],
        }


def settle(
    terms: PayTerms, score: Score, further: Sequence[Due] = (), ended: EarlyEnd | None = None
) -> Statement:
    """Settle a period: the fixed fee, further parts, and the incentive that was earned.

    Args:
        terms: as agreed.
        score: that earns the incentive.
        further: parts in the order of the terms. Where there are any, a fixed fee of nothing is
            no line.
        ended: how the agreement ended inside the period; None where it did not. Then pay and caps
            are those of the days in effect.

    Raises:
        CompensationError: the opinion is not in force for every day that is paid or says nothing
            about a part, or the score is about another pool.
    """
    in_effect = ended.in_effect(terms.period) if ended else terms.period
    _check_opinion_in_force(terms.opinion, in_effect)
    _check_same_pool(terms, score)
    points = decimal_text(score.points, SHOWN_PLACES)
    fixed = flat_pay("fixed_fee", "Fixed fee", terms.fixed_fee, in_effect, terms.period)
    incentive = Due(
        "incentive",
        "Incentive",
        f"{points} of 100 points of a pool of {score.pool}",
        score.earned,
    )
    opinion: OpinionCaps = terms.opinion
    before: tuple[Step, ...] = ()
    if ended:
        opinion, reduced = caps_in_effect(terms, ended)
        before = (reduced,)
        incentive = incentive_due(incentive, ended, terms.period)
        whole = whole_months(fixed.label, terms.fixed_fee, in_effect, terms.period)
        fixed = replace(fixed, steps=(whole, *fixed.steps))
    has_fixed = terms.fixed_fee > Money(0) or not further
    dues = (*([fixed] if has_fixed else ()), *further, incentive)
    caps = {**opinion.further, "fixed_fee": opinion.fixed, "incentive": opinion.incentive}
    statement = under_caps(dues, caps, opinion.total)
    return replace(statement, steps=(*before, *statement.steps))


def under_caps(dues: Sequence[Due], caps: Mapping[str, Money], total_cap: Money) -> Statement:
    """Pay each component as far as the opinion supports it.

    Each component is capped, however many dues it has, and all together. Where the whole passes
    the opinion's total, what stands later in the list gives way: pay for services already
    rendered comes first, the incentive last.

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
    left_of = {name: (cap, f"Opinion, {_name(name)}") for name, cap in caps.items()}
    left, left_label = total_cap, "Opinion, total"
    for due in dues:
        if due.component not in left_of:
            raise CompensationError(
                f"The fair-market-value opinion says nothing about {in_a_sentence(due.label)}. Get "
                "an opinion that covers every component before settling."
            )
        part_left, part_label = left_of[due.component]
        paid, step = _capped(_titled(due), due.amount, (part_label, part_left), (left_label, left))
        basis = _basis(due.reason, due.amount, paid)
        label = due.label if due.number else ""
        lines.append(Line(due.component, basis, paid, label, due.number, due.payee))
        steps += [*due.steps, step]
        left_of[due.component] = part_left - paid, f"{part_label} less {_joined(due)}"
        joint = " and " if lines[1:] else " less "
        left, left_label = left - paid, f"{left_label}{joint}{_joined(due)}"
    total = sum((line.amount for line in lines), Money(0))
    total_step = Step(
        "Total",
        "Add the lines.",
        tuple((_titled(due), str(line.amount)) for due, line in zip(dues, lines, strict=True)),
        str(total),
    )
    return Statement(tuple(lines), total, (*steps, total_step))


def _titled(due: Due) -> str:
    return f"{due.label}, {due.payee.name}" if due.payee else due.label


def _joined(due: Due) -> str:
    """Name a due inside a sum: `salary of Dr. Ada`."""
    name = in_a_sentence(due.label)
    return f"{name} of {due.payee.name}" if due.payee else name


def _name(component: str) -> str:
    return in_a_sentence(COMPONENT_NAMES.get(component, component))


def _check_opinion_in_force(opinion: OpinionCaps, days: Period) -> None:
    if not opinion.valid.covers(days):
        raise CompensationError(
            f"The fair-market-value opinion is in force {opinion.valid}, which does not cover "
            f"{days}. Get an opinion for the whole period before settling it."
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
