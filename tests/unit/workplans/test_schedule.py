"""What waits is pushed and never pulled; what is late is told, with what it holds up."""

from datetime import date, timedelta

import pytest

from agreements.workplans.schedule import (
    CircleError,
    Outlook,
    State,
    Step,
    in_order,
    outlooks,
    pushed,
)

FIRST = date(2026, 3, 1)


def day(number):
    """The day of March with this number; beyond it, of the months after."""
    return FIRST + timedelta(days=number - 1)


def step(number, start, end, *after, done=None):
    done_on = None if done is None else day(done)
    return Step(number, day(start), day(end), done_on, frozenset(after))


def days_of(steps):
    return {each.number: (each.starts_on, each.due_on) for each in steps}


def test_a_task_that_begins_too_early_begins_the_day_after_and_takes_as_long():
    assert days_of(pushed([step(1, 1, 9), step(2, 6, 10, 1)])) == {2: (day(10), day(14))}


def test_a_push_goes_on_through_everything_that_waits():
    steps = [step(1, 1, 8), step(2, 6, 10, 1), step(3, 11, 12, 2), step(4, 11, 11, 1)]

    assert days_of(pushed(steps)) == {2: (day(9), day(13)), 3: (day(14), day(15))}


def test_the_last_of_what_a_task_waits_for_counts():
    steps = [step(1, 1, 3), step(2, 1, 7), step(3, 4, 5, 1, 2)]

    assert days_of(pushed(steps)) == {3: (day(8), day(9))}


@pytest.mark.parametrize(
    "steps",
    [
        [step(1, 1, 5), step(2, 6, 7, 1)],
        [step(1, 1, 5), step(2, 20, 21, 1)],
        [step(1, 1, 5, done=2), step(2, 6, 7, 1)],
        [step(1, 1, 9), step(2, 6, 7, 1, done=7)],
        [],
    ],
    ids=["in time", "with room", "done early", "done itself", "nothing"],
)
def test_nothing_moves_without_need(steps):
    assert pushed(steps) == []


def test_what_was_done_late_pushes_from_the_day_it_was_done():
    assert days_of(pushed([step(1, 1, 5, done=8), step(2, 6, 7, 1)])) == {2: (day(9), day(10))}


@pytest.mark.parametrize(
    ("steps", "circle"),
    [
        ([step(1, 1, 1, 1)], (1,)),
        ([step(1, 1, 1, 2), step(2, 1, 1, 1)], (1, 2)),
        ([step(1, 1, 1, 3), step(2, 1, 1, 4), step(3, 1, 1, 2), step(4, 1, 1, 3)], (3, 2, 4)),
    ],
)
def test_tasks_that_wait_for_each_other_are_named_in_turn(steps, circle):
    with pytest.raises(CircleError) as refused:
        in_order(steps)

    assert refused.value.numbers == circle


def test_an_order_puts_each_task_behind_what_it_waits_for():
    steps = [step(1, 1, 1, 3), step(2, 1, 1), step(3, 1, 1, 2)]

    assert [each.number for each in in_order(steps)] == [2, 3, 1]


@pytest.mark.parametrize(
    ("given", "today", "state", "ends"),
    [
        (step(1, 5, 8), 4, State.LATER, 8),
        (step(1, 5, 8), 5, State.IN_HAND, 8),
        (step(1, 5, 8), 8, State.IN_HAND, 8),
        (step(1, 5, 8), 9, State.OVERDUE, 9),
        (step(1, 5, 8, done=12), 20, State.DONE, 12),
    ],
)
def test_a_task_stands_by_its_days(given, today, state, ends):
    assert outlooks([given], today=day(today)) == {1: Outlook(state, day(ends))}


def test_what_waits_for_an_overdue_task_is_at_risk_by_as_many_days_as_it_is_late():
    steps = [step(1, 1, 5), step(2, 6, 8, 1), step(3, 9, 9, 2)]

    # Due on 5, and today is 7: the second begins on 8 at the earliest and takes three days.
    assert outlooks(steps, today=day(7)) == {
        1: Outlook(State.OVERDUE, day(7)),
        2: Outlook(State.AT_RISK, day(10), held_by=1),
        3: Outlook(State.AT_RISK, day(11), held_by=1),
    }


def test_room_between_tasks_takes_up_a_delay():
    steps = [step(1, 1, 5), step(2, 10, 12, 1)]

    assert outlooks(steps, today=day(9))[2].state is State.LATER
    assert outlooks(steps, today=day(10))[2].state is State.AT_RISK


def test_a_task_that_was_opened_again_holds_up_what_follows_before_it_is_overdue():
    steps = [step(1, 1, 9), step(2, 6, 7, 1)]

    assert outlooks(steps, today=day(3))[2] == Outlook(State.AT_RISK, day(11), held_by=None)
