"""Adjustments and pay of a scoring plan in words. Pure.

The terms of a year pay out of pools. The other parts of pay are named all the same, so that a
plan which does not fit can be read before it is mended.
"""

from __future__ import annotations

from typing import assert_never

from scorecards.plans.wording_parts import (
    Names,
    factor_words,
    figure_words,
    money,
    number,
    rounding,
)
from scorecards.scoring.plans.adjustments import Adjustment, Becomes, Cap, Gate, Multiplier
from scorecards.scoring.plans.numbers import CENTS, Rounding
from scorecards.scoring.plans.pay_parts import Exchange, PayLimit, PayPart, Pool, Rate, Savings

_SIDES = {"at_least": "at least", "at_most": "at most", "above": "above", "below": "below"}


def pay_title(name: str) -> str:
    """Print the name of a part of the pay, which a plan writes in small letters and hyphens."""
    words = name.replace("-", " ")
    return words[:1].upper() + words[1:]


def adjustment_sentences(adjustment: Adjustment, names: Names) -> tuple[str, ...]:
    """Say what an adjustment does, and to what."""
    target, deed = _target(adjustment, names), adjustment.deed
    match deed:
        case Gate():
            return _gate(deed, target, names)
        case Multiplier():
            return (f"{_capital(target)} is multiplied by {factor_words(deed.factor, names)}.",)
        case Becomes():
            return (f"{_capital(target)} becomes {factor_words(deed.factor, names)}.",)
        case Cap():
            ends = [
                f"{word} {number(end)}"
                for word, end in (("at least", deed.least), ("at most", deed.most))
                if end is not None
            ]
            return (f"{_capital(target)} is {' and '.join(ends)}.",)
        case Rounding():
            return (f"{_capital(target)} is rounded {rounding(deed)}.",)
    assert_never(deed)


def _gate(gate: Gate, target: str, names: Names) -> tuple[str, ...]:
    missing = "the gate is open" if gate.open_if_missing else "the gate is closed"
    closed = "counts nothing" if gate.closed == 0 else f"is multiplied by {number(gate.closed)}"
    figure, limit = figure_words(gate.reads, names), names.limit(gate.reads, gate.limit)
    return (
        f"Unless {figure} is {_SIDES[gate.compare]} {limit}, {target} {closed}.",
        f"Where that figure is not scored, {missing}.",
    )


def _target(adjustment: Adjustment, names: Names) -> str:
    match adjustment.level:
        case "total":
            return "the total"
        case "indicators":
            return "what is earned by " + ", ".join(map(names.indicator, adjustment.names))
        case "domains":
            return "the score of " + ", ".join(map(names.domain, adjustment.names))
        case "pay":
            where = f", where it is {adjustment.only}," if adjustment.only else ""
            return "the pay of " + ", ".join(f"“{name}”" for name in adjustment.names) + where


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def pay_sentences(part: PayPart, names: Names) -> tuple[str, ...]:
    """Say how a part of the pay comes about."""
    found = _kind(part, names)
    tail = () if part.rounding == CENTS else (f"It is rounded {rounding(part.rounding)}.",)
    return (*found, *tail)


def _kind(part: PayPart, names: Names) -> tuple[str, ...]:
    kind = part.kind
    match kind:
        case Pool():
            return _pool(kind, names)
        case Exchange():
            withheld, slope = number(kind.withheld), number(kind.slope)
            factor = f"{withheld} x ({slope} x share of the total - 1)"
            return (f"{_capital(money(kind.base))} times {factor}.",)
        case Rate():
            verb = "is owed" if kind.is_owed else "is paid"
            return (f"{_capital(money(kind.base))} times {factor_words(kind.rate, names)} {verb}.",)
        case Savings():
            return (f"A share of savings: {factor_words(kind.share_rate, names)}.",)
    assert_never(kind)


def _pool(pool: Pool, names: Names) -> tuple[str, ...]:
    amount = _capital(money(pool.amount))
    if pool.by == "total":
        share = factor_words(pool.share, names) if pool.share else "the share of a full total"
        return (f"{amount} times {share}.",)
    thing = {"indicator": "indicators", "domain": "domains"}[pool.by]
    called = names.indicator if pool.by == "indicator" else names.domain
    caps = tuple(f"{called(slug)} is paid at most {money(most)}." for slug, most in pool.most)
    split = f"{amount} is split by weight among the {thing}, to the cent"
    paid = "each part is multiplied by the share that was earned, half a cent upward"
    return (f"{split}; {paid}.", *caps)


def limit_sentence(limit: PayLimit) -> str:
    """Say the most that all parts pay together."""
    return f"All parts together pay at most {money(limit.amount)}, set by {limit.source}."
