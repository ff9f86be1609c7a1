from datetime import date
from fractions import Fraction

import pytest

from agreements.contracts.clocks import (
    Grace,
    barred_until,
    earliest_end,
    last_notice_day,
    milestone,
    reconciliation_deadline,
    served_share,
    signature_clock,
)
from agreements.contracts.policies import Ground
from agreements.contracts.standing import Happening, State, standing
from comanage.values.period import Period

DAY_0 = date(2024, 1, 1)  # a leap year: day 60 is 1 March


@pytest.mark.parametrize(
    ("today", "day", "grace"),
    [
        (date(2024, 1, 1), 0, Grace.WARN),
        (date(2024, 2, 29), 59, Grace.WARN),
        (date(2024, 3, 1), 60, Grace.HOLD),
        (date(2024, 3, 31), 90, Grace.HOLD),
        (date(2024, 4, 1), 91, Grace.BLOCK),
    ],
)
def test_the_signature_has_ninety_days_after_day_0(today, day, grace):
    clock = signature_clock(DAY_0, today=today)

    assert clock is not None
    assert (clock.day, clock.grace, clock.deadline) == (day, grace, date(2024, 3, 31))


def test_no_clock_runs_before_services_begin():
    assert signature_clock(DAY_0, today=date(2023, 12, 31)) is None


def test_reconciliation_ends_ninety_days_after_the_last_day():
    assert reconciliation_deadline(date(2025, 1, 1)) == date(2025, 3, 31)
    assert reconciliation_deadline(date(2024, 1, 1)) == date(2024, 3, 30)


def test_a_contract_that_ends_in_its_first_year_bars_another_until_that_year_is_over():
    assert barred_until(date(2024, 2, 29), date(2025, 2, 27)) == date(2025, 2, 28)
    assert barred_until(date(2024, 2, 29), date(2025, 2, 28)) is None


def test_notice_counts_its_days_in_both_directions():
    assert last_notice_day(date(2026, 1, 1), 90) == date(2025, 10, 3)
    assert earliest_end(date(2025, 10, 3), 90) == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("left", "told"), [(91, None), (90, 90), (61, 90), (60, 60), (30, 30), (8, 30), (7, 7), (0, 7)]
)
def test_a_day_is_told_of_at_the_least_milestone_that_is_reached(left, told):
    due_on = date(2026, 6, 30)

    assert milestone(due_on, today=date.fromordinal(due_on.toordinal() - left)) == told


def test_a_day_that_is_past_is_overdue_and_not_told_of():
    assert milestone(date(2026, 6, 30), today=date(2026, 7, 1)) is None


def test_the_share_of_a_year_is_counted_in_days():
    leap = Period(date(2024, 1, 1), date(2025, 1, 1))

    assert served_share(leap, date(2024, 3, 1)) == Fraction(60, 366)
    assert served_share(leap, date(2024, 1, 1)) == 0
    assert served_share(leap, date(2026, 1, 1)) == 1


def test_a_contract_stands_as_what_happened_to_it_says():
    first, end, later = date(2024, 1, 1), date(2025, 1, 1), date(2027, 1, 1)
    held = [Happening("held_over", end)]
    renewed = [*held, Happening("renewed", date(2025, 3, 1), date(2025, 2, 1), later)]
    ended = [*renewed, Happening("terminated", date(2025, 6, 1))]

    def state(happenings, today, signed_on=first):
        stands = standing(starts_on=first, ends_on=end, signed_on=signed_on, happenings=happenings)
        return stands.state(today)

    assert state([], first, signed_on=None) is State.UNSIGNED
    assert state([], date(2023, 12, 31)) is State.AHEAD
    assert state([Happening("signed", first, first)], first, signed_on=None) is State.IN_FORCE
    assert state([], end) is State.EXPIRED
    assert state(held, end) is State.HELD_OVER
    assert state([Happening("extended", end, first, later)], end) is State.IN_FORCE
    assert state(renewed, date(2025, 3, 1)) is State.IN_FORCE
    assert state(ended, date(2025, 5, 31)) is State.IN_FORCE
    assert state(ended, date(2025, 6, 1)) is State.TERMINATED


@pytest.mark.parametrize(
    ("day", "of_holdover", "days"),
    [
        (date(2024, 12, 31), 30, 90),
        (date(2025, 1, 1), 30, 30),
        (date(2025, 1, 1), None, 90),
    ],
)
def test_notice_during_a_holdover_has_days_of_its_own_where_the_paper_names_them(
    day: date, of_holdover: int | None, days: int
):
    end = date(2025, 1, 1)
    stands = standing(
        starts_on=date(2024, 1, 1),
        ends_on=end,
        signed_on=date(2024, 1, 1),
        happenings=[Happening("held_over", end)],
    )
    ground = Ground(stands, 90, (), False, None, False, end, None, of_holdover)

    assert ground.notice_from(day) == days
