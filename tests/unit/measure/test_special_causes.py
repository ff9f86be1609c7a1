"""Each rule fires at its edge and not before it, and says what it saw."""

from fractions import Fraction

import pytest

from indicators.measure.statistics.control_charts import Stretches, xmr_chart
from indicators.measure.statistics.control_points import ControlPoint, Side
from indicators.measure.statistics.icons import (
    ASSURANCE_WORDS,
    VARIATION_WORDS,
    AssuranceState,
    VariationState,
    assurance,
    variation,
)
from indicators.measure.statistics.special_causes import Cause, find_signals, side_of_point


def in_sigmas(*values, stretch=0):
    """Points around 0 with a sigma of 1."""
    return [ControlPoint(Fraction(value), Fraction(0), Fraction(1), stretch) for value in values]


def found(points):
    return [(signal.cause, signal.side, signal.indexes) for signal in find_signals(points)]


def test_a_point_on_a_limit_is_inside_and_beyond_it_is_outside():
    assert found(in_sigmas(3, 0, "-3")) == []
    assert found(in_sigmas("3.0001", 0, 0, "-3.0001")) == [
        (Cause.OUTSIDE_LIMITS, Side.HIGH, (0,)),
        (Cause.OUTSIDE_LIMITS, Side.LOW, (3,)),
    ]


def test_seven_on_one_side_are_special_and_six_are_not():
    zigzag = ("0.5", "0.4", "0.5", "0.4", "0.5", "0.4", "0.5")

    assert found(in_sigmas(*zigzag[:6])) == []
    assert found(in_sigmas(*zigzag)) == [(Cause.ONE_SIDE, Side.HIGH, (0, 1, 2, 3, 4, 5, 6))]


def test_a_point_on_the_mean_ends_a_run():
    assert found(in_sigmas("0.5", "0.4", "0.5", "0.4", 0, "0.5", "0.4", "0.5", "0.4")) == []


def test_a_longer_run_is_one_signal():
    signals = find_signals(in_sigmas(*["-0.5", "-0.4"] * 5))

    assert len(signals) == 1
    assert signals[0].words == "10 points in a row below the mean"


def test_seven_rising_are_special_and_six_are_not():
    rising = ("-1", "-0.8", "-0.5", "0.1", "0.3", "0.6", "0.9")

    assert found(in_sigmas(*rising[:6])) == []
    assert found(in_sigmas(*rising)) == [(Cause.TREND, Side.HIGH, (0, 1, 2, 3, 4, 5, 6))]
    assert found(in_sigmas(*rising[::-1])) == [(Cause.TREND, Side.LOW, (0, 1, 2, 3, 4, 5, 6))]


def test_an_equal_value_ends_a_trend():
    assert found(in_sigmas("-1", "-0.8", "-0.5", "-0.5", "0.3", "0.6", "0.9")) == []


def test_a_trend_counts_from_its_turning_point():
    points = in_sigmas("0.5", "-1", "-0.8", "-0.5", "0.1", "0.3", "0.6", "0.9", "0.2")

    assert found(points) == [(Cause.TREND, Side.HIGH, (1, 2, 3, 4, 5, 6, 7))]


@pytest.mark.parametrize("between", [(), ("-0.5",)])
def test_two_of_three_near_a_limit_are_special(between):
    points = in_sigmas("2.1", *between, "2.2", "-0.1")

    assert found(points) == [(Cause.NEAR_LIMIT, Side.HIGH, (0, len(between) + 1))]


@pytest.mark.parametrize(
    "values",
    [
        ("2.1", "-0.5", "0.5", "2.1"),  # two of four
        ("2.1", "-2.1"),  # on both sides
        ("2", "2"),  # not beyond two sigmas
    ],
)
def test_two_that_are_not_near_one_limit_within_three_are_not_special(values):
    assert found(in_sigmas(*values)) == []


def test_a_point_outside_counts_as_near_its_limit():
    causes = {signal.cause for signal in find_signals(in_sigmas("-3.5", "-2.5"))}

    assert causes == {Cause.OUTSIDE_LIMITS, Cause.NEAR_LIMIT}


