"""Changing the chain of approval."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from agreements.approvers import policies
from agreements.approvers.matrix import Rule
from agreements.approvers.models import ApprovalChain, ApprovalRule
from agreements.approvers.queries import rules_of
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id


@transaction.atomic
def change_chain(*, seen: int, rules: Sequence[Rule], reason: str, by: Actor) -> ApprovalChain:
    """Keep another chain; versions that are sent round from now on are held against it.

    Args:
        seen: number of the edition that was changed; 0 for the standard.
        rules: all of the new chain.
        reason: why it is another.
        by: who changes it.

    Raises:
        PolicyError: counsel or the chief executive is not always asked, nothing changed, or
            somebody changed it in the meantime.
    """
    Tenant.objects.select_for_update(no_key=True).get(pk=active_tenant_id())
    before = ApprovalChain.objects.prefetch_related("rules").first()
    newest = before.number if before else 0
    policies.check_is_seen(seen=seen, newest=newest)
    policies.check_chain(rules)
    policies.check_is_change(rules, before=rules_of(before))
    chain = ApprovalChain.objects.create(
        number=newest + 1,
        reason=reason.strip(),
        made_at=timezone.now(),
        made_by_id=by.user_id,
    )
    ApprovalRule.objects.bulk_create(
        ApprovalRule(
            chain=chain,
            step=rule.step,
            role=rule.role,
            condition=rule.condition,
            threshold=rule.threshold,
        )
        for rule in rules
    )
    record_event(
        kind=EventKind.APPROVAL_CHAIN_CHANGED,
        subject=chain,
        by=by,
        edition=chain.number,
        rules=len(rules),
    )
    return chain
