"""A year's terms as their page shows them: pay beside its caps, indicators with their figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from agreements.components.completeness import NAMES
from agreements.components.presenters import ComponentLine, dollars_a_wrvu
from agreements.drafting.anchors import Amount, anchor_of
from agreements.terms.models import LAST_GOAL_YEAR, AgreedIndicator, EarlyEnd, MeasurementYear
from agreements.valuations.models import Opinion
from comanage.values.money import Money
from comanage.values.period import Period
from indicators.library.wording import criterion_in_words
from indicators.measure.criteria import CriteriaError
from indicators.measure.figures import (
    benchmark_in_words,
    count_text,
    exact_figure,
    figure,
    trimmed,
    unit_text,
)

PERCENT = 100
LATER_YEARS = range(2, LAST_GOAL_YEAR + 1)
EARLY_END = {
    EarlyEnd.BY_DAYS: "what its results earned, times its days, once six months of the year are "
    "over; nothing where the physicians leave without cause, or the hospital ends it for cause",
    EarlyEnd.NONE: "nothing",
    EarlyEnd.SILENT: "nobody said what is due, so that such a year cannot be settled",
}


@dataclass(frozen=True, slots=True)
class PayLine:
    """One part of the pay beside what the opinion supports at most.

    Attributes:
        agreed: None where only the work done says what it comes to, up to the cap.
        cap: None where the opinion says nothing about it.
        clause: the key of the clause that it rests on, in an agreement that is written here.
    """

    name: str
    agreed: Money | None
    cap: Money | None
    clause: str
    is_total: bool = False

    @property
    def is_within(self) -> bool:
        """Whether the opinion supports it."""
        return self.cap is not None and (self.agreed is None or self.agreed <= self.cap)


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
    baseline_period: Period | None
    is_baseline_computed: bool
    rebase_reason: str
    outcome: str
    data_source: str
    benchmark: str
    tiers: tuple[TierLine, ...]
    later: tuple[tuple[int, tuple[TierLine, ...]], ...]


def wrvu_worth(opinion: Opinion) -> str:
    """Say what a wRVU is worth by an opinion; empty where it is silent."""
    low, high = opinion.wrvu_low, opinion.wrvu_high
    if low is None or high is None:
        return ""
    return f"{dollars_a_wrvu(Fraction(low))} to {dollars_a_wrvu(Fraction(high))}"


def pay_lines(
    year: MeasurementYear, components: Sequence[ComponentLine] = ()
) -> tuple[PayLine, ...]:
    """Set fixed fee, pool, further parts and total beside the opinion's caps."""
    opinion = year.opinion
    together = year.fixed_fee + year.incentive_pool
    further = _further_lines(opinion, components)
    for line in further:
        together += line.agreed or Money(0)
    is_open = any(line.agreed is None for line in further)
    return (
        PayLine("Fixed fee", year.fixed_fee, opinion.fixed, anchor_of(Amount.FIXED_FEE)),
        PayLine(
            "Incentive pool", year.incentive_pool, opinion.incentive, anchor_of(Amount.INCENTIVE)
        ),
        *further,
        PayLine(
            "All together" if further else "Both together",
            None if is_open else together,
            opinion.total,
            anchor_of(Amount.CAP),
            is_total=True,
        ),
    )


def _further_lines(opinion: Opinion, components: Sequence[ComponentLine]) -> list[PayLine]:
    """Set what further parts can come to at most, kind by kind, beside the opinion's caps."""
    lines = []
    for kind, name in NAMES.items():
        of_kind = [each.most for each in components if each.kind == name]
        if of_kind:
            known = [most for most in of_kind if most is not None]
            agreed = sum(known, Money(0)) if len(known) == len(of_kind) else None
            clause = anchor_of(Amount(kind))
            lines.append(PayLine(name, agreed, getattr(opinion, kind), clause))
    return lines


def indicator_lines(
    agreed: Iterable[AgreedIndicator], *, has_plan: bool = False
) -> tuple[IndicatorLine, ...]:
    """Print every agreed indicator, in the order of the terms.

    Args:
        agreed: with their tiers.
        has_plan: whether a scoring plan says how results are compared.
    """
    return tuple(_indicator_line(each, has_plan=has_plan) for each in agreed)


def scope_in_words(scope: str, agreed: Iterable[AgreedIndicator]) -> str:
    """Say the scope in words, by the columns of the first indicator it fits; else nothing."""
    for each in agreed:
        try:
            return criterion_in_words(scope, each.version.definition)
        except CriteriaError:
            continue
    return ""


def _indicator_line(agreed: AgreedIndicator, *, has_plan: bool) -> IndicatorLine:
    definition = agreed.version.definition
    unit = "percentage" if unit_text(definition) == "%" else "value"
    numerator, denominator = (
        count_text(Fraction(value))
        for value in (agreed.baseline_numerator, agreed.baseline_denominator)
    )
    return IndicatorLine(
        pk=agreed.pk,
        indicator_pk=agreed.version.indicator_id,
        title=definition.title,
        version=agreed.version.number,
        direction="Higher is better" if definition.improvement == "increase" else "Lower is better",
        weight=agreed.weight,
        baseline=figure(definition, agreed.baseline, agreed.compare_places),
        baseline_counts=f"{numerator} over {denominator}",
        baseline_source=agreed.baseline_source,
        rule=(
            f"No rate with fewer than {agreed.minimum_cases} cases."
            if has_plan
            else f"No rate with fewer than {agreed.minimum_cases} cases. Compared with "
            f"{_decimals(agreed.compare_places)} of the {unit}, halves upward."
        ),
        baseline_period=agreed.baseline_period,
        is_baseline_computed=bool(agreed.baseline_sha256),
        rebase_reason=agreed.rebase_reason,
        outcome=agreed.get_outcome_class_display() if agreed.outcome_class else "",
        data_source=agreed.data_source,
        benchmark=benchmark_in_words(definition),
        tiers=_tier_lines(agreed, 1),
        later=tuple((n, lines) for n in LATER_YEARS if (lines := _tier_lines(agreed, n))),
    )


def _tier_lines(agreed: AgreedIndicator, year_number: int) -> tuple[TierLine, ...]:
    definition = agreed.version.definition
    return tuple(
        TierLine(
            tier.name,
            exact_figure(definition, Fraction(tier.goal), agreed.compare_places),
            f"{trimmed(Fraction(tier.share) * PERCENT, 0)} %",
        )
        for tier in agreed.tiers.all()
        if tier.year_number == year_number
    )


def _decimals(places: int) -> str:
    return "1 decimal" if places == 1 else f"{places} decimals"
