"""A scorecard as people read it: printed figures, counts, chart and sentence per indicator.

Pure: from the terms and a scorecard document alone. Pages and the adjudication report both
print these readings, so that screen and paper cannot differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from comanage.documents.charts import (
    BulletChart,
    EarnedPart,
    Goal,
    Reading,
    bullet,
    bullet_sentence,
)
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.values.rounding import decimal_text, fraction_from_text
from indicators.measure import figures
from indicators.measure.definition import Definition
from indicators.measure.rate import exact_parts
from indicators.measure.scoring import OBSERVED
from indicators.measure.tally import Tally
from scorecards.cards.certainty import (
    Certainty,
    certainty_of,
    interval_of_tally,
    yardstick,
)
from scorecards.cards.engine import definitions_of, indicator_terms
from scorecards.cards.next_tier import distance_in_words, next_tier
from scorecards.plans.goals import compares_printed, plan_of_terms, with_goals
from scorecards.plans.wording import indicator_sentences
from scorecards.scoring.plans.plan import PlanIndicator

PERCENT = 100
_PARTS = {
    "proportion": "Met / eligible",
    "mean": "Sum / cases",
    "median": "Median of cases",
    "percentile": "Percentile of cases",
    "observed_over_expected": "Observed / expected",
}


@dataclass(frozen=True, slots=True)
class Count:
    """One line of the arithmetic behind a rate."""

    label: str
    value: str
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class TierReading:
    """A tier as printed."""

    name: str
    goal: str
    share: str
    is_reached: bool


@dataclass(frozen=True, slots=True)
class IndicatorReading:
    """One indicator's result with everything that makes it believable.

    Attributes:
        weight: of 100, as agreed or, by a scoring plan, after its rule for what is missing.
        points: earned of available, where a scoring plan pays; empty where tiers do.
        method: of the plan, in sentences; none where tiers pay.
    """

    slug: str
    title: str
    version: int
    definition: Mapping[str, Any]
    result: str
    numerator: str
    denominator: str
    parts: str
    baseline: str
    baseline_origin: str
    benchmark: str
    weight: Fraction
    points: str
    tally: Tally
    counts: tuple[Count, ...]
    tiers: tuple[TierReading, ...]
    tier: str
    share: str
    available: Money
    earned: Money
    not_scored: str
    certainty: Certainty
    next_tier: str
    sentence: str
    chart: str
    steps: tuple[Mapping[str, Any], ...]
    method: tuple[str, ...] = ()

    @property
    def below(self) -> str:
        """What is said of a result short of every goal."""
        return "Below every goal" if self.points else "Below every tier"

    @property
    def weight_text(self) -> str:
        """The weight as printed: whole, or with two decimals."""
        return decimal_text(self.weight, 0 if self.weight.denominator == 1 else 2)

    @property
    def part(self) -> EarnedPart:
        """The indicator's part of the pool, for the chart of the whole."""
        return EarnedPart(self.title, self.available, self.earned)


def read_indicators(
    terms: Mapping[str, Any], document: Mapping[str, Any]
) -> tuple[IndicatorReading, ...]:
    """Read every indicator of a scorecard, in the order of the terms."""
    results = {result["slug"]: result for result in document["indicators"]}
    shown, plan = with_goals(terms), plan_of_terms(terms)
    planned = {each.slug: each for each in plan.indicators} if plan else {}
    readings = (
        _read(agreed, results[agreed["slug"]], planned.get(agreed["slug"]))
        for agreed in shown["indicators"]
    )
    if plan is None:
        return tuple(readings)
    definitions = definitions_of(terms)
    return tuple(
        replace(each, method=indicator_sentences(plan, planned[each.slug], definitions))
        for each in readings
    )


