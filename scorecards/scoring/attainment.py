"""The tier that a result reaches: rounding where the agreement says, and nowhere else."""

from __future__ import annotations

from fractions import Fraction

from comanage.values.rounding import decimal_text, exact_text, round_half_up
from indicators.measure.scoring import PERCENT
from scorecards.scoring.plan import IndicatorTerms, Tier
from scorecards.scoring.steps import Step

MORE_PLACES = 3
_NOUNS = {"mean": "mean", "median": "median", "ratio": "ratio", "sum": "sum", "count": "count"}


def compared_value(terms: IndicatorTerms, result: Fraction) -> Fraction:
    """Round a result to the decimals that are compared with the goals.

    Args:
        terms: whose `compare_places` counts decimals of the printed figure: with 1, a rate
            of 8.04 % compares as 8.0 %, and 1.25 per 1,000 as 1.3 per 1,000.
        result: exact, before any multiplier.

    Source:
        Agreement, exhibit of indicators, "Rounding": both parties signed the decimals.
    """
    multiplier = terms.printed_multiplier
    return round_half_up(result * multiplier, terms.compare_places) / multiplier


def tier_reached(terms: IndicatorTerms, compared: Fraction) -> Tier | None:
    """Return the best tier whose goal the compared value reaches; None below them all.

    Source:
        Agreement, exhibit of indicators, "Tiers".
    """
    reached = [tier for tier in terms.tiers if terms.reaches(compared, tier.goal)]
    return reached[-1] if reached else None


def figure_text(terms: IndicatorTerms, value: Fraction) -> str:
    """Write a result or goal as people compare it: `8.0%`, or `3.53` for a mean.

    A goal that is finer than the compared decimals is written exactly.
    """
    scaled, sign = value * terms.printed_multiplier, _sign(terms)
    if round_half_up(scaled, terms.compare_places) == scaled:
        return decimal_text(scaled, terms.compare_places) + sign
    return exact_text(scaled) + sign


def _long_text(terms: IndicatorTerms, value: Fraction) -> str:
    """Write a result with more decimals than are compared, so that rounding can be seen."""
    places = terms.compare_places + MORE_PLACES
    return decimal_text(value * terms.printed_multiplier, places) + _sign(terms)


def _sign(terms: IndicatorTerms) -> str:
    """Write the percent sign where the figure is a percentage."""
    is_percent = terms.scoring == "proportion" and terms.printed_multiplier == PERCENT
    return "%" if is_percent else ""


def attainment_steps(
    terms: IndicatorTerms, result: Fraction, compared: Fraction, tier: Tier | None
) -> tuple[Step, Step]:
    """Explain the comparison: what was rounded, and which goals it reached."""
    unit = "percentage" if _sign(terms) else _NOUNS.get(terms.scoring, "result")
    places = f"{terms.compare_places} decimal{'' if terms.compare_places == 1 else 's'}"
    better = "at least" if terms.improvement == "increase" else "at most"
    return (
        Step(
            "Compared value",
            f"Keep {places} of the {unit}, halves upward.",
            (("Exact result", f"{exact_text(result)} = {_long_text(terms, result)}"),),
            figure_text(terms, compared),
        ),
        Step(
            "Tier reached",
            f"The best tier whose goal is met; a goal is met by a value of {better} the goal.",
            tuple(
                (
                    tier.name,
                    f"{better} {figure_text(terms, tier.goal)} earns {exact_text(tier.share)}",
                )
                for tier in terms.tiers
            ),
            f"{tier.name}: share {exact_text(tier.share)}" if tier else "none: share 0",
        ),
    )
