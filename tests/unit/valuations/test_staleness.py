"""What makes an opinion of value stale."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from agreements.valuations.staleness import Standing, triggers
from comanage.values.period import Period

YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
MIDDLE = date(2025, 6, 1)
ROSTER = frozenset("ABCDEFGHIJ")
SOUND = Standing(validity=YEAR, roster_then=ROSTER, roster_now=ROSTER)


def said(standing=SOUND, *, today=MIDDLE, **changes):
    return [
        (each.rule, each.reason) for each in triggers(replace(standing, **changes), today=today)
    ]


def test_an_opinion_whose_ground_has_not_moved_has_no_trigger():
    assert said() == []


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (91, None),
        (90, "within 90 days"),
        (61, "within 90 days"),
        (60, "within 60 days"),
        (30, "within 30 days"),
        (1, "within 30 days"),
        (0, "It ended on 31 Dec 2025."),
    ],
)
def test_the_end_is_announced_90_60_and_30_days_before(days, words):
    today = YEAR.end - timedelta(days=days)
    found = triggers(SOUND, today=today)

    assert [words in each.reason for each in found] == ([] if words is None else [True])
    assert [each.is_over for each in found] == ([] if words is None else [days == 0])
    assert triggers(replace(SOUND, is_renewed=True), today=today) == ()


@pytest.mark.parametrize(("now", "count"), [("ABCDEFGH", 0), ("ABCDEFG", 3), ("ABCDEFGHKL", 4)])
def test_more_than_a_fifth_of_the_roster(now, count):
    found = said(roster_now=frozenset(now))

    assert [reason.split()[0] for _, reason in found] == ([str(count)] if count else [])


@pytest.mark.parametrize(
    ("agreed", "is_stale"), [(6600, False), (5400, False), (6601, True), (5399, True)]
)
def test_hours_more_than_a_tenth_from_those_assumed(agreed, is_stale):
    found = said(assumed_minutes=6000, duty_minutes=agreed)

    assert [rule for rule, _ in found] == (["F2"] if is_stale else [])
    assert all("the opinion assumed 100 hours" in reason for _, reason in found)
    assert said(assumed_minutes=None, duty_minutes=agreed) == []
    assert said(assumed_minutes=6000, duty_minutes=None) == []


def test_a_new_duty_and_an_amendment_are_each_a_trigger():
    found = said(new_duties=("Value analysis",), changed_on=(MIDDLE, date(2025, 2, 1)))

    assert [rule for rule, _ in found] == ["F1", "F1"]
    assert "amended, extended, renewed or held over from 1 Jun 2025" in found[0][1]
    assert "“Value analysis” is a new duty" in found[1][1]


def test_an_opinion_that_has_not_begun_is_not_held_against_todays_roster():
    assert said(today=date(2024, 12, 1), roster_now=frozenset("A")) == []
