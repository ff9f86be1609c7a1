"""Which chart an indicator gets, which months are joined, and what is said of them."""

from datetime import date
from fractions import Fraction

import pytest

from comanage.values.period import Period
from indicators.measure.definition import Definition
from indicators.measure.statistics.control_charts import ChartKind, NotDrawn
from indicators.measure.tally import Tally
from scorecards.trends.control import Course, course_of
from scorecards.trends.history import CountedYear, History, history_of
from scorecards.trends.months import MonthTally
from scorecards.trends.reading import month_text, read_trend

MONTHS = [*Period(date(2024, 1, 1), date(2026, 1, 1)).months()]
COLUMNS = [
    {"name": "is_met", "type": "flag"},
    {"name": "events", "type": "whole"},
    {"name": "days", "type": "whole"},
    {"name": "cost", "type": "decimal"},
    {"name": "proof", "type": "code"},
]
FIELDS = {
    "proportion": {"numerator": "is_met = true"},
    "ratio": {"numerator": "is_met = true", "denominator_observation": "days"},
    "observed_over_expected": {"numerator": "is_met = true", "expected": "cost"},
    "mean": {"observation": "cost"},
    "median": {"observation": "cost"},
    "sum": {"observation": "cost"},
    "count": {"numerator": "is_met = true"},
    "milestone": {"evidence_column": "proof"},
}


def document(scoring="proportion", **changes):
    return {
        "slug": "it",
        "title": "It",
        "scoring": scoring,
        "improvement": "decrease",
        "unit": "x",
        "columns": COLUMNS,
        **FIELDS[scoring],
        **changes,
    }


def months(*tallies):
    return [MonthTally(month, tally) for month, tally in zip(MONTHS, tallies, strict=False)]


def share(met, cases):
    return Tally(initial_population=cases, denominator=cases, numerator=met, not_met=cases - met)


def sums(above, below, cases=10):
    return Tally(
        initial_population=cases,
        denominator=cases,
        numerator=cases,
        observations=cases,
        numerator_sum=Fraction(above),
        denominator_sum=Fraction(below),
    )


def course(scoring, *tallies, rebased=(), **changes):
    definition = Definition.from_document(document(scoring, **changes))
    return course_of(definition, months(*tallies), rebased)


@pytest.mark.parametrize(
    ("scoring", "tallies", "kind"),
    [
        ("proportion", (share(1, 30), share(3, 30)), ChartKind.P),
        ("ratio", (sums(2, 900), sums(4, 1100)), ChartKind.U),
        ("observed_over_expected", (sums(2, "3.5"), sums(4, "4.5")), ChartKind.U),
        ("mean", (sums(31, 0), sums(35, 0)), ChartKind.XMR),
        ("sum", (sums(31, 0), sums(35, 0)), ChartKind.XMR),
        ("count", (share(1, 30), share(3, 30)), ChartKind.XMR),
    ],
)
def test_an_indicator_gets_the_chart_of_its_numbers(scoring, tallies, kind):
    assert course(scoring, *tallies).chart.kind is kind


def test_a_ratio_of_dollars_is_no_count_and_gets_an_xmr_chart():
    found = course(
        "ratio", sums(200, 900), sums(400, 1100), numerator_observation="cost", numerator=""
    )

    assert found.chart.kind is ChartKind.XMR


def test_a_milestone_has_no_course():
    assert course("milestone", share(1, 1), share(1, 1)) == NotDrawn(
        "A milestone is reached once, so it has no course over time."
    )


def test_a_month_without_a_case_has_no_rate_but_a_count_of_nothing_is_zero():
    gap = (share(1, 30), Tally(), share(3, 30))

    assert [point.value for point in course("proportion", *gap).chart.points] == [
        Fraction(1, 30),
        Fraction(3, 30),
    ]
    assert [point.value for point in course("count", *gap).chart.points] == [1, 0, 3]


