"""From a plan document to a plan: every field once, unknown ones refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, get_args

from scorecards.scoring.plans.methods import Combined
from scorecards.scoring.plans.node import Node, PlanDocumentError, PlanProblem
from scorecards.scoring.plans.numbers import ONE, ZERO, Improvement, Input
from scorecards.scoring.plans.pay_parts import PayLimit
from scorecards.scoring.plans.plan import (
    HUNDRED,
    DeclaredInput,
    Domain,
    DomainScore,
    Limits,
    MissingDomains,
    MissingIndicators,
    PlanIndicator,
    Position,
    ScoringPlan,
    SmallNumberRule,
    SmallNumbers,
    Total,
    WeakestLink,
    WeightsWhen,
)
from scorecards.scoring.plans.reading_methods import read_method
from scorecards.scoring.plans.reading_pay import read_across, read_adjustment, read_pay_part
from scorecards.scoring.plans.rules import rule_problems

SCHEMA = "comanage.scoring-plan/1"


def read_plan(document: Mapping[str, Any]) -> ScoringPlan:
    """Read a plan.

    Raises:
        PlanDocumentError: everything that is wrong with it: first its fields; where those
            are right, what they say.
    """
    problems: list[PlanProblem] = []
    node = Node(document, "", problems)
    if node.take("schema", None) not in (SCHEMA, None):
        node.wrong("schema", f"This program reads plans of the schema {SCHEMA}.")
    plan = _plan(node)
    node.close()
    if not problems:
        problems = rule_problems(plan)
    if problems:
        raise PlanDocumentError(problems)
    return plan


def _plan(node: Node) -> ScoringPlan:
    small = _small_numbers(node.child("small_numbers", None))
    has_domains = node.has("domains")
    indicators = tuple(
        _indicator(each, small, has_domains=has_domains) for each in node.children("indicators", ())
    )
    parts = {
        slug
        for each in indicators
        if isinstance(each.method, Combined)
        for slug in each.method.parts
    }
    indicators = tuple(replace(each, is_part=each.slug in parts) for each in indicators)
    domains = tuple(map(_domain, node.children("domains", ())))
    missing = node.child("missing") if indicators else node.child("missing", None)
    total_node = node.child("total", None)
    kind, total = _total(total_node, has_domains=has_domains)
    if not has_domains:
        least = total.minimum_domains if total_node and total_node.has("minimum_scored") else 1
        domains = (_nameless(kind, total.scale, least),)
        total = replace(total, is_sum=kind in ("average", "sum"), minimum_domains=1)
    return ScoringPlan(
        title=node.text("title"),
        source=node.text("source", ""),
        inputs=tuple(map(_input, node.children("inputs", ()))),
        refuses_absent=node.choice("absent_results", ("refuse", "not_scored"), "refuse")
        == "refuse",
        indicators=indicators,
        domains=domains,
        has_domains=has_domains,
        missing_indicators=_missing(missing, "indicators", get_args(MissingIndicators)),
        missing_domains=_missing(
            missing, "domains", get_args(MissingDomains), is_needed=has_domains
        ),
        weights_when=_weights_when(missing),
        weights_add_up_to=node.optional_exact("weights_add_up_to"),
        total=total,
        adjustments=tuple(map(read_adjustment, node.children("adjustments", ()))),
        across=tuple(map(read_across, node.children("across", ()))),
        pay=tuple(map(read_pay_part, node.children("pay", ()))),
        pay_limit=_pay_limit(node.child("pay_limit", None)),
    )


def _missing(node: Node | None, name: str, options: Any, *, is_needed: bool = True) -> Any:
    if node is None:
        return options[0]
    return node.choice(name, options) if is_needed else node.choice(name, options, options[0])


def _weights_when(node: Node | None) -> tuple[WeightsWhen, ...]:
    """Take the weights for single cases of missing domains."""
    if node is None:
        return ()
    found = tuple(map(_one_case, node.children("weights_when", ())))
    node.close()
    return found


def _one_case(node: Node) -> WeightsWhen:
    missing, weights = frozenset(node.texts("missing")), node.numbers_by_text("weights")
    node.close()
    return WeightsWhen(missing, weights)


def _input(node: Node) -> DeclaredInput:
    found = DeclaredInput(
        node.text("name"),
        node.choice("of", ("organization", "indicator"), "organization"),
        node.optional_exact("default"),
        node.numbers_by_text("words"),
    )
    node.text("title", "")
    node.close()
    return found


def _small_numbers(node: Node | None) -> SmallNumbers | None:
    if node is None:
        return None
    found = SmallNumbers(
        node.whole("minimum_cases"), node.choice("rule", get_args(SmallNumberRule))
    )
    node.close()
    return found


def _indicator(node: Node, small: SmallNumbers | None, *, has_domains: bool) -> PlanIndicator:
    small = _small_numbers(node.child("small_numbers", None)) or small
    if small is None:
        node.wrong(
            "small_numbers",
            "There is no rule for small numbers. Say here or for the whole plan how many cases a "
            "result needs (0 for any) and what becomes of one with fewer.",
        )
        small = SmallNumbers(0, "not_scored")
    method_node = node.child("method")
    has_ten = (
        method_node is not None and method_node.take("kind", None) == "achievement_improvement"
    )
    points = node.exact("points", Fraction(10) if has_ten else ONE)
    weight, weight_input = _weight(node)
    found = PlanIndicator(
        slug=node.slug("slug"),
        title=node.text("title"),
        improvement=node.choice("improvement", get_args(Improvement)),
        domain=node.text("domain") if has_domains else "",
        weight=weight,
        weight_input=weight_input,
        per=node.exact("per", ONE),
        points=points,
        small_numbers=small,
        rounding=node.rounding("round_result"),
        limits=_limits(node.child("limits", None)),
        method=read_method(method_node, points),
    )
    node.close()
    return found


def _weight(node: Node) -> tuple[Fraction | None, str]:
    """Take a weight, or the name of the input that brings it; 1 stands in for that."""
    weight = node.optional("weight")
    return (ONE, weight.name) if isinstance(weight, Input) else (weight, "")


def _limits(node: Node | None) -> Limits | None:
    if node is None:
        return None
    is_unpaid = node.choice("past", ("clamp", "unpaid")) == "unpaid"
    found = Limits(node.optional("low"), node.optional("high"), is_unpaid)
    node.close()
    return found


def _domain(node: Node) -> Domain:
    weight, weight_input = _weight(node)
    found = Domain(
        slug=node.slug("slug"),
        title=node.text("title"),
        weight=ONE if weight is None else weight,
        weight_input=weight_input,
        score=node.choice("score", get_args(DomainScore)),
        scale=node.exact("scale", HUNDRED),
        minimum_scored=node.whole("minimum_scored", 1),
        best=node.whole("best") if node.has("best") else node.take("best", None),
        times=node.exact("times", ONE),
        points_rounding=node.rounding("round_points"),
        bonus=_bonus(node.child("bonus", None)),
        rounding=node.rounding("round"),
    )
    node.close()
    return found


def _nameless(score: Any, scale: Fraction, minimum_scored: int) -> Domain:
    """Make the one domain of a plan that names none."""
    return Domain("", "All indicators", ONE, score, scale, minimum_scored, ONE, None, None, None)


def _bonus(node: Node | None) -> WeakestLink | None:
    if node is None:
        return None
    node.choice("kind", ("weakest_link",))
    found = WeakestLink(
        points=node.exact("points"),
        plus=node.exact("plus", ZERO),
        rounding=node.rounding("round"),
        positions=tuple(map(_position, node.children("positions"))),
        needs_all=node.flag("needs_all"),
    )
    node.close()
    return found


def _position(node: Node) -> Position:
    found = Position(node.text("indicator"), node.number("floor"), node.number("threshold"))
    node.close()
    return found


def _total(node: Node | None, *, has_domains: bool) -> tuple[Any, Total]:
    """Read the total; without domains its kind is that of the one nameless domain."""
    if node is None:
        return "weighted_mean", Total(is_sum=False, scale=HUNDRED, minimum_domains=1, rounding=None)
    if has_domains:
        kind = node.choice("kind", ("weighted", "sum"), "weighted")
        least, scored = node.whole("minimum_domains", 1), node.whole("minimum_scored", 0)
    else:
        kind = node.choice("kind", get_args(DomainScore), "weighted_mean")
        least, scored = node.whole("minimum_scored", 1), 0
    total = Total(
        kind == "sum",
        node.exact("scale", HUNDRED),
        least,
        node.rounding("round"),
        node.optional_exact("if_missing"),
        scored,
    )
    node.close()
    return kind, total


def _pay_limit(node: Node | None) -> PayLimit | None:
    if node is None:
        return None
    found = PayLimit(node.number("amount"), node.text("source"))
    node.close()
    return found
