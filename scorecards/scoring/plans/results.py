"""The results of one organisation, as they were given; and what of them is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from scorecards.scoring.plans.numbers import Inputs, ResultsError, between, known, rounded
from scorecards.scoring.plans.plan import Limits, PlanIndicator
from scorecards.scoring.plans.trail import Trail

KEYS = ("organization", "indicator")
NOT_SCORED = "not_scored"
FIGURES: Mapping[str, tuple[str, ...]] = {
    "now": ("value", "numerator", "denominator", "cases"),
    "baseline": ("baseline", "baseline_numerator", "baseline_denominator", "baseline_cases"),
    "prior": ("prior", "prior_numerator", "prior_denominator", "prior_cases"),
}
NUMBERS = tuple(name for names in FIGURES.values() for name in names)
NO_RESULT = "There is no result."
TOO_FEW = "Fewer cases than the agreed minimum."
NOTHING_BELOW = "The denominator is zero."


@dataclass(frozen=True, slots=True)
class Counts:
    """One figure: its value, or the two counts it comes from; and its cases.

    Attributes:
        cases: None: then the denominator tells, where it is given.
    """

    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    cases: Fraction | None = None

    @property
    def has_counts(self) -> bool:
        """Whether both counts are given."""
        return self.numerator is not None and self.denominator is not None

    @property
    def figure(self) -> Fraction | None:
        """The value, exact; None where there is none."""
        if self.value is not None:
            return self.value
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator

    @property
    def known_cases(self) -> Fraction | None:
        """The cases; None where nobody says."""
        return self.denominator if self.cases is None else self.cases

    def times(self, per: Fraction) -> Counts:
        """Make the quotient of the counts so much more: a rate per thousand."""
        return self if self.numerator is None else replace(self, numerator=self.numerator * per)

    def with_counts_of(self, other: Counts) -> Counts:
        """Add the counts of another period."""
        numerator = _sum(self.numerator, other.numerator)
        denominator = _sum(self.denominator, other.denominator)
        if numerator is None or denominator is None:
            return self
        return Counts(None, numerator, denominator, _sum(self.cases, other.cases))


def _sum(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


@dataclass(frozen=True, slots=True)
class Result:
    """What was given for one indicator of one organisation.

    Attributes:
        reason: why there is no result; empty where there is one.
        inputs: numbers of this row that the plan asks for.
        place: where it stands, for a person: file and row.
    """

    now: Counts = Counts()
    baseline: Counts = Counts()
    prior: Counts = Counts()
    reason: str = ""
    inputs: Mapping[str, Fraction] = field(default_factory=dict)
    place: str = ""

    def times(self, per: Fraction) -> Result:
        """Make the quotients of counts so much more."""
        now, baseline, prior = (each.times(per) for each in (self.now, self.baseline, self.prior))
        return replace(self, now=now, baseline=baseline, prior=prior)


@dataclass(frozen=True, slots=True)
class Organization:
    """All results of one organisation, by the slug of the indicator."""

    name: str
    results: Mapping[str, Result]
    inputs: Mapping[str, Fraction] = field(default_factory=dict)
    place: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A result as it is compared with the goals.

    Attributes:
        value: None where it is not scored.
        reason: why; empty where it is.
        is_barred: past a limit beyond which nothing is earned.
    """

    value: Fraction | None
    baseline: Fraction | None
    reason: str = ""
    is_barred: bool = False


def compared(indicator: PlanIndicator, result: Result, trail: Trail) -> Compared:
    """Hold a result against the rule for small numbers, and round it.

    Raises:
        ResultsError: the cases are needed and not given.
    """
    if indicator.per != 1:
        result = result.times(indicator.per)
    counts, reason = _enough(indicator, result, trail)
    value = counts.figure
    if reason or value is None:
        return Compared(None, None, reason or NO_RESULT)
    exact = value
    value = rounded(value, indicator.rounding)
    if indicator.rounding:
        trail.add(
            "Compared value",
            f"Rounded {indicator.rounding}.",
            (("Exact result", exact),),
            value,
        )
    return Compared(value, _baseline(indicator, result))


def limited(limits: Limits, found: Compared, inputs: Inputs, trail: Trail) -> Compared:
    """Keep a value within its limits, or bar it from earning anything past them.

    Raises:
        ResultsError: an input is absent.
    """
    value = found.value
    if value is None:
        return found
    low, high = (
        None if limit is None else known(limit, inputs) for limit in (limits.low, limits.high)
    )
    kept = between(value, low, high)
    is_barred = limits.is_unpaid and kept != value
    rule = "earns nothing" if limits.is_unpaid else "counts as the limit"
    kept = value if limits.is_unpaid else kept
    trail.add(
        "Limits",
        f"A value past a limit {rule}.",
        (("Value", value), ("Low", low), ("High", high)),
        "past the limit" if is_barred else kept,
    )
    return replace(found, value=kept, is_barred=is_barred)


def _enough(indicator: PlanIndicator, result: Result, trail: Trail) -> tuple[Counts, str]:
    """Apply the rule for small numbers: the counts that are judged, or why none are."""
    rule, now = indicator.small_numbers, result.now
    minimum = Fraction(rule.minimum_cases)
    reason = result.reason or _reason(now, minimum)
    if not reason or rule.rule == "not_scored":
        return now, reason
    prior = result.prior
    used = prior if rule.rule == "carry_forward" else now.with_counts_of(prior)
    if rule.rule == "pool" and result.reason:
        return now, reason
    still = _reason(used, minimum)
    says = "the prior period's result counts" if used is prior else "both periods are pooled"
    trail.add(
        "Small numbers",
        f"With fewer than {rule.minimum_cases} cases {says}; if that is too few, none does.",
        (
            ("Cases now", now.known_cases),
            ("Cases of the prior period", prior.known_cases),
        ),
        still or used.figure,
    )
    return used, reason if still else ""


def _reason(counts: Counts, minimum: Fraction) -> str:
    if counts.figure is None:
        return NOTHING_BELOW if counts.denominator == 0 else NO_RESULT
    if not minimum:
        return ""
    cases = counts.known_cases
    if cases is None:
        raise ResultsError(
            f"The plan needs at least {minimum} cases, and `cases` is empty. Give them."
        )
    return TOO_FEW if cases < minimum else ""


def _baseline(indicator: PlanIndicator, result: Result) -> Fraction | None:
    """Return the baseline, rounded as the result is; None where it has too few cases."""
    figure, cases = result.baseline.figure, result.baseline.known_cases
    if figure is None or (cases is not None and cases < indicator.small_numbers.minimum_cases):
        return None
    return rounded(figure, indicator.rounding)
