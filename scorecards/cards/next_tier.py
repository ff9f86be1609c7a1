"""How far the next tier is, in cases or in the unit of a mean. Pure; for the reader, never for pay.

The answer takes today's denominator as it stands: it says how far off the goal is, not what the
rest of the year will bring.
"""

from bisect import bisect_left
from fractions import Fraction

from comanage.values.rounding import decimal_text
from indicators.measure.tally import Tally
from scorecards.scoring.attainment import compared_value
from scorecards.scoring.plan import IndicatorTerms, Tier


def next_tier(terms: IndicatorTerms, reached: str | None) -> Tier | None:
    """Return the tier after the one that was reached; None at the best."""
    names = [tier.name for tier in terms.tiers]
    place = names.index(reached) + 1 if reached else 0
    return terms.tiers[place] if place < len(names) else None


def distance_in_words(terms: IndicatorTerms, tally: Tally, compared: Fraction, tier: Tier) -> str:
    """Say what separates a result from a tier, such as `22 fewer cases in the numerator`."""
    if terms.scoring != "proportion" or tally.observations:
        gap = abs(compared - tier.goal) * terms.printed_multiplier
        side = "lower" if terms.improvement == "decrease" else "higher"
        noun = terms.scoring if terms.scoring in ("mean", "median", "ratio") else "result"
        return f"a {noun} {decimal_text(gap, terms.compare_places)} {side}"
    cases = _cases_to(terms, tally, tier)
    side = "fewer" if terms.improvement == "decrease" else "more"
    return f"{cases:,} {side} {'case' if cases == 1 else 'cases'} in the numerator"


def _cases_to(terms: IndicatorTerms, tally: Tally, tier: Tier) -> int:
    """Count the cases that would have to come out differently, of those counted today."""
    is_down = terms.improvement == "decrease"
    most = tally.numerator if is_down else tally.eligible - tally.numerator

    def is_reached(cases: int) -> bool:
        numerator = tally.numerator - cases if is_down else tally.numerator + cases
        value = compared_value(terms, Fraction(numerator, tally.eligible))
        return terms.reaches(value, tier.goal)

    return bisect_left(range(most + 1), 1, key=is_reached)  # the first that is
