"""What separates a result from its next tier, in cases a person can count."""

from fractions import Fraction

from indicators.measure.tally import Tally
from scorecards.cards.next_tier import distance_in_words, next_tier
from scorecards.scoring.attainment import compared_value, tier_reached
from scorecards.scoring.plan import IndicatorTerms, Tier


def readmission(**changed):
    given = {
        "slug": "readmission",
        "title": "Readmission",
        "improvement": "decrease",
        "scoring": "proportion",
        "weight": 1,
        "minimum_cases": 0,
        "compare_places": 1,
        "tiers": (
            Tier("Threshold", Fraction("0.085"), Fraction(1, 2)),
            Tier("Target", Fraction("0.08"), Fraction(3, 4)),
            Tier("Stretch", Fraction("0.075"), Fraction(1)),
        ),
    }
    return IndicatorTerms(**{**given, **changed})


def of_cases(numerator, eligible):
    return Tally(
        initial_population=eligible,
        denominator=eligible,
        numerator=numerator,
        not_met=eligible - numerator,
    )


def reached_with(terms, numerator, eligible):
    return tier_reached(terms, compared_value(terms, Fraction(numerator, eligible)))


def cases_in(words):
    return int(words.split()[0].replace(",", ""))


def test_the_tier_after_the_reached_one_is_next():
    assert next_tier(readmission(), "Target").name == "Stretch"
    assert next_tier(readmission(), None).name == "Threshold"


def test_there_is_nothing_after_the_best_tier():
    assert next_tier(readmission(), "Stretch") is None


def test_exactly_so_many_fewer_cases_reach_the_tier_and_one_less_does_not():
    terms = readmission()
    stretch = terms.tiers[-1]

    words = distance_in_words(terms, of_cases(424, 5279), Fraction("0.08"), stretch)

    cases = cases_in(words)
    assert words == f"{cases} fewer cases in the numerator"
    assert reached_with(terms, 424 - cases, 5279) == stretch
    assert reached_with(terms, 424 - cases + 1, 5279) != stretch


def test_exactly_so_many_more_cases_reach_the_tier_where_higher_is_better():
    terms = readmission(
        improvement="increase", tiers=(Tier("Target", Fraction("0.15"), Fraction(1)),)
    )
    target = terms.tiers[0]

    words = distance_in_words(terms, of_cases(785, 5352), Fraction("0.147"), target)

    cases = cases_in(words)
    assert words == f"{cases} more cases in the numerator"
    assert reached_with(terms, 785 + cases, 5352) == target
    assert reached_with(terms, 785 + cases - 1, 5352) is None


def test_one_case_is_written_as_one():
    terms = readmission(tiers=(Tier("Target", Fraction(0), Fraction(1)),))

    words = distance_in_words(terms, of_cases(1, 100), Fraction("0.01"), terms.tiers[0])

    assert words == "1 fewer case in the numerator"


def test_a_mean_names_its_gap_in_the_compared_decimals():
    terms = readmission(
        scoring="mean", compare_places=2, tiers=(Tier("Target", Fraction("3.5"), Fraction(1)),)
    )

    words = distance_in_words(terms, of_cases(0, 10), Fraction("3.53"), terms.tiers[0])

    assert words == "a mean 0.03 lower"
