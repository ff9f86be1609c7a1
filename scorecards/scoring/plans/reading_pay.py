"""Reading adjustments, numbers over all organisations, and the parts of the pay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from scorecards.scoring.plans.adjustments import Adjustment, Becomes, Cap, Gate, Multiplier
from scorecards.scoring.plans.follows import Factor, Follows, Logistic, Reading, Several
from scorecards.scoring.plans.node import Node, rounding_of
from scorecards.scoring.plans.numbers import CENTS, FINE, ONE, ZERO, Improvement, Number, Rounding
from scorecards.scoring.plans.pay_parts import (
    Corridor,
    Exchange,
    Losses,
    PayPart,
    PerCase,
    Pool,
    Rate,
    Savings,
)
from scorecards.scoring.plans.plan import Across
from scorecards.scoring.plans.reading_methods import read_curve

COMPARISONS = ("at_least", "at_most", "above", "below")
DEEDS = ("gate", "multiplier", "cap", "round", "becomes")
ACROSS = ("percentile", "mean", "sum", "standard_deviation", "neutral_slope")
LEVELS = ("indicators", "domains", "total", "pay")
TOTAL = Reading("total", "", "share")
DEEPEST = 8
SEVERAL = ("sum", "mean", "highest", "lowest")
IMPROVEMENTS: tuple[Improvement, ...] = ("increase", "decrease")
_PARTS = {
    "indicator": ("value", "points", "share"),
    "domain": ("score", "share"),
    "total": ("score", "share"),
}


def read_reading(node: Node | None) -> Reading:
    """Read which figure is meant."""
    if node is None:
        return TOTAL
    named = [kind for kind in ("indicator", "domain", "total", "input") if node.has(kind)]
    if len(named) != 1:
        node.wrong("", "Name exactly one figure: an indicator, a domain, the total or an input.")
        return TOTAL
    kind: Any = named[0]
    name = ""
    if kind == "total":
        node.flag("total")
    else:
        name = node.text(kind)
    part = node.choice("as", _PARTS[kind], _PARTS[kind][0]) if kind in _PARTS else "value"
    node.close()
    return Reading(kind, name, part)


def read_factor(node: Node, name: str, default: Any = None, *, depth: int = 0) -> Factor:
    """Read a number, an input, or what follows a figure."""
    value = node.take(name, default) if default is not None else node.take(name)
    if isinstance(value, dict) and "reads" in value:
        if depth == DEEPEST:
            node.wrong(name, f"Factors lie within each other at most {DEEPEST} deep.")
            return ZERO
        inner = node.child(name)
        if inner is not None:
            return read_follows(inner, depth=depth + 1)
    return node.number(name, default) if default is not None else node.number(name)


def _optional_factor(node: Node, name: str, depth: int) -> Factor | None:
    return read_factor(node, name, depth=depth) if node.has(name) else node.take(name, None)


def read_follows(node: Node, *, depth: int = 0) -> Follows:
    """Read a factor that follows a figure; its numbers may follow others."""
    curve_node = node.child("curve", None)
    curve, improvement = None, IMPROVEMENTS[0]
    if curve_node:
        improvement = curve_node.choice("improvement", IMPROVEMENTS, "increase")
        curve = read_curve(curve_node, is_line=curve_node.flag("line"))
        curve_node.close()
    found = Follows(
        logistic=_logistic(node.child("logistic", None)),
        reads=_read_figures(node.child("reads"), depth),
        curve=curve,
        improvement=improvement,
        start=read_factor(node, "start", ZERO, depth=depth),
        unit=read_factor(node, "unit", ONE, depth=depth),
        times=read_factor(node, "times", ONE, depth=depth),
        plus=read_factor(node, "plus", ZERO, depth=depth),
        least=_optional_factor(node, "least", depth),
        most=_optional_factor(node, "most", depth),
        rounding=node.rounding("round"),
        if_missing=_optional_factor(node, "if_missing", depth),
    )
    node.close()
    return found


def _read_figures(node: Node | None, depth: int) -> Reading | Several:
    """Read which figure a factor follows: one, or one that is made of several factors."""
    made: list[Any] = [kind for kind in SEVERAL if node is not None and node.has(kind)]
    if node is None or not made:
        return read_reading(node)
    if depth == DEEPEST:
        node.wrong("", f"Factors lie within each other at most {DEEPEST} deep.")
        return TOTAL
    found = tuple(read_follows(each, depth=depth + 1) for each in node.children(made[0]))
    if not found:
        node.wrong(made[0], "There is nothing to make a figure of. Name factors.")
    node.close()
    return Several(made[0], found)


def _logistic(node: Node | None) -> Logistic | None:
    if node is None:
        return None
    rounding = node.rounding("round") or FINE
    found = Logistic(node.number("middle"), node.number("steepness"), rounding)
    node.close()
    return found


def read_adjustment(node: Node) -> Adjustment:
    """Read one adjustment: to what, and one deed."""
    level, names = _target(node.child("to"))
    asked = [deed for deed in DEEDS if node.has(deed)]
    if len(asked) != 1:
        node.wrong("", f"An adjustment does exactly one thing: {', '.join(DEEDS)}.")
    deed = _deed(node, asked[0] if asked else "")
    only = node.choice("only", ("", "paid", "owed"), "")
    if only and level != "pay":
        node.wrong("only", "Only pay is paid or owed. Leave it out.")
    found = Adjustment(node.text("name"), level, names, deed, only)
    node.close()
    return found


def _target(node: Node | None) -> tuple[Any, tuple[str, ...]]:
    if node is None:
        return "total", ()
    asked = [level for level in LEVELS if node.has(level)]
    if len(asked) != 1:
        node.wrong("", f"Name exactly one of: {', '.join(LEVELS)}.")
        return "total", ()
    names = () if asked[0] == "total" else node.texts(asked[0])
    if asked[0] == "total":
        node.flag("total")
    node.close()
    return asked[0], names


def _deed(node: Node, name: str) -> Gate | Multiplier | Cap | Rounding | Becomes:
    if name == "multiplier":
        return Multiplier(read_factor(node, name))
    if name == "becomes":
        return Becomes(read_factor(node, name))
    inner = node.child(name) if name else None
    if inner is None:
        return Cap(None, None)
    if name == "round":
        return rounding_of(inner)
    if name == "gate":
        return _gate(inner)
    cap = Cap(inner.optional("least"), inner.optional("most"))
    if cap == Cap(None, None):
        inner.wrong("", "A cap has a most, a least, or both.")
    inner.close()
    return cap


def _gate(node: Node) -> Gate:
    asked: list[Any] = [each for each in COMPARISONS if node.has(each)]
    if len(asked) != 1:
        node.wrong("", f"A gate compares in exactly one way: {', '.join(COMPARISONS)}.")
    compare: Any = asked[0] if asked else COMPARISONS[0]
    gate = Gate(
        reads=read_reading(node.child("reads")),
        compare=compare,
        limit=node.number(compare, ZERO),
        closed=node.number("closed", ZERO),
        open_if_missing=node.choice("if_missing", ("closed", "open"), "closed") == "open",
    )
    node.close()
    return gate


def read_across(node: Node) -> Across:
    """Read a number that is found over all organisations."""
    kind = node.choice("kind", ACROSS)
    is_slope, is_percentile = kind == "neutral_slope", kind == "percentile"
    found = Across(
        name=node.text("name"),
        kind=kind,
        of=_read_of(node.child("of", None) if is_slope else node.child("of")),
        share=_share_of(node, kind),
        method=node.choice("method", ("linear", "nearest_rank", "average"))
        if is_percentile
        else "linear",
        base=node.number("base") if is_slope else ZERO,
        rounding=node.rounding("round"),
        by=node.text("by", ""),
    )
    node.close()
    return found


def _share_of(node: Node, kind: str) -> Fraction:
    if kind == "percentile":
        return node.exact("share")
    return node.exact("pays_out", ONE) if kind == "neutral_slope" else ZERO


def _read_of(node: Node | None) -> Follows:
    """Read the figure that a number is found from: as it is, or as a factor that follows it."""
    if node is not None and node.has("reads"):
        return read_follows(node)
    return Follows(read_reading(node))


def read_pay_part(node: Node) -> PayPart:
    """Read one part of the pay."""
    kind = node.choice("kind", tuple(_PARTS_OF_PAY))
    part = PayPart(node.slug("name"), _PARTS_OF_PAY[kind](node), node.rounding("round") or CENTS)
    node.close()
    return part


def _pool(node: Node) -> Pool:
    by = node.choice("by", ("indicator", "domain", "total"))
    share_node = node.child("share", None)
    if share_node is not None and by != "total":
        node.wrong("share", "Only a pool that is paid by the total takes a share.")
    caps = node.take("most", {})
    most: tuple[tuple[str, Number], ...] = ()
    if isinstance(caps, dict):
        inner = Node(caps, f"{node.place}.most", node.problems)
        most = tuple((name, inner.number(name)) for name in caps)
    else:
        node.wrong("most", "This field takes an amount for each slug.")
    share = read_follows(share_node) if share_node else None
    return Pool(node.number("amount"), by, share, most)


def _exchange(node: Node) -> Exchange:
    share = node.child("share", None)
    return Exchange(
        node.number("base"),
        node.number("withheld"),
        node.number("slope"),
        node.rounding("round_factor"),
        read_follows(share) if share else None,
    )


def _rate(node: Node) -> Rate:
    is_owed = node.choice("direction", ("paid", "owed"), "paid") == "owed"
    return Rate(node.number("base"), read_factor(node, "rate"), is_owed)


def _savings(node: Node) -> Savings:
    per_case = node.child("per_case", None)
    corridors = _corridors(node)
    spending: tuple[Number, Number] | PerCase = (
        _per_case(per_case) if per_case else (node.number("benchmark"), node.number("actual"))
    )
    return Savings(
        spending=spending,
        fee=node.number("fee", ZERO),
        minimum_rate=read_factor(node, "minimum_rate", Fraction(0)),
        is_beyond=node.flag("beyond"),
        is_above_minimum=node.flag("only_above_minimum"),
        share_rate=read_factor(node, "share_rate", ONE if corridors else None),
        limit=node.optional("limit"),
        most=node.optional("most"),
        paid_before=node.number("paid_before", ZERO),
        losses=_losses(node.child("losses", None)),
        discount=read_factor(node, "discount", ZERO),
        corridors=corridors,
    )


def _corridors(node: Node) -> tuple[Corridor, ...]:
    return tuple(map(_corridor, node.children("corridors", ())))


def _corridor(node: Node) -> Corridor:
    corridor = Corridor(node.number("above"), node.number("share"))
    node.close()
    return corridor


def _per_case(node: Node) -> PerCase:
    found = PerCase(
        node.number("benchmark"),
        node.number("actual"),
        node.number("cases"),
        node.optional("base_cases"),
        node.optional("year"),
        node.optional("base_year"),
    )
    if (found.year is None) != (found.base_year is None):
        node.wrong("base_year", "A base that resets has both: year and base_year.")
    node.close()
    return found


def _losses(node: Node | None) -> Losses | None:
    if node is None:
        return None
    found = Losses(
        minimum_rate=read_factor(node, "minimum_rate", Fraction(0)),
        rate=read_factor(node, "rate") if node.has("rate") else None,
        least=node.optional("least"),
        most=node.optional("most"),
        limit=node.optional("limit"),
        most_owed=node.optional("most_owed"),
        corridors=_corridors(node),
    )
    node.close()
    return found


_PARTS_OF_PAY: Mapping[str, Callable[[Node], Any]] = {
    "pool": _pool,
    "exchange": _exchange,
    "rate": _rate,
    "savings": _savings,
}
