"""The hospital's own chain of approval. A changed chain is a new edition; nothing is edited."""

from django.db import models
from django.db.models import Q

from agreements.approvers.matrix import APPROVERS, STEPS, Condition
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.identity.roles import Role
from comanage.tenancy.models import TenantModel


class ApprovalChain(TenantModel):
    """One edition of the chain: all its rules together. The newest is in force."""

    number = models.PositiveSmallIntegerField(help_text="Counts the editions from 1.")
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="approval_chain_number_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="approval_chain_has_its_reason"),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Edition {self.number}"


class ApprovalRule(TenantModel):
    """Who is asked when, in one edition of the chain.

    Attributes:
        threshold: of the percentile, or of the total in cents; 0 where the condition has none.
    """

    chain = models.ForeignKey(ApprovalChain, on_delete=models.PROTECT, related_name="rules")
    step = models.PositiveSmallIntegerField(help_text="Of the same step: asked at the same time.")
    role = models.CharField(max_length=40, choices=Role)
    condition = models.CharField(
        max_length=20, choices=[(each.value, each.value) for each in Condition]
    )
    threshold = models.PositiveBigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        ordering = ["step", "role", "condition"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "chain", "role", "condition"], name="a_condition_asks_a_role_once"
            ),
            models.CheckConstraint(
                condition=Q(step__gte=STEPS[0], step__lte=STEPS[-1]),
                name="approval_rule_step_within_the_chain",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in APPROVERS]),
                name="approval_rule_asks_an_approver",
            ),
            models.CheckConstraint(
                condition=Q(condition="percentile_at_least", threshold__gte=1, threshold__lte=99)
                | Q(condition="total_at_least", threshold__gte=1)
                | (~Q(condition__in=["percentile_at_least", "total_at_least"]) & Q(threshold=0)),
                name="approval_rule_threshold_fits",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, step {self.step}"
