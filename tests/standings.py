"""Indicators to date for tests of what-if: one maker for each way of scoring."""

from fractions import Fraction

from indicators.measure.definition import Definition
from indicators.measure.tally import Tally
from indicators.measure.values import KeptValues
from scorecards.scoring.plan import IndicatorTerms, Tier
from scorecards.scoring.whatif import Standing

COLUMNS = (
    {"name": "met", "type": "flag"},
    {"name": "days", "type": "whole"},
    {"name": "evidence", "type": "code"},
)
FIELDS = {
    "proportion": {"numerator": "met = true"},
    "mean": {"observation": "days"},
    "median": {"observation": "days"},
    "sum": {"observation": "days"},
    "ratio": {"numerator_observation": "days", "denominator_observation": "days"},
    "observed_over_expected": {"numerator": "met = true", "expected": "days"},
    "count": {"numerator": "met = true"},
    "milestone": {"evidence_column": "evidence"},
}
UNITS = {"proportion": "%", "ratio": "per 1,000 line days", "count": "protocols"}
COUNTING = ("proportion", "observed_over_expected", "count")


def terms(*goals, improvement="decrease", scoring="proportion", slug="indicator", **changed):
    """Agree on goals, each earning an equal step of the dollars."""
    given = {
        "slug": slug,
        "title": slug.capitalize(),
        "improvement": improvement,
        "scoring": scoring,
        "weight": 1,
        "minimum_cases": 0,
        "compare_places": 1,
        "tiers": tuple(
            Tier(f"Tier {place}", Fraction(goal), Fraction(place, len(goals)))
            for place, goal in enumerate(goals, 1)
        ),
        "multiplier": 1000 if scoring == "ratio" else None,
    }
    return IndicatorTerms(**(given | changed))


def standing(agreed, tally):
    """Put an indicator where its cases so far have brought it."""
    definition = Definition.from_document(
        {
            "slug": agreed.slug,
            "title": agreed.title,
            "scoring": agreed.scoring,
            "improvement": agreed.improvement,
            "unit": UNITS.get(agreed.scoring, "days"),
            "columns": list(COLUMNS),
            **({"multiplier": agreed.multiplier} if agreed.multiplier else {}),
            **FIELDS[agreed.scoring],
        }
    )
    return Standing(agreed, definition, tally, agreed.scoring in COUNTING)


def met(numerator, eligible):
    """Count cases of a proportion, count or milestone."""
    return Tally(
        initial_population=eligible,
        denominator=eligible,
        numerator=numerator,
        not_met=eligible - numerator,
    )


def observed(values, below=None):
    """Count cases that add a value each; `below` is what they add below the line."""
    exact = [Fraction(value) for value in values]
    return Tally(
        initial_population=len(exact),
        denominator=len(exact),
        observations=len(exact),
        numerator_sum=sum(exact, Fraction(0)),
        denominator_sum=Fraction(len(exact) if below is None else below),
        values=KeptValues.of(exact),
    )
