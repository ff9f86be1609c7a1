"""Half-open stretches of days."""

from datetime import UTC, date, datetime

import pytest

from comanage.values import Period, PeriodError

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
SPRING = Period(date(2026, 3, 1), date(2026, 6, 1))


def test_the_first_day_is_inside_and_the_end_is_not():
    assert date(2026, 1, 1) in YEAR
    assert date(2026, 12, 31) in YEAR
    assert date(2027, 1, 1) not in YEAR


def test_a_period_is_printed_with_both_days_named():
    assert str(Period(date(2026, 1, 1), date(2026, 4, 1))) == "1 Jan 2026 to 31 Mar 2026"


def test_a_period_can_be_given_by_both_named_days():
    assert Period.inclusive(date(2026, 1, 1), date(2026, 12, 31)) == YEAR


def test_the_days_inside_are_counted():
    assert YEAR.days == 365


@pytest.mark.parametrize("end", [date(2026, 1, 1), date(2025, 12, 31)])
def test_a_period_has_at_least_one_day(end):
    with pytest.raises(PeriodError, match="must end after"):
        Period(date(2026, 1, 1), end)


def test_an_instant_is_not_a_day():
    with pytest.raises(PeriodError, match="without a time"):
        Period(date(2026, 1, 1), datetime(2026, 4, 1, tzinfo=UTC))


def test_named_days_in_the_wrong_order_are_refused():
    with pytest.raises(PeriodError, match="before the first day"):
        Period.inclusive(date(2026, 1, 2), date(2026, 1, 1))


def test_the_last_day_of_the_calendar_cannot_be_named():
    with pytest.raises(PeriodError, match="too far"):
        Period.inclusive(date(2026, 1, 2), date.max)


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        (Period(date(2026, 5, 31), date(2026, 7, 1)), True),
        (Period(date(2026, 6, 1), date(2026, 7, 1)), False),
        (Period(date(2026, 1, 1), date(2026, 3, 1)), False),
        (YEAR, True),
    ],
)
def test_neighbours_do_not_overlap(other, overlaps):
    assert SPRING.overlaps(other) is overlaps
    assert other.overlaps(SPRING) is overlaps


def test_a_period_covers_what_lies_inside_it():
    assert YEAR.covers(SPRING)
    assert YEAR.covers(YEAR)
    assert not SPRING.covers(YEAR)
    assert not SPRING.covers(Period(date(2026, 5, 1), date(2026, 6, 2)))


def test_a_year_from_july_has_its_own_quarters():
    year = Period(date(2026, 7, 1), date(2027, 7, 1))

    assert [str(quarter) for quarter in year.quarters()] == [
        "1 Jul 2026 to 30 Sep 2026",
        "1 Oct 2026 to 31 Dec 2026",
        "1 Jan 2027 to 31 Mar 2027",
        "1 Apr 2027 to 30 Jun 2027",
    ]


def test_months_from_the_31st_end_with_the_shorter_month_and_the_last_is_cut():
    period = Period(date(2026, 1, 31), date(2026, 4, 10))

    assert [month.start for month in period.months()] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
    ]
    assert period.months()[-1].end == date(2026, 4, 10)


def test_months_stop_at_the_end_of_the_calendar():
    assert Period(date(9999, 12, 15), date.max).months() == [Period(date(9999, 12, 15), date.max)]


@pytest.mark.parametrize(
    ("period", "following"),
    [
        (("2025-01-01", "2026-01-01"), ("2026-01-01", "2027-01-01")),
        (("2025-07-01", "2026-07-01"), ("2026-07-01", "2027-07-01")),
        (("2025-07-01", "2026-01-01"), ("2026-01-01", "2027-01-01")),  # a short first year
        (("2023-03-01", "2024-02-29"), ("2024-02-29", "2025-02-28")),
    ],
)
def test_the_following_year_is_the_twelve_months_after(period, following):
    given, expected = (
        Period(date.fromisoformat(start), date.fromisoformat(end))
        for start, end in (period, following)
    )

    assert given.following_year() == expected
