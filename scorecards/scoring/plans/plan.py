"""A scoring plan: indicators, domains, a total, adjustments and pay, as frozen values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import Literal

from scorecards.scoring.plans.curves import Curve
from scorecards.scoring.plans.methods import Method
from scorecards.scoring.plans.numbers import CENTS, ONE, ZERO, Improvement, Number, Rounding

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
class Reading:
    """A figure that something follows.

    Attributes:
        kind: `indicator`, `domain`, `total` or `input`.
        name: slug or input; empty for the total.
        part: `value`, `points`, `score` or `share` (of all that could be earned).
    """

    kind: Literal["indicator", "domain", "total", "input"]
    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Several:
    """A figure made of several; those that are not scored are left aside.

    Attributes:
        kind: their `sum` or `mean`, or the `highest` or `lowest` of them.
    """

    kind: Literal["sum", "mean", "highest", "lowest"]
    of: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Logistic:
    """An S-shaped curve from 0 to 1: 1 / (1 + e ** (-steepness x (figure - middle))).

    Attributes:
        rounding: of the curve's value, which no fraction is; to a decimal unit.

    Source:
        42 CFR 413.338: the exchange function of the Skilled Nursing Facility program.
    """

    middle: Number
    steepness: Number
    rounding: Rounding


@dataclass(frozen=True, slots=True)
class Follows:
    """A factor that follows a figure: (figure - start) / unit, on a curve, times, plus, bounded.

    Its numbers may follow figures too: so come a product, a quotient, an excess over another.

    Attributes:
        logistic: the figure goes through this curve first; None where it does not.
        if_missing: what it is where a figure is not scored, or the unit is zero; None: then
            there is none.
    """

    reads: Reading | Several
    curve: Curve | None = None
    improvement: Improvement = "increase"
    times: Factor = ONE
    plus: Factor = ZERO
    least: Factor | None = None
    most: Factor | None = None
    rounding: Rounding | None = None
    if_missing: Factor | None = None
    logistic: Logistic | None = None
    start: Factor = ZERO
    unit: Factor = ONE

    @property
    def is_counted(self) -> bool:
        """Whether the figure is counted from a start, or by a unit, before all else."""
        return self.start != ZERO or self.unit != ONE

    @property
    def factors(self) -> tuple[Factor | None, ...]:
        """Start, unit, times, plus, least and most: each may follow a figure of its own."""
        return (self.start, self.unit, self.times, self.plus, self.least, self.most)


Factor = Number | Follows


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets a figure through where another one is good enough.

    Attributes:
        compare: `at_least`, `at_most`, `above` or `below` the limit.
        closed: what the figure is multiplied by where it is not.
        open_if_missing: whether a figure that is not scored opens the gate.
    """

    reads: Reading
    compare: Literal["at_least", "at_most", "above", "below"]
    limit: Number
    closed: Number
    open_if_missing: bool


@dataclass(frozen=True, slots=True)
class Multiplier:
    """Multiplies a figure."""

    factor: Factor


@dataclass(frozen=True, slots=True)
class Becomes:
    """Puts another figure in its place: 1 less a reduction, or what a curve makes of it."""

    factor: Factor


@dataclass(frozen=True, slots=True)
class Cap:
    """Keeps a figure from passing its bounds."""

    least: Number | None
    most: Number | None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is done to figures after they are found, in the order of the plan.

    Attributes:
        level: `indicators`, `domains`, `total` or `pay`.
        names: slugs; empty for the total.
        only: `paid` or `owed`: pay of the other sign is left as it is; empty for both.
    """

    name: str
    level: Literal["indicators", "domains", "total", "pay"]
    names: tuple[str, ...]
    deed: Gate | Multiplier | Cap | Rounding | Becomes
    only: Literal["", "paid", "owed"] = ""


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


@dataclass(frozen=True, slots=True)
class Pool:
    """Dollars for a full score.

    Attributes:
        by: `indicator`: split by weight to the cent, each part times its share; `domain`:
            the same by domain; `total`: times the share of the total, or as `share` says.
        most: caps of single indicators or domains, in dollars.
    """

    amount: Number
    by: Literal["indicator", "domain", "total"]
    share: Follows | None
    most: tuple[tuple[str, Number], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Withholds a share of payments and pays it back by score: 1 + withheld x (slope x share - 1).

    Attributes:
        share: what it is paid back by; None: the share of the total.

    Source:
        42 CFR 412.162 and 412.165(b): linear exchange function, adjustment factor.
    """

    base: Number
    withheld: Number
    slope: Number
    rounding: Rounding | None
    share: Follows | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of payments: paid, or owed where the plan says so."""

    base: Number
    rate: Factor
    is_owed: bool


@dataclass(frozen=True, slots=True)
class PerCase:
    """Savings by case: what is counted is volume up to that of the base year.

    Attributes:
        base_year: of the benchmark; with `year` it must be the year before: the base resets,
            and savings of earlier years drop out.

    Source:
        OIG Advisory Opinion 17-09.
    """

    benchmark: Number
    actual: Number
    cases: Number
    base_cases: Number | None
    year: Number | None
    base_year: Number | None


@dataclass(frozen=True, slots=True)
class Corridor:
    """A slice of savings or losses, and the share of it that is passed on.

    Attributes:
        above: where it begins, as a share of the benchmark; it ends where the next one begins.
    """

    above: Number
    share: Number


@dataclass(frozen=True, slots=True)
class Losses:
    """What is owed back where more was spent than the benchmark.

    Attributes:
        rate: of the losses; None: one minus the share rate of savings, with corridors all.
        corridors: of the losses, before their rate; none for all of them.
        limit: of what is owed, as a share of the benchmark.
        most_owed: of what is owed, in dollars.
    """

    minimum_rate: Factor
    rate: Factor | None
    least: Number | None
    most: Number | None
    limit: Number | None
    most_owed: Number | None
    corridors: tuple[Corridor, ...] = ()


@dataclass(frozen=True, slots=True)
class Savings:
    """A share of what was saved against a benchmark.

    Attributes:
        spending: benchmark and actual dollars, or both by case.
        discount: share of the benchmark that is taken off first; what is left is the benchmark.
        fee: of an administrator, taken from the savings first.
        minimum_rate: share of the benchmark that must be saved.
        is_beyond: the minimum itself is not enough.
        is_above_minimum: only savings above the minimum are shared.
        corridors: of the savings, before the share rate; none for all of them.
        limit: of what is earned, as a share of the benchmark.
        most: of what is earned over the whole term, in dollars.
        paid_before: of that, already paid.

    Source:
        42 CFR 425.604 to 425.610; OIG Advisory Opinion 17-09.
    """

    spending: tuple[Number, Number] | PerCase
    fee: Number
    minimum_rate: Factor
    is_beyond: bool
    is_above_minimum: bool
    share_rate: Factor
    limit: Number | None
    most: Number | None
    paid_before: Number
    losses: Losses | None
    discount: Factor = ZERO
    corridors: tuple[Corridor, ...] = ()


@dataclass(frozen=True, slots=True)
class PayPart:
    """A named part of the pay."""

    name: str
    kind: Pool | Exchange | Rate | Savings
    rounding: Rounding = CENTS


@dataclass(frozen=True, slots=True)
class PayLimit:
    """The most that all parts pay together, and who says so."""

    amount: Number
    source: str


def readings_in(thing: object) -> Iterator[Reading]:
    """Name every figure that a part of a plan reads."""
    if isinstance(thing, Reading):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from readings_in(each)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from readings_in(getattr(thing, field.name))


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
