"""What is due for a year in which the agreement ended, in full, in part and not at all."""

from datetime import date
from fractions import Fraction

import pytest

from adjudication.compensation.components import Done, further_dues
from adjudication.compensation.early_end import EarlyEnd
from adjudication.compensation.estimates import (
    EstimateTerms,
    fixed_fee_by_month,
    most_of_quarter,
)
from adjudication.compensation.settle import settle
from adjudication.compensation.terms import CompensationError, OpinionCaps, PayTerms
from comanage.values import Money, Period
from scorecards.scoring.plan import IndicatorTerms, Plan, Tier
from scorecards.scoring.score import score

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
BY_DAYS = {"incentive": "by_days", "least_months": 6}
FIXED, POOL = Money.from_dollars("120000.00"), Money.from_dollars("73000.00")


def ended(on, *, cause="mutual", by="both", rule=BY_DAYS, said=None):
    record = {"on": on.isoformat(), "cause": cause, "by": by, **({"rule": said} if said else {})}
    terms = {"early_end": rule} if rule else {}
    return EarlyEnd.from_inputs({"terms": terms, "ended": record})


def pay(fixed=FIXED, pool=POOL, caps=None, period=YEAR):
    most = caps or (fixed, pool, fixed + pool)
    return PayTerms(period, fixed, pool, OpinionCaps(*most, period))


def half_of(pool):
    tiers = (Tier("target", Fraction(0), Fraction(1, 2)),)
    indicator = IndicatorTerms("a", "A", "increase", "proportion", 1, 0, 1, tiers)
    return score(Plan((indicator,), pool, "unpaid"), {"a": Fraction(1)})


def lines(end, **changes):
    return [line.amount for line in settle(pay(**changes), half_of(POOL), (), end).lines]


def test_months_are_paid_in_full_a_part_of_one_and_results_by_days():
    half = [FIXED.times(Fraction(6, 12)), POOL.times(Fraction(181, 2 * 365))]
    july = Money.from_dollars("10000.00")

    assert lines(ended(date(2026, 7, 1))) == half
    assert lines(ended(date(2026, 7, 11))) == [
        half[0] + july.times(Fraction(10, 31)),
        POOL.times(Fraction(191, 2 * 365)),
    ]
    statement = settle(pay(), half_of(POOL), (), ended(date(2026, 7, 1)))
    said = {step.label: step for step in statement.steps}
    assert said["Fixed fee, whole months"].output == "$60,000.00"
    assert said["Incentive of a year that ended early"].output == str(half[1])
    assert "times 181 of 365 days in effect: " in statement.lines[1].basis


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"on": date(2026, 6, 30)}, "before 6 months of it"),
        ({"cause": "without_cause", "by": "physicians"}, "after an end of this kind"),
        ({"cause": "for_cause", "by": "hospital"}, "after an end of this kind"),
        ({"rule": {"incentive": "none"}}, "leave no incentive"),
        ({"rule": None, "said": {"incentive": "none"}}, "leave no incentive"),
    ],
)
def test_an_incentive_is_lost_where_the_terms_say_so(changes, why):
    end = ended(**{"on": date(2026, 9, 1), **changes})
    statement = settle(pay(), half_of(POOL), (), end)

    assert statement.lines[0].amount > Money(0)
    assert statement.lines[1].amount == Money(0)
    assert why in statement.lines[1].basis


@pytest.mark.parametrize(
    ("cause", "by"), [("without_cause", "hospital"), ("for_cause", "physicians")]
)
def test_an_end_by_the_other_side_leaves_the_incentive(cause, by):
    assert lines(ended(date(2026, 9, 1), cause=cause, by=by))[1] > Money(0)


def test_without_a_rule_nothing_is_settled_and_the_sentence_says_what_to_do():
    with pytest.raises(CompensationError, match="Record in the register of contracts"):
        ended(date(2026, 9, 1), rule=None)
    assert EarlyEnd.from_inputs({"terms": {}}) is None
    with pytest.raises(CompensationError, match="leaves no part"):
        ended(YEAR.end).in_effect(YEAR)


def test_the_opinion_must_hold_on_the_days_that_are_paid_and_on_no_other():
    until = Period(YEAR.start, date(2026, 9, 1))
    terms = PayTerms(YEAR, FIXED, POOL, OpinionCaps(FIXED, POOL, FIXED + POOL, until))

    assert settle(terms, half_of(POOL), (), ended(date(2026, 9, 1))).total > Money(0)
    with pytest.raises(CompensationError, match="does not cover"):
        settle(terms, half_of(POOL), (), ended(date(2026, 9, 2)))


def part(kind, **more):
    return {
        "number": 1,
        "kind": kind,
        "label": "Part",
        "payee": None,
        "start": "2026-01-01",
        "end": "2027-01-01",
        **more,
    }


def test_further_parts_are_paid_for_the_days_in_effect():
    hourly = part("hourly", rate="200.00", month_cap=600, quarter_cap=None, year_cap=None)
    work = [{"component": 1, "npi": "1", "month": "2026-09-01", "minutes": 60}]
    salary = part("salary", amount="120000.00")
    later = part("salary", amount="120000.00", start="2026-11-01")
    savings = part(
        "savings", share_rate="1/2", minimum_rate="0", limit_rate=None, fee="0.00", least_points=0
    )
    saved = [{"component": 1, "base_cost": "200.00", "base_cases": 2, "cost": "80.00", "cases": 1}]
    end = ended(date(2026, 9, 16))

    def due(component, done, how=end):
        (found,) = further_dues([component], done, YEAR, how)
        return found.amount

    assert due(hourly, Done(work)) == Money.from_dollars("200.00")
    assert due(salary, Done()) == Money.from_dollars("85000.00")
    assert due(later, Done()) == Money(0)
    assert due(savings, Done((), saved)) == Money.from_dollars("10.00")
    assert due(savings, Done((), saved), ended(date(2026, 3, 1))) == Money(0)
    with pytest.raises(CompensationError, match="on no day of 1 Sep 2026"):
        due(hourly, Done(work), ended(date(2026, 9, 1)))
    with pytest.raises(CompensationError, match="Withdraw the work"):
        due(later, Done(work))


def test_nothing_is_paid_on_account_of_days_after_the_end():
    terms = EstimateTerms(YEAR, FIXED, POOL, ended_on=date(2026, 5, 16))
    most = [most_of_quarter(terms, quarter, "fixed_fee") for quarter in YEAR.quarters()]
    whole = [
        most_of_quarter(EstimateTerms(YEAR, FIXED, POOL), quarter, "fixed_fee")
        for quarter in YEAR.quarters()
    ]

    assert most == [whole[0], whole[1].times(Fraction(45, 91)), Money(0), Money(0)]
    months = [amount for _, amount in fixed_fee_by_month(terms)]
    assert months[3] > months[4] > months[5] == Money(0)
