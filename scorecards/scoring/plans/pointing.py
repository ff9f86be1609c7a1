"""From compared results to points, domain scores and a total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from scorecards.scoring.plans.adjusting import adjusted, adjustments_of
from scorecards.scoring.plans.earning import Judged, points_of, rounding_words, shown_sum
from scorecards.scoring.plans.methods import Combined
from scorecards.scoring.plans.numbers import ONE, ZERO, Inputs, between, known, rounded
from scorecards.scoring.plans.plan import (
    Domain,
    PlanIndicator,
    ScoringPlan,
    WeakestLink,
    members_of,
)
from scorecards.scoring.plans.results import Compared
from scorecards.scoring.plans.scored import Points, ScoredDomain, ScoredIndicator, ScoredTotal
from scorecards.scoring.plans.trail import Trail
from scorecards.scoring.plans.weighing import Weigher, relative_weight

TOO_FEW_INDICATORS = "Fewer scored indicators than the agreed minimum."
TOO_FEW_DOMAINS = "Fewer scored domains than the agreed minimum."
NOTHING_SCORED = "Nothing is scored."
NOT_AMONG_THE_BEST = "Not among the best that count."
NO_WEIGHT = "Nothing that is scored has a weight."
NO_FIGURES: tuple[tuple[str, Fraction], ...] = ()
Members = list[tuple[PlanIndicator, ScoredIndicator]]
_NO_TOTAL = ScoredTotal(None, None, NOTHING_SCORED)


def score_points(
    weigher: Weigher,
    results: Mapping[str, Compared],
    inputs: Mapping[str, Inputs],
    trail: Trail,
) -> Points:
    """Score one organisation up to its total.

    Args:
        weigher: of the plan.
        results: by slug, for every indicator.
        inputs: by slug, those of the organisation and of the row; under the empty name those
            of the organisation alone.
        trail: takes the steps down.

    Raises:
        ResultsError: an input is absent, or makes no sense.
    """
    plan, own = weigher.plan, inputs[""]
    found = [
        _indicator(each, results[each.slug], inputs[each.slug], trail) for each in plan.indicators
    ]
    points = Points(_with_combined(plan, found, trail), (), _NO_TOTAL)
    if plan.adjustments:
        points = _with_adjusted_indicators(plan, points, inputs, trail)
    points = _with_the_best(plan, points, trail)
    scored = [
        _domain(plan, domain, points.indicators, results, own, trail) for domain in plan.domains
    ]
    points = Points(points.indicators, tuple(scored), _NO_TOTAL)
    if plan.adjustments:
        points = _with_adjusted_domains(plan, points, own, trail)
    points = weigher.weighed(points)
    return replace(points, total=_total(plan, points, own, trail))


def _indicator(
    indicator: PlanIndicator, result: Compared, inputs: Inputs, trail: Trail
) -> ScoredIndicator:
    points: Fraction | None = None
    tier, figures = "", NO_FIGURES
    trail.about = indicator.slug
    if trail.is_kept:
        trail.add(
            indicator.title,
            "Not scored." if result.value is None else "Scored as the plan says.",
            (("Result", result.value), ("Baseline", result.baseline)),
            result.reason or result.value,
        )
    if result.value is not None:
        judged = Judged(
            result.value, result.baseline, indicator.improvement, indicator.points, inputs
        )
        earned = points_of(indicator.method, judged, trail)
        points = ZERO if result.is_barred else earned.points
        tier, figures = earned.reached if points else "", earned.figures
    trail.about = ""
    return ScoredIndicator(
        indicator.slug, result.value, points, indicator.points, tier, ZERO, result.reason, figures
    )


def _with_combined(
    plan: ScoringPlan, found: list[ScoredIndicator], trail: Trail
) -> tuple[ScoredIndicator, ...]:
    """Combine the points of parts to those of the indicators they count in."""
    planned = {each.slug: each for each in plan.indicators}
    by_slug = {each.slug: each for each in found}
    return tuple(
        _combined(each, [(planned[slug], by_slug[slug]) for slug in each.method.parts], own, trail)
        if isinstance(each.method, Combined)
        else own
        for each, own in zip(plan.indicators, found, strict=True)
    )


def _combined(
    indicator: PlanIndicator, parts: Members, own: ScoredIndicator, trail: Trail
) -> ScoredIndicator:
    """Find the mean of the parts' points by their weights."""
    weights = [
        (planned, ONE if planned.weight is None else planned.weight, found.points)
        for planned, found in parts
        if found.points is not None
    ]
    whole = sum((weight for _, weight, _ in weights), ZERO)
    if not whole:
        return replace(own, value=None, points=None, reason=NOTHING_SCORED)
    rounding = indicator.method.rounding if isinstance(indicator.method, Combined) else None
    earned = sum((weight * points for _, weight, points in weights), ZERO)
    points = rounded(earned / whole, rounding)
    trail.about = indicator.slug
    trail.add(
        "Combined",
        "Points of each part times its weight, of all weights" + rounding_words(rounding) + ".",
        [
            pair
            for planned, weight, part in weights
            for pair in ((planned.title, part), (f"Weight of {planned.title}", weight))
        ],
        points,
    )
    trail.about = ""
    return replace(own, value=None, points=points, reason="")


