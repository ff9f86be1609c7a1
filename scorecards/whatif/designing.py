"""Terms tried on past results before anybody signs them. Pure; nothing is kept.

The terms that are tried are a terms document like those that are signed, so that the same rules
say what they lack and the same engine scores them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from agreements.terms.completeness import gaps
from comanage.values.money import Money
from comanage.values.rounding import exact_text, fraction_from_text
from indicators.measure.definition import Definition
from indicators.measure.figures import exact_figure, figure
from indicators.measure.rate import NotScored, performance_rate
from indicators.measure.tally import Tally
from scorecards.cards.engine import definitions_of, indicator_terms, plan_of
from scorecards.scoring.plan import IndicatorTerms, PlanError
from scorecards.scoring.score import IndicatorScore, Score, score

Terms = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EarlierYear:
    """A year of the program that has a scorecard: its period as printed, terms and document."""

    period: str
    terms: Terms
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """What an indicator was: the result and where it comes from."""

    result: Fraction | NotScored
    source: str


@dataclass(frozen=True, slots=True)
class TriedTier:
    """A goal in the unit of the rate, and its share from 0 to 1."""

    goal: Fraction
    share: Fraction


@dataclass(frozen=True, slots=True)
class Tried:
    """What is tried instead of the draft; tiers in their order."""

    fixed_fee: Money
    incentive_pool: Money
    weights: Mapping[str, int]
    tiers: Mapping[str, Sequence[TriedTier]]


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One indicator: what it was, and what it would have earned under both."""

    title: str
    past: str
    source: str
    drafted: str
    drafted_earned: Money
    tried: str
    tried_earned: Money


@dataclass(frozen=True, slots=True)
class Trial:
    """What past results would have earned; `lacks` says why the tried terms could not be locked."""

    lines: tuple[TrialLine, ...]
    drafted: Score
    tried: Score
    fixed_fee: Money
    lacks: tuple[str, ...]


def pasts_of(terms: Terms, before: EarlierYear | None) -> dict[str, Past]:
    """Find what each indicator was.

    That is what the year before counted, if it counted alike, or else the baseline.

    Args:
        terms: of the draft.
        before: the newest year of the program that has a scorecard; None without one.
    """
    return {
        indicator["slug"]: _counted_before(indicator, terms, before) or _baseline(indicator)
        for indicator in terms["indicators"]
    }


def _counted_before(
    indicator: Mapping[str, Any], terms: Terms, before: EarlierYear | None
) -> Past | None:
    """Take the year before where it has the same definition over the same cases."""
    if before is None or before.terms["scope"] != terms["scope"]:
        return None
    agreed = {each["slug"]: each["definition_sha256"] for each in before.terms["indicators"]}
    if agreed.get(indicator["slug"]) != indicator["definition_sha256"]:
        return None
    counted = {each["slug"]: each["tally"] for each in before.document["indicators"]}
    result = performance_rate(
        Tally.from_document(counted[indicator["slug"]]),
        Definition.from_document(indicator["definition"]),
        indicator["minimum_cases"],
    )
    return Past(result, f"Scorecard of {before.period}")


def _baseline(indicator: Mapping[str, Any]) -> Past:
    baseline = indicator["baseline"]
    above, below = (fraction_from_text(baseline[part]) for part in ("numerator", "denominator"))
    return Past(above / below, f"Baseline: {baseline['source']}")


def changed(terms: Terms, tried: Tried) -> dict[str, Any]:
    """Write down the terms with what is tried in them."""
    return {
        **terms,
        "pay": {
            "fixed_fee": tried.fixed_fee.dollars_text,
            "incentive_pool": tried.incentive_pool.dollars_text,
        },
        "indicators": [_changed(indicator, tried) for indicator in terms["indicators"]],
    }


def _changed(indicator: Mapping[str, Any], tried: Tried) -> dict[str, Any]:
    tiers = zip(indicator["tiers"], tried.tiers[indicator["slug"]], strict=True)
    return {
        **indicator,
        "weight": tried.weights[indicator["slug"]],
        "tiers": [
            {**tier, "goal": exact_text(other.goal), "share": exact_text(other.share)}
            for tier, other in tiers
        ],
    }


def try_out(terms: Terms, tried: Tried, pasts: Mapping[str, Past]) -> Trial:
    """Score the past under the draft and under what is tried.

    Raises:
        PlanError: the draft has no indicator or an indicator without a tier, or what is tried
            contradicts itself.
    """
    other = changed(terms, tried)
    results = {slug: past.result for slug, past in pasts.items()}
    drafted, scored = score(plan_of(terms), results), score(plan_of(other), results)
    definitions = definitions_of(terms)
    lines = tuple(
        _line(indicator_terms(indicator), definitions[indicator["slug"]], pasts, one, two)
        for indicator, one, two in zip(
            terms["indicators"], drafted.indicators, scored.indicators, strict=True
        )
    )
    return Trial(lines, drafted, scored, tried.fixed_fee, tuple(gaps(other)))


def as_drafted(terms: Terms) -> Tried:
    """Take the draft itself, as the form begins with it."""
    return Tried(
        fixed_fee=Money.from_dollars(terms["pay"]["fixed_fee"]),
        incentive_pool=Money.from_dollars(terms["pay"]["incentive_pool"]),
        weights={each["slug"]: each["weight"] for each in terms["indicators"]},
        tiers={
            each["slug"]: tuple(
                TriedTier(fraction_from_text(tier["goal"]), fraction_from_text(tier["share"]))
                for tier in each["tiers"]
            )
            for each in terms["indicators"]
        },
    )


def check_can_be_tried(terms: Terms) -> None:
    """Raise PlanError, in words, unless the draft has indicators that pay by tiers."""
    if not terms["indicators"]:
        raise PlanError("The draft has no indicator yet. Add those the parties agreed on.")
    if "scoring_plan" in terms:
        raise PlanError(
            "This draft pays by a scoring plan, which has a page of its own to be tried on. Here "
            "weights and tiers are tried."
        )
    plan_of(terms)


def _line(
    agreed: IndicatorTerms,
    definition: Definition,
    pasts: Mapping[str, Past],
    drafted: IndicatorScore,
    tried: IndicatorScore,
) -> TrialLine:
    past = pasts[agreed.slug]
    is_scored = isinstance(past.result, Fraction)
    return TrialLine(
        title=agreed.title,
        past=figure(definition, past.result, agreed.compare_places)
        if isinstance(past.result, Fraction)
        else f"Not scored. {past.result}",
        source=past.source,
        drafted=drafted.tier or ("Below every tier" if is_scored else "Not scored"),
        drafted_earned=drafted.earned,
        tried=tried.tier or ("Below every tier" if is_scored else "Not scored"),
        tried_earned=tried.earned,
    )


def typed_goal(definition: Definition, goal: Fraction, places: int) -> str:
    """Write a goal as it is typed: the printed figure without its unit."""
    return exact_figure(definition, goal, places).split(" ")[0]
