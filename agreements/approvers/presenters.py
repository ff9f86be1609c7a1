"""How a chain of approval is shown: step by step, who is asked when."""

from collections.abc import Iterable
from dataclasses import dataclass

from agreements.approvers.matrix import Condition, Rule
from agreements.approvers.models import ApprovalChain
from agreements.approvers.queries import rules_of
from comanage.identity.roles import Role
from comanage.values.money import Money

WORDS = {
    Condition.ALWAYS: "Every agreement",
    Condition.COST_INDICATOR: "A part of the pay is about cost",
    Condition.BOND_FINANCED: "Tax-exempt bonds finance the facility",
    Condition.OTHER_AGREEMENT: "A physician of the program is in another program too",
    Condition.EMPLOYMENT: "The hospital employs the physicians",
    Condition.PSA: "The physicians work under a professional services agreement",
    Condition.WAIVED_FINDING: "Legal counsel waived a finding of the version before it was sent",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One role of a chain: at which step it is asked, and when."""

    step: int
    role: Role
    when: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the chain, with all who are asked."""

    chain: ApprovalChain
    asked: tuple[Asked, ...]


def read_rules(rules: Iterable[Rule]) -> tuple[Asked, ...]:
    """List who is asked, by step; a role once, at its first."""
    found: dict[Role, tuple[int, list[str]]] = {}
    for rule in sorted(rules, key=lambda rule: rule.step):
        found.setdefault(rule.role, (rule.step, []))[1].append(_when(rule))
    always = WORDS[Condition.ALWAYS]  # beside which no other condition says more
    return tuple(
        Asked(step, role, (always,) if always in when else tuple(when))
        for role, (step, when) in found.items()
    )


def read_chains(chains: Iterable[ApprovalChain]) -> list[Edition]:
    """List editions as they are shown."""
    return [Edition(chain, read_rules(rules_of(chain))) for chain in chains]


def _when(rule: Rule) -> str:
    if rule.condition is Condition.PERCENTILE_AT_LEAST:
        return f"The opinion puts the pay at percentile {rule.threshold} or above, or names none"
    if rule.condition is Condition.TOTAL_AT_LEAST:
        return f"A year pays up to {Money(rule.threshold)} or more"
    return WORDS[rule.condition]
