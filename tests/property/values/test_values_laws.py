"""Laws of exact values."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from comanage.values import (
    Money,
    Period,
    canonical_json,
    decimal_text,
    exact_text,
    fraction_from_text,
    round_half_up,
    split_by_weight,
)

weights = st.lists(
    st.integers(0, 1000) | st.fractions(0, 1000, max_denominator=50), min_size=1, max_size=20
).filter(any)
fractions = st.fractions(max_denominator=10**6)
periods = st.tuples(
    st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.dates(date(1990, 1, 1), date(2050, 1, 1))
).filter(lambda days: days[0] < days[1])
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(st.integers(0, 10**9), weights)
def test_the_parts_of_a_pool_add_up_to_the_pool(cents, given_weights):
    parts = split_by_weight(Money(cents), given_weights)

    assert sum(parts, Money(0)) == Money(cents)


@given(st.integers(0, 10**9), weights)
def test_a_part_is_within_a_cent_of_its_exact_share(cents, given_weights):
    parts = split_by_weight(Money(cents), given_weights)

    whole = sum(given_weights)
    for part, weight in zip(parts, given_weights, strict=True):
        assert abs(part.cents - Fraction(cents) * weight / whole) < 1


@given(st.integers())
def test_an_amount_survives_its_text(cents):
    short = cents % 10**14

    assert Money.from_dollars(Money(short).dollars_text) == Money(short)
    assert Money.from_dollars(Money(-short).dollars_text) == Money(-short)


@given(st.integers(0, 10**9), st.fractions(0, 1))
def test_a_share_of_an_amount_is_never_more_than_the_amount(cents, share):
    assert Money(0) <= Money(cents).times(share) <= Money(cents)


@given(fractions)
def test_an_exact_value_survives_its_text(value):
    assert fraction_from_text(exact_text(value)) == value


@given(fractions, st.integers(0, 6))
def test_a_rounded_value_is_within_half_a_place_and_reads_back(value, places):
    rounded = round_half_up(value, places)

    assert -Fraction(1, 2) < (rounded - value) * 10**places <= Fraction(1, 2)
    assert fraction_from_text(decimal_text(value, places)) == rounded


@given(periods)
def test_the_quarters_and_months_of_a_period_follow_each_other_without_a_gap(days):
    period = Period(*days)

    for parts in (period.months(), period.quarters()):
        assert sum(part.days for part in parts) == period.days
        assert (parts[0].start, parts[-1].end) == days
        assert all(a.end == b.start for a, b in pairwise(parts))


@given(documents)
def test_canonical_json_does_not_depend_on_the_order_of_keys(document):
    def turned(value):
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(each) for each in value] if isinstance(value, list) else value

    assert canonical_json(turned(document)) == canonical_json(document)
