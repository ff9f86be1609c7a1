"""A share of savings against a benchmark, or of the losses."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from scorecards.scoring.plans.adjusting import factor_of
from scorecards.scoring.plans.numbers import ONE, ZERO, Inputs, ResultsError, between, known
from scorecards.scoring.plans.pay_parts import Corridor, Losses, PerCase, Savings
from scorecards.scoring.plans.scored import PaidShare, Points
from scorecards.scoring.plans.trail import Trail, dollars

NO_RATE = "The score that the share rate follows is not there."
Figures = tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the pay, not yet adjusted or rounded.

    Attributes:
        dollars: None where it does not arise, with the reason.
    """

    dollars: Fraction | None
    figures: Figures = ()
    shares: tuple[PaidShare, ...] = ()
    reason: str = ""


def savings_part(plan: Savings, points: Points, inputs: Inputs, trail: Trail) -> Part:
    """Share what was saved, or what was lost.

    Raises:
        ResultsError: an input is absent or makes no sense.

    Source:
        42 CFR 425.604 to 425.610; OIG Advisory Opinion 17-09.
    """
    benchmark, actual = _spending(plan, inputs, trail)
    discount = factor_of(plan.discount, points, inputs, trail)
    if discount is None:
        return Part(None, reason=NO_RATE)
    benchmark = _discounted(benchmark, discount, trail)
    if benchmark <= 0:
        raise ResultsError(
            f"The benchmark is {dollars(benchmark)}; it must be above zero. Mend it."
        )
    saved = benchmark - actual
    rate = saved / benchmark
    minimum = factor_of(plan.minimum_rate, points, inputs, trail)
    share_rate = factor_of(plan.share_rate, points, inputs, trail)
    if minimum is None or share_rate is None:
        return Part(None, (("savings", saved),), reason=NO_RATE)
    if not 0 <= share_rate <= 1:
        raise ResultsError(f"The share rate is {share_rate}; it must be from 0 to 1. Mend it.")
    figures: Figures = (
        *(("benchmark", benchmark), ("actual", actual), ("savings", saved)),
        *(("savings_rate", rate), ("minimum_rate", minimum), ("share_rate", share_rate)),
    )
    trail.add(
        "Savings",
        "Benchmark less actual; its rate of the benchmark is held against the minimum rate.",
        (("Benchmark", dollars(benchmark)), ("Actual", dollars(actual)), ("Rate", rate),
         ("Minimum rate", minimum)),
        saved,
    )  # fmt: skip
    if saved < 0 and plan.losses:
        return _owed(plan.losses, -saved, (benchmark, share_rate), figures, points, inputs, trail)
    is_reached = rate > minimum if plan.is_beyond else rate >= minimum
    if saved <= 0 or not is_reached:
        trail.add("Minimum not reached", "Nothing is shared.", (("Rate", rate),), ZERO)
        return Part(ZERO, (*figures, ("earned", ZERO)))
    return _earned(plan, benchmark, saved, (minimum, share_rate), figures, inputs, trail)


def _spending(plan: Savings, inputs: Inputs, trail: Trail) -> tuple[Fraction, Fraction]:
    if not isinstance(plan.spending, PerCase):
        benchmark, actual = (known(number, inputs) for number in plan.spending)
        return benchmark, actual
    per = plan.spending
    if per.year is not None and per.base_year is not None:
        year, base_year = known(per.year, inputs), known(per.base_year, inputs)
        if base_year != year - 1:
            raise ResultsError(
                f"The base resets every year: for {year} it is {year - 1}, not {base_year}. Give "
                f"the benchmark of that year."
            )
    cases = known(per.cases, inputs)
    if cases < 0:
        raise ResultsError(f"There are {cases} cases; that cannot be. Mend it.")
    counted = cases if per.base_cases is None else min(cases, known(per.base_cases, inputs))
    benchmark, actual = known(per.benchmark, inputs), known(per.actual, inputs)
    trail.add(
        "Cases that count",
        "Volume above that of the base year is left out; dollars by case times the cases.",
        (("Cases", cases), ("Benchmark by case", benchmark), ("Actual by case", actual)),
        counted,
    )
    return benchmark * counted, actual * counted


