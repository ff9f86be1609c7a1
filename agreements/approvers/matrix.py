"""Who must approve a version, worked out from its terms. Pure.

Source:
    An approval chain as health systems use it: clinical and operational leaders first, compliance
    where the terms ask for a second look, then counsel, then finance. The chief executive, who
    answers for all of it, is asked last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from comanage.identity.roles import Role
from comanage.values.money import Money

HIGH_PERCENTILE = 75
STEPS = range(1, 7)
APPROVERS = (
    Role.EXECUTIVE,
    Role.SERVICE_LINE_ADMINISTRATOR,
    Role.COMPLIANCE,
    Role.COUNSEL,
    Role.FINANCE,
    Role.CEO,
)
# Whatever a hospital leaves out, somebody looks at the law, and somebody answers for the whole.
ALWAYS_ASKED = (Role.COUNSEL, Role.CEO)


class Condition(StrEnum):
    """When a rule asks for somebody; a fixed list."""

    ALWAYS = "always"
    PERCENTILE_AT_LEAST = "percentile_at_least"
    TOTAL_AT_LEAST = "total_at_least"
    COST_INDICATOR = "cost_indicator"
    BOND_FINANCED = "bond_financed"
    OTHER_AGREEMENT = "other_agreement"
    EMPLOYMENT = "employment"
    PSA = "psa"
    WAIVED_FINDING = "waived_finding"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who approves when.

    Attributes:
        step: rules of the same step are asked at the same time; a later one waits for them.
        threshold: of the percentile, or of the total in cents; 0 where the condition has none.
    """

    step: int
    role: Role
    condition: Condition
    threshold: int = 0


@dataclass(frozen=True, slots=True)
class MatrixFacts:
    """What the rules ask of a version.

    Attributes:
        percentile: of the survey behind the opinion; None where the opinion does not say.
        total: the most that a year pays, all parts together.
        model: how hospital and physicians are bound together, of `AlignmentModel`.
        has_other_agreement: whether a physician of the program is in another program too.
        has_waiver: whether counsel lets the version go on in spite of a finding that held it.
    """

    percentile: int | None
    total: Money
    model: str
    has_cost_indicator: bool
    is_bond_financed: bool
    has_other_agreement: bool
    has_waiver: bool


@dataclass(frozen=True, slots=True)
class Need:
    """An approval that a version needs, with why; a role is asked once."""

    step: int
    role: str
    reasons: tuple[str, ...]


STANDARD_RULES = (
    Rule(1, Role.EXECUTIVE, Condition.ALWAYS),
    Rule(1, Role.SERVICE_LINE_ADMINISTRATOR, Condition.ALWAYS),
    Rule(2, Role.COMPLIANCE, Condition.PERCENTILE_AT_LEAST, HIGH_PERCENTILE),
    Rule(2, Role.COMPLIANCE, Condition.COST_INDICATOR),
    Rule(2, Role.COMPLIANCE, Condition.BOND_FINANCED),
    Rule(2, Role.COMPLIANCE, Condition.OTHER_AGREEMENT),
    Rule(2, Role.COMPLIANCE, Condition.WAIVED_FINDING),
    Rule(3, Role.COUNSEL, Condition.ALWAYS),
    Rule(4, Role.FINANCE, Condition.ALWAYS),
    Rule(5, Role.CEO, Condition.ALWAYS),
)


def needs_of(facts: MatrixFacts, rules: Iterable[Rule]) -> tuple[Need, ...]:
    """List the approvals that a version needs, by step; each role once, at its first step."""
    found: dict[Role, tuple[int, list[str]]] = {}
    for rule in sorted(rules, key=lambda rule: rule.step):
        reason = _reason(rule, facts)
        if reason:
            found.setdefault(rule.role, (rule.step, []))[1].append(reason)
    return tuple(Need(step, role.value, tuple(why)) for role, (step, why) in found.items())


def to_needs(needs: Sequence[Need]) -> list[dict[str, Any]]:
    """Write needs as they are kept."""
    return [{**asdict(need), "reasons": list(need.reasons)} for need in needs]


def from_needs(kept: Iterable[dict[str, Any]]) -> tuple[Need, ...]:
    """Read needs that were kept."""
    return tuple(Need(each["step"], each["role"], tuple(each["reasons"])) for each in kept)


def _reason(rule: Rule, facts: MatrixFacts) -> str:
    """Say why a rule asks; empty when it does not."""
    match rule.condition:
        case Condition.ALWAYS:
            return "Every agreement needs it."
        case Condition.PERCENTILE_AT_LEAST:
            return _of_percentile(facts.percentile, rule.threshold)
        case Condition.TOTAL_AT_LEAST:
            is_asked = facts.total >= Money(rule.threshold)
            return f"A year pays up to {facts.total}." if is_asked else ""
        case Condition.EMPLOYMENT | Condition.PSA:
            return _of_model(facts.model, rule.condition)
        case _:
            holds, said = _told(facts)[rule.condition]
            return said if holds else ""


def _told(facts: MatrixFacts) -> dict[Condition, tuple[bool, str]]:
    """Say of each condition that is so or not whether it is, and the reason that it gives."""
    return {
        Condition.COST_INDICATOR: (facts.has_cost_indicator, "A part of the pay is about cost."),
        Condition.BOND_FINANCED: (
            facts.is_bond_financed,
            "Tax-exempt bonds finance the facility.",
        ),
        Condition.OTHER_AGREEMENT: (
            facts.has_other_agreement,
            "A physician of the program is in another program too.",
        ),
        Condition.WAIVED_FINDING: (
            facts.has_waiver,
            "Legal counsel waived a finding of this version.",
        ),
    }


def _of_percentile(percentile: int | None, threshold: int) -> str:
    # An opinion that is silent is no reason to look less closely.
    if percentile is None:
        return "The opinion does not say at which percentile the pay is."
    return (
        f"The opinion puts the pay at percentile {percentile}." if percentile >= threshold else ""
    )


def _of_model(model: str, asked: Condition) -> str:
    if model != asked.value:
        return ""
    return (
        "The hospital employs the physicians."
        if asked is Condition.EMPLOYMENT
        else "The physicians work under a professional services agreement."
    )
