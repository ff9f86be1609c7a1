"""Control limits agree with textbook examples, exactly where they can."""

from fractions import Fraction
from itertools import pairwise

import pytest

from indicators.measure.statistics.control_charts import (
    KIND_WORDS,
    ChartKind,
    NotDrawn,
    Stretches,
    p_chart,
    u_chart,
    xmr_chart,
)

# Montgomery, Introduction to Statistical Quality Control, purchase orders with errors:
# 25 weeks with their own sample sizes.
SIZES = (
    100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120, 120, 110, 80, 80, 80, 90, 100,
    100, 100, 100, 90, 90,
)  # fmt: skip
ERRORS = (
    12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9,
)  # fmt: skip
ORDERS = tuple(zip(ERRORS, SIZES, strict=True))


def whole(*numbers):
    return [Fraction(number) for number in numbers]


def average_range(values):
    ranges = [abs(after - before) for before, after in pairwise(values)]
    return sum(ranges) / len(ranges)


def test_individual_values_have_limits_2_66_average_moving_ranges_from_the_mean():
    chart = xmr_chart(whole(10, 12, 11, 13))

    reach = 2.66 * (2 + 1 + 2) / 3
    assert chart.center == Fraction(46, 4)
    assert chart.limits == pytest.approx((11.5 - reach, 11.5 + reach))


def test_equal_values_lie_on_their_limits_and_not_outside():
    chart = xmr_chart([Fraction("0.1")] * 20)

    assert chart.limits == (0.1, 0.1)
    assert chart.signals == ()


def test_limits_are_drawn_within_the_values_that_can_occur():
    values = [Fraction(1, 2), Fraction(1)] * 3

    plain = xmr_chart(values)
    bounded = xmr_chart(values, bounds=(Fraction(0), Fraction(1)))

    assert plain.limits[0] < 0
    assert plain.limits[1] > 1
    assert bounded.limits == (0, 1)


def test_a_proportion_has_limits_from_each_weeks_own_cases():
    chart = p_chart(ORDERS)

    assert chart.center == Fraction(234, 2450)
    for size, low, high in [(100, 0.007, 0.184), (80, 0, 0.194), (120, 0.015, 0.176)]:
        point = chart.points[SIZES.index(size)]
        assert (point.lower, point.upper) == pytest.approx((low, high), abs=0.0006)


def test_the_week_that_the_textbook_finds_out_of_control_is_found():
    chart = p_chart(ORDERS)

    assert [index for index, point in enumerate(chart.points) if point.is_outside] == [10]


def test_events_have_limits_from_each_periods_own_exposure():
    chart = u_chart([(4, 1000), (9, 1500), (2, Fraction(500))])

    mean = 15 / 3000
    assert chart.center == Fraction(15, 3000)
    assert chart.points[1].upper == pytest.approx(mean + 3 * (mean / 1500) ** 0.5)
    assert chart.points[2].lower == 0  # three sigmas would be below zero


def test_with_equal_sizes_laneys_limits_are_those_of_individual_values():
    met = [400, 520, 610, 450, 380, 540, 660, 470, 520, 430, 600, 500]
    shares = [number / 1000 for number in met]

    chart = p_chart([(number, 1000) for number in met], widen=True)

    reach = 3 * average_range(shares) / 1.128
    assert chart.kind is ChartKind.P_PRIME
    assert chart.limits == pytest.approx((float(chart.center) - reach, float(chart.center) + reach))
    assert chart.dispersion > 4


def test_laneys_u_chart_widens_in_the_same_way():
    counts = [90, 160, 70, 140, 120, 200, 60, 130]

    chart = u_chart([(count, 10) for count in counts], widen=True)

    reach = 3 * average_range([count / 10 for count in counts]) / 1.128
    assert chart.kind is ChartKind.U_PRIME
    assert chart.limits[1] == pytest.approx(float(chart.center) + reach)


def test_points_that_spread_less_than_chance_do_not_narrow_the_limits():
    counts = [(50, 100), (51, 100), (50, 100), (49, 100)]

    assert p_chart(counts, widen=True).limits == p_chart(counts).limits
    assert p_chart(counts, widen=True).dispersion == 1


def test_a_chart_where_nobody_met_has_limits_at_zero():
    assert p_chart([(0, 10)] * 3, widen=True).limits == (0, 0)


def test_outlying_moving_ranges_are_kept_unless_they_are_screened():
    values = whole(10, 11, 10, 11, 10, 11, 10, 40, 10, 11, 10, 11, 10)

    kept = xmr_chart(values)
    screened = xmr_chart(values, screen_outliers=True)

    # Twelve ranges: ten of 1 and two of 30; 30 is above 3.267 * 70 / 12.
    assert kept.screened is None
    assert kept.limits[1] - float(kept.center) == pytest.approx(2.66 * 70 / 12)
    assert screened.screened == 2
    assert screened.limits[1] - float(screened.center) == pytest.approx(2.66)


