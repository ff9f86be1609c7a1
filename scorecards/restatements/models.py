"""The request to change a closed period, and the decision on it."""

from django.db import models
from django.db.models import F, Q

from comanage.identity.models import User
from comanage.tenancy.models import TenantModel
from scorecards.intake.models import Upload


class RestatementState(models.TextChoices):
    """Where a request is."""

    ASKED = "asked", "Waiting for approval"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"


class Restatement(TenantModel):
    """A file for a closed period, why it must come in, and who decided: never who asked."""

    upload = models.OneToOneField(Upload, on_delete=models.PROTECT, related_name="restatement")
    reason = models.CharField(max_length=1000)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(
        max_length=10, choices=RestatementState, default=RestatementState.ASKED
    )
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=1000, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="restatement_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None, decided_at=None)
                | (~Q(state="asked") & Q(decided_by__isnull=False) & Q(decided_at__isnull=False)),
                name="restatement_is_asked_or_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"Restatement of {self.upload.period}"
