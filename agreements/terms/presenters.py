"""A year's terms as their page shows them: pay beside its caps, indicators with their figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from agreements.terms.models import AgreedIndicator, MeasurementYear
from comanage.values.money import Money
from comanage.values.rounding import decimal_text
from indicators.library.wording import criterion_in_words
from indicators.measure.criteria import CriteriaError
from indicators.measure.definition import Definition

PERCENT = 100
MOST_PLACES = 8


@dataclass(frozen=True, slots=True)
class PayLine:
    """One part of the pay beside what the opinion supports at most."""

    name: str
    agreed: Money
    cap: Money
    is_total: bool = False

    @property
    def is_within(self) -> bool:
        """Whether the opinion supports it."""
        return self.agreed <= self.cap


@dataclass(frozen=True, slots=True)
class TierLine:
    """A tier as printed."""

    name: str
    goal: str
    share: str


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An agreed indicator as printed."""

    pk: UUID
    indicator_pk: UUID
    title: str
    version: int
    direction: str
    weight: int
    baseline: str
    baseline_counts: str
    baseline_source: str
    rule: str
    tiers: tuple[TierLine, ...]


def pay_lines(year: MeasurementYear) -> tuple[PayLine, ...]:
    """Set fixed fee, pool and total beside the opinion's caps."""
    opinion = year.opinion
    return (
        PayLine("Fixed fee", year.fixed_fee, opinion.fixed),
        PayLine("Incentive pool", year.incentive_pool, opinion.incentive),
        PayLine(
            "Both together", year.fixed_fee + year.incentive_pool, opinion.total, is_total=True
        ),
    )


def indicator_lines(agreed: Iterable[AgreedIndicator]) -> tuple[IndicatorLine, ...]:
    """Print every agreed indicator, in the order of the terms."""
    return tuple(_indicator_line(each) for each in agreed)


def scope_in_words(scope: str, agreed: Iterable[AgreedIndicator]) -> str:
    """Say the scope in words, by the columns of the first indicator it fits; else nothing."""
    for each in agreed:
        try:
            return criterion_in_words(scope, each.version.definition)
        except CriteriaError:
            continue
    return ""


def _indicator_line(agreed: AgreedIndicator) -> IndicatorLine:
    definition = agreed.version.definition
    is_mean = definition.scoring == "mean"
    unit = "mean" if is_mean else "percentage"
    numerator, denominator = (
        _plain(Fraction(value))
        for value in (agreed.baseline_numerator, agreed.baseline_denominator)
    )
    return IndicatorLine(
        pk=agreed.pk,
        indicator_pk=agreed.version.indicator_id,
        title=definition.title,
        version=agreed.version.number,
        direction="Higher is better" if definition.improvement == "increase" else "Lower is better",
        weight=agreed.weight,
        baseline=_figure(definition, agreed.baseline, agreed.compare_places),
        baseline_counts=f"{numerator} over {denominator}",
        baseline_source=agreed.baseline_source,
        rule=(
            f"No rate with fewer than {agreed.minimum_cases} cases. Compared with "
            f"{_decimals(agreed.compare_places)} of the {unit}, halves upward."
        ),
        tiers=tuple(
            TierLine(
                tier.name,
                _exact_figure(definition, Fraction(tier.goal), agreed.compare_places),
                f"{_trimmed(Fraction(tier.share) * PERCENT, 0)} %",
            )
            for tier in agreed.tiers.all()
        ),
    )


def _decimals(places: int) -> str:
    return "1 decimal" if places == 1 else f"{places} decimals"


def _figure(definition: Definition, value: Fraction, places: int) -> str:
    """Print a result with the decimals that are compared, halves upward."""
    if definition.scoring == "mean":
        return f"{decimal_text(value, places)} {definition.unit}"
    return f"{decimal_text(value * PERCENT, places)} %"


def _exact_figure(definition: Definition, value: Fraction, places: int) -> str:
    """Print a goal with all its decimals: what was signed is not rounded."""
    if definition.scoring == "mean":
        return f"{_trimmed(value, places)} {definition.unit}"
    return f"{_trimmed(value * PERCENT, places)} %"


def _trimmed(value: Fraction, places: int) -> str:
    """Write a decimal with at least so many places and no needless zeros after them."""
    for more in range(places, MOST_PLACES):
        text = decimal_text(value, more)
        if Fraction(text) == value:
            return text
    return decimal_text(value, MOST_PLACES)


def _plain(value: Fraction) -> str:
    """Print a count, with thousands apart, or a sum with its decimals."""
    return f"{value.numerator:,}" if value.denominator == 1 else _trimmed(value, 1)
