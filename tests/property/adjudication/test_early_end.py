"""The caps of a year that ended early shrink with the pay, and never cut what the year allowed."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from adjudication.compensation.early_end import EarlyEnd, Incentive, caps_in_effect
from adjudication.compensation.settle import settle
from adjudication.compensation.terms import OpinionCaps, PayTerms
from comanage.values import Money, Period
from scorecards.scoring.plan import IndicatorTerms, Plan, Tier
from scorecards.scoring.score import score

WHOLE = IndicatorTerms(
    "a", "A", "increase", "proportion", 1, 0, 1, (Tier("t", Fraction(0), Fraction(1)),)
)
amounts = st.integers(1, 10**7).map(Money)


@given(
    st.integers(1, 364),
    amounts,
    amounts,
    amounts,
    st.sampled_from([date(2026, 1, 1), date(2026, 7, 1), date(2027, 10, 15)]),
)
def test_pay_within_the_opinion_stays_within_its_part(days, fixed, pool, more, start):
    period = Period(start, start.replace(year=start.year + 1))
    opinion = OpinionCaps(fixed + more, pool, fixed + pool, period)
    terms = PayTerms(period, fixed, pool, opinion)
    end = EarlyEnd(date.fromordinal(start.toordinal() + days), Incentive.BY_DAYS)
    earned = score(Plan((WHOLE,), pool, "unpaid"), {"a": Fraction(1)})

    statement = settle(terms, earned, (), end)

    assert not [line for line in statement.lines if "limited" in line.basis]
    assert statement.total <= caps_in_effect(terms, end)[0].total <= opinion.total
