"""What results earn under a plan."""

from fractions import Fraction

import pytest

from comanage.values import Money, canonical_json
from indicators.measure.rate import NotScored, NotScoredReason
from scorecards.scoring.attainment import figure_text
from scorecards.scoring.plan import IndicatorTerms, Plan, PlanError, Tier
from scorecards.scoring.score import score

TOO_FEW = NotScored(NotScoredReason.TOO_FEW_CASES)


def terms(slug="a", weight=1, places=1, scoring="proportion", improvement="increase"):
    tiers = (
        Tier("threshold", Fraction(1, 2), Fraction(1, 4)),
        Tier("target", Fraction(1), Fraction(1)),
    )
    if improvement == "decrease":
        tiers = (
            Tier("threshold", Fraction(1, 2), Fraction(1, 4)),
            Tier("target", Fraction(0), Fraction(1)),
        )
    return IndicatorTerms(slug, slug, improvement, scoring, weight, 0, places, tiers)


def scored(results, *weights, rule="unpaid", pool=10_000):
    indicators = tuple(terms(slug, weight) for slug, weight in zip("abc", weights, strict=False))
    return score(Plan(indicators, Money(pool), rule), dict(zip("abc", results, strict=False)))


def test_parts_are_weighed_and_multiplied_by_the_share_earned():
    result = scored([Fraction(1), Fraction(1, 2), Fraction(0)], 50, 30, 20)

    assert [each.available.cents for each in result.indicators] == [5000, 3000, 2000]
    assert [each.earned.cents for each in result.indicators] == [5000, 3000 // 4, 0]
    assert [each.tier for each in result.indicators] == ["target", "threshold", None]
    assert result.earned == Money(5000 + 750)
    assert result.points == 50 + Fraction(30, 4)


def test_an_indicator_without_a_rate_keeps_its_part_unpaid():
    result = scored([Fraction(1), TOO_FEW], 50, 50)

    assert [each.available.cents for each in result.indicators] == [5000, 5000]
    assert result.earned == Money(5000)
    assert result.indicators[1].reason == "Fewer cases than the agreed minimum."
    assert result.indicators[1].compared is None


def test_an_indicator_without_a_rate_leaves_its_part_to_the_others():
    result = scored([Fraction(1), TOO_FEW, Fraction(0)], 30, 40, 30, rule="redistribute")

    assert [each.available.cents for each in result.indicators] == [5000, 0, 5000]
    assert [each.weight_applied for each in result.indicators] == [50, 0, 50]
    assert result.earned == Money(5000)


@pytest.mark.parametrize("rule", ["redistribute", "unpaid"])
def test_a_year_without_any_rate_earns_nothing(rule):
    result = scored([TOO_FEW, TOO_FEW], 1, 1, rule=rule)

    assert (result.earned, result.points) == (Money(0), 0)


def test_an_indicator_without_an_entry_is_not_taken_for_zero():
    with pytest.raises(PlanError, match="no result for b"):
        scored([Fraction(1)], 1, 1)


@pytest.mark.parametrize(
    ("rate", "tier"),
    [
        (Fraction("0.4995"), "threshold"),  # 49.95 % compares as 50.0 %
        (Fraction("0.49949"), None),
    ],
)
def test_the_percentage_is_rounded_before_the_comparison(rate, tier):
    result = score(Plan((terms(),), Money(100), "unpaid"), {"a": rate})

    assert result.indicators[0].tier == tier


@pytest.mark.parametrize(
    ("mean", "tier"),
    [
        (Fraction("0.54"), "threshold"),  # 0.54 compares as 0.5
        (Fraction("0.55"), None),  # 0.55 compares as 0.6, halves upward
        (Fraction("-1"), "target"),
    ],
)
def test_a_mean_is_rounded_in_its_own_unit(mean, tier):
    days = terms(scoring="mean", improvement="decrease")

    result = score(Plan((days,), Money(100), "unpaid"), {"a": mean})

    assert result.indicators[0].tier == tier


@pytest.mark.parametrize(
    ("scoring", "value", "text"),
    [
        ("proportion", Fraction("0.085"), "8.5%"),
        ("proportion", Fraction("0.08"), "8.0%"),
        ("proportion", Fraction("0.0825"), "33/4%"),
        ("mean", Fraction("3.5"), "3.5"),
    ],
)
def test_a_goal_finer_than_the_comparison_is_written_exactly(scoring, value, text):
    assert figure_text(terms(scoring=scoring), value) == text


def test_the_steps_can_be_followed_with_a_pencil():
    first = scored([Fraction(53, 106)], 1).indicators[0]

    assert [(step.label, step.output) for step in first.steps] == [
        ("Compared value", "50.0%"),
        ("Tier reached", "threshold: share 1/4"),
        ("Earned", "$25.00"),
    ]
    assert first.steps[0].inputs == (("Exact result", "1/2 = 50.0000%"),)
    assert first.steps[1].inputs[0] == ("threshold", "at least 50.0% earns 1/4")


def test_a_score_can_be_written_canonically():
    document = scored([Fraction(1), TOO_FEW], 2, 1).to_document()

    assert '"earned":"66.67"' in canonical_json(document)
    assert [each["compared"] for each in document["indicators"]] == ["1", None]
