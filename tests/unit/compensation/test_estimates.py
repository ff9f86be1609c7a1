"""What may be paid on account, what each month owes, and the 90 days after an agreement."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from adjudication.compensation.estimates import (
    EstimateTerms,
    fixed_fee_by_month,
    most_of_quarter,
)
from adjudication.compensation.reconciliation import ClockState, reconciliation_clock
from adjudication.compensation.terms import CompensationError
from comanage.documents.charts import MonthPoint, months_chart, months_sentence
from comanage.values.money import Money
from comanage.values.period import Period

YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
TERMS = EstimateTerms(YEAR, Money.from_dollars("365.00"), Money.from_dollars("73.00"))
LAST_DAY = date(2025, 12, 31)


def test_a_quarter_gets_its_days_of_the_fixed_fee():
    most = [most_of_quarter(TERMS, quarter, "fixed_fee") for quarter in YEAR.quarters()]

    assert [amount.dollars_text for amount in most] == ["90.00", "91.00", "92.00", "92.00"]


@pytest.mark.parametrize("start", [date(2024, 1, 1), date(2023, 7, 15), date(2027, 12, 31)])
@pytest.mark.parametrize("cents", [0, 1, 100, 9_999_999])
def test_four_quarters_and_twelve_months_come_to_the_year(start, cents):
    period = Period(start, start.replace(year=start.year + 1))
    terms = EstimateTerms(period, Money(cents), Money(cents), Fraction(1))

    for component in ("fixed_fee", "incentive"):
        parts = [most_of_quarter(terms, quarter, component) for quarter in period.quarters()]
        assert sum(parts, Money(0)) == Money(cents)
    assert sum((amount for _, amount in fixed_fee_by_month(terms)), Money(0)) == Money(cents)


def test_nothing_of_the_incentive_is_estimated_where_the_terms_are_silent():
    with pytest.raises(CompensationError, match="say nothing about paying the incentive"):
        most_of_quarter(TERMS, YEAR.quarters()[0], "incentive")


def test_of_the_incentive_at_most_the_share_of_the_terms_is_estimated():
    pay = {"fixed_fee": "1.00", "incentive_pool": "73.00", "incentive_estimate": "1/2"}
    terms = EstimateTerms.from_terms({"pay": pay}, YEAR)

    parts = [most_of_quarter(terms, quarter, "incentive") for quarter in YEAR.quarters()]
    assert [part.dollars_text for part in parts] == ["9.00", "9.10", "9.20", "9.20"]


def test_a_stretch_that_is_no_quarter_of_the_year_is_refused_with_those_that_are():
    with pytest.raises(CompensationError, match="1 Jan 2025 to 31 Mar 2025; 1 Apr"):
        most_of_quarter(TERMS, Period(date(2025, 2, 1), date(2025, 5, 1)), "fixed_fee")


@pytest.mark.parametrize(
    ("days_after", "is_even", "state", "days_left"),
    [
        (1, False, ClockState.RUNNING, 89),
        (59, False, ClockState.RUNNING, 31),
        (60, False, ClockState.SOON, 30),
        (90, False, ClockState.SOON, 0),
        (91, False, ClockState.OVERDUE, -1),
        (91, True, ClockState.RECONCILED, -1),
    ],
)
def test_the_accounts_have_ninety_days_after_the_last(days_after, is_even, state, days_left):
    today = LAST_DAY + timedelta(days=days_after)

    clock = reconciliation_clock(LAST_DAY, today=today, is_even=is_even)

    assert (clock.state, clock.days_left, clock.deadline) == (state, days_left, date(2026, 3, 31))


def test_the_clock_stands_still_while_the_agreement_runs():
    assert reconciliation_clock(LAST_DAY, today=LAST_DAY, is_even=False) is None


@pytest.mark.parametrize(
    ("owed", "paid", "words"),
    [(100, 100, "nothing is open"), (200, 100, "$1.00 is to be paid"), (0, 100, "paid ahead")],
)
def test_the_chart_of_months_says_in_words_what_its_bars_show(owed, paid, words):
    points = [
        MonthPoint("Jan", 2025, Money(0), Money(0)),
        MonthPoint("Feb", 2025, Money(owed), Money(paid)),
    ]

    assert words in months_sentence(points)
    assert months_sentence(points) in months_chart("Owed & paid", points)
    assert "Owed &amp; paid" in months_chart("Owed & paid", points)
    assert months_sentence([]) == "No month has begun yet."
