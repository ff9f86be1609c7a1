"""What a plan may say: domains that hold together and weights that add up.

Its indicators, names and pay are looked at in the files beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from scorecards.scoring.plans.node import PlanProblem
from scorecards.scoring.plans.numbers import ZERO
from scorecards.scoring.plans.plan import Domain, ScoringPlan, WeakestLink, members_of
from scorecards.scoring.plans.rules_curves import repeated
from scorecards.scoring.plans.rules_indicators import indicator_problems
from scorecards.scoring.plans.rules_names import name_problems
from scorecards.scoring.plans.rules_pay import factor_curves, pay_problems
from scorecards.scoring.plans.trail import shown

Found = Iterator[PlanProblem]


def rule_problems(plan: ScoringPlan) -> list[PlanProblem]:
    """Find everything that the plan may not say; its fields are right already."""
    return [
        *repeated("inputs", [each.name for each in plan.inputs]),
        *repeated("indicators", [each.slug for each in plan.indicators]),
        *repeated("domains", [each.slug for each in plan.domains]),
        *repeated("pay", [each.name for each in plan.pay]),
        *_emptiness(plan),
        *(problem for each in plan.indicators for problem in indicator_problems(plan, each)),
        *(problem for each in plan.domains for problem in _domain(plan, each)),
        *_total(plan),
        *_weights(plan),
        *_weights_when(plan),
        *_across(plan),
        *name_problems(plan),
        *pay_problems(plan),
    ]


def _emptiness(plan: ScoringPlan) -> Found:
    if not plan.indicators and not plan.pay:
        yield PlanProblem("indicators", "The plan has neither an indicator nor a part of pay.")


def _domain(plan: ScoringPlan, domain: Domain) -> Found:
    place = f"domains “{domain.slug}”" if plan.has_domains else "total"
    held = [each.slug for each in members_of(domain, plan.indicators)]
    if plan.has_domains and not held:
        yield PlanProblem(place, "No indicator is in this domain.")
    if domain.weight < 0 or domain.scale <= 0 or domain.times <= 0:
        yield PlanProblem(
            place, "Scale and times must be above zero, and the weight is zero or more."
        )
    yield from _best(plan, domain, place, len(held))
    if plan.indicators and not 1 <= domain.minimum_scored <= max(len(held), 1):
        yield PlanProblem(
            place,
            f"It needs {domain.minimum_scored} scored indicators, and has {len(held)}. The least "
            f"is 1.",
        )
    makes_points = domain.bonus or domain.times != 1 or domain.points_rounding
    if makes_points and domain.score != "earned_of_available":
        yield PlanProblem(
            place, "Only points earned of points available take a bonus, times or rounding."
        )
    if domain.bonus:
        yield from _bonus(place, domain.bonus, held)


def _best(plan: ScoringPlan, domain: Domain, place: str, held: int) -> Found:
    if domain.best is None:
        return
    if not domain.minimum_scored <= domain.best <= held:
        yield PlanProblem(
            place,
            f"The best {domain.best} count, of {held} indicators, and {domain.minimum_scored} must "
            f"be scored. Mend one of them.",
        )
    if plan.missing_indicators != "redistribute":
        yield PlanProblem(
            place, "The best count where the weight of the others goes to them (`redistribute`)."
        )


def _bonus(place: str, bonus: WeakestLink, held: list[str]) -> Found:
    if bonus.points <= 0 or not bonus.positions:
        yield PlanProblem(place, "A bonus has points above zero, and positions.")
    for position in bonus.positions:
        if position.indicator not in held:
            yield PlanProblem(
                place, f"The bonus looks at “{position.indicator}”, which is not in this domain."
            )


def _total(plan: ScoringPlan) -> Found:
    least, count = plan.total.minimum_domains, len(plan.domains)
    if plan.has_domains and not 1 <= least <= count:
        yield PlanProblem(
            "total", f"It needs {least} scored domains, and there are {count}. The least is 1."
        )
    held = sum(not each.is_part for each in plan.indicators)
    if plan.total.minimum_scored > held:
        yield PlanProblem(
            "total", f"It needs {plan.total.minimum_scored} scored indicators, and has {held}."
        )
    if plan.has_domains and not any(each.weight for each in plan.domains):
        yield PlanProblem("domains", "No domain has a weight. Give one to at least one of them.")
    if plan.total.scale <= 0:
        yield PlanProblem("total", "The scale must be above zero.")


def _weights_when(plan: ScoringPlan) -> Found:
    slugs = {domain.slug for domain in plan.domains} if plan.has_domains else set()
    seen: set[frozenset[str]] = set()
    for at, case in enumerate(plan.weights_when):
        place = f"missing.weights_when[{at}]"
        weighed = {name for name, _ in case.weights}
        for name in sorted((case.missing | weighed) - slugs):
            yield PlanProblem(place, f"There is no domain “{name}”.")
        if weighed != slugs - case.missing and not (case.missing | weighed) - slugs:
            yield PlanProblem(place, "Give a weight, zero too, to each domain that is left.")
        if any(weight < 0 for _, weight in case.weights):
            yield PlanProblem(place, "A weight is negative; it must be zero or more.")
        if case.missing in seen:
            yield PlanProblem(place, "These missing domains are there more than once.")
        seen.add(case.missing)


def _across(plan: ScoringPlan) -> Found:
    yield from repeated("across", [each.name for each in plan.across])
    for each in plan.across:
        if not 0 <= each.share <= 1:
            yield PlanProblem(
                f"across “{each.name}”",
                f"The share is {shown(each.share)}; that of a percentile is from 0 to 1.",
            )
        yield from factor_curves(f"across “{each.name}”", each.of)


def _weights(plan: ScoringPlan) -> Found:
    sums: list[tuple[str, Fraction]] = []
    for domain in plan.domains:
        place = f"indicators of “{domain.slug}”" if plan.has_domains else "indicators"
        held = members_of(domain, plan.indicators)
        weights = [each.weight for each in held if each.weight is not None]
        if weights and len(weights) < len(held):
            yield PlanProblem(place, "Some have a weight and some do not. Give each one, or none.")
        elif weights and domain.score != "sum" and not any(each.weight_input for each in held):
            sums.append((place, sum(weights, ZERO)))
    sums += _domain_sums(plan)
    whole = plan.weights_add_up_to
    if sums and whole is None:
        yield PlanProblem(
            "weights_add_up_to", "Weights are given: say what they must add up to, such as 100."
        )
        return
    for place, found in sums:
        if found != whole:
            yield PlanProblem(
                place, f"The weights add up to {shown(found)}, not to {shown(whole)}. Mend them."
            )


def _domain_sums(plan: ScoringPlan) -> Iterator[tuple[str, Fraction]]:
    """Add up the weights of the domains; those that come with the results are not known."""
    comes_with_results = any(domain.weight_input for domain in plan.domains)
    are_alike = all(domain.weight == 1 for domain in plan.domains)  # as where none is given
    is_weighed = len(plan.domains) > 1 and not plan.total.is_sum
    if is_weighed and not comes_with_results and not are_alike:
        yield "domains", sum((domain.weight for domain in plan.domains), ZERO)
    for at, case in enumerate(plan.weights_when):
        yield f"missing.weights_when[{at}]", sum((weight for _, weight in case.weights), ZERO)
