"""What components of pay refuse, and how they stand under the opinion's caps."""

from datetime import date
from fractions import Fraction

import pytest

from adjudication.compensation.dues import Due, flat_pay
from adjudication.compensation.hours import HourlyTerms, pay_hours
from adjudication.compensation.settle import under_caps
from adjudication.compensation.terms import CompensationError
from adjudication.compensation.wrvu import PersonalWork, Rung, WrvuTerms, pay_wrvus
from comanage.values import Money, Period

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
YEAR_AFTER = Period(date(2027, 1, 1), date(2028, 1, 1))
DIRECTOR = HourlyTerms("Director", Money(20_000), month_cap=600)
FLAT = WrvuTerms("wRVU pay", 2026, (Rung(Fraction(0), Fraction(50)),))


def test_a_fee_that_was_in_effect_on_no_day_is_refused():
    with pytest.raises(CompensationError, match="on no day of 1 Jan 2026 to 31 Dec 2026"):
        flat_pay("fixed_fee", "Fixed fee", Money(100), YEAR_AFTER, YEAR)


def test_a_negative_fee_is_refused():
    with pytest.raises(CompensationError, match=r"-\$0.01 is negative"):
        flat_pay("fixed_fee", "Fixed fee", Money(-1), YEAR, YEAR)


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ({"month_cap": None}, "paid hours need a cap"),
        ({"month_cap": -1}, "zero or more"),
        ({"rate": Money(-1), "month_cap": 60}, "zero or more"),
    ],
)
def test_hours_without_a_bound_are_refused(figures, message):
    with pytest.raises(CompensationError, match=message):
        HourlyTerms(**{"label": "Director", "rate": Money(100), **figures})


@pytest.mark.parametrize(
    ("approved", "message"),
    [
        ({date(2027, 1, 1): 60}, "no month of the period begins on 1 Jan 2027"),
        ({date(2026, 2, 1): -60}, "minutes of month from 1 Feb 2026 are below zero"),
    ],
)
def test_minutes_that_cannot_be_are_refused(approved, message):
    with pytest.raises(CompensationError, match=message):
        pay_hours(DIRECTOR, approved, YEAR)


def test_hours_above_a_cap_are_said_and_not_paid():
    pay = pay_hours(DIRECTOR, {date(2026, 5, 1): 690}, YEAR)

    assert pay.due.reason == (
        "Director: 10.00 hours at $200.00 in 1 Jan 2026 to 31 Dec 2026; "
        "1.50 approved hours above a cap are on record and not paid"
    )
    assert "The cap of the month left the rest unpaid." in pay.due.steps[0].rule


@pytest.mark.parametrize(
    "rungs",
    [
        (),
        (Rung(Fraction(-1), Fraction(50)),),
        (Rung(Fraction(5), Fraction(50)), Rung(Fraction(5), Fraction(60))),
        (Rung(Fraction(0), Fraction(1, 3)),),
        (Rung(Fraction(0), Fraction(-1)),),
    ],
)
def test_rates_that_cannot_be_followed_are_refused(rungs):
    with pytest.raises(CompensationError, match="wRVU pay: "):
        WrvuTerms("wRVU pay", 2026, rungs)


@pytest.mark.parametrize(
    ("work", "in_effect", "message"),
    [
        (PersonalWork(2020, Fraction(1)), YEAR, "by the table of 2026, .* by that of 2020"),
        (PersonalWork(2026, Fraction(-1)), YEAR, "zero or more"),
        (PersonalWork(2026, Fraction(1)), YEAR_AFTER, "on no day"),
    ],
)
def test_work_that_does_not_fit_the_terms_is_refused(work, in_effect, message):
    with pytest.raises(CompensationError, match=message):
        pay_wrvus(FLAT, work, in_effect, YEAR)


def test_what_stands_later_gives_way_to_the_total():
    dues = [
        Due("salary", "Salary", "Salary for the year", Money(100)),
        Due("wrvu", "wRVU pay", "Work", Money(60)),
        Due("incentive", "Incentive", "Points", Money(40)),
    ]
    caps = {"salary": Money(100), "wrvu": Money(50), "incentive": Money(40)}

    statement = under_caps(dues, caps, Money(170))

    assert [line.amount.cents for line in statement.lines] == [100, 50, 20]
    assert statement.steps[2].inputs[2][0] == "Opinion, total less salary and wRVU pay"


def test_a_component_without_an_opinion_is_not_paid():
    with pytest.raises(CompensationError, match="says nothing about salary"):
        under_caps([Due("salary", "Salary", "Salary", Money(1))], {}, Money(100))
