"""What results would earn by a scoring plan, step by step. Pure; nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from comanage.documents.charts.earning import Earning, earning_chart
from comanage.documents.charts.ink import ChartTable
from comanage.values.money import Money
from comanage.values.rounding import decimal_text
from indicators.measure.definition import Definition
from indicators.measure.figures import exact_figure, figure
from scorecards.plans.supplies import BASELINE_RATE, baselines_of, own_inputs, result_of
from scorecards.plans.wording_pay import pay_title
from scorecards.scoring.plans.earning import Judged, points_of
from scorecards.scoring.plans.engine import score_all
from scorecards.scoring.plans.methods import (
    AchievementImprovement,
    Band,
    BestOf,
    Change,
    Combined,
    Excess,
    Method,
    Milestone,
    Percentiles,
    Scale,
    Single,
    Tiers,
)
from scorecards.scoring.plans.numbers import Number, ResultsError, known
from scorecards.scoring.plans.plan import PlanIndicator, ScoringPlan
from scorecards.scoring.plans.results import Counts, Organization
from scorecards.scoring.plans.scored import Scored
from scorecards.scoring.plans.trail import Trail, shown
from scorecards.scoring.steps import Step

ENOUGH = Fraction(10**9)
SAMPLES = 48
SHARE_PLACES = 1


@dataclass(frozen=True, slots=True)
class TriedLine:
    """One indicator: what was tried, and what it earns.

    Attributes:
        chart: SVG; empty where nothing can be drawn.
    """

    title: str
    result: str
    points: str
    weight: str
    reason: str
    chart: str
    table: ChartTable | None


@dataclass(frozen=True, slots=True)
class TriedPay:
    """A part of the pay; None where it does not arise, with the reason."""

    name: str
    amount: Money | None
    reason: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What the results would earn."""

    lines: tuple[TriedLine, ...]
    domains: tuple[tuple[str, str, str], ...]
    total: str
    pay: tuple[TriedPay, ...]
    earned: Money
    pool: Money
    steps: tuple[Step, ...]


def try_results(
    plan: ScoringPlan, terms: Mapping[str, Any], results: Mapping[str, Fraction | None]
) -> Tried:
    """Score results that somebody supposes, each of enough cases.

    Args:
        plan: fits the terms.
        terms: of the year.
        results: by slug; None for no result.

    Raises:
        ScoringError: a result cannot be scored, such as a milestone of one half.
    """
    baselines = baselines_of(terms)
    given = {
        each.slug: result_of(
            Counts() if (value := results.get(each.slug)) is None else Counts(value, cases=ENOUGH),
            baselines[each.slug],
            Counts(),
            "" if value is not None else "No result was given.",
        )
        for each in plan.indicators
    }
    organization = Organization("Tried", given, own_inputs(terms))
    scored = score_all(plan, [organization], keep_steps=True).organizations[0]
    pool = Money.from_dollars(terms["pay"]["incentive_pool"])
    return Tried(
        tuple(_lines(plan, terms, scored)),
        tuple(_domains(plan, scored)),
        _total(scored),
        tuple(TriedPay(pay_title(each.name), each.amount, each.reason) for each in scored.pay),
        min(max(scored.pay_total or Money(0), Money(0)), pool),
        pool,
        scored.steps,
    )


def _percent(share: Fraction) -> str:
    return f"{decimal_text(share * 100, SHARE_PLACES)} %"


def _domains(plan: ScoringPlan, scored: Scored) -> Iterator[tuple[str, str, str]]:
    if not plan.has_domains:
        return
    for planned, found in zip(plan.domains, scored.points.domains, strict=True):
        score = found.reason if found.score is None else decimal_text(found.score, 2)
        yield planned.title, score, _percent(found.weight)


def _total(scored: Scored) -> str:
    total = scored.points.total
    if total.score is None or total.share is None:
        return total.reason
    return decimal_text(total.score, 4).rstrip("0").rstrip(".")