def _read(
    agreed: Mapping[str, Any], result: Mapping[str, Any], planned: PlanIndicator | None
) -> IndicatorReading:
    definition, scored = agreed["definition"], result["score"]
    agreed_definition = Definition.from_document(definition)
    tally = Tally.from_document(result["tally"])
    compared = scored["compared"]
    chart = _chart(agreed, result, tally)
    baseline = _baseline(agreed)
    above, below = exact_parts(tally, agreed_definition)
    return IndicatorReading(
        slug=agreed["slug"],
        title=definition["title"],
        version=agreed["version"],
        definition=definition,
        result=chart.now.text if chart.now else "Not scored",
        numerator=figures.count_text(above),
        denominator=figures.count_text(below),
        parts=_PARTS.get(definition["scoring"], "Numerator / denominator"),
        baseline=figure(agreed, baseline),
        baseline_origin=origin_in_words(agreed["baseline"]),
        benchmark=figures.benchmark_in_words(agreed_definition),
        weight=fraction_from_text(scored["weight_applied"])
        if planned
        else Fraction(agreed["weight"]),
        points=points_in_words(scored),
        tally=tally,
        counts=counts_in_words(tally, agreed_definition),
        tiers=tuple(
            TierReading(
                name=tier["name"],
                goal=figure(agreed, fraction_from_text(tier["goal"])),
                share=percent(fraction_from_text(tier["share"])),
                is_reached=tier["name"] == scored["tier"],
            )
            for tier in agreed["tiers"]
        ),
        tier=scored["tier"] or "None",
        share=percent(fraction_from_text(scored["share"])),
        available=Money.from_dollars(scored["available"]),
        earned=Money.from_dollars(scored["earned"]),
        not_scored=scored["reason"] or "",
        certainty=certainty_of(
            yardstick(agreed, scored["tier"]),
            tally,
            None if compared is None else fraction_from_text(compared),
            scored["reason"] or "",
        ),
        next_tier=_next_tier(agreed, scored, tally, planned),
        sentence=bullet_sentence(chart),
        chart=bullet(chart),
        steps=tuple(scored["steps"]),
    )


@dataclass(frozen=True, slots=True)
class DomainReading:
    """What a domain of a scoring plan earned, as printed.

    Attributes:
        score: or why there is none.
    """

    title: str
    points: str
    score: str
    weight: str


def read_domains(document: Mapping[str, Any]) -> tuple[DomainReading, ...]:
    """Read the domains of a scorecard; none where weights and tiers pay, or the plan has none."""
    return tuple(
        DomainReading(
            title=each["title"],
            points="" if each["score"] is None else points_in_words(each),
            score=each["reason"] or _printed(each["score"]),
            weight=_printed(each["weight_applied"]),
        )
        for each in document["score"].get("domains", ())
    )


def _printed(exact: str) -> str:
    value = fraction_from_text(exact)
    return decimal_text(value, 0 if value.denominator == 1 else 2)


@dataclass(frozen=True, slots=True)
class SliceReading:
    """A slice that a scorecard counted."""

    period: Period
    version: int
    rows: int
    filename: str
    received_at: datetime
    sha256: str


def read_slices(document: Mapping[str, Any]) -> tuple[SliceReading, ...]:
    """Read the slices that a scorecard counted, by date."""
    return tuple(
        SliceReading(
            period=Period(date.fromisoformat(slice_["start"]), date.fromisoformat(slice_["end"])),
            version=slice_["version"],
            rows=slice_["rows"],
            filename=slice_["filename"],
            received_at=datetime.fromisoformat(slice_["received_at"]),
            sha256=slice_["sha256"],
        )
        for slice_ in document["slices"]
    )


def figure(agreed: Mapping[str, Any], value: Fraction) -> str:
    """Print a result or goal with the decimals that are compared, halves upward."""
    definition = Definition.from_document(agreed["definition"])
    return figures.figure(definition, value, agreed["compare_places"])


def percent(share: Fraction) -> str:
    """Print a share: whole percents plainly, others with their decimals."""
    scaled = share * PERCENT
    places = 0 if scaled.denominator == 1 else 2
    return f"{decimal_text(scaled, places)} %"