def test_screening_equal_values_leaves_their_limits():
    assert xmr_chart(whole(5, 5, 5), screen_outliers=True).limits == (5, 5)


@pytest.mark.parametrize(("points", "is_trial"), [(11, True), (12, False)])
def test_fewer_than_12_points_give_trial_limits(points, is_trial):
    chart = xmr_chart(whole(*range(points)))

    assert chart.is_trial is is_trial
    assert bool(chart.trial_words) is is_trial


def test_the_words_of_trial_limits_say_how_many_points_there_are():
    assert xmr_chart(whole(1, 2, 3)).trial_words == (
        "Trial limits: they rest on 3 points, fewer than 12."
    )


def test_rebased_limits_are_computed_from_their_own_stretch():
    values = whole(1, 3, 1, 3, 11, 15, 11, 15)

    chart = xmr_chart(values, stretches=Stretches(rebased_at=(4,)))

    assert [point.center for point in chart.points] == [2] * 4 + [13] * 4
    # The step from 3 to 11 belongs to neither stretch.
    assert chart.points[0].upper == pytest.approx(2 + 2.66 * 2)
    assert chart.points[7].upper == pytest.approx(13 + 2.66 * 4)
    assert chart.limits_from == 4


def test_fixed_limits_come_from_the_first_points_and_stay():
    chart = xmr_chart(whole(1, 3, 1, 3, 50, 60), stretches=Stretches(fixed_after=4))

    assert chart.center == 2
    assert chart.limits_from == 4
    assert chart.points[5].is_outside


def test_proportions_are_rebased_and_fixed_in_the_same_way():
    counts = [(1, 10), (3, 10), (8, 10), (9, 10), (1, 10)]

    chart = p_chart(counts, stretches=Stretches(rebased_at=(2,), fixed_after=2))

    assert [point.center for point in chart.points] == [
        *[Fraction(4, 20)] * 2,
        *[Fraction(17, 20)] * 3,
    ]


@pytest.mark.parametrize("rebased_at", [(0,), (4,), (9,), (2, 2), (3, 1), (-1,)])
def test_limits_are_rebased_inside_the_chart_and_in_order(rebased_at):
    with pytest.raises(ValueError, match="name points from 1 to 3, ascending"):
        xmr_chart(whole(1, 2, 3, 4), stretches=Stretches(rebased_at))


def test_limits_are_not_fixed_after_a_single_point():
    with pytest.raises(ValueError, match="need 2 points or more, not 1"):
        xmr_chart(whole(1, 2), stretches=Stretches(fixed_after=1))


def test_one_point_makes_no_chart():
    assert xmr_chart([]) == NotDrawn("A control chart needs 2 points or more.")
    assert p_chart([(1, 2)]) == NotDrawn("A control chart needs 2 points or more.")


def test_one_point_makes_no_new_limits():
    chart = xmr_chart(whole(1, 2, 3), stretches=Stretches(rebased_at=(2,)))

    assert chart == NotDrawn("A control chart needs 2 points or more from point 3.")


@pytest.mark.parametrize("count", [(1, 0), (3, 2), (-1, 2), (0, 0)])
def test_a_period_without_cases_is_no_point_of_a_p_chart(count):
    with pytest.raises(ValueError, match="leave out periods without cases"):
        p_chart([(1, 2), count])


@pytest.mark.parametrize("count", [(1, 0), (-1, 2)])
def test_a_period_without_exposure_is_no_point_of_a_u_chart(count):
    with pytest.raises(ValueError, match="leave out periods without exposure"):
        u_chart([(1, 2), count])


def test_every_kind_of_chart_says_how_its_limits_are_made():
    assert KIND_WORDS.keys() == set(ChartKind)


@pytest.mark.parametrize(
    ("chart", "words"),
    [
        (xmr_chart(whole(1, 2, 1)), "; outlying moving ranges are not screened"),
        (xmr_chart(whole(1, 2, 1), screen_outliers=True), "; outlying moving ranges screened: 0"),
        (p_chart(ORDERS), "own number of cases"),
        (p_chart(ORDERS, widen=True), "own cases, widened 1.0 times"),
        (u_chart([(90, 10), (160, 10)], widen=True), "own exposure, widened 5.6 times"),
    ],
    ids=["not-screened", "screened", "p", "p-prime", "u-prime"],
)
def test_a_chart_says_what_was_screened_or_widened(chart, words):
    # u: center 12.5, sigma sqrt(1.25); one range of 7 / sqrt(1.25) / 1.128 = 5.55.
    assert chart.method_words.endswith(words)
