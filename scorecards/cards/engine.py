"""From terms and cases to a scorecard document. Pure: the same inputs give the same document."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from comanage.values.canonical import sha256_of
from comanage.values.money import Money
from comanage.values.rounding import exact_text, fraction_from_text
from indicators.measure.criteria import Criterion, parse
from indicators.measure.definition import Definition
from indicators.measure.kernel import measure_slices
from indicators.measure.rate import NotScored, performance_rate
from indicators.measure.tally import Tally
from scorecards.scoring.plan import IndicatorTerms, Plan, Tier
from scorecards.scoring.score import Score, score
from scorecards.trends.months import Calendar, Counted, count_months

SCHEMA = "comanage.scorecard/1"
ENGINE_VERSION = "2"

Terms = Mapping[str, Any]
Results = dict[str, Any]


def input_sha256(*, terms_sha256: str, slices: Sequence[str]) -> str:
    """Hash everything a scorecard depends on."""
    return sha256_of({"terms": terms_sha256, "slices": list(slices), "engine": ENGINE_VERSION})


def columns_needed(terms: Terms) -> list[str]:
    """Name the columns that the indicators of the terms read."""
    return sorted(
        {
            column.name
            for indicator in terms["indicators"]
            for column in Definition.from_document(indicator["definition"]).columns
        }
    )


def tally_cases(terms: Terms, tables: Sequence[pa.Table]) -> dict[str, Tally]:
    """Count the cases of every slice for every indicator, and add the slices up."""
    return {
        slug: measure_slices(definition, tables, scope_of(terms, definition))
        for slug, definition in definitions_of(terms).items()
    }


def count_by_month(
    terms: Terms, tables: Sequence[pa.Table], calendar: Calendar
) -> dict[str, Counted]:
    """Count as `tally_cases` does, and each month beside it; the same totals."""
    definitions = definitions_of(terms)
    counted = count_months(
        [(definition, scope_of(terms, definition)) for definition in definitions.values()],
        tables,
        calendar,
    )
    return dict(zip(definitions, counted, strict=True))


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
    """Read the scoring plan out of the terms."""
    return Plan(
        indicators=tuple(indicator_terms(indicator) for indicator in terms["indicators"]),
        pool=Money.from_dollars(terms["pay"]["incentive_pool"]),
        missing_rule=terms["missing_rule"],
    )


def score_tallies(terms: Terms, tallies: Mapping[str, Tally]) -> tuple[Results, Score]:
    """Turn tallies into rates, and rates into a score."""
    plan, definitions = plan_of(terms), definitions_of(terms)
    results = {
        agreed.slug: performance_rate(
            tallies[agreed.slug], definitions[agreed.slug], agreed.minimum_cases
        )
        for agreed in plan.indicators
    }
    return dict(results), score(plan, results)


def scorecard_document(terms: Terms, tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """Write a scorecard down: counts, rates, tiers, shares and every step, as exact text."""
    results, scored = score_tallies(terms, tallies)
    by_slug = {indicator.slug: indicator for indicator in scored.indicators}
    return {
        "schema": SCHEMA,
        "engine_version": ENGINE_VERSION,
        "indicators": [
            {
                "slug": indicator["slug"],
                "title": indicator["definition"]["title"],
                "tally": tallies[indicator["slug"]].to_document(),
                "rate": _rate_text(results[indicator["slug"]]),
                "score": by_slug[indicator["slug"]].to_document(),
            }
            for indicator in terms["indicators"]
        ],
        "score": scored.to_document(),
    }


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
