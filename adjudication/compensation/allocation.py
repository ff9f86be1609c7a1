"""Dividing what a group earned among its participants, to the cent.

What pay may be divided by is a closed list, and nothing of value or volume is on it: a rule keyed
on referrals, cases or revenue cannot be written.

Source:
    42 CFR 411.354(d)(5) and 1001.952(d): pay takes no account of the volume or value of referrals.
    Per head: OIG Advisory Opinions 08-16 and 17-09; by ownership: 12-22.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from adjudication.compensation.terms import CompensationError
from comanage.values.money import Money, split_by_weight
from comanage.values.period import Period, day_text
from comanage.values.rounding import decimal_text, exact_text
from scorecards.scoring.steps import Step

MINUTES_AN_HOUR = 60
HOUR_PLACES = 2
RULE_FIELDS = ("by", "joiners", "leavers")


class Basis(StrEnum):
    """What the money may be divided by."""

    PER_CAPITA = "per_capita"
    OWNERSHIP = "ownership"
    HOURS = "hours"
    FIXED_SHARES = "fixed_shares"
    DAYS = "days"


class PartPeriod(StrEnum):
    """What becomes of somebody who was a participant for a part of the period alone."""

    BY_DAYS = "by_days"
    IN_FULL = "in_full"
    NOTHING = "nothing"


# Days, ownership and hours measure the part that somebody had: nothing is left to fill up.
_MEASURED = frozenset({Basis.DAYS, Basis.OWNERSHIP, Basis.HOURS})


@dataclass(frozen=True, slots=True)
class AllocationRule:
    """How a group divides, as its agreement says.

    Attributes:
        joiners: what becomes of who joined after the period's first day.
        leavers: what becomes of who left before its last day.
    """

    by: Basis
    joiners: PartPeriod
    leavers: PartPeriod

    def __post_init__(self) -> None:
        """Refuse to fill up days on which somebody owned, worked or was nothing."""
        if self.by in _MEASURED and PartPeriod.IN_FULL in (self.joiners, self.leavers):
            raise CompensationError(
                f"A division by {_in_words(self.by)} counts what there was; somebody who was there "
                "for a part of the period cannot share in full. Write by_days or nothing."
            )

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> AllocationRule:
        """Read a rule; every field is to be there, because silence on joiners is a dispute.

        Raises:
            CompensationError: a field is missing or unknown, or a word is not on its list.
        """
        unknown = sorted(set(document) - set(RULE_FIELDS))
        if unknown:
            raise CompensationError(f"A rule of allocation has no field “{unknown[0]}”.")
        for name in RULE_FIELDS:
            if name not in document:
                raise CompensationError(
                    f"The rule of allocation lacks “{name}”: it says by what the money is divided, "
                    "and what becomes of joiners and leavers."
                )
        return cls(
            _basis_named(document["by"]),
            _part_period_named("joiners", document["joiners"]),
            _part_period_named("leavers", document["leavers"]),
        )

    def to_document(self) -> dict[str, Any]:
        """Write what `from_document` reads."""
        return {name: str(getattr(self, name)) for name in RULE_FIELDS}


class NobodySharesError(CompensationError):
    """By the rule everybody's part is nothing."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A share of the group, owned for a while."""

    during: Period
    share: Fraction


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who may share.

    Attributes:
        name: as the statement prints it; different for each.
        spells: when they were a participant; days of no spell count for nothing.
        minutes: approved minutes in the period.
        fixed_share: as agreed, from 0 to 1.
        holdings: what they owned when.
    """

    name: str
    spells: tuple[Period, ...]
    minutes: int = 0
    fixed_share: Fraction = Fraction(0)
    holdings: tuple[Holding, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what nobody can have."""
        held = sorted(holding.during for holding in self.holdings)
        shares = (self.fixed_share, *(holding.share for holding in self.holdings))
        if self.minutes < 0 or not all(0 <= share <= 1 for share in shares):
            raise CompensationError(f"{self.name}: minutes are 0 or more, shares from 0 to 1.")
        if any(one.overlaps(other) for one, other in pairwise(held)):
            raise CompensationError(f"{self.name} owns two shares at a time; write their sum.")


@dataclass(frozen=True, slots=True)
class Part:
    """What one participant gets.

    Attributes:
        basis: how it came about, for a person.
        weight: of all weights of the division; exact.
    """

    name: str
    basis: str
    weight: Fraction
    amount: Money


@dataclass(frozen=True, slots=True)
class Allocation:
    """The whole in its parts, which add up to it."""

    parts: tuple[Part, ...]
    steps: tuple[Step, ...]


def allocate(
    amount: Money, rule: AllocationRule, participants: Sequence[Participant], period: Period
) -> Allocation:
    """Divide an amount among those who were participants in a period.

    Args:
        amount: zero or more.
        rule: as agreed.
        participants: in the order of the agreement, which breaks ties between cents.
        period: for which the amount was earned.

    Raises:
        CompensationError: a negative amount, a name twice, or shares that are more or less than
            the whole.
        NobodySharesError: nobody to divide among.

    Rounding:
        Each part down to the cent; the cents left over go to the largest remainders, then to
        whoever stands first.
    """
    _check(amount, rule, participants, period)
    weights = [_weight(rule, each, period) for each in participants]
    whole = sum(weights, Fraction(0))
    if not whole:
        raise NobodySharesError(
            f"Nobody shares {amount} for {period}: by {_in_words(rule.by)} all weights are zero."
        )
    amounts = split_by_weight(amount, weights)
    parts = tuple(
        Part(each.name, _in_figures(rule, each, period, weight / whole), weight, paid)
        for each, weight, paid in zip(participants, weights, amounts, strict=True)
    )
    return Allocation(parts, (_weighing(rule, parts, whole), _division(amount, parts)))


