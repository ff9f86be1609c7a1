"""From terms and cases to a scorecard document. Pure: the same inputs give the same document."""

from collections.abc import Mapping, Sequence
from typing import Any

from comanage.values.canonical import sha256_of
from comanage.values.money import Money
from comanage.values.rounding import exact_text, fraction_from_text
from indicators.measure.criteria import Criterion, parse
from indicators.measure.cube.plan import Cube, CubePlan
from indicators.measure.definition import Definition
from indicators.measure.rate import NotScored, performance_rate
from indicators.measure.tally import Tally
from scorecards.plans.goals import plan_of_terms
from scorecards.plans.scoring import YearPlan
from scorecards.scoring.plan import IndicatorTerms, Plan, Tier
from scorecards.scoring.score import Score, score
from scorecards.trends.months import UNDATED, Calendar, Counted, counted_of

SCHEMA = "comanage.scorecard/1"
ENGINE_VERSION = "2"

Terms = Mapping[str, Any]
Results = dict[str, Any]
Prior = Mapping[str, Tally]
NO_PRIOR: Prior = {}


def input_sha256(
    *, terms_sha256: str, slices: Sequence[str], prior: Prior = NO_PRIOR, until: str = ""
) -> str:
    """Hash everything a scorecard depends on; `until` where the agreement ended early."""
    inputs: dict[str, Any] = {
        "terms": terms_sha256,
        "slices": list(slices),
        "engine": ENGINE_VERSION,
    }
    if until:
        inputs["until"] = until
    if prior:
        inputs["prior"] = {slug: tally.to_document() for slug, tally in prior.items()}
    return sha256_of(inputs)


def plan_of_counting(terms: Terms, calendar: Calendar | None) -> CubePlan:
    """Make the indicators of the terms ready to be counted.

    Args:
        terms: locked.
        calendar: the months of the year; None where cases are not dated.
    """
    definitions = list(definitions_of(terms).values())
    scopes = [scope_of(terms, definition) for definition in definitions]
    return CubePlan(definitions, calendar.axes if calendar else UNDATED, scopes)


def read_counted(terms: Terms, cube: Cube, calendar: Calendar | None = None) -> dict[str, Counted]:
    """Read what a plan of these terms counted, by slug."""
    is_cut = calendar is not None and calendar.is_cut
    return dict(zip(definitions_of(terms), counted_of(cube, is_cut=is_cut), strict=True))


def scope_of(terms: Terms, definition: Definition) -> Criterion | None:
    """Read the scope of the terms with an indicator's columns; None for every case."""
    return parse(terms["scope"], definition.columns_by_name) if terms["scope"] else None


def definitions_of(terms: Terms) -> dict[str, Definition]:
    """Read the definitions out of the terms, by slug."""
    return {
        indicator["slug"]: Definition.from_document(indicator["definition"])
        for indicator in terms["indicators"]
    }


def plan_of(terms: Terms) -> Plan:
    """Read the weights and tiers out of terms that pay by them."""
    return Plan(
        indicators=tuple(indicator_terms(indicator) for indicator in terms["indicators"]),
        pool=Money.from_dollars(terms["pay"]["incentive_pool"]),
        missing_rule=terms["missing_rule"],
    )


def year_plan_of(
    terms: Terms, tallies: Mapping[str, Tally], prior: Prior = NO_PRIOR
) -> YearPlan | None:
    """Read the scoring plan out of the terms, with its year; None where weights and tiers pay."""
    plan = plan_of_terms(terms)
    return None if plan is None else YearPlan(terms, plan, tallies, prior)


def score_tallies(
    terms: Terms, tallies: Mapping[str, Tally], prior: Prior = NO_PRIOR
) -> tuple[Results, Score]:
    """Turn tallies into rates, and rates into a score.

    Args:
        terms: locked.
        tallies: of the year, by slug.
        prior: of the year before, where a scoring plan asks for it.
    """
    definitions = definitions_of(terms)
    results = {
        indicator["slug"]: performance_rate(
            tallies[indicator["slug"]],
            definitions[indicator["slug"]],
            indicator["minimum_cases"],
        )
        for indicator in terms["indicators"]
    }
    year = year_plan_of(terms, tallies, prior)
    return dict(results), year.score() if year else score(plan_of(terms), results)


def scorecard_document(
    terms: Terms, tallies: Mapping[str, Tally], prior: Prior = NO_PRIOR
) -> dict[str, Any]:
    """Write a scorecard down: counts, rates, tiers, shares and every step, as exact text."""
    results, scored = score_tallies(terms, tallies, prior)
    by_slug = {indicator.slug: indicator for indicator in scored.indicators}
    return {
        "schema": SCHEMA,
        "engine_version": ENGINE_VERSION,
        "indicators": [
            {
                "slug": indicator["slug"],
                "title": indicator["definition"]["title"],
                "tally": tallies[indicator["slug"]].to_document(),
                **_prior_tally(prior, indicator["slug"]),
                "rate": _rate_text(results[indicator["slug"]]),
                "score": by_slug[indicator["slug"]].to_document(),
            }
            for indicator in terms["indicators"]
        ],
        "score": scored.to_document(),
    }


def prior_of(document: Mapping[str, Any]) -> Prior:
    """Read out of a scorecard document what it took from the year before."""
    return {
        each["slug"]: Tally.from_document(each["prior_tally"])
        for each in document["indicators"]
        if "prior_tally" in each
    }


def _prior_tally(prior: Prior, slug: str) -> dict[str, Any]:
    return {"prior_tally": prior[slug].to_document()} if slug in prior else {}


def _rate_text(result: Any) -> str | None:
    return None if isinstance(result, NotScored) else exact_text(result)


def indicator_terms(indicator: Mapping[str, Any]) -> IndicatorTerms:
    """Read one indicator of the terms as the scoring knows it."""
    definition = indicator["definition"]
    return IndicatorTerms(
        slug=indicator["slug"],
        title=definition["title"],
        improvement=definition["improvement"],
        scoring=definition["scoring"],
        weight=indicator["weight"],
        minimum_cases=indicator["minimum_cases"],
        compare_places=indicator["compare_places"],
        tiers=tuple(
            Tier(
                name=tier["name"],
                goal=fraction_from_text(tier["goal"]),
                share=fraction_from_text(tier["share"]),
            )
            for tier in indicator["tiers"]
        ),
        multiplier=definition.get("multiplier"),
    )
