"""Laws of scoring plans, and a second scoring that must agree."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from comanage.values import Money
from scorecards.scoring.plans.engine import score_all
from scorecards.scoring.plans.reading import read_plan
from scorecards.scoring.plans.results import Counts, Organization, Result
from scorecards.scoring.score import score as score_terms
from tests.planned import plan_document
from tests.property.scoring import slow_plans
from tests.property.scoring.test_pay_laws import plans as terms_plans
from tests.property.scoring.test_pay_laws import results_for

values = st.integers(0, 60).map(lambda number: Fraction(number, 60))
SINGLE = ("steps", "line", "achievement_improvement", "band", "scale")
HALF = Fraction(1, 2)
weights = st.sampled_from(["1", "2", "7"])


@st.composite
def changes(draw):
    """What a change earns: steps or a line from one change to a better one."""
    lower, upper = sorted(draw(st.lists(values, min_size=2, max_size=2, unique=True)))
    earns = sorted((draw(values), draw(values)))
    measure = draw(st.sampled_from(["difference", "relative", "gap"]))
    return {
        "kind": "change",
        "of": measure,
        "line": draw(st.booleans()),
        "without_baseline": "0",
        "tiers": [
            {"name": "some", "goal": str(lower - HALF), "earns": str(earns[0])},
            {"name": "more", "goal": str(upper - HALF), "earns": str(earns[1])},
        ],
        **({"goal": str(draw(values))} if measure == "gap" else {}),
    }


@st.composite
def methods(draw, improvement):
    kind = draw(st.sampled_from([*SINGLE, "change", "best_of"]))
    if kind == "change":
        return draw(changes())
    if kind == "best_of":
        both = [draw(single_methods("steps", improvement)), draw(changes())]
        return {"kind": kind, "methods": both}
    return draw(single_methods(kind, improvement))


@st.composite
def single_methods(draw, kind, improvement):
    two = sorted(draw(st.lists(values, min_size=2, max_size=2, unique=True)))
    worse, better = two if improvement == "increase" else two[::-1]
    if kind == "achievement_improvement":
        return {"kind": kind, "threshold": str(worse), "benchmark": str(better)}
    if kind == "band":
        margin = str(draw(values))
        return {"kind": kind, "low": str(two[0]), "high": str(two[1]), "margin": margin}
    if kind == "scale":
        return {"kind": kind}
    earns = sorted((draw(values), draw(values)))
    tiers = [
        {"name": str(place), "goal": str(goal), "earns": str(earned)}
        for place, (goal, earned) in enumerate(zip((worse, better), earns, strict=True))
    ]
    rule = draw(st.sampled_from([{}, {"round": {"to": "0.1"}}]))
    return {"kind": kind, "tiers": tiers, **rule}


@st.composite
def documents(draw):
    indicators = []
    for slug in "abcd":
        improvement = draw(st.sampled_from(["increase", "decrease"]))
        found = {
            "slug": slug,
            "title": slug,
            "improvement": improvement,
            "domain": {"a": "x", "b": "y"}.get(slug) or draw(st.sampled_from("xy")),
            "method": draw(methods(improvement)),
        }
        if draw(st.booleans()):
            found["round_result"] = {"to": "0.1"}
        indicators.append(found)
    domains = [
        {
            "slug": slug,
            "title": slug,
            "weight": draw(weights),
            "score": draw(st.sampled_from(["earned_of_available", "weighted_mean"])),
            "minimum_scored": draw(
                st.integers(1, sum(each["domain"] == slug for each in indicators))
            ),
        }
        for slug in "xy"
    ]
    return {
        "title": "Drawn",
        "small_numbers": {"minimum_cases": 0, "rule": "not_scored"},
        "weights_add_up_to": str(sum(int(each["weight"]) for each in domains)),
        "missing": {
            "indicators": draw(st.sampled_from(["redistribute", "redistribute_across", "unpaid"])),
            "domains": draw(st.sampled_from(["redistribute", "unpaid"])),
        },
        "indicators": indicators,
        "domains": domains,
        "total": {"minimum_domains": draw(st.integers(1, 2))},
        "pay": [
            {
                "name": "pool",
                "kind": "pool",
                "by": "indicator",
                "amount": f"{draw(st.integers(0, 10**7))}.37",
            }
        ],
    }


drawn_results = st.fixed_dictionaries(
    {slug: st.tuples(values | st.none(), values | st.none()) for slug in "abcd"}
)


def organization(results, name="A"):
    return Organization(
        name,
        {
            slug: Result(Counts(value), Counts(baseline), reason="" if value is not None else "x")
            for slug, (value, baseline) in results.items()
        },
    )


def scored(document, results):
    return score_all(read_plan(document), [organization(results)]).organizations[0]


@settings(max_examples=200)
@given(documents(), drawn_results)
def test_a_second_scoring_from_the_manual_agrees(document, results):
    points, scores, total, cents = slow_plans.score(document, results)

    found = scored(document, results)

    indicators = {each.slug: each.points for each in found.points.indicators}
    assert indicators == {slug: points.get(slug) for slug in "abcd"}
    assert {each.slug: each.score for each in found.points.domains} == {
        slug: scores.get(slug) for slug in "xy"
    }
    assert found.points.total.score == total
    assert (found.pay_total and found.pay_total.cents) == cents


@given(documents(), drawn_results, st.sampled_from("abcd"), values, values)
def test_a_better_result_never_pays_less(document, results, slug, one, other):
    chosen = next(each for each in document["indicators"] if each["slug"] == slug)
    if chosen["method"]["kind"] == "band":
        chosen["method"] = {"kind": "scale"}
    is_down = chosen["improvement"] == "decrease"
    if chosen["method"]["kind"] == "scale" and is_down:
        chosen["improvement"], is_down = "increase", False
    worse, better = sorted((one, other), reverse=is_down)

    low, high = (
        scored(document, {**results, slug: (value, results[slug][1])}) for value in (worse, better)
    )

    if low.pay_total is not None:
        assert low.points.total.score <= high.points.total.score
        assert low.pay_total <= high.pay_total


@given(documents(), drawn_results)
def test_parts_add_up_to_the_pool_and_pay_stays_within_it(document, results):
    found = scored(document, results)

    if found.pay_total is not None:
        (paid,) = found.pay
        pool = Money.from_dollars(document["pay"][0]["amount"])
        assert sum((each.available for each in paid.shares), Money(0)) == pool
        assert all(Money(0) <= each.amount <= each.available for each in paid.shares)
        assert found.pay_total <= pool
        assert sum((each.weight for each in found.points.domains), Fraction(0)) == 1


@given(documents(), st.lists(drawn_results, min_size=2, max_size=4))
def test_neither_order_nor_company_changes_a_score(document, several):
    plan = read_plan(document)
    named = [organization(results, str(place)) for place, results in enumerate(several)]

    together = score_all(plan, named).organizations
    backwards = score_all(plan, named[::-1], keep_steps=True).organizations[::-1]

    assert [(a.points, a.pay) for a in together] == [(b.points, b.pay) for b in backwards]
    assert all(each.steps for each in backwards)


@given(terms_plans(), st.data())
def test_signed_terms_written_as_a_plan_pay_the_same_to_the_cent(plan, data):
    results = results_for(plan, data.draw)
    given_results = {
        slug: Result(Counts(value)) if isinstance(value, Fraction) else Result(reason=str(value))
        for slug, value in results.items()
    }

    (found,) = score_all(
        read_plan(plan_document(plan)), [Organization("A", given_results)]
    ).organizations

    expected = score_terms(plan, results)
    assert (found.pay_total or Money(0)) == expected.earned
    assert (found.points.total.score or 0) == expected.points
