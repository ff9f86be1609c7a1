"""Laws of what-if: nothing changed is the scorecard, and each count of cases is the edge itself."""

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from comanage.values import Money
from indicators.measure.rate import NotScored, performance_rate
from scorecards.scoring.attainment import compared_value
from scorecards.scoring.plan import Plan
from scorecards.scoring.score import score
from scorecards.scoring.whatif import (
    Question,
    Rest,
    Standing,
    as_it_stands,
    at_pace,
    ways,
    what_if,
    year_end,
)
from tests.standings import met, observed, standing, terms

goals = st.fractions(0, 1, max_denominator=300)
values = st.lists(st.integers(0, 9), max_size=12)
sizes = st.integers(0, 60)
improvements = st.sampled_from(["increase", "decrease"])
SIZED = ("proportion", "mean", "ratio", "observed_over_expected", "median")


@st.composite
def tallies(draw, scoring):
    if scoring in ("proportion", "count", "milestone"):
        eligible = draw(st.integers(0, 200))
        return met(draw(st.integers(0, eligible)), eligible)
    added = draw(values)
    below = None if scoring in ("mean", "median") else draw(st.integers(0, 400))
    return observed(added, below if added else 0)


@st.composite
def standings(draw, scoring=None, slug="a"):
    kind = scoring or draw(st.sampled_from([*SIZED, "sum", "count", "milestone"]))
    improvement = draw(improvements)
    scale = {"proportion": 1, "milestone": 1}.get(kind, 9)
    found = sorted({draw(goals) * scale for _ in range(draw(st.integers(1, 3)))})
    agreed = terms(
        *(found if improvement == "increase" else found[::-1]),
        improvement=improvement,
        scoring=kind,
        slug=slug,
        weight=draw(st.integers(1, 9)),
        minimum_cases=draw(st.sampled_from([0, 0, 20])),
        compare_places=draw(st.integers(0, 2)),
    )
    return standing(agreed, draw(tallies(kind)))


@st.composite
def boards(draw):
    listed = [draw(standings(slug=slug)) for slug in "abc"[: draw(st.integers(1, 3))]]
    rule = draw(st.sampled_from(["redistribute", "unpaid"]))
    pool = Money(draw(st.integers(0, 10**8)))
    return Plan(tuple(each.terms for each in listed), pool, rule), listed


def scorecard(plan, listed):
    """Score what has been counted, as the nightly run does."""
    results = {
        each.terms.slug: performance_rate(each.tally, each.definition, each.terms.minimum_cases)
        for each in listed
    }
    return score(plan, results)


def a_number(draw, kind):
    most = 1 if kind in ("proportion", "milestone") else 9
    return draw(st.fractions(0, most, max_denominator=200))


@given(boards(), st.data())
def test_an_unchanged_rest_is_the_scorecard_however_much_is_to_come(board, data):
    plan, listed = board
    rests = {each.terms.slug: Rest(Fraction(data.draw(sizes))) for each in listed}

    assert what_if(plan, listed, rests) == as_it_stands(plan, listed) == scorecard(plan, listed)


@given(boards(), st.data())
def test_the_performance_so_far_typed_out_is_the_scorecard_too(board, data):
    plan, listed = board
    rests = {
        each.terms.slug: Rest(Fraction(data.draw(sizes)), each.result)
        for each in listed
        if each.question is Question.RATE and isinstance(each.result, Fraction)
    }

    assert what_if(plan, listed, rests) == scorecard(plan, listed)


@given(boards(), st.data())
def test_with_nothing_to_come_the_year_ends_as_it_stands(board, data):
    plan, listed = board
    rests = {
        each.terms.slug: Rest(Fraction(0), a_number(data.draw, each.terms.scoring))
        for each in listed
        if each.question in (Question.RATE, Question.VALUE)
    }
    rests |= {
        each.terms.slug: Rest(performance=Fraction(0))
        for each in listed
        if each.question in (Question.AMOUNT, Question.REACHED)
    }

    assert what_if(plan, listed, rests) == scorecard(plan, listed)


@given(st.sampled_from(["proportion", "mean", "median"]), st.data())
def test_the_projection_is_what_the_cases_would_be_counted_as(scoring, data):
    """The oracle: cases that really come, added up and measured."""
    now = data.draw(standings(scoring))
    if scoring == "proportion":
        cases = data.draw(st.integers(1, 60))
        good = data.draw(st.integers(0, cases))
        more, performance = met(good, cases), Fraction(good, cases)
    else:
        value = data.draw(st.integers(0, 9))
        cases = data.draw(st.integers(1, 60))
        more, performance = observed([value] * cases), Fraction(value)

    end = year_end(now, Rest(Fraction(cases), performance))

    counted = performance_rate(now.tally + more, now.definition, now.terms.minimum_cases)
    assert end == counted


