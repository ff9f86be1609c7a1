"""Reading the chain of approval: what is in force, and what was."""

from agreements.approvers.matrix import STANDARD_RULES, Condition, Rule
from agreements.approvers.models import ApprovalChain
from comanage.identity.roles import Role


def chains() -> list[ApprovalChain]:
    """List the editions that the hospital kept, the newest first, in two queries."""
    return list(ApprovalChain.objects.select_related("made_by").prefetch_related("rules"))


def rules_in_force() -> tuple[Rule, ...]:
    """List the rules that a version is held against now, in two queries."""
    return rules_of(ApprovalChain.objects.prefetch_related("rules").first())


def rules_of(chain: ApprovalChain | None) -> tuple[Rule, ...]:
    """Read the rules of an edition; those of the standard where there is none."""
    if chain is None:
        return STANDARD_RULES
    return tuple(
        Rule(rule.step, Role(rule.role), Condition(rule.condition), rule.threshold)
        for rule in chain.rules.all()
    )
