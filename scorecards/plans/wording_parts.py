"""Numbers, figures and factors of a scoring plan in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from comanage.values.rounding import exact_text
from indicators.measure.definition import Definition
from indicators.measure.figures import exact_figure, trimmed
from scorecards.plans.supplies import BASELINE_RATE, INCENTIVE_POOL
from scorecards.scoring.plans.curves import Curve
from scorecards.scoring.plans.follows import Factor, Follows, Reading, Several
from scorecards.scoring.plans.numbers import Improvement, Number, Rounding
from scorecards.scoring.plans.plan import ScoringPlan
from scorecards.scoring.plans.trail import decimal_of, dollars, shown

PERCENT = 100
_INPUTS = {INCENTIVE_POOL: "the incentive pool", BASELINE_RATE: "the baseline"}
_PARTS = {
    "value": "the result of",
    "points": "the points of",
    "score": "the score of",
    "share": "the share that was earned in",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What indicators and domains are called, by slug, and how results are printed."""

    indicators: Mapping[str, str]
    domains: Mapping[str, str]
    definitions: Mapping[str, Definition]

    @classmethod
    def of(cls, plan: ScoringPlan, definitions: Mapping[str, Definition]) -> Names:
        """Look them up."""
        return cls(
            {each.slug: each.title for each in plan.indicators},
            {each.slug: each.title for each in plan.domains},
            definitions,
        )

    def limit(self, reads: Reading, value: Number) -> str:
        """Write what a figure is held against, in the unit of a result."""
        definition = self.definitions.get(reads.name)
        is_result = reads.kind == "indicator" and reads.part == "value"
        if definition and is_result and isinstance(value, Fraction):
            return exact_figure(definition, value, 0)
        return number(value)

    def indicator(self, slug: str) -> str:
        """Name an indicator."""
        return f"“{self.indicators.get(slug, slug)}”"

    def domain(self, slug: str) -> str:
        """Name a domain."""
        return f"“{self.domains.get(slug, slug)}”"


def number(value: Number) -> str:
    """Write a number, or name the one that the year brings."""
    if isinstance(value, Fraction):
        return shown(value)
    return _INPUTS.get(value.name, f"“{value.name}”")


def percent(value: Fraction) -> str:
    """Write a share as percent, never rounded: `62.5 %`, `1/3`."""
    text = decimal_of(value * PERCENT)
    if Fraction(text) != value * PERCENT:
        return exact_text(value)
    return f"{trimmed(value * PERCENT, 0)} %"


def money(value: Number) -> str:
    """Write dollars."""
    return str(dollars(value)) if isinstance(value, Fraction) else number(value)


def rounding(rule: Rounding) -> str:
    """Say how it is rounded, with the unit as a decimal."""
    return str(rule).replace(str(rule.to), shown(rule.to), 1)


def figure_words(reads: Reading, names: Names) -> str:
    """Name a figure: the result of an indicator, the score of a domain, the total."""
    match reads.kind:
        case "input":
            return _INPUTS.get(reads.name, f"“{reads.name}”")
        case "total":
            return "the share of a full total" if reads.part == "share" else "the total"
        case "domain":
            return f"{_PARTS[reads.part]} {names.domain(reads.name)}"
        case "indicator":
            return f"{_PARTS[reads.part]} {names.indicator(reads.name)}"


def factor_words(factor: Factor, names: Names) -> str:
    """Say what a factor is: a number, or how it follows a figure."""
    if not isinstance(factor, Follows):
        return number(factor)
    return ", ".join(_follows(factor, names))


def _follows(factor: Follows, names: Names) -> Iterator[str]:
    reads = factor.reads
    if isinstance(reads, Several):
        several = "; ".join(factor_words(each, names) for each in reads.of)
        yield f"the {reads.kind} of those that are scored of ({several})"
    else:
        yield figure_words(reads, names)
    yield from _before_the_product(factor, names)
    if factor.times != 1:
        yield f"times {_within(factor.times, names)}"
    if factor.plus != 0:
        yield f"plus {_within(factor.plus, names)}"
    if factor.rounding:
        yield f"rounded {rounding(factor.rounding)}"
    for words, bound in (("at least", factor.least), ("at most", factor.most)):
        if bound is not None:
            yield f"{words} {_within(bound, names)}"
    if factor.if_missing is not None:
        yield f"and {_within(factor.if_missing, names)} where it is not scored"


def _before_the_product(factor: Follows, names: Names) -> Iterator[str]:
    if factor.start != 0:
        yield f"less {_within(factor.start, names)}"
    if factor.unit != 1:
        yield f"divided by {_within(factor.unit, names)}"
    if factor.logistic:
        middle, steepness = number(factor.logistic.middle), number(factor.logistic.steepness)
        yield f"read as 1 / (1 + e ** (-{steepness} x (figure - {middle})))"
    if factor.curve:
        yield from _curve(factor.curve, factor.improvement)


def _within(factor: Factor, names: Names) -> str:
    """Say what stands inside a factor, in brackets where it follows a figure itself."""
    said = factor_words(factor, names)
    return f"({said})" if isinstance(factor, Follows) else said


def _curve(curve: Curve, improvement: Improvement) -> Iterator[str]:
    side = "or more" if improvement == "increase" else "or less"
    goals = "; ".join(
        f"{number(tier.earns)} beyond {number(tier.goal)}"
        if tier.is_beyond
        else f"{number(tier.earns)} from {number(tier.goal)} {side}"
        for tier in curve.tiers
    )
    way = " in straight lines" if curve.is_line else ""
    yield f"read{way} as {goals}; short of that {number(curve.below)}"
    if curve.rounding:
        yield f"rounded {rounding(curve.rounding)}"