def _discounted(benchmark: Fraction, discount: Fraction, trail: Trail) -> Fraction:
    """Take the discount off the benchmark.

    Source:
        42 CFR 510.300(c) and 510.315(f): a discount that quality makes smaller.
    """
    if not discount:
        return benchmark
    target = benchmark * (ONE - discount)
    trail.add(
        "Benchmark after the discount",
        "The benchmark less its discount; from here on it is the benchmark.",
        (("Benchmark", dollars(benchmark)), ("Discount", discount)),
        dollars(target),
    )
    return target


def _in_corridors(
    corridors: tuple[Corridor, ...],
    amount: Fraction,
    benchmark: Fraction,
    inputs: Inputs,
    trail: Trail,
) -> Fraction:
    """Pass on of each slice of savings or losses what its corridor says.

    Raises:
        ResultsError: corridors that come with the results are out of order.
    """
    if not corridors:
        return amount
    starts = [benchmark * known(each.above, inputs) for each in corridors]
    if sorted(set(starts)) != starts:
        raise ResultsError("Corridors rise: each begins above the one before. Mend them.")
    passed = ZERO
    for corridor, start, end in zip(corridors, starts, [*starts[1:], None], strict=True):
        inside = between(amount, start, end) - start
        passed += inside * known(corridor.share, inputs)
    trail.add(
        "Corridors",
        "Of each slice of the amount, from where its corridor begins to the next, its share.",
        (("Amount", amount), *((f"From {dollars(start)}", known(each.share, inputs))
         for each, start in zip(corridors, starts, strict=True))),
        passed,
    )  # fmt: skip
    return passed


def _earned(
    plan: Savings,
    benchmark: Fraction,
    saved: Fraction,
    rates: tuple[Fraction, Fraction],
    figures: Figures,
    inputs: Inputs,
    trail: Trail,
) -> Part:
    minimum, share_rate = rates
    shared = saved - benchmark * minimum if plan.is_above_minimum else saved
    shared = _in_corridors(plan.corridors, shared, benchmark, inputs, trail)
    fee = known(plan.fee, inputs)
    if fee < 0:
        raise ResultsError(f"The administrator's fee is {dollars(fee)}; it cannot be negative.")
    after_fee = max(shared - fee, ZERO)
    earned = after_fee * share_rate
    trail.add(
        "Share of savings",
        "Savings, less the administrator's fee, times the share rate.",
        (("Savings that are shared", shared), ("Fee", dollars(fee)), ("Share rate", share_rate)),
        earned,
    )
    if plan.limit is not None:
        limit = benchmark * known(plan.limit, inputs)
        trail.add("Limit", "A share of the benchmark.", (("Earned", earned), ("Limit", limit)),
                  min(earned, limit))  # fmt: skip
        earned = min(earned, limit)
    if plan.most is not None:
        left = max(known(plan.most, inputs) - known(plan.paid_before, inputs), ZERO)
        trail.add("Limit of the term", "What the term may pay, less what it paid before.",
                  (("Earned", earned), ("Left", left)), min(earned, left))  # fmt: skip
        earned = min(earned, left)
    return Part(earned, (*figures, ("after_fee", after_fee), ("earned", earned)))


def _owed(
    losses: Losses,
    lost: Fraction,
    found: tuple[Fraction, Fraction],
    figures: Figures,
    points: Points,
    inputs: Inputs,
    trail: Trail,
) -> Part:
    benchmark, share_rate = found
    minimum = factor_of(losses.minimum_rate, points, inputs, trail)
    rate = ONE if losses.corridors else ONE - share_rate
    if losses.rate is not None:
        given = factor_of(losses.rate, points, inputs, trail)
        if given is None:
            return Part(None, figures, reason=NO_RATE)
        rate = given
    if minimum is None:
        return Part(None, figures, reason=NO_RATE)
    least, most = (
        None if bound is None else known(bound, inputs) for bound in (losses.least, losses.most)
    )
    rate = between(rate, least, most)
    shared = _in_corridors(losses.corridors, lost, benchmark, inputs, trail)
    owed = shared * rate if lost / benchmark >= minimum else ZERO
    if losses.limit is not None:
        owed = min(owed, benchmark * known(losses.limit, inputs))
    if losses.most_owed is not None:
        owed = min(owed, known(losses.most_owed, inputs))
    trail.add(
        "Share of losses",
        "Losses that reach their minimum rate, times the rate of losses, within their limit.",
        (("Losses", lost), ("Minimum rate", minimum), ("Rate of losses", rate)),
        -owed,
    )
    return Part(-owed, (*figures, ("loss_rate", rate), ("earned", -owed)))
