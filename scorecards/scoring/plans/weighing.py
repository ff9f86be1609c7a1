"""What each indicator and domain counts for, after the rule for what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from fractions import Fraction

from scorecards.scoring.plans.numbers import ONE, ZERO, Input, Inputs, ResultsError, known
from scorecards.scoring.plans.plan import Domain, PlanIndicator, ScoringPlan
from scorecards.scoring.plans.scored import Points

Weights = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
Flags = tuple[bool, ...]


def relative_weight(domain: Domain, indicator: PlanIndicator) -> Fraction:
    """Return what an indicator weighs within its domain: its weight, else its points or 1."""
    weight = ONE if indicator.weight is None else indicator.weight
    return indicator.points * weight if domain.score == "earned_of_available" else weight


class Weigher:
    """Weighs by which are scored; organisations alike in that are weighed once."""

    def __init__(self, plan: ScoringPlan) -> None:
        """Begin."""
        self.plan = plan
        self._found: dict[tuple[Flags, Flags], Weights] = {}

    def weighed(self, points: Points) -> Points:
        """Give indicators and domains their part of the whole."""
        key = (
            tuple(each.points is not None for each in points.indicators),
            tuple(each.score is not None for each in points.domains),
        )
        if key not in self._found:
            self._found[key] = self._weights(*key)
        indicators, domains = self._found[key]
        return Points(
            tuple(
                replace(found, weight=weight)
                for found, weight in zip(points.indicators, indicators, strict=True)
            ),
            tuple(
                replace(found, weight=weight)
                for found, weight in zip(points.domains, domains, strict=True)
            ),
            points.total,
        )

    def _weights(self, scored: Flags, scored_domains: Flags) -> Weights:
        within: dict[str, Fraction] = {}
        raw: dict[str, Fraction] = {}
        for domain, is_scored in zip(self.plan.domains, scored_domains, strict=True):
            raw[domain.slug] = self._domain_weight(domain, scored, within, is_scored=is_scored)
        raw = self._with_weights_when(raw, scored_domains)
        whole = sum(raw.values(), ZERO)
        shares = {slug: weight / whole if whole else ZERO for slug, weight in raw.items()}
        return (
            tuple(
                shares[each.domain] * within.get(each.slug, ZERO) for each in self.plan.indicators
            ),
            tuple(shares.values()),
        )

    def _with_weights_when(
        self, raw: dict[str, Fraction], scored_domains: Flags
    ) -> dict[str, Fraction]:
        """Put the weights that the plan names for just these missing domains in their place."""
        slugs = [domain.slug for domain in self.plan.domains]
        missing = {slug for slug, is_one in zip(slugs, scored_domains, strict=True) if not is_one}
        for case in self.plan.weights_when:
            if case.missing == missing:
                weights = dict(case.weights)
                return {slug: weights.get(slug, ZERO) for slug in raw}
        return raw

    def _domain_weight(
        self, domain: Domain, scored: Flags, within: dict[str, Fraction], *, is_scored: bool
    ) -> Fraction:
        """Return a domain's weight; note in `within` what its indicators are of it.

        An indicator that is not scored keeps its part where it stays unpaid, or where its
        whole domain is not scored.
        """
        held = [
            (each, is_one)
            for each, is_one in zip(self.plan.indicators, scored, strict=True)
            if each.domain == domain.slug and not each.is_part
        ]
        keeps_all = self.plan.missing_indicators == "unpaid" or not is_scored
        counted = [each for each, is_one in held if keeps_all or is_one]
        part = sum((relative_weight(domain, each) for each in counted), ZERO)
        for each in counted:
            within[each.slug] = relative_weight(domain, each) / part if part else ZERO
        if not is_scored:
            return domain.weight if self.plan.missing_domains == "unpaid" else ZERO
        if self.plan.missing_indicators != "redistribute_across":
            return domain.weight
        whole = sum((relative_weight(domain, each) for each, _ in held), ZERO)
        return domain.weight * part / whole if whole else ZERO


class Weighers:
    """Weighs by the weights of the plan, or by those that come with each organisation."""

    def __init__(self, plan: ScoringPlan) -> None:
        """Begin."""
        self._plan = plan
        self._rows = [(each.slug, each.weight_input) for each in plan.indicators]
        self._rows = [(slug, name) for slug, name in self._rows if name]
        self._names = [each.weight_input for each in plan.domains if each.weight_input]
        self._found: dict[tuple[Fraction, ...], Weigher] = {}

    def of(self, inputs: Mapping[str, Inputs], seen: Set[str]) -> Weigher:
        """Return what weighs for these inputs.

        Args:
            inputs: by slug, and under the empty name those of the organisation.
            seen: the slugs of indicators with a result; one without needs no weight.

        Raises:
            ResultsError: a weight is absent or negative.
        """
        rows = {
            slug: _brought(name, inputs[slug], is_needed=slug in seen) for slug, name in self._rows
        }
        own = {name: _brought(name, inputs[""], is_needed=True) for name in self._names}
        key = (*rows.values(), *own.values())
        if key not in self._found:
            self._found[key] = Weigher(_weighted(self._plan, rows, own))
        return self._found[key]


def _brought(name: str, inputs: Inputs, *, is_needed: bool) -> Fraction:
    weight = known(Input(name), inputs) if is_needed else inputs.get(name, ZERO)
    if weight < 0:
        raise ResultsError(f"The weight “{name}” is {weight}; it cannot be negative.")
    return weight


def _weighted(
    plan: ScoringPlan, rows: Mapping[str, Fraction], own: Mapping[str, Fraction]
) -> ScoringPlan:
    """Write the weights that come with an organisation into the plan."""
    return replace(
        plan,
        indicators=tuple(
            replace(each, weight=rows.get(each.slug, each.weight)) for each in plan.indicators
        ),
        domains=tuple(
            replace(each, weight=own.get(each.weight_input, each.weight)) for each in plan.domains
        ),
    )
