"""A scoring plan: indicators, domains, a total, adjustments and pay, as frozen values.

What follows a figure, what adjusts one, and the parts of the pay are in the files beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from scorecards.scoring.plans.adjustments import Adjustment
from scorecards.scoring.plans.follows import Follows
from scorecards.scoring.plans.methods import Method
from scorecards.scoring.plans.numbers import ONE, Improvement, Number, Rounding
from scorecards.scoring.plans.pay_parts import PayLimit, PayPart

SmallNumberRule = Literal["not_scored", "carry_forward", "pool"]
MissingIndicators = Literal["redistribute", "redistribute_across", "unpaid"]


MissingDomains = Literal["redistribute", "unpaid"]


DomainScore = Literal["earned_of_available", "weighted_mean", "average", "sum"]


InputOf = Literal["organization", "indicator"]


HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class DeclaredInput:
    """A number that comes with the results.

    Attributes:
        of: `organization`: one value for all its rows; `indicator`: one for each row.
        default: where the results leave it empty; None: then it must be there.
        words: numbers by the words that stand for them: a track, yes and no.
    """

    name: str
    of: InputOf
    default: Fraction | None
    words: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class SmallNumbers:
    """What becomes of a result on too few cases.

    Attributes:
        minimum_cases: fewest cases for a result; zero for no floor.
        rule: `not_scored`; `carry_forward`: the prior period's result counts, also where
            there is none now; `pool`: the counts of the prior period are added.
    """

    minimum_cases: int
    rule: SmallNumberRule


@dataclass(frozen=True, slots=True)
class Limits:
    """Values past a limit count as the limit (`clamp`), or earn nothing (`unpaid`)."""

    low: Number | None
    high: Number | None
    is_unpaid: bool


@dataclass(frozen=True, slots=True)
class PlanIndicator:
    """One indicator of the plan.

    Attributes:
        domain: its slug; empty in a plan without domains.
        weight: within its domain; None: its points are its weight.
        points: that can be earned.
        weight_input: the input that brings the weight; empty where the plan has it.
        is_part: whether it counts in another indicator alone, which it is combined to.
        per: what the quotient of two counts is multiplied by: 1,000 of a rate per thousand.
    """

    slug: str
    title: str
    improvement: Improvement
    domain: str
    weight: Fraction | None
    points: Fraction
    small_numbers: SmallNumbers
    rounding: Rounding | None
    limits: Limits | None
    method: Method
    per: Fraction = ONE
    weight_input: str = ""
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """Where an indicator's weakest-link position is counted from, and to."""

    indicator: str
    floor: Number
    threshold: Number


@dataclass(frozen=True, slots=True)
class WeakestLink:
    """A bonus for the lowest position between floor and threshold over several indicators.

    Source:
        42 CFR 412.165(a)(3) and (c): HCAHPS consistency points, 20 x lowest - 0.5.
    """

    points: Fraction
    plus: Fraction
    rounding: Rounding | None
    positions: tuple[Position, ...]
    needs_all: bool


@dataclass(frozen=True, slots=True)
class Domain:
    """A group of indicators with a score of its own.

    Attributes:
        score: `earned_of_available`: points earned of points available; `weighted_mean` of
            shares; `average` of points; `sum` of points times weights.
        scale: what a full score is, for the first two.
        minimum_scored: fewest scored indicators for a score.
        times: what the points are multiplied by before the bonus, and so are those available.
        points_rounding: of that product.
        weight_input: the input that brings the weight; empty where the plan has it.
        best: how many indicators count, those with the largest shares; None for all.
    """

    slug: str
    title: str
    weight: Fraction
    score: DomainScore
    scale: Fraction
    minimum_scored: int
    times: Fraction
    points_rounding: Rounding | None
    bonus: WeakestLink | None
    rounding: Rounding | None
    weight_input: str = ""
    best: int | None = None


@dataclass(frozen=True, slots=True)
class WeightsWhen:
    """The weights of the domains that are left where just these are not scored.

    Source:
        42 CFR 414.1380(c)(2): weights of the Merit-based Incentive Payment System.
    """

    missing: frozenset[str]
    weights: tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Total:
    """The total of all domains.

    Attributes:
        is_sum: domain scores are added; else they are weighed.
        scale: what a full total is.
        minimum_domains: fewest scored domains for a total.
        minimum_scored: fewest scored indicators, in a plan with domains; 0 for any number.
        if_missing: what the total is where too little is scored; None: then there is none.
    """

    is_sum: bool
    scale: Fraction
    minimum_domains: int
    rounding: Rounding | None
    if_missing: Fraction | None = None
    minimum_scored: int = 0


@dataclass(frozen=True, slots=True)
class Across:
    """A number found over all organisations of the file, and used like an input.

    Attributes:
        kind: `percentile`, `mean`, `sum`, `standard_deviation` of a figure; `neutral_slope`: the
            slope at which an exchange pays out what it withholds.
        of: the figure, as it is or within bounds; of a slope what the exchange pays by.
        share: of a percentile; of a slope the part of what is withheld that is paid out.
        method: of a percentile: `linear` (Hyndman and Fan 7), `nearest_rank` (1) or `average`
            (2, SAS definition 5).
        base: dollars that an exchange is about.
        by: an input of the organisation; the number is found among those who have the same.
    """

    name: str
    kind: Literal["percentile", "mean", "sum", "standard_deviation", "neutral_slope"]
    of: Follows
    share: Fraction
    method: Literal["linear", "nearest_rank", "average"]
    base: Number
    rounding: Rounding | None
    by: str = ""


def members_of(domain: Domain, indicators: tuple[PlanIndicator, ...]) -> list[PlanIndicator]:
    """List the indicators that count in a domain: parts count in what they are combined to."""
    return [each for each in indicators if each.domain == domain.slug and not each.is_part]


@dataclass(frozen=True, slots=True)
class ScoringPlan:
    """The whole plan.

    Attributes:
        has_domains: whether domains were named; else one nameless domain holds all.
        refuses_absent: an organisation without a row for an indicator is an error; else the
            indicator is not scored.
        weights_when: weights for single cases of missing domains, before the rule for all.
        weights_add_up_to: what the weights must add up to; None where none are given.
    """

    title: str
    source: str
    inputs: tuple[DeclaredInput, ...]
    refuses_absent: bool
    indicators: tuple[PlanIndicator, ...]
    domains: tuple[Domain, ...]
    has_domains: bool
    missing_indicators: MissingIndicators
    missing_domains: MissingDomains
    weights_add_up_to: Fraction | None
    total: Total
    adjustments: tuple[Adjustment, ...]
    across: tuple[Across, ...]
    pay: tuple[PayPart, ...]
    pay_limit: PayLimit | None
    weights_when: tuple[WeightsWhen, ...] = ()
