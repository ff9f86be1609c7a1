"""Whatever is divided, the parts are the whole, and no order of names moves more than a cent."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from adjudication.compensation.allocation import (
    AllocationRule,
    Basis,
    Holding,
    Participant,
    PartPeriod,
    allocate,
)
from comanage.values import Money, Period

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
FILLED = [Basis.PER_CAPITA, Basis.FIXED_SHARES]


@st.composite
def spells(draw):
    start = date(2025, 6, 1) + timedelta(days=draw(st.integers(0, 500)))
    return Period(start, start + timedelta(days=draw(st.integers(1, 700))))


@st.composite
def divisions(draw):
    by = draw(st.sampled_from(Basis))
    words = list(PartPeriod) if by in FILLED else [PartPeriod.BY_DAYS, PartPeriod.NOTHING]
    rule = AllocationRule(by, draw(st.sampled_from(words)), draw(st.sampled_from(words)))
    count = draw(st.integers(2, 40))
    parts = [draw(st.integers(0, 5)) for _ in range(count)]
    whole = sum(parts) or 1
    participants = [
        Participant(
            f"P{place}",
            tuple(draw(st.lists(spells(), min_size=1, max_size=2))),
            minutes=draw(st.integers(0, 9_000)),
            fixed_share=Fraction(part, whole),
            holdings=(Holding(YEAR, Fraction(part, whole)),),
        )
        for place, part in enumerate(parts)
    ]
    return draw(st.integers(0, 10**9)), rule, participants


def divided(cents, rule, participants):
    try:
        found = allocate(Money(cents), rule, participants, YEAR)
    except ValueError:
        assume(False)
    return {part.name: part.amount.cents for part in found.parts}


@settings(max_examples=40)
@given(divisions())
def test_the_parts_are_the_whole_and_none_is_negative(division):
    cents, rule, participants = division

    amounts = divided(cents, rule, participants)

    assert sum(amounts.values()) == cents
    assert min(amounts.values()) >= 0


@settings(max_examples=40)
@given(divisions())
def test_another_order_of_names_moves_a_cent_at_most(division):
    cents, rule, participants = division

    forward, backward = (divided(cents, rule, each) for each in (participants, participants[::-1]))

    assert all(abs(forward[name] - backward[name]) <= 1 for name in forward)


@settings(max_examples=40)
@given(divisions())
def test_more_money_takes_no_dollar_from_anybody(division):
    cents, rule, participants = division

    less, more = (divided(each, rule, participants) for each in (cents, cents + 100))

    assert all(more[name] >= less[name] - 1 for name in less)
