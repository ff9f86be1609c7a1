"""The size of an opportunity, by hand, and against slow oracles."""

from fractions import Fraction
from math import comb, exp, factorial

import pytest

from comanage.values.money import Money
from indicators.measure.definition import Definition
from indicators.measure.tally import Tally
from scorecards.opportunities.proposals import NoProposal, propose
from scorecards.opportunities.sizing import (
    NotSized,
    Unit,
    average_reference,
    best_reference,
    binomial_excess,
    in_days,
    in_dollars,
    judged_units,
    poisson_excess,
    size,
)


def definition(**changes):
    given = {
        "slug": "it",
        "title": "It",
        "scoring": "proportion",
        "improvement": "decrease",
        "unit": "percent",
        "columns": [{"name": "is_met", "type": "flag"}, {"name": "n", "type": "whole"}],
        "numerator": "is_met = true",
    }
    return Definition.from_document(given | changes)


RETURNS = definition()
REACHED = definition(improvement="increase")
STAY = definition(scoring="mean", unit="days", numerator="", observation="n")
SPENT = definition(scoring="mean", unit="USD", numerator="", observation="n")


def unit(name, met, cases):
    return Unit(name, Tally(cases, cases, numerator=met, not_met=cases - met))


def observed(name, total, cases):
    return Unit(name, Tally(cases, cases, observations=cases, numerator_sum=Fraction(total)))


def test_events_beyond_the_reference_are_added_up_over_the_worse_units_alone():
    units = [unit("A", 5, 100), unit("B", 20, 100), unit("C", 70, 500)]

    found = size(RETURNS, units, Fraction(1, 10))

    assert [(gap.name, gap.at_reference, gap.quantity) for gap in found.gaps] == [
        ("B", 10, 20 - 10),
        ("C", 50, 70 - 50),
    ]
    assert found.quantity == 10 + 20
    # 20 of 100 is 13.3 to 28.9 %, 70 of 500 is 11.2 to 17.3 %: both wholly above 10 %.
    assert found.clear == 30
    assert size(RETURNS, [unit("B", 11, 100)], Fraction(1, 10)).clear == 0  # within chance


def test_where_more_is_better_the_cases_that_lack_are_counted():
    found = size(REACHED, [unit("A", 80, 100), unit("B", 99, 100)], Fraction(9, 10))

    assert [(gap.name, gap.quantity) for gap in found.gaps] == [("A", 90 - 80)]
    assert found.gaps[0].is_clear


def test_days_of_stay_are_days_and_dollars_are_dollars():
    days = size(STAY, [observed("A", 500, 100), observed("B", 290, 100)], Fraction(3))
    dollars = size(SPENT, [observed("A", "1000.05", 3)], Fraction(300))

    assert days.quantity == 500 - 300
    assert (days.chance, days.clear) == (None, 0)  # their spread is not known from sums
    assert in_days(days.quantity, STAY, None) == 200
    assert in_dollars(days.quantity, STAY, Money.from_dollars("2873.00")) == Money.from_dollars(
        "574600.00"
    )
    assert in_dollars(dollars.quantity, SPENT, None) == Money.from_dollars("100.05")
    assert in_days(dollars.quantity, SPENT, None) is None
    assert in_dollars(Fraction(1, 3), RETURNS, Money.from_dollars("100.00")) == Money(3333)
    assert in_dollars(Fraction(1, 3), RETURNS, None) is None
    assert in_days(Fraction(1, 3), RETURNS, Fraction(9, 2)) == Fraction(3, 2)


def test_what_cannot_be_taken_apart_is_not_sized():
    median = definition(scoring="median", unit="days", numerator="", observation="n")

    assert "no parts" in size(median, [], Fraction(1)).reason
    assert "cases enough" in size(RETURNS, [], Fraction(1)).reason
    assert isinstance(size(RETURNS, [], Fraction(1)), NotSized)


def test_units_with_too_few_cases_are_not_judged():
    few, enough, none = unit("A", 1, 19), unit("B", 1, 20), unit("C", 0, 0)

    assert judged_units(RETURNS, [few, enough, none], 20) == (enough,)
    assert judged_units(RETURNS, [none], 0) == ()


def test_the_reference_is_what_the_best_tenth_reaches_and_luck_of_a_few_cases_is_none():
    lucky, good, rest = unit("A", 0, 10), unit("B", 6, 150), unit("C", 150, 1340)

    # 1/12 of A with one case more on each side is above 7/152 of B, which has a tenth alone.
    assert best_reference(RETURNS, [lucky, good, rest]) == Fraction(6, 150)
    assert average_reference(RETURNS, [lucky, good, rest]) == Fraction(156, 1500)
    turned = [unit("A", 10, 10), unit("B", 144, 150), unit("C", 1190, 1340)]
    assert best_reference(REACHED, turned) == Fraction(144, 150)
    # Two units are needed for a tenth: both count, by their cases.
    small = [unit("A", 2, 50), unit("B", 6, 60), unit("C", 400, 900)]
    assert best_reference(RETURNS, small) == Fraction(2 + 6, 50 + 60)


@pytest.mark.parametrize(("cases", "chance"), [(1, 0.5), (7, 0.2), (40, 0.075), (40, 0.93)])
def test_the_excess_of_chance_is_the_sum_over_all_counts(cases, chance):
    slow = sum(
        (met - cases * chance) * comb(cases, met) * chance**met * (1 - chance) ** (cases - met)
        for met in range(cases + 1)
        if met > cases * chance
    )

    assert binomial_excess(cases, chance) == pytest.approx(slow)
    assert binomial_excess(0, chance) == binomial_excess(cases, 0) == binomial_excess(cases, 1) == 0


@pytest.mark.parametrize("mean", [0.3, 2.0, 11.5])
def test_the_excess_of_chance_is_the_same_for_rare_events(mean):
    slow = sum(
        (met - mean) * exp(-mean) * mean**met / factorial(met) for met in range(100) if met > mean
    )

    assert poisson_excess(mean) == pytest.approx(slow)
    assert poisson_excess(0) == 0


def test_half_of_the_way_is_the_threshold_and_all_of_it_the_target():
    threshold, target = propose(RETURNS, Fraction("0.1"), Fraction("0.0612"))

    # 10 % to 6.12 %: half way is 8.06 %, printed 8.1 %.
    assert (threshold.goal, threshold.share) == (Fraction("0.081"), Fraction(1, 2))
    assert (target.goal, target.share) == (Fraction("0.061"), 1)


@pytest.mark.parametrize(
    ("baseline", "reference", "said"),
    [("0.05", "0.06", "already"), ("0.05", "0.05", "already"), ("0.0502", "0.05", "so near")],
)
def test_nothing_is_proposed_without_a_way_to_go(baseline, reference, said):
    found = propose(RETURNS, Fraction(baseline), Fraction(reference))

    assert isinstance(found, NoProposal)
    assert said in found.reason