def test_limits_begin_anew_where_the_parties_rebased_and_there_are_points_for_it():
    tallies = [share(1, 30)] * 3 + [share(5, 30)] * 3

    assert [
        point.stretch for point in course("proportion", *tallies, rebased=[3]).chart.points
    ] == [
        *(0, 0, 0),
        *(1, 1, 1),
    ]
    waits = course("proportion", *tallies, rebased=[5])
    assert isinstance(waits, Course)
    assert {point.stretch for point in waits.chart.points} == {0}


# --- Joined years -------------------------------------------------------------------------------


def year(*tallies, sha256="a", scope="", reason="", begins=0):
    listed = MONTHS[begins : begins + len(tallies)]
    agreed = {
        "slug": "it",
        "definition": document(),
        "definition_sha256": sha256,
        "minimum_cases": 0,
        "compare_places": 1,
        "tiers": [{"name": "Goal", "goal": "1/10", "share": "1"}],
        "baseline": {"rebase_reason": reason},
    }
    trend = {
        "months": [
            {"start": month.start.isoformat(), "end": month.end.isoformat()} for month in listed
        ],
        "tallies": {"it": [tally.to_document() for tally in tallies]},
    }
    return CountedYear({"indicators": [agreed], "scope": scope}, {"trend": trend})


NOW = (share(4, 30), share(5, 30))
THEN = (share(1, 30), share(2, 30), share(3, 30))


def met(history):
    return [month.tally.numerator for month in history.months]


def test_years_that_count_alike_are_joined_in_time_order():
    joined = history_of([year(*NOW, begins=3), year(*THEN)], "it")

    assert met(joined) == [1, 2, 3, 4, 5]
    assert (joined.rebased, joined.was_cut) == ((), False)


@pytest.mark.parametrize("before", [{"sha256": "b"}, {"scope": "unit = 'A'"}])
def test_years_that_count_otherwise_stay_apart(before):
    joined = history_of([year(*NOW, begins=3), year(*THEN, **before)], "it")

    assert met(joined) == [4, 5]
    assert joined.was_cut


def test_a_signed_rebasing_begins_limits_with_its_year():
    joined = history_of([year(*NOW, begins=3, reason="New unit"), year(*THEN, reason="Old")], "it")

    assert joined.rebased == (len(THEN),)


# --- What is said -------------------------------------------------------------------------------


def reading(*tallies, scoring="proportion", reached=None, **history):
    agreed = year().terms["indicators"][0] | {"definition": document(scoring)}
    return read_trend(agreed, History(tuple(months(*tallies)), **history), reached)


def test_a_trend_of_twelve_points_is_no_trial():
    assert reading(*[share(2, 30)] * 11).trial.startswith("Trial limits: they rest on 11 points")
    assert reading(*[share(2, 30)] * 12).trial == ""


def test_the_states_speak_of_the_latest_month_and_of_the_goal():
    worse = reading(*[share(2, 300)] * 12, share(40, 300))
    steady = reading(*[share(20, 30), share(22, 30)] * 6)

    assert worse.variation.word == "Change for the worse"
    assert (steady.variation.word, steady.assurance.word) == (
        "No significant change",
        "Goal never met",
    )
    assert "Change for the worse" in worse.chart
    assert worse.table.rows[-1][1] == "13.3 %"


def test_a_total_has_no_goal_for_a_month():
    assert reading(share(1, 30), share(3, 30), scoring="count").assurance is None


def test_without_a_complete_month_or_with_one_there_is_a_sentence_and_no_chart():
    assert reading().not_drawn.startswith("No month is complete yet")
    assert reading(share(1, 30)).not_drawn == "A control chart needs 2 points or more."
    assert reading().chart == ""


def test_a_month_is_named_by_its_first_day_unless_that_is_the_first():
    assert month_text(Period(date(2025, 3, 1), date(2025, 4, 1))) == "Mar 2025"
    assert month_text(Period(date(2025, 3, 15), date(2025, 4, 15))) == "15 Mar 2025"
