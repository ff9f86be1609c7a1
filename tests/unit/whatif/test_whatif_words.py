"""What is asked and answered of each way of scoring, in words a physician reads on a phone."""

from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from comanage.values import Money, Period
from indicators.measure.tally import Tally
from scorecards.cards.reading import SliceReading
from scorecards.scoring.plan import Plan
from scorecards.whatif.asking import asks_of
from scorecards.whatif.board import Board, answer
from scorecards.whatif.pace import Pace, pace_of
from scorecards.whatif.reading import read_answer
from tests.standings import met, observed, standing, terms

MEDIAN_HINT = (
    "Empty: as so far. A median of the rest does not make the year's, so one value is asked for "
    "all of them"
)
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
CHICAGO = ZoneInfo("America/Chicago")


HALF_WAY = Pace(100, 50)


def board(*standings, pace=HALF_WAY):
    plan = Plan(tuple(each.terms for each in standings), Money(100_000), "redistribute")
    return Board(plan, tuple(standings), pace)


def told(laid, *, size=None, performance=None):
    """Ask the first indicator; return its answer in words."""
    slug = laid.standings[0].terms.slug
    return read_answer(laid, answer(laid, {slug: (size, performance)})).indicators[0]


def takes(laid, **given):
    return [way.words for way in told(laid, **given).ways]


# --- What is asked --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "size", "label", "hint"),
    [
        (
            standing(terms("1/10"), met(10, 100)),
            "Cases still to come",
            "Their rate, in %",
            "Empty: as so far, 10.0 %",
        ),
        (
            standing(terms("3", scoring="mean"), observed([2, 4])),
            "Cases still to come",
            "Their average, in days",
            "Empty: as so far, 3.0 days",
        ),
        (
            standing(terms("1/1000", scoring="ratio"), observed([2, 1], 1500)),
            "Line days still to come",
            "Their rate, per 1,000 line days",
            "Empty: as so far, 2.0 per 1,000 line days",
        ),
        (
            standing(terms("1", scoring="observed_over_expected"), observed([1] * 3, 4)),
            "Expected events still to come",
            "Observed over expected among them",
            "Empty: as so far, 0.8 days",
        ),
        (
            standing(terms("3", scoring="median"), observed([2, 4, 9])),
            "Cases still to come",
            "The value of each of them, in days",
            MEDIAN_HINT,
        ),
        (
            standing(terms("3", scoring="count", improvement="increase"), met(2, 4)),
            "",
            "Still to be added, in protocols",
            "Empty: nothing. At the pace so far it would be 1.0 protocols",
        ),
        (
            standing(terms("1", scoring="milestone", improvement="increase"), met(0, 1)),
            "",
            "By the end of the year",
            "Empty: as so far, not reached",
        ),
        (
            standing(terms("1/10", minimum_cases=20), met(0, 3)),
            "Cases still to come",
            "Their rate, in %",
            "Empty: it stays not scored",
        ),
        (standing(terms("1", scoring="ratio"), Tally()), "", "", "Empty: it stays not scored"),
    ],
)
def test_each_way_of_scoring_is_asked_in_its_own_unit(now, size, label, hint):
    (ask,) = asks_of(board(now))

    assert (ask.size_label, ask.label, ask.hint) == (size, label, hint)


def test_a_slider_reaches_from_goal_to_result_and_no_further_than_a_rate_can():
    (ask,) = asks_of(board(standing(terms("0.9", "0.99", improvement="increase"), met(80, 100))))

    # Goals and result lie 19 points apart; a quarter of that is the margin, and 100 % the end.
    assert (ask.slider.low, ask.slider.high) == ("75.3", "100.0")
    assert (ask.slider.step, ask.slider.place) == ("0.1", "80.0")


# --- What a tier takes ----------------------------------------------------------------------------


def test_a_proportion_names_the_cases_that_may_still_be_in_the_numerator():
    # 150 cases in all; under 8.05 % are 12, of which 10 are there.
    laid = board(standing(terms("0.08", "0.05"), met(10, 100)))

    assert takes(laid) == [
        "At most 2 of the next 50 cases may be in the numerator: 3 fewer than as so far.",
        "Out of reach, even if none of the next 50 cases is in the numerator.",
    ]


def test_a_proportion_names_the_cases_that_must_still_be_in_the_numerator():
    # 150 cases in all; 89.95 % are 134.9.
    laid = board(standing(terms("0.9", "0.99", improvement="increase"), met(90, 100)))

    assert takes(laid) == [
        "At least 45 of the next 50 cases must be in the numerator: as many as so far.",
        "Out of reach, even if each of the next 50 cases is in the numerator.",
    ]


def test_what_the_rest_cannot_undo_is_kept_whatever_it_brings():
    high = board(standing(terms("0.4", improvement="increase"), met(90, 100)))
    low = board(standing(terms("0.4"), met(2, 100)))

    assert takes(high) == takes(low) == ["Kept whatever the next 50 cases bring."]


def test_a_mean_names_the_average_that_is_enough():
    # 6 days over 2 cases, 2 more to come: at most 2.95 over 4 is 11.8, so 5.7 are left for two.
    laid = board(standing(terms("2.9", scoring="mean"), observed([2, 4])), pace=Pace(10, 10))

    assert takes(laid) == ["The next 2 cases must average at most 2.8 days."]