def _lines(plan: ScoringPlan, terms: Mapping[str, Any], scored: Scored) -> Iterator[TriedLine]:
    agreed = {each["slug"]: each for each in terms["indicators"]}
    baselines = baselines_of(terms)
    for planned, found in zip(plan.indicators, scored.points.indicators, strict=True):
        definition = Definition.from_document(agreed[planned.slug]["definition"])
        places = agreed[planned.slug]["compare_places"]
        value = found.value
        earning = _earning(planned, definition, baselines[planned.slug], value)
        points = (
            "" if found.points is None else f"{_short(found.points)} of {shown(found.available)}"
        )
        yield TriedLine(
            planned.title,
            "No result" if value is None else figure(definition, value, places),
            points,
            _percent(found.weight),
            found.reason,
            earning_chart(planned.title, earning) if earning else "",
            _table(planned.title, earning) if earning else None,
        )


def _short(value: Fraction) -> str:
    return decimal_text(value, 4).rstrip("0").rstrip(".")


def _goals(method: Method) -> tuple[Number, ...]:
    if isinstance(method, Combined):
        return ()
    if isinstance(method, BestOf):
        return tuple(goal for each in method.methods for goal in _goals(each))
    if isinstance(method, Change):
        return () if method.goal is None else (method.goal,)
    return _goals_of_one(method)


def _goals_of_one(method: Single) -> tuple[Number, ...]:
    match method:
        case Tiers(curve):
            return tuple(tier.goal for tier in curve.tiers)
        case AchievementImprovement():
            return (method.threshold, method.benchmark)
        case Percentiles():
            return tuple(each.value for each in method.cutoffs)
        case Band():
            return (method.low, method.high)
        case Excess():
            return (method.reference,)
        case Scale():
            return (method.start,)
        case Milestone():
            return ()


def _is_stepped(method: Method) -> bool:
    match method:
        case Tiers(curve):
            return not curve.is_line
        case Percentiles():
            return not method.is_line
        case AchievementImprovement():
            return method.rounding is not None
        case _:
            return False


def _earning(
    planned: PlanIndicator, definition: Definition, baseline: Fraction, tried: Fraction | None
) -> Earning | None:
    """Sample what results around the goals earn; None where there is no such scale."""
    if isinstance(planned.method, Milestone):
        return None
    inputs = {BASELINE_RATE: baseline}
    goals = sorted({known(goal, inputs) for goal in _goals(planned.method)})
    marks = sorted({*goals, baseline, *(() if tried is None else (tried,))})
    low, high = marks[0], marks[-1]
    margin = (high - low) / 6 or abs(high) / 4 or Fraction(1)
    low, high = low - margin, high + margin
    if definition.scoring == "proportion":
        low, high = max(low, Fraction(0)), min(high, Fraction(1))
    else:
        low = max(low, Fraction(0)) if marks[0] >= 0 else low
    step = (high - low) / SAMPLES
    places = sorted({*(low + step * at for at in range(SAMPLES + 1)), *marks})

    def share(value: Fraction) -> Fraction:
        judged = Judged(value, baseline, planned.improvement, planned.points, inputs)
        return points_of(planned.method, judged, Trail(is_kept=False)).points / planned.points

    def printed(value: Fraction) -> str:
        return (
            exact_figure(definition, value, 0) if value in goals else figure(definition, value, 1)
        )

    try:
        curve = tuple((value, share(value)) for value in places)
        named = [(value, "Goal") for value in goals] + [(baseline, "Baseline")]
        named += [] if tried is None else [(tried, "Tried")]
        rows = tuple(
            (name, printed(value), _percent(share(value)))
            for value, name in sorted(named, key=lambda each: each[0])
        )
    except ResultsError:
        return None
    return Earning(
        curve=curve,
        ends=(figure(definition, low, 1), figure(definition, high, 1)),
        tried=None if tried is None else (tried, share(tried), printed(tried)),
        is_stepped=_is_stepped(planned.method),
        is_rightward=planned.improvement == "increase",
        rows=rows,
    )


def _table(title: str, earning: Earning) -> ChartTable:
    return ChartTable(f"What results of {title} earn", ("Mark", "Result", "Share"), earning.rows)
