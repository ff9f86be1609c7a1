"""Funnel limits agree with exact sums of fractions, and a funnel of few units is refused."""

from fractions import Fraction
from math import comb, factorial

import pytest

from indicators.measure.statistics.control_points import Side
from indicators.measure.statistics.distributions import binomial_quantile, poisson_quantile
from indicators.measure.statistics.funnel import (
    ZONE_WORDS,
    NoFunnel,
    Zone,
    expected_funnel,
    proportion_funnel,
)

SHARES = (Fraction("0.001"), Fraction("0.025"), Fraction("0.975"), Fraction("0.999"))


def slow_quantile(share, chances):
    """Spiegelhalter's r - (F(r) - p) / (F(r) - F(r - 1)), in fractions."""
    below = Fraction(0)
    for count, chance in enumerate(chances):
        below += chance
        if below >= share:
            return max(Fraction(0), count - (below - share) / chance)
    raise AssertionError


def binomial(size, chance):
    return [comb(size, met) * chance**met * (1 - chance) ** (size - met) for met in range(size + 1)]


def poisson(mean):
    # e as a fraction of thirty digits: its series, summed exactly.
    e_to_mean = sum(mean**k / factorial(k) for k in range(80))
    return [mean**count / factorial(count) / e_to_mean for count in range(80)]


@pytest.mark.parametrize("share", SHARES, ids=str)
@pytest.mark.parametrize("size", [1, 2, 10, 57, 240])
@pytest.mark.parametrize("chance", ["0.01", "0.08", "0.5", "0.95"])
def test_binomial_limits_are_the_exact_sums(share, size, chance):
    exact = slow_quantile(share, binomial(size, Fraction(chance)))

    assert binomial_quantile(float(share), size, float(chance)) == pytest.approx(float(exact))


@pytest.mark.parametrize("share", SHARES, ids=str)
@pytest.mark.parametrize("mean", ["0.2", "1", "4.5", "12"])
def test_poisson_limits_are_the_exact_sums(share, mean):
    exact = slow_quantile(share, poisson(Fraction(mean)))

    assert poisson_quantile(float(share), float(mean)) == pytest.approx(float(exact))


def test_limits_of_a_large_unit_are_nearly_normal():
    assert binomial_quantile(0.975, 100_000, 0.1) == pytest.approx(
        10_000 + 1.96 * (100_000 * 0.1 * 0.9) ** 0.5, abs=1
    )


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_what_never_or_always_happens_has_no_spread(chance):
    assert binomial_quantile(0.025, 30, chance) == 30 * chance
    assert binomial_quantile(0.975, 30, chance) == 30 * chance
    assert poisson_quantile(0.975, 0.0) <= 1


def sites(*, odd=8, cases=100):
    """Twelve sites; each meets 8 of 100 but the last."""
    return [(f"Site {number}", 8, 100) for number in range(11)] + [("Odd", odd, cases)]


@pytest.mark.parametrize(
    ("met", "zone", "side"),
    [
        (8, Zone.INSIDE, None),
        (0, Zone.BEYOND_998, Side.LOW),  # chance of 0 of 100 at 8 %: 0.92 ** 100 = 0.0002
        (2, Zone.BEYOND_95, Side.LOW),  # of 2 or fewer: 0.011
        (3, Zone.INSIDE, None),  # of 3 or fewer: 0.037
        (14, Zone.BEYOND_95, Side.HIGH),
        (20, Zone.BEYOND_998, Side.HIGH),
    ],
)
def test_a_unit_is_placed_by_the_limits_of_its_own_size(met, zone, side):
    funnel = proportion_funnel(sites(odd=met), center=Fraction("0.08"))

    assert (funnel.units[-1].zone, funnel.units[-1].side) == (zone, side)
    assert all(unit.zone is Zone.INSIDE for unit in funnel.units[:-1])


