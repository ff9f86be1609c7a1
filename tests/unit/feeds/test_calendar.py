"""How each period of a feed stands, at every edge."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from comanage.values.period import Period
from scorecards.feeds.calendar import (
    MISSING_AFTER_DAYS,
    Arrival,
    Arrivals,
    Plan,
    State,
    calendar,
    covered_on,
    periods,
)
from scorecards.feeds.models import Cadence

DAY = timedelta(days=1)
JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))
FEBRUARY = Period(date(2026, 2, 1), date(2026, 3, 1))
QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))
MONTHLY = Plan(Cadence.MONTHLY, JANUARY.start, due_days=15)
DUE = date(2026, 2, 15)  # the last day of January and fifteen more


def january(today, **arrivals):
    """How January stands, with files given as pairs of period and day."""
    came = {kind: tuple(Arrival(*each) for each in files) for kind, files in arrivals.items()}
    return calendar(MONTHLY, Arrivals(**came), today=today)[0]


def state(today, **arrivals):
    return january(today, **arrivals).state


def test_a_feed_on_request_has_no_calendar():
    assert calendar(Plan(Cadence.ON_REQUEST, None, 15), Arrivals(), today=DUE) == ()


@pytest.mark.parametrize(
    ("cadence", "today", "last_days"),
    [
        (Cadence.MONTHLY, date(2025, 12, 31), []),
        (Cadence.MONTHLY, date(2026, 1, 1), [date(2026, 1, 31)]),
        (Cadence.MONTHLY, date(2026, 1, 31), [date(2026, 1, 31)]),
        (Cadence.MONTHLY, date(2026, 2, 1), [date(2026, 1, 31), date(2026, 2, 28)]),
        (Cadence.QUARTERLY, date(2026, 4, 1), [date(2026, 3, 31), date(2026, 6, 30)]),
        (Cadence.YEARLY, date(2026, 12, 31), [date(2026, 12, 31)]),
    ],
)
def test_periods_go_from_the_first_to_the_one_that_holds_today(cadence, today, last_days):
    plan = Plan(cadence, date(2026, 1, 1), 15)

    assert [period.last for period in periods(plan, today)] == last_days


def test_a_first_period_that_begins_on_the_31st_does_not_creep():
    starts = [period.start for period in periods(Plan(Cadence.MONTHLY, date(2026, 1, 31), 0), DUE)]
    later = list(periods(Plan(Cadence.MONTHLY, date(2026, 1, 31), 0), date(2026, 3, 31)))

    assert starts == [date(2026, 1, 31)]
    assert [period.start for period in later] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
    ]


@pytest.mark.parametrize(
    ("today", "expected", "days_late"),
    [
        (JANUARY.start, State.EXPECTED, 0),
        (JANUARY.last, State.EXPECTED, 0),
        (JANUARY.end, State.DUE, 0),
        (DUE, State.DUE, 0),
        (DUE + DAY, State.LATE, 1),
        (DUE + MISSING_AFTER_DAYS * DAY, State.LATE, MISSING_AFTER_DAYS),
        (DUE + (MISSING_AFTER_DAYS + 1) * DAY, State.MISSING, MISSING_AFTER_DAYS + 1),
    ],
)
def test_a_period_without_a_file_goes_from_expected_to_missing(today, expected, days_late):
    entry = january(today)

    assert (entry.due_on, entry.state, entry.days_late) == (DUE, expected, days_late)


def in_years(today, *years):
    """How January stands where these years take files in."""
    return calendar(replace(MONTHLY, years=years), Arrivals(), today=today)[0]


@pytest.mark.parametrize("today", [JANUARY.end, DUE + DAY, DUE + 90 * DAY])
def test_what_no_year_takes_in_yet_is_never_due_or_late(today):
    earlier = Period(date(2025, 1, 1), JANUARY.start)

    for years in ((), (earlier,)):
        entry = in_years(today, *years)
        assert (entry.state, entry.days_late) == (State.NOT_OPEN, 0)


def test_a_period_of_an_open_year_or_before_the_first_is_late_as_ever():
    for year in (QUARTER, Period(JANUARY.end, date(2027, 1, 1))):
        assert in_years(DUE + DAY, year).state is State.LATE
    assert in_years(JANUARY.last).state is State.EXPECTED


def test_a_feed_that_is_due_at_once_is_late_on_the_day_after_its_last():
    plan = Plan(Cadence.MONTHLY, JANUARY.start, due_days=0)

    assert calendar(plan, Arrivals(), today=JANUARY.end)[0].state is State.LATE


@pytest.mark.parametrize(("came_on", "days_late"), [(DUE, 0), (DUE + DAY, 1), (DUE + 9 * DAY, 9)])
def test_an_accepted_file_keeps_by_how_much_it_was_late(came_on, days_late):
    entry = january(DUE + 90 * DAY, accepted=[(JANUARY, came_on)])

    assert (entry.state, entry.came_on, entry.days_late) == (State.ACCEPTED, came_on, days_late)


def test_what_waits_is_neither_late_nor_accepted():
    assert state(DUE + DAY, held=[(JANUARY, DUE)]) is State.HELD
    assert state(DUE + DAY, received=[(JANUARY, DUE)]) is State.RECEIVED


def test_a_period_is_held_before_it_is_received_and_accepted_before_both():
    waiting = {"held": [(JANUARY, DUE)], "received": [(JANUARY, DUE)]}

    assert state(DUE, **waiting) is State.HELD
    assert state(DUE, **waiting, accepted=[(JANUARY, DUE)]) is State.ACCEPTED


def test_one_file_for_a_quarter_serves_its_months():
    assert state(DUE, accepted=[(QUARTER, DUE)]) is State.ACCEPTED


def test_half_a_month_is_not_a_month():
    half = Period(JANUARY.start, date(2026, 1, 16))

    assert state(DUE + DAY, accepted=[(half, DUE)]) is State.LATE


def test_halves_together_are_a_month_from_the_day_the_last_one_came():
    first = Period(JANUARY.start, date(2026, 1, 16))
    second = Period(date(2026, 1, 16), FEBRUARY.end)

    assert january(DUE, accepted=[(second, DUE), (first, DUE - DAY)]).came_on == DUE
    assert state(DUE, accepted=[(first, DUE)], held=[(second, DUE)]) is State.HELD


def test_a_hole_of_one_day_is_not_covered():
    around = (
        Arrival(Period(JANUARY.start, date(2026, 1, 16)), DUE),
        Arrival(Period(date(2026, 1, 17), JANUARY.end), DUE),
    )

    assert covered_on(JANUARY, around) is None


def test_each_period_stands_for_itself():
    entries = calendar(MONTHLY, Arrivals((Arrival(FEBRUARY, DUE),)), today=date(2026, 3, 20))

    assert [each.state for each in entries] == [State.MISSING, State.ACCEPTED, State.EXPECTED]