@given(boards(), st.data())
def test_a_better_rest_never_earns_less(board, data):
    plan, listed = board
    first = listed[0]
    assume(first.question is not Question.NOTHING)
    pair = [a_number(data.draw, first.terms.scoring) for _ in range(2)]
    worse, better = sorted(pair, reverse=first.terms.improvement == "decrease")
    size = Fraction(data.draw(sizes))
    if first.question is Question.REACHED:
        worse, better = Fraction(0), Fraction(1)
        assume(first.terms.improvement == "increase")
    assume(first.question is not Question.AMOUNT or isinstance(first.result, Fraction))

    earned = [
        what_if(plan, listed, {first.terms.slug: Rest(size, value)}).earned
        for value in (worse, better)
    ]

    assert earned[0] <= earned[1]


def reaches(now: Standing, tier, result) -> bool:
    return not isinstance(result, NotScored) and now.terms.reaches(
        compared_value(now.terms, result), tier.goal
    )


def with_events(now: Standing, size: int, events: int):
    """Count so many events in the rest of the year."""
    if now.question is Question.AMOUNT:
        return year_end(now, Rest(performance=Fraction(events)))
    if not size:
        return now.result
    return year_end(now, Rest(Fraction(size), Fraction(events, size)))


@given(st.sampled_from(["proportion", "observed_over_expected", "count"]), st.data())
def test_so_many_events_reach_a_tier_and_one_step_worse_does_not(scoring, data):
    now = data.draw(standings(scoring))
    size = data.draw(sizes)
    plan = Plan((now.terms,), Money(10_000), "redistribute")
    score_now = as_it_stands(plan, [now])
    most = size if scoring == "proportion" or not (size or scoring == "count") else 10**6

    for way in ways(plan, [now], 0, Fraction(size), score_now):
        assert way.events is not None
        if way.is_possible:
            assert reaches(now, way.tier, with_events(now, size, way.events))
            worse = way.events + (1 if now.terms.improvement == "decrease" else -1)
            if 0 <= worse <= most:
                assert not reaches(now, way.tier, with_events(now, size, worse))
        else:
            best = 0 if now.terms.improvement == "decrease" else most
            assert not reaches(now, way.tier, with_events(now, size, best))


@given(st.sampled_from(["mean", "ratio", "sum"]), st.data())
def test_such_a_rate_reaches_a_tier_and_one_step_worse_does_not(scoring, data):
    now = data.draw(standings(scoring))
    size = Fraction(data.draw(sizes))
    plan = Plan((now.terms,), Money(10_000), "redistribute")
    step = Fraction(1, now.terms.printed_multiplier * 10**now.terms.compare_places)
    worse = step if now.terms.improvement == "decrease" else -step

    for way in ways(plan, [now], 0, size, as_it_stands(plan, [now])):
        if way.performance is None:
            assert way.is_possible == reaches(now, way.tier, now.result)
            continue
        end, missed = (
            year_end(now, Rest(size, rate)) for rate in (way.performance, way.performance + worse)
        )
        assert way.is_possible == reaches(now, way.tier, end)
        assert not reaches(now, way.tier, missed)


@given(boards(), st.data())
def test_a_tier_is_worth_what_reaching_it_would_earn(board, data):
    plan, listed = board
    size = Fraction(data.draw(st.integers(1, 60)))
    now = as_it_stands(plan, listed)

    for way in ways(plan, listed, 0, size, now):
        if not way.is_possible or way.is_reached:
            continue
        performance = way.performance
        if way.events is not None:
            is_whole = listed[0].question in (Question.AMOUNT, Question.REACHED)
            performance = Fraction(way.events) / (1 if is_whole else size)
        then = what_if(plan, listed, {listed[0].terms.slug: Rest(size, performance)})

        scored = then.indicators[0]
        if scored.tier == way.tier.name:  # a tier with a goal too near is skipped by rounding
            assert way.earned == scored.earned
            assert way.more == scored.earned - now.indicators[0].earned
            if not isinstance(listed[0].result, NotScored):
                assert way.more == then.earned - now.earned


@given(standings(), st.integers(1, 366))
def test_at_its_pace_a_year_doubles_in_as_many_days_again(now, days):
    above, below = now.parts
    size = at_pace(now, days, days)

    if now.question is Question.AMOUNT:
        assert size == above
    elif now.question is Question.VALUE:
        assert size == len(now.tally.values)
    else:
        assert size == (below if now.question is Question.RATE else 0)
    assert at_pace(now, days, 0) == 0
    assert at_pace(now, 0, days) == 0
