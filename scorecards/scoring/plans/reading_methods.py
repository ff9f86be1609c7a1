"""Reading the methods of indicators, and the curves they share with factors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from scorecards.scoring.plans.curves import Curve, CurveTier
from scorecards.scoring.plans.methods import (
    WHOLE,
    AchievementImprovement,
    Band,
    BestOf,
    Change,
    Combined,
    Cutoff,
    Excess,
    Method,
    Milestone,
    Percentiles,
    Scale,
    Straight,
    Tiers,
)
from scorecards.scoring.plans.node import Node
from scorecards.scoring.plans.numbers import ONE, ZERO


def read_method(node: Node | None, points: Fraction) -> Method:
    """Read the method of an indicator.

    Args:
        node: None where the plan has none, which is noted already.
        points: that the indicator can earn, where a method does not say less.
    """
    if node is None:
        return Milestone(points)
    kind = node.choice("kind", tuple(_READERS))
    method = _READERS[kind](node, points)
    node.close()
    return method


def read_curve(node: Node, *, is_line: bool) -> Curve:
    """Read tiers and what lies between and below them, out of the object that holds them."""
    return Curve(
        tuple(map(_tier, node.children("tiers"))),
        is_line,
        node.number("below", ZERO),
        node.rounding("round"),
    )


def _tier(node: Node) -> CurveTier:
    tier = CurveTier(
        node.text("name"), node.number("goal"), node.number("earns"), node.flag("beyond")
    )
    node.close()
    return tier


def _steps(node: Node, _: Fraction) -> Method:
    return Tiers(read_curve(node, is_line=False))


def _line(node: Node, _: Fraction) -> Method:
    return Tiers(read_curve(node, is_line=True))


def _achievement_improvement(node: Node, points: Fraction) -> Method:
    usual = AchievementImprovement(ZERO, ZERO)
    achievement = Straight(usual.achievement.slope, usual.achievement.plus, points)
    return AchievementImprovement(
        threshold=node.number("threshold"),
        benchmark=node.number("benchmark"),
        counts=node.choice("counts", ("better", "achievement", "improvement"), "better"),
        achievement=_straight(node.child("achievement", None), achievement),
        improvement=_straight(node.child("improvement", None), usual.improvement),
        rounding=node.rounding("round", WHOLE),
    )


def _straight(node: Node | None, usual: Straight) -> Straight:
    if node is None:
        return usual
    found = Straight(
        node.exact("slope", usual.slope),
        node.exact("plus", usual.plus),
        node.exact("most", usual.most),
    )
    node.close()
    return found


def _percentiles(node: Node, _: Fraction) -> Method:
    bands_node = node.child("bands")
    bands = Curve(())
    if bands_node:
        bands = read_curve(bands_node, is_line=bands_node.flag("line"))
        bands_node.close()
    return Percentiles(
        cutoffs=tuple(map(_cutoff, node.children("cutoffs"))),
        bands=bands,
        is_line=node.choice("between", ("steps", "line"), "steps") == "line",
        rise=node.optional_exact("rise"),
        rise_earns=node.number("rise_earns", ZERO),
    )


def _cutoff(node: Node) -> Cutoff:
    cutoff = Cutoff(node.exact("percentile"), node.number("value"))
    node.close()
    return cutoff


def _band(node: Node, points: Fraction) -> Method:
    return Band(
        node.number("low"),
        node.number("high"),
        node.number("earns", points),
        node.number("outside", ZERO),
        node.number("margin", ZERO),
    )


def _milestone(node: Node, points: Fraction) -> Method:
    return Milestone(node.number("earns", points))


def _scale(node: Node, _: Fraction) -> Method:
    return Scale(
        node.number("start", ZERO),
        node.number("unit", ONE),
        node.optional("least"),
        node.optional("most"),
        node.rounding("round"),
    )


def _excess(node: Node, _: Fraction) -> Method:
    return Excess(node.number("reference"), node.number("times", ONE), node.rounding("round"))


def _change(node: Node, _: Fraction) -> Method:
    measure = node.choice("of", ("difference", "relative", "gap"))
    goal = node.number("goal") if measure == "gap" else None
    curve = read_curve(node, is_line=node.flag("line"))
    return Change(measure, goal, curve, node.optional("without_baseline"))


def _best_of(node: Node, points: Fraction) -> Method:
    methods = node.children("methods")
    is_sum = node.choice("counts", ("best", "sum"), "best") == "sum"
    for each in methods:
        if each.take("kind", None) in ("best_of", "combined"):
            each.wrong("kind", "Methods are named side by side, not within each other.")
            return BestOf(())
    read = (read_method(each, points) for each in methods)
    return BestOf(tuple(each for each in read if not isinstance(each, Combined)), is_sum)


def _combined(node: Node, _: Fraction) -> Method:
    return Combined(node.texts("of"), node.rounding("round"))


_READERS: Mapping[str, Callable[[Node, Fraction], Method]] = {
    "steps": _steps,
    "line": _line,
    "achievement_improvement": _achievement_improvement,
    "percentiles": _percentiles,
    "band": _band,
    "milestone": _milestone,
    "scale": _scale,
    "excess": _excess,
    "change": _change,
    "best_of": _best_of,
    "combined": _combined,
}
