"""From points to dollars: pools, exchanges, rates, savings; adjusted, rounded once, limited."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import assert_never

from comanage.values.money import Money, split_by_weight
from scorecards.scoring.plans.adjusting import adjusted, adjustments_of, factor_of
from scorecards.scoring.plans.numbers import ONE, ZERO, Inputs, Number, ResultsError, known, rounded
from scorecards.scoring.plans.pay_parts import Exchange, PayPart, Pool, Rate, Savings
from scorecards.scoring.plans.plan import ScoringPlan
from scorecards.scoring.plans.saving import Part, savings_part
from scorecards.scoring.plans.scored import Paid, PaidShare, Points
from scorecards.scoring.plans.trail import Trail, dollars

NO_SCORE = "The score it follows is not there."


def pay_parts(
    plan: ScoringPlan, points: Points, inputs: Inputs, trail: Trail
) -> tuple[tuple[Paid, ...], Money | None]:
    """Find every part of the pay, and their total under the limit.

    Raises:
        ResultsError: an input is absent or makes no sense.
    """
    if not plan.pay:
        return (), None
    paid = tuple(_paid(plan, part, points, inputs, trail) for part in plan.pay)
    amounts = [each.amount for each in paid if each.amount is not None]
    if not amounts:
        return paid, None
    total = sum(amounts, Money(0))
    if plan.pay_limit:
        limit = dollars(_not_negative(known(plan.pay_limit.amount, inputs), "pay limit"))
        limited = min(total, limit)
        trail.add(
            "Pay limit",
            f"All parts together pay no more than {plan.pay_limit.source} allows.",
            (("Total", total), ("Limit", limit)),
            limited,
        )
        total = limited
    return paid, total


def _paid(plan: ScoringPlan, part: PayPart, points: Points, inputs: Inputs, trail: Trail) -> Paid:
    found = _part(plan, part.kind, points, inputs, trail)
    if found.dollars is None:
        trail.add(part.name, "It does not arise.", (), found.reason)
        return Paid(part.name, None, found.figures, found.shares, found.reason)
    figure = found.dollars
    for adjustment in adjustments_of(plan, "pay", part.name):
        if adjustment.only and (figure < 0) != (adjustment.only == "owed"):
            continue
        figure = adjusted(adjustment, figure, points, inputs, trail)
    amount = dollars(part.rounding.of(figure))
    trail.add(part.name, f"Rounded {part.rounding}.", (("Dollars", figure),), amount)
    return Paid(part.name, amount, found.figures, found.shares, "")


def _part(
    plan: ScoringPlan,
    kind: Pool | Exchange | Rate | Savings,
    points: Points,
    inputs: Inputs,
    trail: Trail,
) -> Part:
    match kind:
        case Pool():
            return _pool(plan, kind, points, inputs, trail)
        case Exchange():
            return _exchange(kind, points, inputs, trail)
        case Rate():
            return _rate(kind, points, inputs, trail)
        case Savings():
            return savings_part(kind, points, inputs, trail)
    assert_never(kind)


def _not_negative(amount: Fraction, name: str) -> Fraction:
    if amount < 0:
        raise ResultsError(f"The {name} is {dollars(amount)}; it cannot be negative. Mend it.")
    return amount


def _pool(plan: ScoringPlan, pool: Pool, points: Points, inputs: Inputs, trail: Trail) -> Part:
    amount = _not_negative(known(pool.amount, inputs), "pool")
    if points.total.score is None:
        return Part(None, reason=points.total.reason)
    if pool.by == "total":
        share = factor_of(pool.share, points, inputs, trail) if pool.share else points.total.share
        if share is None:
            return Part(None, reason=NO_SCORE)
        trail.add(
            "Pool", "Dollars times the share.", (("Pool", dollars(amount)), ("Share", share)),
            amount * share,
        )  # fmt: skip
        return Part(amount * share, (("pool", amount), ("share", share)))
    whole = dollars(amount)
    domains = {each.slug: each.share for each in points.domains}
    if pool.by == "domain":
        parts = [(each.slug, each.weight, each.share or ZERO) for each in points.domains]
    else:
        parts = [
            (found.slug, found.weight, ZERO if domains[planned.domain] is None else found.share)
            for planned, found in zip(plan.indicators, points.indicators, strict=True)
            if not planned.is_part
        ]
    if not any(weight for _, weight, _ in parts):
        return Part(None, reason=NO_SCORE)
    return _split(whole, parts, dict(pool.most), inputs, trail)


def _split(
    whole: Money,
    parts: list[tuple[str, Fraction, Fraction]],
    caps: Mapping[str, Number],
    inputs: Inputs,
    trail: Trail,
) -> Part:
    """Split a pool by weight to the cent; pay each part times its share, within its cap.

    Source:
        Agreement, compensation exhibit, "Incentive". Largest remainder, then the order.
    """
    amounts = split_by_weight(whole, [weight for _, weight, _ in parts])
    shares = []
    for (slug, weight, share), available in zip(parts, amounts, strict=True):
        earned = available.times(share)
        pairs: list[tuple[str, object]] = [
            ("Weight", weight), ("Available", available), ("Share", share),
        ]  # fmt: skip
        if slug in caps:
            cap = dollars(_not_negative(known(caps[slug], inputs), "cap"))
            earned = min(earned, cap)
            pairs.append(("Cap", cap))
        trail.add(
            f"Part of {slug}",
            "The pool by weight, to the cent, cents left over to the largest remainders, then in "
            "order; times the share, half a cent upward.",
            pairs,
            earned,
        )
        shares.append(PaidShare(slug, available, earned))
    total = sum((each.amount for each in shares), Money(0))
    figures = (("pool", Fraction(whole.cents, 100)),)
    return Part(Fraction(total.cents, 100), figures, tuple(shares))


def _exchange(exchange: Exchange, points: Points, inputs: Inputs, trail: Trail) -> Part:
    share = points.total.share
    if exchange.share:
        share = factor_of(exchange.share, points, inputs, trail)
    if share is None:
        return Part(None, reason=points.total.reason or NO_SCORE)
    base = _not_negative(known(exchange.base, inputs), "base of payments")
    withheld, slope = known(exchange.withheld, inputs), known(exchange.slope, inputs)
    factor = rounded(ONE + withheld * (slope * share - ONE), exchange.rounding)
    net = base * (factor - ONE)
    trail.add(
        "Exchange",
        "Factor = 1 + withheld x (slope x share - 1); base x (factor - 1) is paid.",
        (("Base", dollars(base)), ("Withheld", withheld), ("Slope", slope), ("Share", share),
         ("Factor", factor)),
        net,
    )  # fmt: skip
    figures = (("base", base), ("slope", slope), ("earned_rate", withheld * slope * share),
               ("factor", factor))  # fmt: skip
    return Part(net, figures)


def _rate(rate: Rate, points: Points, inputs: Inputs, trail: Trail) -> Part:
    found = factor_of(rate.rate, points, inputs, trail)
    if found is None:
        return Part(None, reason=NO_SCORE)
    base = _not_negative(known(rate.base, inputs), "base of payments")
    amount = -base * found if rate.is_owed else base * found
    trail.add(
        "Rate", "The base times the rate; owed where the plan says so.",
        (("Base", dollars(base)), ("Rate", found)), amount,
    )  # fmt: skip
    return Part(amount, (("base", base), ("rate", found)))