def _with_adjusted_indicators(
    plan: ScoringPlan, points: Points, inputs: Mapping[str, Inputs], trail: Trail
) -> Points:
    for adjustment in plan.adjustments:
        if adjustment.level != "indicators":
            continue
        changed = []
        for each in points.indicators:
            if each.slug in adjustment.names and each.points is not None:
                trail.about = each.slug
                new = adjusted(adjustment, each.points, points, inputs[each.slug], trail)
                trail.about = ""
                changed.append(replace(each, points=new))
            else:
                changed.append(each)
        points = replace(points, indicators=tuple(changed))
    return points


def _with_adjusted_domains(
    plan: ScoringPlan, points: Points, inputs: Inputs, trail: Trail
) -> Points:
    scales = {domain.slug: domain.scale for domain in plan.domains}
    for adjustment in plan.adjustments:
        if adjustment.level != "domains":
            continue
        changed = []
        for each in points.domains:
            if each.slug in adjustment.names and each.score is not None:
                score = adjusted(adjustment, each.score, points, inputs, trail)
                share = None if each.share is None else score / scales[each.slug]
                changed.append(replace(each, score=score, share=share))
            else:
                changed.append(each)
        points = replace(points, domains=tuple(changed))
    return points


def _with_the_best(plan: ScoringPlan, points: Points, trail: Trail) -> Points:
    """Leave those that are not among the best of their domain unscored, where just some count.

    Of equal shares the earlier indicator counts.
    """
    for domain in plan.domains:
        if domain.best is None:
            continue
        held = {each.slug for each in members_of(domain, plan.indicators)}
        scored = [
            each for each in points.indicators if each.slug in held and each.points is not None
        ]
        ranked = sorted(scored, key=lambda each: -each.share)
        left = {each.slug for each in ranked[domain.best :]}
        trail.add(
            f"The best {domain.best} of {domain.title}",
            "Those with the largest shares of their points count; of equal ones the earlier.",
            [(each.slug, each.share) for each in ranked],
            ", ".join(each.slug for each in ranked[: domain.best]),
        )
        kept = tuple(
            replace(each, points=None, tier="", reason=NOT_AMONG_THE_BEST)
            if each.slug in left
            else each
            for each in points.indicators
        )
        points = replace(points, indicators=kept)
    return points


def _domain(
    plan: ScoringPlan,
    domain: Domain,
    indicators: tuple[ScoredIndicator, ...],
    results: Mapping[str, Compared],
    inputs: Inputs,
    trail: Trail,
) -> ScoredDomain:
    """Score one domain; its weight is found afterwards."""
    members = [
        (planned, found)
        for planned, found in zip(plan.indicators, indicators, strict=True)
        if planned.domain == domain.slug and not planned.is_part
    ]
    scored = [(planned, found) for planned, found in members if found.points is not None]
    if len(scored) < domain.minimum_scored or not scored:
        reason = TOO_FEW_INDICATORS if scored else NOTHING_SCORED
        if members and trail.is_kept:
            trail.add(
                domain.title, f"Needs {domain.minimum_scored} scored indicators.",
                (("Scored", str(len(scored))),), reason,
            )  # fmt: skip
        return ScoredDomain(domain.slug, ZERO, ZERO, None, None, ZERO, reason)
    counted = members if plan.missing_indicators == "unpaid" else scored
    earned, available = _sums(domain, counted)
    if not available:
        return ScoredDomain(domain.slug, ZERO, ZERO, None, None, ZERO, NO_WEIGHT)
    figures = NO_FIGURES
    if domain.times != 1 or domain.points_rounding:
        earned = rounded(earned * domain.times, domain.points_rounding)
        available *= domain.times
        earned = min(earned, available)
    if domain.bonus:
        bonus = _bonus(domain.bonus, plan, results, inputs, trail)
        figures = (("base", earned), ("bonus", bonus))
        earned += bonus
        available += domain.bonus.points
    score, share = _domain_score(domain, earned, available)
    trail.add(
        domain.title,
        _SCORE_RULES[domain.score] + rounding_words(domain.rounding) + ".",
        (
            ("Earned", earned),
            ("Of", available),
            ("Full score", domain.scale),
            *((planned.title, found.points) for planned, found in members),
        ),
        score,
    )
    return ScoredDomain(domain.slug, earned, available, score, share, ZERO, "", figures)


_SCORE_RULES = {
    "earned_of_available": "Points earned of points available, times a full score",
    "weighted_mean": "Each share times its weight, of all weights, times a full score",
    "average": "Each indicator's points times its weight, of all weights",
    "sum": "Each indicator's points times its weight, added",
}


