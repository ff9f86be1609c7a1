"""Intervals agree with published tables and with the sums they are made of."""

from fractions import Fraction
from math import exp, factorial

import pytest

from indicators.measure.statistics.intervals import (
    interval_of,
    observed_over_expected_interval,
    poisson_interval,
    poisson_rate_interval,
    wilson_interval,
)

# Published tables of exact 95 % limits of a Poisson count, after Garwood (1936).
GARWOOD = {
    0: (0, 3.689),
    1: (0.0253, 5.572),
    2: (0.242, 7.225),
    5: (1.623, 11.668),
    10: (4.795, 18.390),
    20: (12.217, 30.888),
    50: (37.111, 65.919),
    100: (81.364, 121.627),
}


def test_the_same_95_percent_says_less_of_40_cases_than_of_200():
    assert wilson_interval(38, 40) == pytest.approx((0.835, 0.986), abs=0.0005)
    assert wilson_interval(190, 200) == pytest.approx((0.910, 0.973), abs=0.0005)


@pytest.mark.parametrize("cases", [1, 2, 7, 40, 999])
def test_a_full_house_reaches_exactly_its_end(cases):
    assert wilson_interval(0, cases)[0] == 0
    assert wilson_interval(cases, cases)[1] == 1


@pytest.mark.parametrize(("count", "published"), GARWOOD.items())
def test_a_count_has_the_published_exact_limits(count, published):
    assert poisson_interval(count) == pytest.approx(published, abs=0.0006)


@pytest.mark.parametrize("count", [1, 3, 12, 40])
def test_each_end_leaves_two_and_a_half_percent_on_its_side(count):
    def at_most(events, mean):
        return sum(exp(-mean) * mean**k / factorial(k) for k in range(events + 1))

    low, high = poisson_interval(count)

    assert 1 - at_most(count - 1, low) == pytest.approx(0.025)
    assert at_most(count, high) == pytest.approx(0.025)


def test_a_large_count_is_nearly_normal():
    low, high = poisson_interval(1_000_000)

    assert low == pytest.approx(1_000_000 - 1.96 * 1000, abs=3)
    assert high == pytest.approx(1_000_000 + 1.96 * 1000, abs=3)


def test_a_rate_divides_both_ends_by_the_exposure():
    assert poisson_rate_interval(10, 2000) == pytest.approx((4.795 / 2000, 18.390 / 2000), abs=1e-6)


def test_observed_over_expected_divides_both_ends_by_the_expected():
    assert observed_over_expected_interval(10, Fraction("12.5")) == pytest.approx(
        (4.795 / 12.5, 18.390 / 12.5), abs=1e-4
    )


def test_without_exposure_there_is_no_interval():
    assert poisson_rate_interval(0, 0) is None
    assert observed_over_expected_interval(3, Fraction(0)) is None


def test_fewer_than_no_events_are_refused():
    with pytest.raises(ValueError, match="-1 is not a count of events"):
        poisson_interval(-1)
    with pytest.raises(ValueError, match="must not be negative"):
        poisson_rate_interval(1, -2)


def test_each_way_of_scoring_has_its_own_interval():
    assert interval_of("proportion", Fraction(38), Fraction(40)) == wilson_interval(38, 40)
    assert interval_of("count", Fraction(10), Fraction(1)) == poisson_interval(10)
    assert interval_of(
        "observed_over_expected", Fraction(10), Fraction("12.5")
    ) == observed_over_expected_interval(10, Fraction("12.5"))


@pytest.mark.parametrize("scoring", ["mean", "median", "percentile", "sum", "ratio", "milestone"])
def test_a_number_whose_spread_is_unknown_has_no_interval(scoring):
    assert interval_of(scoring, Fraction(38), Fraction(40)) is None


@pytest.mark.parametrize(
    ("scoring", "numerator", "denominator"),
    [
        ("proportion", Fraction("37.5"), Fraction(40)),
        ("proportion", Fraction(37), Fraction("40.5")),
        ("proportion", Fraction(41), Fraction(40)),
        ("count", Fraction(-1), Fraction(1)),
        ("observed_over_expected", Fraction(1), Fraction(-1)),
    ],
)
def test_numbers_that_are_not_counts_have_no_interval(scoring, numerator, denominator):
    assert interval_of(scoring, numerator, denominator) is None
