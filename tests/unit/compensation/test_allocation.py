"""What a group may divide by, and what is refused."""

from datetime import date
from fractions import Fraction

import pytest

from adjudication.compensation.allocation import (
    AllocationRule,
    Basis,
    Holding,
    Participant,
    PartPeriod,
    allocate,
)
from adjudication.compensation.terms import CompensationError
from comanage.values import Money, Period

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
HALF_YEAR = Period(date(2026, 7, 1), date(2027, 1, 1))
EVEN = AllocationRule(Basis.PER_CAPITA, PartPeriod.BY_DAYS, PartPeriod.BY_DAYS)
WRITTEN = {"by": "per_capita", "joiners": "by_days", "leavers": "nothing"}


def of(basis):
    return AllocationRule(basis, PartPeriod.BY_DAYS, PartPeriod.BY_DAYS)


def test_a_rule_reads_what_it_wrote():
    assert AllocationRule.from_document(WRITTEN).to_document() == WRITTEN


@pytest.mark.parametrize("key", ["referrals", "cases", "revenue", "wrvu", "", None, ["hours"]])
def test_pay_is_divided_by_nothing_of_volume_or_value(key):
    with pytest.raises(CompensationError, match=r"cannot be divided by .* never by referrals"):
        AllocationRule.from_document({**WRITTEN, "by": key})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"joiners": "sometimes"}, "“joiners” is “sometimes”; it is one of by_days"),
        ({"weight": "cases"}, "has no field “weight”"),
        ({"by": "hours", "joiners": "in_full"}, "cannot share in full"),
        ({"by": "ownership", "leavers": "in_full"}, "cannot share in full"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(change, message):
    with pytest.raises(CompensationError, match=message):
        AllocationRule.from_document({**WRITTEN, **change})


@pytest.mark.parametrize("field", ["by", "joiners", "leavers"])
def test_a_rule_says_what_becomes_of_joiners_and_leavers(field):
    silent = {name: word for name, word in WRITTEN.items() if name != field}

    with pytest.raises(CompensationError, match=f"lacks “{field}”"):
        AllocationRule.from_document(silent)


@pytest.mark.parametrize(
    ("rule", "participants", "message"),
    [
        (EVEN, [], r"Nobody shares \$1.00"),
        (of(Basis.HOURS), [Participant("A", (YEAR,))], "by hours all weights are zero"),
        (EVEN, [Participant("A", (YEAR,))] * 2, "A is among the participants more than once"),
        (
            of(Basis.FIXED_SHARES),
            [Participant("A", (YEAR,), fixed_share=Fraction(9, 10))],
            "add up to 9/10, not to 1",
        ),
        (
            of(Basis.OWNERSHIP),
            [
                Participant("A", (YEAR,), holdings=(Holding(YEAR, Fraction(3, 5)),)),
                Participant("B", (YEAR,), holdings=(Holding(HALF_YEAR, Fraction(1, 2)),)),
            ],
            "On 1 Jul 2026 more than the whole is owned: 11/10",
        ),
    ],
)
def test_what_cannot_be_divided_is_refused(rule, participants, message):
    with pytest.raises(CompensationError, match=message):
        allocate(Money(100), rule, participants, YEAR)


def test_a_negative_amount_is_refused():
    with pytest.raises(CompensationError, match=r"-\$0.01 is negative"):
        allocate(Money(-1), EVEN, [Participant("A", (YEAR,))], YEAR)


@pytest.mark.parametrize(
    "broken",
    [{"minutes": -1}, {"fixed_share": Fraction(2)}, {"holdings": (Holding(YEAR, Fraction(2)),)}],
)
def test_a_participant_has_what_somebody_can_have(broken):
    with pytest.raises(CompensationError, match="minutes are 0 or more"):
        Participant("A", (YEAR,), **broken)


def test_two_shares_at_a_time_are_to_be_added_up():
    holdings = (Holding(YEAR, Fraction(1, 4)), Holding(HALF_YEAR, Fraction(1, 4)))

    with pytest.raises(CompensationError, match="owns two shares at a time"):
        Participant("A", (YEAR,), holdings=holdings)


def test_no_day_counts_twice():
    spring = Period(date(2026, 3, 1), date(2026, 6, 1))
    twice = Participant("A", (YEAR, spring, HALF_YEAR))

    found = allocate(Money(100), EVEN, [twice, Participant("B", (YEAR,))], YEAR)

    assert [part.amount for part in found.parts] == [Money(50), Money(50)]


def test_the_division_can_be_followed_with_a_pencil():
    late = Participant("Clark", (HALF_YEAR,))

    found = allocate(Money(10_000), EVEN, [Participant("Adams", (YEAR,)), late], YEAR)

    assert found.parts[1].basis == "one head, 184 of 365 days: 184/549 of the whole."
    assert [step.output for step in found.steps] == ["549/365", "$100.00"]
