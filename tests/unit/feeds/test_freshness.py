"""What the badge says of the data's age."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from comanage.documents.charts import CalendarPeriod, calendar_chart, calendar_sentence
from comanage.documents.charts.calendar import MARKS
from comanage.values.period import Period
from scorecards.feeds.calendar import Arrival, Arrivals, Plan, calendar
from scorecards.feeds.freshness import freshness, standing
from scorecards.feeds.models import Cadence

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
JANUARY, FEBRUARY, *_ = YEAR.months()
CAME = date(2026, 2, 10)
PLAN = Plan(Cadence.MONTHLY, YEAR.start, due_days=15)


def badge(today, *accepted, within=YEAR, plan=PLAN, **waiting):
    arrivals = tuple(Arrival(period, CAME) for period in accepted)
    came = Arrivals(arrivals, **waiting)
    return freshness("Stays", arrivals, calendar(plan, came, today=today), within=within)


def test_data_in_time_says_through_which_day_when_and_from_where():
    fresh = badge(date(2026, 2, 20), JANUARY)

    assert (fresh.word, fresh.tone, fresh.not_come) == ("On time", "good", 0)
    assert (fresh.state, fresh.missing) == ("on_time", ())
    assert fresh.sentence == "Data through 31 Jan 2026, received 10 Feb 2026 from Stays."


def test_a_file_that_came_late_is_not_called_on_time():
    early = Plan(Cadence.MONTHLY, YEAR.start, due_days=5)

    fresh = badge(date(2026, 2, 20), JANUARY, plan=early)

    assert (fresh.word, fresh.tone) == ("Up to date, after a late file", "good")
    assert fresh.state == "on_time"  # for machines: nothing is awaited now


def test_a_file_that_is_due_is_named_with_its_day():
    assert badge(date(2026, 3, 2), JANUARY).word == "Due by 15 Mar 2026"


def test_late_files_are_counted_and_the_oldest_gives_the_days():
    fresh = badge(date(2026, 3, 18))

    # January was due on 15 Feb 2026, 31 days before; February on 15 March.
    assert (fresh.word, fresh.tone, fresh.not_come) == ("Late by 31 days", "concern", 2)
    assert (fresh.state, fresh.missing) == ("late", (JANUARY, FEBRUARY))
    assert fresh.sentence == (
        "No data of this time has been accepted from Stays. 2 periods have not come."
    )


def test_one_day_and_one_period_are_said_in_the_singular():
    fresh = badge(date(2026, 2, 16))

    assert fresh.word == "Late by 1 day"
    assert fresh.sentence.endswith(" 1 period has not come.")


def test_what_waits_for_a_person_is_said_before_what_is_due():
    held = (Arrival(JANUARY, CAME),)

    assert badge(date(2026, 3, 2), held=held).word == "A file waits for a person"
    assert badge(date(2026, 3, 2), held=held).state == "held"
    assert badge(date(2026, 2, 2), received=held).word == "A file is being checked"


def test_a_feed_without_an_open_year_says_so_and_is_not_late():
    fresh = badge(date(2026, 3, 30), plan=replace(PLAN, years=()))

    assert (fresh.word, fresh.tone, fresh.state) == (
        "No year is open for it yet",
        "waiting",
        "not_open",
    )
    assert fresh.missing == ()


def test_a_feed_on_request_is_never_late():
    plan = Plan(Cadence.ON_REQUEST, None, 15)

    assert badge(date(2030, 1, 1), plan=plan).word == "Files come on request"
    assert standing(()) == ("Files come on request", "quiet")


def test_only_the_year_asked_about_counts():
    before = Period(date(2025, 12, 1), YEAR.start)
    fresh = badge(date(2026, 1, 10), before)

    assert fresh.data_through is None
    assert badge(date(2026, 1, 10), before, within=None).data_through == before.last


def test_a_file_that_goes_beyond_the_year_reaches_to_its_end():
    longer = Period(YEAR.start, YEAR.end + timedelta(days=31))

    assert badge(YEAR.last, longer).data_through == YEAR.last


@pytest.mark.parametrize("state", list(MARKS))
def test_a_period_of_each_state_is_drawn_and_said(state):
    periods = [CalendarPeriod("Dec", 2025, state), CalendarPeriod("Jan", 2026, "missing")]
    chart = calendar_chart("Files of <Stays>", periods)

    assert "Files of &lt;Stays&gt;" in chart
    assert f"Missing: {1 + (state == 'missing')}" in chart
    assert ">2025<" in chart
    assert ">2026<" in chart
    assert " missing " in calendar_sentence(periods)


def test_a_calendar_that_has_not_begun_says_so():
    assert calendar_sentence([]) == "No period has begun yet."
