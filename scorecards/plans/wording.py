"""A scoring plan in words that could stand in an exhibit of the agreement. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, assert_never

from indicators.measure.definition import Definition
from indicators.measure.figures import exact_figure
from scorecards.plans.wording_parts import Names, number, percent, rounding
from scorecards.plans.wording_pay import (
    adjustment_sentences,
    limit_sentence,
    pay_sentences,
    pay_title,
)
from scorecards.scoring.plans.curves import Curve
from scorecards.scoring.plans.methods import (
    AchievementImprovement,
    Band,
    BestOf,
    Change,
    Combined,
    Excess,
    Milestone,
    Percentiles,
    Scale,
    Single,
    Straight,
    Tiers,
)
from scorecards.scoring.plans.numbers import Improvement, Number
from scorecards.scoring.plans.plan import (
    Domain,
    Limits,
    PlanIndicator,
    ScoringPlan,
    SmallNumbers,
    Total,
)
from scorecards.scoring.plans.trail import shown

Print = Callable[[Number], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of the plan, and what is agreed about it.

    Attributes:
        key: what it is known by among plans of the same year.
    """

    key: str
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind."""

    title: str
    lines: tuple[Line, ...]


def plan_in_words(plan: ScoringPlan, terms: Mapping[str, Any]) -> tuple[Section, ...]:
    """Say everything that a plan says, section by section; empty ones are left out.

    Args:
        plan: as it was read.
        terms: of the year, for the units of its indicators.
    """
    definitions = {
        each["slug"]: Definition.from_document(each["definition"]) for each in terms["indicators"]
    }
    names = Names.of(plan, definitions)
    sections = (
        Section(
            "Indicators",
            tuple(
                Line(each.slug, each.title, indicator_sentences(plan, each, definitions))
                for each in plan.indicators
            ),
        ),
        Section(
            "Domains",
            tuple(
                Line(each.slug, each.title, tuple(_domain(plan, each, names)))
                for each in plan.domains
                if plan.has_domains
            ),
        ),
        Section("Total", (Line("total", "Total", tuple(_total(plan, plan.total))),)),
        Section(
            "Gates, caps and multipliers",
            tuple(
                Line(each.name, each.name, adjustment_sentences(each, names))
                for each in plan.adjustments
            ),
        ),
        Section(
            "Pay",
            (
                *(
                    Line(part.name, pay_title(part.name), pay_sentences(part, names))
                    for part in plan.pay
                ),
                *(
                    (Line("limit", "Limit", (limit_sentence(plan.pay_limit),)),)
                    if plan.pay_limit
                    else ()
                ),
            ),
        ),
    )  # fmt: skip
    return tuple(section for section in sections if section.lines)


def indicator_sentences(
    plan: ScoringPlan, each: PlanIndicator, definitions: Mapping[str, Definition]
) -> tuple[str, ...]:
    """Say how one indicator is scored: its method, its weight, what is done before."""
    definition = definitions.get(each.slug)

    def printed(value: Number) -> str:
        if not isinstance(value, Fraction):
            return number(value)
        return exact_figure(definition, value, 0) if definition else shown(value)

    found = [*_method(each, printed), *_weight(plan, each), *_small(each.small_numbers)]
    if each.rounding:
        words = str(each.rounding).replace(str(each.rounding.to), printed(each.rounding.to), 1)
        found.append(f"Before it is compared, the result is rounded {words}.")
    if each.limits:
        found.append(_limits(each.limits, printed))
    return tuple(found)


def _earn(value: Number, points: Fraction) -> str:
    """Say what is earned: of one point a share, of more so many points."""
    if not isinstance(value, Fraction):
        return number(value)
    if value == 0:
        return "nothing"
    if points == 1:
        return percent(value)
    return f"{shown(value)} of {shown(points)} points"


def _reach(improvement: Improvement, *, is_beyond: bool) -> str:
    if is_beyond:
        return "above" if improvement == "increase" else "below"
    return "or higher" if improvement == "increase" else "or lower"


def _curve(
    curve: Curve, improvement: Improvement, points: Fraction, printed: Print
) -> Iterator[str]:
    parts = []
    for tier in curve.tiers:
        goal, reach = printed(tier.goal), _reach(improvement, is_beyond=tier.is_beyond)
        at = f"{reach} {goal}" if tier.is_beyond else f"at {goal} {reach}"
        name = "" if tier.name == goal else f" ({tier.name})"
        parts.append(f"{_earn(tier.earns, points)} {at}{name}")
    yield f"Earns {'; '.join(parts)}; short of that {_earn(curve.below, points)}."
    if curve.is_line:
        yield "Between two goals what is earned rises in a straight line."
    if curve.rounding:
        yield f"What is earned is rounded {rounding(curve.rounding)}."


def _method(each: PlanIndicator, printed: Print) -> Iterator[str]:
    method = each.method
    if isinstance(method, BestOf):
        how = "All of these together" if method.is_sum else "The best of these"
        yield f"{how} counts, where there is a baseline for those that need one:"
        for part in method.methods:
            yield from _method(replace(each, method=part), printed)
    elif isinstance(method, Combined):
        yield "Its points are those of others by their weights."
    elif isinstance(method, Change):
        yield from _change(method, each.points, printed)
    else:
        yield from _single(method, each, printed)


def _single(method: Single, each: PlanIndicator, printed: Print) -> Iterator[str]:
    points = each.points
    match method:
        case Tiers(curve):
            yield from _curve(curve, each.improvement, points, printed)
        case AchievementImprovement():
            yield from _achievement(method, each.improvement, printed)
        case Percentiles():
            yield from _percentiles(method, points, printed)
        case Band():
            yield _band(method, points, printed)
        case Milestone():
            yield f"Reached, it earns {_earn(method.earns, points)}; else nothing."
        case Scale():
            yield from _scale(method, points, printed)
        case Excess():
            yield from _excess(method, each.improvement, printed)
        case _:
            assert_never(method)


def _change(method: Change, points: Fraction, printed: Print) -> Iterator[str]:
    goal = "" if method.goal is None else printed(method.goal)
    divided = {
        "difference": "",
        "relative": ", divided by the baseline",
        "gap": f", divided by the way from there to {goal}",
    }[method.measure]
    yield f"What counts is how much better the result is than its baseline{divided}."
    yield from _curve(method.curve, "increase", points, number)
    if method.without_baseline is not None:
        yield f"Without a baseline it earns {_earn(method.without_baseline, points)}."


def _achievement(
    method: AchievementImprovement, improvement: Improvement, printed: Print
) -> Iterator[str]:
    threshold, benchmark = printed(method.threshold), printed(method.benchmark)
    reach = _reach(improvement, is_beyond=False)
    if method.counts != "improvement":
        yield (
            f"Achievement: {shown(method.achievement.most)} points at the benchmark of {benchmark} "
            f"{reach}, none short of the threshold of {threshold}; between them "
            f"{_straight(method.achievement, 'threshold')}."
        )
    if method.counts != "achievement":
        yield (
            f"Improvement: {shown(method.improvement.most)} points at the benchmark of {benchmark} "
            f"{reach}, none where the result is no better than the baseline; between them "
            f"{_straight(method.improvement, 'baseline')}."
        )
    if method.counts == "better":
        yield "The better of both counts."
    if method.rounding:
        yield f"Points are rounded {rounding(method.rounding)}."
    else:
        yield "Points are not rounded."


def _straight(line: Straight, start: str) -> str:
    sign = "-" if line.plus < 0 else "+"
    return (
        f"{shown(line.slope)} x (result - {start}) / (benchmark - {start}) {sign} "
        f"{shown(abs(line.plus))}"
    )


def _percentiles(method: Percentiles, points: Fraction, printed: Print) -> Iterator[str]:
    cutoffs = ", ".join(f"P{shown(c.percentile)} {printed(c.value)}" for c in method.cutoffs)
    way = "read in a straight line between cut-offs" if method.is_line else "of the best it reaches"
    yield f"Its percentile is that {way} of these cut-offs: {cutoffs}."
    yield from _curve(method.bands, "increase", points, _as_percentile)
    if method.rise is not None:
        yield (
            f"A rise by {shown(method.rise)} percentiles against the baseline earns "
            f"{_earn(method.rise_earns, points)} more, never more than all."
        )


def _as_percentile(value: Number) -> str:
    return f"P{shown(value)}" if isinstance(value, Fraction) else number(value)


def _band(method: Band, points: Fraction, printed: Print) -> str:
    inside = _earn(method.earns, points)
    outside = _earn(method.outside, points)
    fall = "at once to" if method.margin == 0 else f"over {printed(method.margin)} to"
    return (
        f"Earns {inside} from {printed(method.low)} to {printed(method.high)}; outside it falls "
        f"{fall} {outside}."
    )


def _scale(method: Scale, points: Fraction, printed: Print) -> Iterator[str]:
    if method.start == 0 and method.unit == 1:
        yield "The result itself is what it earns."
    else:
        yield (
            f"Earns in proportion: nothing at {printed(method.start)}, and "
            f"{'all' if points == 1 else '1 point'} for each {_way(method.unit, printed)}."
        )
    if method.least is not None or method.most is not None:
        yield f"What is earned is {_bounds(method.least, method.most)}."
    if method.rounding:
        yield f"It is rounded {rounding(method.rounding)}."


def _way(unit: Number, printed: Print) -> str:
    """Say how far one unit of a scale goes, and which way: a negative one counts what is lower."""
    if not isinstance(unit, Fraction):
        return f"{printed(unit)} beyond"
    return f"{printed(abs(unit))} {'below' if unit < 0 else 'above'} that"


def _bounds(least: Number | None, most: Number | None) -> str:
    parts = []
    if least is not None:
        parts.append(f"at least {number(least)}")
    if most is not None:
        parts.append(f"at most {number(most)}")
    return " and ".join(parts)


def _excess(method: Excess, improvement: Improvement, printed: Print) -> Iterator[str]:
    side = "below" if improvement == "increase" else "above"
    times = "" if method.times == 1 else f", times {number(method.times)}"
    yield (
        f"Counts how far the result lies {side} {printed(method.reference)}{times}; nothing where "
        f"it does not."
    )
    if method.rounding:
        yield f"It is rounded {rounding(method.rounding)}."


def _weight(plan: ScoringPlan, each: PlanIndicator) -> Iterator[str]:
    domain = next((d.title for d in plan.domains if d.slug == each.domain and d.slug), "")
    if each.weight is not None:
        yield f"Weight {shown(each.weight)}{f' within {domain}' if domain else ''}."
    elif domain:
        yield f"It counts in {domain} by its points."


def _small(rule: SmallNumbers) -> Iterator[str]:
    if not rule.minimum_cases:
        yield "Any number of cases is enough."
        return
    words = {
        "not_scored": "it is not scored",
        "carry_forward": "the result of the year before counts",
        "pool": "the counts of the year before are added",
    }[rule.rule]
    yield f"With fewer than {rule.minimum_cases} cases {words}."


def _limits(limits: Limits, printed: Print) -> str:
    ends = []
    if limits.low is not None:
        ends.append(f"below {printed(limits.low)}")
    if limits.high is not None:
        ends.append(f"above {printed(limits.high)}")
    what = "earns nothing" if limits.is_unpaid else "counts as that limit"
    return f"A result {' or '.join(ends)} {what}."


_SCORES = {
    "earned_of_available": "points earned of points available",
    "weighted_mean": "the shares that its indicators earned, by weight",
    "average": "the average of its indicators' points, by weight",
    "sum": "the sum of its indicators' points times their weights",
}
_MISSING = {
    "redistribute": "goes to the scored ones beside it, in proportion",
    "redistribute_across": "goes to all scored ones, in proportion",
    "unpaid": "stays unpaid",
}


def _domain(plan: ScoringPlan, domain: Domain, names: Names) -> Iterator[str]:
    if len(plan.domains) > 1 and not plan.total.is_sum:
        yield f"Weight {shown(domain.weight)}."
    full = (
        f", times {shown(domain.scale)}" if domain.score in ("earned_of_available", "weighted_mean")
        else ""
    )  # fmt: skip
    yield f"Its score is {_SCORES[domain.score]}{full}."
    if domain.times != 1:
        yield f"Points are multiplied by {shown(domain.times)} first."
    if domain.points_rounding:
        yield f"Their product is rounded {rounding(domain.points_rounding)}."
    if domain.bonus:
        bonus = domain.bonus
        ends = "; ".join(
            f"{names.indicator(p.indicator)} from {number(p.floor)} to {number(p.threshold)}"
            for p in bonus.positions
        )
        sign = "-" if bonus.plus < 0 else "+"
        tail = f", rounded {rounding(bonus.rounding)}" if bonus.rounding else ""
        yield (
            f"Bonus: {shown(bonus.points)} x the lowest position {sign} {shown(abs(bonus.plus))}"
            f"{tail}, never below zero or above {shown(bonus.points)}. Positions, from 0 to 1: "
            f"{ends}."
        )
        yield (
            "Without a result for each of them there is no bonus."
            if bonus.needs_all
            else "Those without a result are left out of the bonus."
        )
    if domain.best is not None:
        yield f"Its best {domain.best} indicators count, by their shares of their points."
    if domain.minimum_scored > 1:
        yield f"It needs {domain.minimum_scored} scored indicators."
    if domain.rounding:
        yield f"The score is rounded {rounding(domain.rounding)}."


def _fewest(total: Total) -> Iterator[str]:
    if total.minimum_domains > 1:
        yield f"It needs {total.minimum_domains} scored domains."
    if total.minimum_scored > 1:
        yield f"It needs {total.minimum_scored} scored indicators."


def _total(plan: ScoringPlan, total: Total) -> Iterator[str]:
    if plan.has_domains:
        way = "the sum of the domain scores" if total.is_sum else "the domain scores, by weight"
        yield from _fewest(total)
    else:
        only = plan.domains[0]
        way = _SCORES[only.score].replace("its indicators", "the indicators")
        if only.minimum_scored > 1:
            yield f"It needs {only.minimum_scored} scored indicators."
    yield f"The total is {way}; a full one is {shown(total.scale)}."
    if total.rounding:
        yield f"It is rounded {rounding(total.rounding)}."
    if total.if_missing is not None:
        yield f"Where too little is scored, it is {shown(total.if_missing)}."
    yield f"The weight of an indicator that is not scored {_MISSING[plan.missing_indicators]}."
    if plan.has_domains:
        yield f"The weight of a domain that is not scored {_MISSING[plan.missing_domains]}."
    titles = {each.slug: each.title for each in plan.domains}
    for case in plan.weights_when:
        missing = ", ".join(f"“{titles[slug]}”" for slug in titles if slug in case.missing)
        weights = ", ".join(f"“{titles[slug]}” {shown(weight)}" for slug, weight in case.weights)
        yield f"Where just {missing} is not scored, the weights are: {weights}."