def _chart(agreed: Mapping[str, Any], result: Mapping[str, Any], tally: Tally) -> BulletChart:
    definition, scored = agreed["definition"], result["score"]
    exact = Definition.from_document(definition)
    is_share = definition["scoring"] == "proportion" and not tally.observations
    compared = scored["compared"]
    now = None
    if compared is not None:
        value = fraction_from_text(compared)
        now = Reading(value, figure(agreed, value))
    baseline = _baseline(agreed)
    return BulletChart(
        title=definition["title"],
        improvement=definition["improvement"],
        now=now,
        goals=tuple(
            Goal(tier["name"], _goal_reading(agreed, tier["goal"])) for tier in agreed["tiers"]
        ),
        reached=scored["tier"] or "",
        baseline=Reading(baseline, figure(agreed, baseline)),
        interval=interval_of_tally(exact, tally) if now else None,
        cases=(
            f"{tally.numerator:,} of {tally.eligible:,} cases"
            if is_share
            else f"{definition['scoring'].replace('_', ' ')} of "
            f"{tally.observations or tally.eligible:,} cases"
        ),
        not_scored=scored["reason"] or "",
        bounds=(Fraction(0), Fraction(1) if definition["scoring"] == "proportion" else None),
    )


def points_in_words(scored: Mapping[str, Any]) -> str:
    """Print the points that a scoring plan gave, of those there are; empty where tiers pay."""
    if "points" not in scored:
        return ""
    earned, available = (fraction_from_text(points) for points in scored["points"])
    return f"{figures.trimmed(earned, 0)} of {figures.trimmed(available, 0)}"


def _next_tier(
    agreed: Mapping[str, Any],
    scored: Mapping[str, Any],
    tally: Tally,
    planned: PlanIndicator | None,
) -> str:
    """Say what the next tier asks and what it would earn; empty at the best and without a rate.

    By a scoring plan the dollars hang on more than one result, so only the way there is told;
    and that only where the printed decimals are those that are compared.
    """
    if planned and not compares_printed(agreed, planned):
        return ""
    terms = indicator_terms(agreed)
    tier = next_tier(terms, scored["tier"])
    if scored["compared"] is None or tier is None:
        return ""
    words = distance_in_words(terms, tally, fraction_from_text(scored["compared"]), tier)
    if planned:
        return f"{tier.name} ({figure(agreed, tier.goal)}) takes {words}."
    dollars = Money.from_dollars(scored["available"]).times(tier.share)
    return f"{tier.name} ({figure(agreed, tier.goal)}) takes {words} and would earn {dollars}."


def _goal_reading(agreed: Mapping[str, Any], goal: str) -> Reading:
    value = fraction_from_text(goal)
    return Reading(value, figure(agreed, value))


def _baseline(agreed: Mapping[str, Any]) -> Fraction:
    baseline = agreed["baseline"]
    return fraction_from_text(baseline["numerator"]) / fraction_from_text(baseline["denominator"])


def origin_in_words(baseline: Mapping[str, Any]) -> str:
    """Say what a baseline counts: its counts, where they come from, and their days."""
    numerator, denominator = (
        figures.count_text(fraction_from_text(baseline[part]))
        for part in ("numerator", "denominator")
    )
    counts = f"{numerator} over {denominator}; {baseline['source']}"
    ends = baseline.get("period")  # terms of before 2026-11 do not name it
    if not ends:
        return counts
    period = Period(date.fromisoformat(ends["start"]), date.fromisoformat(ends["end"]))
    return f"{counts}, {period}"


def counts_in_words(tally: Tally, definition: Definition) -> tuple[Count, ...]:
    """Print the arithmetic: denominator less exclusions less exceptions, then what was met."""
    is_observed = definition.data == "aggregates" or definition.scoring in OBSERVED
    lines = [
        Count("Initial population", f"{tally.initial_population:,}"),
        Count("Denominator", f"{tally.denominator:,}"),
        Count("less exclusions", f"{tally.denominator_exclusions:,}"),
    ]
    if not is_observed:
        lines.append(Count("less exceptions", f"{tally.denominator_exceptions:,}"))
    lines.append(Count("Eligible cases", f"{tally.eligible:,}", is_total=True))
    if is_observed:
        above, below = exact_parts(tally, definition)
        lines += [
            Count("Values observed", f"{tally.observations:,}"),
            Count("Sum of the values", figures.count_text(above)),
        ]
        if below != tally.observations:
            lines.append(Count("Sum of the denominator", figures.count_text(below)))
    else:
        lines += [
            Count("Numerator (met)", f"{tally.numerator:,}"),
            Count("Not met", f"{tally.not_met:,}"),
            *([Count("of these not yet known", f"{tally.not_known:,}")] if tally.not_known else ()),
        ]
    return (*lines, Count("Cases with a missing value", f"{tally.missing:,}"))
