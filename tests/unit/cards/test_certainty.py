"""How sure a result is, beside its tier and never in its place."""

from fractions import Fraction

import pytest

from indicators.measure.statistics.judgement import JudgementState
from indicators.measure.tally import Tally
from scorecards.cards.certainty import certainty_of, counts_events, interval_of_tally, yardstick

TIERS = [
    {"name": "Threshold", "goal": "1/10", "share": "1/2"},
    {"name": "Target", "goal": "1/20", "share": "1"},
]


def agreed(scoring="proportion", *, minimum=0, grain="case", columns=(), **fields):
    definition = {
        "slug": "it",
        "title": "It",
        "scoring": scoring,
        "improvement": "decrease",
        "unit": "percent",
        "columns": [{"name": "is_met", "type": "flag"}, *columns],
        "governance": {"data_grain": grain},
        **({"numerator": "is_met = true"} if scoring == "proportion" else {}),
        **fields,
    }
    return {
        "slug": "it",
        "definition": definition,
        "minimum_cases": minimum,
        "compare_places": 1,
        "tiers": TIERS,
    }


def of_cases(numerator, eligible):
    return Tally(
        initial_population=eligible,
        denominator=eligible,
        numerator=numerator,
        not_met=eligible - numerator,
    )


def of_sums(above, below, cases):
    return Tally(
        initial_population=cases,
        denominator=cases,
        numerator=cases,
        observations=cases,
        numerator_sum=Fraction(above),
        denominator_sum=Fraction(below),
    )


def said_of(numerator, eligible, *, reached=None, minimum=0):
    compared = None if eligible < minimum else Fraction(numerator, eligible)
    against = yardstick(agreed(minimum=minimum), reached)
    return certainty_of(against, of_cases(numerator, eligible), compared, "Too few.")


def test_chance_alone_may_explain_a_goal_that_was_missed():
    # Wilson: 43 of 360 is 11.9 %, from 9.0 % to 15.7 %; 10 % lies inside.
    said = said_of(43, 360)

    assert (said.word, said.tone) == ("Not met, within the reach of chance", "waiting")
    assert said.interval == "9.0 % to 15.7 % (Wilson)"
    assert said.words.endswith("includes the goal: chance alone could explain it.")


def test_a_result_is_clear_when_its_interval_lies_on_one_side():
    assert (said_of(400, 2000).word, said_of(400, 2000).tone) == ("Clearly not met", "concern")
    assert (said_of(50, 2000).word, said_of(50, 2000).tone) == ("Clearly met", "good")


def test_the_goal_is_that_of_the_tier_reached_or_the_first_below_all():
    assert "goal of 5.0 %" in said_of(40, 1000, reached="Target").words
    assert "goal of 10.0 %" in said_of(90, 1000, reached="Threshold").words
    assert "goal of 10.0 %" in said_of(200, 1000).words


def test_too_few_cases_is_a_state_of_its_own_and_none_is_not_scored():
    few, none = said_of(0, 19, minimum=20), said_of(0, 0, minimum=20)

    assert (few.state, few.word) == (JudgementState.TOO_FEW_TO_JUDGE, "Too few cases to judge")
    assert few.words.startswith("Too few cases to judge: 19 cases are fewer")
    assert (none.state, none.words) == (JudgementState.NOT_SCORED, "Too few.")
    assert said_of(0, 20, minimum=20).state is JudgementState.MET


def test_a_mean_has_no_interval_and_says_so():
    nights = {"name": "nights", "type": "whole"}
    against = yardstick(agreed("mean", columns=[nights], observation="nights"), None)

    said = certainty_of(against, of_sums(30, 0, 10), Fraction(3))

    assert said.interval == "none for a mean"
    assert said.word == "Not met, without an interval"


def test_events_over_an_exposure_have_the_exact_poisson_interval():
    columns = [{"name": "infections", "type": "whole"}, {"name": "days", "type": "whole"}]
    sums = {"numerator_observation": "infections", "denominator_observation": "days"}
    events = yardstick(
        agreed("ratio", grain="public_aggregate", columns=columns, **sums), None
    ).definition

    low, high = interval_of_tally(events, of_sums(10, 1000, 12))

    # Garwood: 10 events lie between 4.795 and 18.39.
    assert (round(low * 1000, 3), round(high * 1000, 2)) == (4.795, 18.39)


@pytest.mark.parametrize(
    ("kind", "grain", "observed"),
    [
        ("whole", "case", "adds"),  # days or minutes of each case
        ("decimal", "public_aggregate", "adds"),  # dollars, rates
        ("whole", "public_aggregate", "adds + adds"),  # something calculated
    ],
)
def test_what_is_no_count_of_events_has_no_interval(kind, grain, observed):
    columns = [{"name": "adds", "type": kind}, {"name": "expected", "type": "decimal"}]
    definition = yardstick(
        agreed(
            "observed_over_expected",
            grain=grain,
            columns=columns,
            numerator_observation=observed,
            expected="expected",
        ),
        None,
    ).definition

    assert not counts_events(definition)
    assert interval_of_tally(definition, of_sums(40, 30, 10)) is None