def test_no_pattern_reaches_across_a_rebasing():
    before = in_sigmas("0.5", "0.4", "0.5", "2.1")
    after = in_sigmas("2.1", "0.4", "0.5", "0.4", stretch=1)

    assert found(before + after) == []


def test_signals_after_a_rebasing_name_the_points_of_the_chart():
    values = [Fraction(value) for value in (1, 2, 1, 2, 11, 12, 11, 12, 11, 12, 30)]

    chart = xmr_chart(values, stretches=Stretches(rebased_at=(4,), fixed_after=6))

    assert (chart.signals[0].cause, chart.signals[0].indexes) == (Cause.OUTSIDE_LIMITS, (10,))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (("4", "0"), "a point above the upper limit"),
        (("-4", "0"), "a point below the lower limit"),
        (("-2.5", "-2.6", "1"), "2 points close together near or beyond the lower limit"),
        (("-1", "-0.8", "-0.5", "0.1", "0.3", "0.6", "0.9"), "7 points in a row rising"),
        (("1", "0.8", "0.5", "-0.1", "-0.3", "-0.6", "-0.9"), "7 points in a row falling"),
        (("0.5", "0.4") * 4, "8 points in a row above the mean"),
    ],
)
def test_a_signal_says_what_it_saw(values, words):
    assert [signal.words for signal in find_signals(in_sigmas(*values))] == [words]


def test_where_a_point_lies_goes_before_the_trend_it_ends():
    falling_from_far = ("4", "1.9", "1.8", "1.7", "1.6", "1.5", "1.4", "-1")
    signals = find_signals(in_sigmas(*falling_from_far))

    assert side_of_point(signals, 0) is Side.HIGH
    assert side_of_point(signals, 7) is Side.LOW


def charted(*values):
    """A chart of which only the last point can be special."""
    steady = [Fraction(10), Fraction(12)] * 6
    return xmr_chart(
        [*steady, *(Fraction(value) for value in values)], stretches=Stretches(fixed_after=12)
    )


@pytest.mark.parametrize(
    ("value", "improvement", "state"),
    [
        (50, "increase", VariationState.IMPROVING),
        (50, "decrease", VariationState.CONCERN),
        (50, None, VariationState.NEUTRAL_HIGH),
        (-50, "increase", VariationState.CONCERN),
        (-50, "decrease", VariationState.IMPROVING),
        (-50, None, VariationState.NEUTRAL_LOW),
        (11, "increase", VariationState.COMMON_CAUSE),
    ],
)
def test_the_latest_point_says_whether_the_indicator_changes(value, improvement, state):
    assert variation(charted(value), improvement).state is state


def test_an_earlier_special_cause_is_not_news():
    assert variation(charted(50, 11), "increase").state is VariationState.COMMON_CAUSE


# Mean 11, limits 11 - 2.66 * 2 and 11 + 2.66 * 2.
@pytest.mark.parametrize(
    ("goal", "improvement", "state"),
    [
        ("5.67", "increase", AssuranceState.ALWAYS_MET),
        ("5.68", "increase", AssuranceState.HIT_OR_MISS),
        ("16.32", "increase", AssuranceState.HIT_OR_MISS),
        ("16.33", "increase", AssuranceState.NEVER_MET),
        ("5.67", "decrease", AssuranceState.NEVER_MET),
        ("16.33", "decrease", AssuranceState.ALWAYS_MET),
    ],
)
def test_the_goal_against_the_limits_says_whether_it_can_be_relied_on(goal, improvement, state):
    assert assurance(charted(11), Fraction(goal), improvement).state is state


def test_icons_of_trial_limits_say_so():
    short = xmr_chart([Fraction(1), Fraction(2), Fraction(1)])

    assert "trial limits" in variation(short, "increase").words
    assert "trial limits" in assurance(short, Fraction(9), "increase").words
    assert "trial" not in variation(charted(11), "increase").words


def test_every_state_has_its_words():
    assert VARIATION_WORDS.keys() == set(VariationState)
    assert ASSURANCE_WORDS.keys() == set(AssuranceState)