def _sums(domain: Domain, counted: Members) -> tuple[Fraction, Fraction]:
    """Add what is earned and what it is held against."""
    earned = available = ZERO
    for planned, found in counted:
        weight = relative_weight(domain, planned)
        available += weight
        if not found.points:
            continue
        if domain.score in ("average", "sum"):
            earned += found.points * weight
        elif planned.weight is None and domain.score == "earned_of_available":
            earned += found.points
        else:
            earned += found.share * weight
    return earned, available


def _domain_score(
    domain: Domain, earned: Fraction, available: Fraction
) -> tuple[Fraction, Fraction | None]:
    if domain.score == "sum":
        return rounded(earned, domain.rounding), None
    if domain.score == "average":
        return rounded(earned / available, domain.rounding), None
    score = rounded(earned / available * domain.scale, domain.rounding)
    return score, score / domain.scale


def _bonus(
    bonus: WeakestLink,
    plan: ScoringPlan,
    results: Mapping[str, Compared],
    inputs: Inputs,
    trail: Trail,
) -> Fraction:
    """Find the bonus for the lowest position; 0 where none can be found."""
    positions: list[tuple[str, Fraction]] = []
    titles = {each.slug: each.title for each in plan.indicators}
    for each in bonus.positions:
        value = results[each.indicator].value
        if value is None:
            if bonus.needs_all:
                return ZERO
            continue
        floor, threshold = known(each.floor, inputs), known(each.threshold, inputs)
        position = (value - floor) / (threshold - floor) if threshold != floor else ONE
        positions.append((titles[each.indicator], between(position, ZERO, ONE)))
    if not positions:
        return ZERO
    lowest = min(position for _, position in positions)
    points = between(
        rounded(bonus.points * lowest + bonus.plus, bonus.rounding), ZERO, bonus.points
    )
    trail.add(
        "Bonus of the weakest",
        "Position = (value - floor) / (threshold - floor), from 0 to 1; the lowest times "
        f"{bonus.points} + {shown_sum(bonus.plus)}{rounding_words(bonus.rounding)}, "
        f"from 0 to {bonus.points}.",
        positions,
        points,
    )
    return points


def _total(plan: ScoringPlan, points: Points, inputs: Inputs, trail: Trail) -> ScoredTotal:
    score, reason = _unadjusted(plan, points, trail)
    if score is None and plan.total.if_missing is not None:
        score = plan.total.if_missing
        trail.add("Total", "What the plan says it is where too little is scored.", (), score)
    if score is None:
        return ScoredTotal(None, None, reason)
    for adjustment in adjustments_of(plan, "total", ""):
        before = ScoredTotal(score, score / plan.total.scale, "")
        score = adjusted(adjustment, score, replace(points, total=before), inputs, trail)
    return ScoredTotal(score, score / plan.total.scale, "")


def _unadjusted(plan: ScoringPlan, points: Points, trail: Trail) -> tuple[Fraction | None, str]:
    """Find the total before it is adjusted, or why there is none."""
    scored = [each for each in points.domains if each.score is not None]
    if not scored:
        return None, points.domains[0].reason if points.domains else NOTHING_SCORED
    if len(scored) < plan.total.minimum_domains:
        trail.add("Total", f"Needs {plan.total.minimum_domains} scored domains.",
                  (("Scored", str(len(scored))),), TOO_FEW_DOMAINS)  # fmt: skip
        return None, TOO_FEW_DOMAINS
    if _scored_in(plan, points) < plan.total.minimum_scored:
        trail.add("Total", f"Needs {plan.total.minimum_scored} scored indicators.",
                  (("Scored", str(_scored_in(plan, points))),), TOO_FEW_INDICATORS)  # fmt: skip
        return None, TOO_FEW_INDICATORS
    if not plan.total.is_sum and not any(each.weight for each in scored):
        return None, NO_WEIGHT
    score = _added(plan, points)
    score = rounded(score, plan.total.rounding)
    titles = {each.slug: each.title for each in plan.domains}
    trail.add(
        "Total",
        ("Domain scores added" if plan.total.is_sum else "Each domain's score times its weight")
        + rounding_words(plan.total.rounding)
        + ".",
        [
            pair
            for each in points.domains
            for pair in (
                (titles[each.slug], each.score),
                (f"Weight of {titles[each.slug]}", each.weight),
            )
        ],
        score,
    )
    return score, ""


def _scored_in(plan: ScoringPlan, points: Points) -> int:
    """Count the scored indicators; parts count in what they are combined to."""
    return sum(
        found.points is not None and not planned.is_part
        for planned, found in zip(plan.indicators, points.indicators, strict=True)
    )


def _added(plan: ScoringPlan, points: Points) -> Fraction:
    """Add or weigh the domain scores; those with a full score count on the total's."""
    whole = ZERO
    for each in points.domains:
        if each.score is None:
            continue
        figure = each.score
        if not plan.total.is_sum:
            figure = each.weight * (figure if each.share is None else each.share * plan.total.scale)
        whole += figure
    return whole