def test_a_ratio_names_the_rate_of_what_is_to_come():
    laid = board(standing(terms("1/1000", scoring="ratio"), observed([2, 1], 2000)))

    # Below 1.05 per 1,000 of 3,000 are 3.15; 3 are there, so 0.15 over 1,000 are left.
    assert takes(laid) == [
        "The rate of the next 1,000 line days must be at most 0.1 per 1,000 line days."
    ]


def test_an_observed_over_expected_names_its_events():
    laid = board(standing(terms("1", scoring="observed_over_expected"), observed([1] * 9, 8)))

    # Below 1.05 of 12 expected are 12.6; 9 are there. As so far 4.5 would come, which is 5.
    assert takes(laid) == [
        "At most 3 events among the next 4 expected events: 2 fewer than as so far."
    ]


def test_a_count_only_rises():
    up = board(standing(terms("3", scoring="count", improvement="increase"), met(1, 4)))
    done = board(standing(terms("1", scoring="count", improvement="increase"), met(1, 4)))
    down = board(standing(terms("3", "0", scoring="count"), met(1, 4)))

    assert takes(up) == ["At least 2 more protocols."]
    assert takes(done) == ["Reached, and a count does not fall."]
    assert takes(down) == [
        "At most 2 more protocols.",
        "Out of reach: more have been counted already, and a count does not fall.",
    ]


def test_a_sum_names_what_is_to_be_added():
    laid = board(standing(terms("10", scoring="sum", improvement="increase"), observed([4])))

    assert takes(laid) == ["What is added must come to at least 6.0 days."]


def test_a_milestone_is_reached_or_has_to_be():
    agreed = terms("1", scoring="milestone", improvement="increase")
    waiting, done = board(standing(agreed, met(0, 1))), board(standing(agreed, met(1, 1)))

    assert told(waiting).today == "Not reached so far"
    assert takes(waiting) == ["The milestone has to be reached."]
    assert takes(done) == ["The milestone is reached."]
    assert told(waiting, performance=Fraction(1)).what_if.earned == Money(100_000)


def test_a_median_says_that_no_number_of_cases_can_be_told():
    answered = told(board(standing(terms("3", scoring="median"), observed([2, 4, 9]))))

    assert answered.ways == ()
    assert "cannot be told of a median" in answered.no_ways


def test_with_nothing_to_come_a_rate_changes_nothing_and_the_page_says_so():
    laid = board(standing(terms("0.08"), met(10, 100)), pace=Pace(365, 0))

    answered = told(laid, performance=Fraction(0))

    assert answered.ways[0].words == "Out of reach: nothing is still to come that could change it."
    assert answered.note == (
        "What is typed changes nothing, because no cases are still to come. Say how many there are."
    )
    assert answered.change == "as projected"


# --- Not scored is not zero -----------------------------------------------------------------------


def test_what_is_not_scored_stays_so_until_its_cases_are_enough_and_a_result_is_typed():
    agreed = terms("0.1", minimum_cases=20)
    laid = board(standing(agreed, met(0, 10)), standing(terms("1/2", slug="other"), met(1, 10)))

    untouched, few, enough = (
        told(laid, size=Fraction(size), performance=performance)
        for size, performance in ((10, None), (9, Fraction(0)), (10, Fraction(0)))
    )

    assert untouched.what_if.result == few.what_if.result == "Not scored"
    assert few.what_if.basis == "Fewer cases than the agreed minimum."
    assert few.what_if.tier == "Not scored"
    assert few.ways[0].words == (
        "Not scored: the year would not have the 20 cases that were agreed."
    )
    # The other indicator earned the whole pool alone; now each earns its half.
    assert (enough.what_if.result, enough.what_if.earned) == ("0.0 %", Money(50_000))
    assert enough.ways[0].worth == "Worth $500.00, $500.00 more than projected."


def test_nothing_below_the_line_leaves_nothing_to_ask():
    answered = told(board(standing(terms("1", scoring="ratio"), Tally())))

    assert answered.no_ways == (
        "Nothing can be asked of this indicator: nothing is counted below the line yet."
    )


# --- Pace -----------------------------------------------------------------------------------------


def slice_of(start, end, came):
    return SliceReading(Period(start, end), 1, 1, "a.csv", came, "")


def test_days_are_counted_once_and_a_gap_is_still_to_come():
    came = datetime(2026, 9, 1, 12, tzinfo=UTC)
    january = slice_of(date(2026, 1, 1), date(2026, 2, 1), came)
    march = slice_of(date(2026, 3, 1), date(2026, 4, 1), came)

    assert pace_of(YEAR, [january, january, march], CHICAGO) == Pace(62, 365 - 62)


def test_a_file_tells_of_no_day_after_it_came_in_by_the_hospitals_clock():
    """Three in the morning UTC on 2 July is still 1 July in Chicago."""
    whole = slice_of(YEAR.start, YEAR.end, datetime(2026, 7, 2, 3, tzinfo=UTC))

    assert pace_of(YEAR, [whole], CHICAGO) == Pace(182, 365 - 182)


def test_without_data_there_is_no_pace():
    laid = board(standing(terms("0.1"), met(3, 10)), pace=Pace(0, 365))

    assert pace_of(YEAR, [], CHICAGO) == Pace(0, 365)
    assert laid.usual == {"indicator": Fraction(0)}
