"""Laws of pay: better never earns less, and no part passes its pool or cap."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from adjudication.compensation.settle import settle
from adjudication.compensation.terms import OpinionCaps, PayTerms
from comanage.values import Money, Period
from indicators.measure.rate import NotScored, NotScoredReason
from scorecards.scoring.plan import IndicatorTerms, Plan, Tier
from scorecards.scoring.score import score

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
rates = st.fractions(0, 1, max_denominator=2000)
unscored = st.sampled_from(NotScoredReason).map(NotScored)
amounts = st.integers(0, 10**8).map(Money)


@st.composite
def plans(draw):
    return Plan(
        tuple(draw(indicators(slug)) for slug in "abc"[: draw(st.integers(1, 3))]),
        draw(amounts),
        draw(st.sampled_from(["redistribute", "unpaid"])),
    )


@st.composite
def indicators(draw, slug):
    count = draw(st.integers(1, 3))
    improvement = draw(st.sampled_from(["increase", "decrease"]))
    goals = sorted(draw(st.sets(rates, min_size=count, max_size=count)))
    shares = sorted(draw(st.sets(rates, min_size=count, max_size=count)))
    tiers = zip(goals if improvement == "increase" else goals[::-1], shares, strict=True)
    return IndicatorTerms(
        slug,
        slug,
        improvement,
        "proportion",
        draw(st.integers(1, 100)),
        0,
        draw(st.integers(0, 4)),
        tuple(Tier(f"tier {place}", *tier) for place, tier in enumerate(tiers)),
    )


def results_for(plan, draw):
    return {terms.slug: draw(rates | unscored) for terms in plan.indicators}


@given(plans(), st.data())
def test_the_parts_never_pass_the_pool(plan, data):
    result = score(plan, results_for(plan, data.draw))

    available = sum((each.available for each in result.indicators), Money(0))
    is_all_out = plan.missing_rule == "redistribute" and all(
        each.reason for each in result.indicators
    )
    assert available == (Money(0) if is_all_out else plan.pool)
    assert all(Money(0) <= each.earned <= each.available for each in result.indicators)
    assert result.earned == sum(each.earned for each in result.indicators)
    assert 0 <= result.points <= 100


@given(plans(), st.data(), rates, rates)
def test_a_better_rate_never_earns_less(plan, data, one, other):
    first = plan.indicators[0]
    worse, better = sorted((one, other), reverse=first.improvement == "decrease")
    results = results_for(plan, data.draw)

    with_worse = score(plan, {**results, first.slug: worse})
    with_better = score(plan, {**results, first.slug: better})

    assert with_worse.earned <= with_better.earned
    assert with_worse.points <= with_better.points


@given(plans(), st.data())
def test_the_same_results_give_the_same_score(plan, data):
    results = results_for(plan, data.draw)
    again = dict(reversed(results.items()))

    assert score(plan, results) == score(Plan.from_document(plan.to_document()), again)


@given(plans(), st.data(), amounts, amounts, amounts, amounts)
def test_pay_never_passes_a_cap(plan, data, fixed, fixed_cap, incentive_cap, total_cap):
    opinion = OpinionCaps(fixed_cap, incentive_cap, total_cap, YEAR)
    terms = PayTerms(YEAR, fixed, plan.pool, opinion)

    statement = settle(terms, score(plan, results_for(plan, data.draw)))

    paid_fixed, paid_incentive = (line.amount for line in statement.lines)
    assert Money(0) <= paid_fixed <= min(fixed, fixed_cap)
    assert Money(0) <= paid_incentive <= min(plan.pool, incentive_cap)
    assert statement.total == paid_fixed + paid_incentive <= total_cap
