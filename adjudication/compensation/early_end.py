"""A year in which the agreement ended before its last day: what part of the pay is due. Pure.

The rule is the signed terms' own. Where they name none, it is what the record of the end says
that the signed agreement says; where nobody said, nothing is settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from adjudication.compensation.dues import Due, part_of
from adjudication.compensation.terms import CompensationError, OpinionCaps, PayTerms
from comanage.values.money import Money
from comanage.values.period import Period, day_text, months_after
from scorecards.scoring.steps import Step

# Who ended it and why, where the clause on the effects of ending leaves no incentive.
FORFEITING = frozenset({("without_cause", "physicians"), ("for_cause", "hospital")})


class Incentive(StrEnum):
    """What is due of an incentive when a year ends early."""

    BY_DAYS = "by_days"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class EarlyEnd:
    """An agreement's end inside a year, and the rule that it is paid by.

    Attributes:
        on: the first day without the agreement.
        incentive: by the days in effect, or nothing.
        least_months: of the year that must be over for an incentive by days.
        is_forfeited: whether the way in which it ended leaves no incentive.
    """

    on: date
    incentive: Incentive
    least_months: int = 0
    is_forfeited: bool = False

    @classmethod
    def from_inputs(cls, inputs: Mapping[str, Any]) -> EarlyEnd | None:
        """Read it out of a snapshot's inputs; None for a year that ran to its end.

        Raises:
            CompensationError: neither the terms nor the record of the end name the rule.
        """
        ended = inputs.get("ended")
        if ended is None:
            return None
        on = date.fromisoformat(ended["on"])
        rule = inputs["terms"].get("early_end") or ended.get("rule")
        if rule is None:
            raise CompensationError(
                f"The agreement ended before {day_text(on)}, inside the year, and the terms name "
                "no rule for a year that ends early. Record in the register of contracts what the "
                "signed agreement says of it, then freeze the year."
            )
        return cls(
            on,
            Incentive(rule["incentive"]),
            rule.get("least_months", 0),
            (ended["cause"], ended["by"]) in FORFEITING,
        )

    @classmethod
    def days_paid(cls, inputs: Mapping[str, Any], period: Period) -> Period:
        """Return the days of a snapshot's year that are paid for: all, or those before its end."""
        ended = cls.from_inputs(inputs)
        return ended.in_effect(period) if ended else period

    def in_effect(self, period: Period) -> Period:
        """Return the days of a year on which the agreement was in effect.

        Raises:
            CompensationError: on none of them.
        """
        if not period.start < self.on < period.end:
            raise CompensationError(
                f"The agreement ended before {day_text(self.on)}, which leaves no part of {period}."
            )
        return Period(period.start, self.on)

    def share_of_days(self, period: Period) -> Fraction:
        """Return the days in effect over the days of the year, exact."""
        return Fraction(self.in_effect(period).days, period.days)

    def why_no_incentive(self, period: Period) -> str:
        """Say why results earn nothing in a part of a year; empty where they earn."""
        if self.incentive is Incentive.NONE:
            return "the terms leave no incentive for a year that ends early"
        if self.on < months_after(period.start, self.least_months):
            return f"nothing is due for a year that ends before {self.least_months} months of it"
        if self.is_forfeited:
            return "nothing is due after an end of this kind"
        return ""


def incentive_due(due: Due, ended: EarlyEnd, period: Period) -> Due:
    """Pay an incentive that was earned over the days in effect, or nothing of it.

    Args:
        due: as the results of those days earn it.
        ended: how.
        period: the year.

    Rounding:
        Once, half a cent upward.

    Source:
        Agreement, "Effects of ending".
    """
    days = ended.in_effect(period).days
    why = ended.why_no_incentive(period)
    amount = Money(0) if why else due.amount.times(ended.share_of_days(period))
    rule = (
        f"{why[:1].upper()}{why[1:]}."
        if why
        else "What the results earned, times the days in effect over the days of the year, half a "
        "cent upward."
    )
    step = Step(
        f"{due.label} of a year that ended early",
        rule,
        (
            ("Earned", str(due.amount)),
            ("Days in effect", str(days)),
            ("Days of the year", str(period.days)),
        ),
        str(amount),
    )
    how = why or f"times {days} of {period.days} days in effect"
    return replace(
        due, reason=f"{due.reason}, {due.amount}; {how}", amount=amount, steps=(*due.steps, step)
    )


def savings_due(due: Due, ended: EarlyEnd, period: Period) -> Due:
    """Pay a share of what was saved on the days in effect, as far as an incentive is due at all.

    It counts those days alone, so that it is not multiplied by them again.
    """
    why = ended.why_no_incentive(period)
    return replace(due, reason=f"{due.reason}; {why}", amount=Money(0)) if why else due


def caps_in_effect(terms: PayTerms, ended: EarlyEnd) -> tuple[OpinionCaps, Step]:
    """Reduce what the opinion supports for a year to the part in effect, and say how.

    Each cap is reduced as the pay that it caps, so that pay within the opinion stays within it:
    that of the incentive by days, of the total the pool by days and the rest by months, every
    other by months.

    Rounding:
        As the pay: whole months to the cent, parts of them and days half a cent upward.

    Source:
        Agreement, "Fair market value and limit on pay": limits are those of a whole year.
    """
    period, opinion = terms.period, terms.opinion
    days, in_effect = ended.share_of_days(period), ended.in_effect(period)

    def by_months(cap: Money) -> Money:
        return part_of(cap, in_effect, period)

    pool = min(terms.incentive_pool, opinion.total)
    caps = OpinionCaps(
        by_months(opinion.fixed),
        opinion.incentive.times(days),
        by_months(opinion.total - pool) + pool.times(days),
        opinion.valid,
        {kind: by_months(cap) for kind, cap in opinion.further.items()},
    )
    step = Step(
        "Opinion, total, for the days in effect",
        "The opinion is about a whole year. Of its total the incentive pool counts by days, the "
        "rest by months and the days of a month; each part's cap is reduced like its part.",
        (
            ("Total of the year", str(opinion.total)),
            ("Incentive pool", str(pool)),
            ("Days in effect", str(in_effect.days)),
            ("Days of the year", str(period.days)),
        ),
        str(caps.total),
    )
    return caps, step