def test_the_same_share_of_more_cases_lies_further_out():
    small = proportion_funnel(sites(odd=12), center=Fraction("0.08"))
    large = proportion_funnel(sites(odd=120, cases=1000), center=Fraction("0.08"))

    assert small.units[-1].zone is Zone.INSIDE
    assert large.units[-1].zone is Zone.BEYOND_998


def test_without_a_center_all_cases_together_are_the_center():
    assert proportion_funnel(sites(odd=24, cases=300)).center == Fraction(11 * 8 + 24, 1400)


def test_observed_over_expected_has_poisson_limits():
    # Twice as many as expected: of 10 that is beyond 99.8 %, of 1 it is nothing.
    units = [(f"Site {number}", 10, Fraction(10)) for number in range(9)]

    funnel = expected_funnel([*units, ("Large", 21, 10), ("Small", 2, 1)])

    assert [unit.value for unit in funnel.units[-2:]] == [Fraction("2.1"), 2]
    assert [unit.zone for unit in funnel.units[-2:]] == [Zone.BEYOND_998, Zone.INSIDE]
    assert funnel.center == 1


def test_fewer_than_ten_units_are_refused_with_the_reason():
    refused = proportion_funnel(sites()[:9])

    assert isinstance(refused, NoFunnel)
    assert refused.reason == (
        "A funnel needs 10 units or more, not 9: with so few, look at the control chart and "
        "the interval of each."
    )
    assert isinstance(expected_funnel([("A", 1, 1)] * 9), NoFunnel)
    assert not isinstance(proportion_funnel(sites()[:10]), NoFunnel)


def test_curves_rise_in_size_and_lie_around_the_center():
    funnel = proportion_funnel([(f"Site {number}", number, 10 * number) for number in range(1, 41)])
    sizes = [limits.size for limits in funnel.curves]

    assert sizes == sorted(set(sizes))
    assert sizes[-1] == 400
    assert all(size.denominator == 1 for size in sizes)
    for limits in funnel.curves:
        assert 0 <= limits.low_998 <= limits.low_95 <= float(funnel.center)
        assert float(funnel.center) <= limits.high_95 <= limits.high_998 <= 1


def test_the_spread_of_the_units_is_held_against_chance():
    # Half of the sites lie two sigmas above, half below: four times the spread of chance.
    sigma = (0.5 * 0.5 / 400) ** 0.5
    met = [round(400 * (0.5 + 2 * sigma * sign)) for sign in (1, -1) * 10]

    funnel = proportion_funnel([(str(at), count, 400) for at, count in enumerate(met)])

    assert funnel.dispersion == pytest.approx(4)
    assert funnel.is_over_dispersed
    assert "4.0 times as much as chance" in funnel.dispersion_words


def test_one_true_outlier_does_not_hide_itself():
    funnel = proportion_funnel(sites(odd=60), center=Fraction("0.08"))

    assert funnel.dispersion == 0
    assert not funnel.is_over_dispersed
    assert funnel.dispersion_words == ""


def test_units_that_all_met_everything_have_no_spread():
    funnel = proportion_funnel([(str(at), 20, 20) for at in range(10)])

    assert funnel.dispersion == 0
    assert all(unit.zone is Zone.INSIDE for unit in funnel.units)


@pytest.mark.parametrize("unit", [("A", 1, 0), ("A", 3, 2), ("A", -1, 2)])
def test_a_unit_without_cases_is_refused(unit):
    with pytest.raises(ValueError, match="is no unit of a funnel"):
        proportion_funnel([*sites(), unit])


@pytest.mark.parametrize("unit", [("A", 1, 0), ("A", -1, 2)])
def test_a_unit_that_expects_nothing_is_refused(unit):
    with pytest.raises(ValueError, match="is no unit of a funnel"):
        expected_funnel([unit] * 10)


def test_a_center_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="not a proportion to compare with"):
        proportion_funnel(sites(), center=Fraction(2))
    with pytest.raises(ValueError, match="not a ratio to compare with"):
        expected_funnel([("A", 1, 1)] * 10, center=Fraction(-1))


def test_every_zone_has_its_words():
    assert ZONE_WORDS.keys() == set(Zone)
