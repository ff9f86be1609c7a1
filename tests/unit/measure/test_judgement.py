"""What is said of a result: met, not met, too few to judge and not scored are four things."""

from fractions import Fraction

import pytest

from comanage.values.rounding import decimal_text
from indicators.measure.statistics.intervals import wilson_interval
from indicators.measure.statistics.judgement import Aim, JudgementState, judge


def printed(value):
    return f"{decimal_text(value * 100, 0)} %"


def judged(met, cases, goal, *, improvement="increase", minimum=0, **changes):
    given = {
        "cases": cases,
        "interval": wilson_interval(met, cases),
        "printed": printed,
    }
    rate = Fraction(met, cases) if cases else None
    return judge(rate, Aim(Fraction(goal), improvement, minimum), **(given | changes))


def test_a_goal_inside_the_interval_is_met_without_certainty():
    judgement = judged(38, 40, "0.9")

    assert judgement.state is JudgementState.MET
    assert not judgement.is_clear
    assert judgement.words == (
        "95 % meets the goal of 90 %, but the 95 % interval 83 % to 99 % includes the goal: "
        "chance alone could explain it."
    )


def test_the_same_rate_of_more_cases_is_clear():
    judgement = judged(190, 200, "0.9")

    assert judgement.state is JudgementState.MET
    assert judgement.is_clear
    assert judgement.words == (
        "95 % meets the goal of 90 %, and the 95 % interval 91 % to 97 % lies wholly above it."
    )


@pytest.mark.parametrize(
    ("met", "improvement", "state", "side"),
    [
        (10, "increase", JudgementState.NOT_MET, "below"),
        (10, "decrease", JudgementState.MET, "below"),
        (190, "decrease", JudgementState.NOT_MET, "above"),
    ],
)
def test_the_direction_says_which_side_is_good(met, improvement, state, side):
    judgement = judged(met, 200, "0.5", improvement=improvement)

    assert judgement.state is state
    assert f"lies wholly {side} it" in judgement.words


@pytest.mark.parametrize("improvement", ["increase", "decrease"])
def test_a_rate_equal_to_its_goal_meets_it(improvement):
    judgement = judged(50, 100, "0.5", improvement=improvement)

    assert judgement.state is JudgementState.MET
    assert "includes the goal" in judgement.words


def test_the_ends_of_an_interval_belong_to_it():
    judgement = judged(60, 100, "0.5", interval=(0.5, 0.7))

    assert "includes the goal" in judgement.words
    assert not judgement.is_clear


def test_fewer_cases_than_agreed_are_neither_met_nor_missed():
    judgement = judged(12, 12, "0.9", minimum=30)

    assert judgement.state is JudgementState.TOO_FEW_TO_JUDGE
    assert not judgement.is_clear
    assert judgement.words == (
        "Too few cases to judge: 12 cases are fewer than the agreed minimum of 30. "
        "The 95 % interval 76 % to 100 % includes the goal of 90 %."
    )


def test_too_few_cases_stay_too_few_when_the_rate_was_withheld():
    judgement = judge(
        None,
        Aim(Fraction("0.9"), "increase", 2),
        cases=1,
        interval=None,
        printed=printed,
        not_scored="Fewer cases than the agreed minimum.",
    )

    assert judgement.state is JudgementState.TOO_FEW_TO_JUDGE
    assert judgement.words == (
        "Too few cases to judge: 1 case is fewer than the agreed minimum of 2."
    )


def test_too_few_cases_say_when_they_exclude_the_goal_all_the_same():
    assert "does not include the goal of 90 %" in judged(0, 12, "0.9", minimum=30).words


def test_exactly_the_minimum_is_judged():
    assert judged(30, 30, "0.5", minimum=30).state is JudgementState.MET


def test_no_cases_at_all_are_not_scored_rather_than_too_few():
    judgement = judged(0, 0, "0.9", minimum=30, not_scored="No data: no case.")

    assert judgement.state is JudgementState.NOT_SCORED
    assert judgement.words == "No data: no case."


def test_no_rate_without_a_reason_is_still_not_scored():
    assert judged(0, 0, "0.9").words == "Not scored: there is no rate."


def test_a_number_without_an_interval_says_that_there_is_none():
    judgement = judged(38, 40, "0.9", interval=None)

    assert judgement.state is JudgementState.MET
    assert not judgement.is_clear
    assert judgement.words == (
        "95 % meets the goal of 90 %; no interval is given for this kind of number."
    )