def days_counted(rule: AllocationRule, participant: Participant, period: Period) -> list[Period]:
    """Return the days for which somebody shares, joiners and leavers as the rule says."""
    counted = [
        found
        for spell in participant.spells
        if spell.overlaps(period) and (found := _counted(rule, spell, period)) is not None
    ]
    return _merged(counted)


def _counted(rule: AllocationRule, spell: Period, period: Period) -> Period | None:
    joined, left = spell.start > period.start, spell.end < period.end
    treated = (joined and rule.joiners, left and rule.leavers)
    if PartPeriod.NOTHING in treated:
        return None
    start = spell.start if treated[0] == PartPeriod.BY_DAYS else period.start
    end = spell.end if treated[1] == PartPeriod.BY_DAYS else period.end
    return Period(start, end)


def _merged(periods: Sequence[Period]) -> list[Period]:
    """Count no day twice."""
    merged: list[Period] = []
    for each in sorted(periods):
        if merged and each.start <= merged[-1].end:
            merged[-1] = Period(merged[-1].start, max(merged[-1].end, each.end))
        else:
            merged.append(each)
    return merged


def _weight(rule: AllocationRule, participant: Participant, period: Period) -> Fraction:
    counted = days_counted(rule, participant, period)
    days = sum(each.days for each in counted)
    weigh: dict[Basis, Callable[[], Fraction]] = {
        Basis.DAYS: lambda: Fraction(days),
        Basis.PER_CAPITA: lambda: Fraction(days, period.days),
        Basis.FIXED_SHARES: lambda: participant.fixed_share * Fraction(days, period.days),
        Basis.HOURS: lambda: Fraction(participant.minutes if days else 0),
        Basis.OWNERSHIP: lambda: _owned(participant, counted),
    }
    return weigh[rule.by]()


def _owned(participant: Participant, counted: Sequence[Period]) -> Fraction:
    """Add up share times days of owning it."""
    return sum(
        (
            holding.share
            * (min(holding.during.end, span.end) - max(holding.during.start, span.start)).days
            for holding in participant.holdings
            for span in counted
            if holding.during.overlaps(span)
        ),
        Fraction(0),
    )


def _check(
    amount: Money, rule: AllocationRule, participants: Sequence[Participant], period: Period
) -> None:
    if amount < Money(0):
        raise CompensationError(f"{amount} is negative; a part of a payment is zero or more.")
    names = [each.name for each in participants]
    for name in names:
        if names.count(name) > 1:
            raise CompensationError(f"{name} is among the participants more than once.")
    if rule.by is Basis.FIXED_SHARES:
        whole = sum((each.fixed_share for each in participants), Fraction(0))
        if whole != 1:
            raise CompensationError(
                f"The fixed shares add up to {exact_text(whole)}, not to 1. Correct the shares."
            )
    if rule.by is Basis.OWNERSHIP:
        _check_owned(participants, period)


def _check_owned(participants: Sequence[Participant], period: Period) -> None:
    """More than the whole cannot be owned on any day; shares change on the edges of holdings."""
    holdings = [holding for each in participants for holding in each.holdings]
    edges = {max(holding.during.start, period.start) for holding in holdings}
    for day in sorted(edges):
        whole = sum((each.share for each in holdings if day in each.during), Fraction(0))
        if day in period and whole > 1:
            raise CompensationError(
                f"On {day_text(day)} more than the whole is owned: {exact_text(whole)}. "
                "Correct the holdings."
            )


def _in_figures(
    rule: AllocationRule, participant: Participant, period: Period, share: Fraction
) -> str:
    days = sum(each.days for each in days_counted(rule, participant, period))
    there = f"{days} of {period.days} days"
    said = {
        Basis.DAYS: there,
        Basis.PER_CAPITA: f"one head, {there}",
        Basis.FIXED_SHARES: f"fixed share {exact_text(participant.fixed_share)}, {there}",
        Basis.HOURS: f"{_hours(participant.minutes if days else 0)} approved hours",
        Basis.OWNERSHIP: f"owned shares over {there}",
    }[rule.by]
    return f"{said}: {exact_text(share)} of the whole."


def _weighing(rule: AllocationRule, parts: Sequence[Part], whole: Fraction) -> Step:
    return Step(
        "Weights",
        f"Divide by {_in_words(rule.by)}; joiners {_in_words(rule.joiners)}, "
        f"leavers {_in_words(rule.leavers)}.",
        tuple((part.name, exact_text(part.weight)) for part in parts),
        exact_text(whole),
    )


def _division(amount: Money, parts: Sequence[Part]) -> Step:
    return Step(
        "Parts",
        f"Each part of {amount} down to the cent; the cents left over to the largest remainders, "
        "then in the order of the agreement.",
        tuple((part.name, str(part.amount)) for part in parts),
        str(amount),
    )


def _hours(minutes: int) -> str:
    return decimal_text(Fraction(minutes, MINUTES_AN_HOUR), HOUR_PLACES)


def _basis_named(word: Any) -> Basis:
    try:
        return Basis(word)
    except ValueError as wrong:
        raise CompensationError(
            f"Pay cannot be divided by “{word}”. A group divides by {_listed(Basis)}; never by "
            "referrals, cases or revenue (42 CFR 411.354(d))."
        ) from wrong


def _part_period_named(field: str, word: Any) -> PartPeriod:
    try:
        return PartPeriod(word)
    except ValueError as wrong:
        raise CompensationError(
            f"“{field}” is “{word}”; it is one of {_listed(PartPeriod)}."
        ) from wrong


def _listed(words: type[StrEnum]) -> str:
    *most, last = map(str, words)
    return f"{', '.join(most)} or {last}"


def _in_words(word: StrEnum) -> str:
    return word.replace("_", " ")
