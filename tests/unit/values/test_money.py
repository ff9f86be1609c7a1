"""Dollars in whole cents."""

from decimal import Decimal
from fractions import Fraction

import pytest

from comanage.values import Money, MoneyError, split_by_weight


@pytest.mark.parametrize(
    ("dollars", "cents"),
    [
        ("1234.50", 123450),
        ("0.05", 5),
        ("-12", -1200),
        (" 7.1 ", 710),
        (Decimal("62333.33"), 6233333),
    ],
)
def test_dollars_are_read_to_the_cent(dollars, cents):
    assert Money.from_dollars(dollars) == Money(cents)


@pytest.mark.parametrize("dollars", [0.1, 5, None])
def test_dollars_are_not_taken_from_floats_or_bare_numbers(dollars):
    with pytest.raises(MoneyError, match="text or Decimal"):
        Money.from_dollars(dollars)


@pytest.mark.parametrize("dollars", ["", "$5", "1,000", "1e3", "NaN", ".5", Decimal("Infinity")])
def test_what_is_not_plain_digits_is_not_an_amount(dollars):
    with pytest.raises(MoneyError, match="not an amount"):
        Money.from_dollars(dollars)


@pytest.mark.parametrize("dollars", ["1.005", Decimal("0.001")])
def test_an_amount_finer_than_a_cent_is_refused(dollars):
    with pytest.raises(MoneyError, match="more than two decimals"):
        Money.from_dollars(dollars)


@pytest.mark.parametrize("cents", [1.0, True, "1"])
def test_cents_are_whole_numbers(cents):
    with pytest.raises(MoneyError, match="whole number of cents"):
        Money(cents)


@pytest.mark.parametrize(
    ("cents", "shown", "text"),
    [
        (6233333, "$62,333.33", "62333.33"),
        (-1200, "-$12.00", "-12.00"),
        (-5, "-$0.05", "-0.05"),
        (0, "$0.00", "0.00"),
    ],
)
def test_an_amount_is_written_with_sign_and_cents(cents, shown, text):
    assert (str(Money(cents)), Money(cents).dollars_text) == (shown, text)


def test_amounts_add_subtract_and_turn_round():
    assert Money(250) + Money(50) - Money(100) == -Money(-200)


def test_amounts_are_ordered():
    assert Money(-1) < Money(0) < Money(1)


def test_sum_starts_from_its_own_zero():
    assert sum([Money(1), Money(2)]) == Money(3)


@pytest.mark.parametrize(
    "mixed", [lambda: Money(1) + 1, lambda: 1 + Money(1), lambda: Money(1) - 1]
)
def test_an_amount_and_a_bare_number_do_not_mix(mixed):
    with pytest.raises(TypeError):
        mixed()


@pytest.mark.parametrize(
    ("cents", "share", "expected"),
    [
        (101, Fraction(1, 2), 51),  # 50.5 goes up
        (-101, Fraction(1, 2), -50),  # -50.5 goes up, toward more
        (100, Fraction(1, 3), 33),
        (7, 1, 7),
    ],
)
def test_a_share_of_an_amount_rounds_half_a_cent_upward(cents, share, expected):
    assert Money(cents).times(share) == Money(expected)


def test_cents_left_over_go_to_the_largest_remainders():
    parts = split_by_weight(Money(100), [1, 2, 4])  # 14 2/7, 28 4/7, 57 1/7

    assert parts == [Money(14), Money(29), Money(57)]


def test_cents_left_over_go_to_the_earliest_of_equal_remainders():
    assert split_by_weight(Money(100), [1, 1, 1]) == [Money(34), Money(33), Money(33)]


def test_weights_may_be_fractions():
    assert split_by_weight(Money(10), [Fraction(1, 2), Fraction(1, 3)]) == [Money(6), Money(4)]


@pytest.mark.parametrize(
    ("cents", "weights"), [(-1, [1]), (1, []), (1, [0]), (1, [2, -1]), (1, [-1])]
)
def test_a_pool_is_not_divided_by_nothing_or_into_debts(cents, weights):
    with pytest.raises(MoneyError, match="Cannot divide"):
        split_by_weight(Money(cents), weights)
