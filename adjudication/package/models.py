"""The rendered report."""

from django.db import models

from adjudication.years.models import Snapshot
from comanage.audit.models import APPEND_ONLY
from comanage.tenancy.models import TenantModel


class Stage(models.TextChoices):
    """What the report is for."""

    REVIEW = "review", "For review, not signed"
    FINAL = "final", "Final, with sign-offs and payment"


class Report(TenantModel):
    """A PDF made from a snapshot and its signatures alone."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="reports")
    stage = models.CharField(max_length=6, choices=Stage)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    storage_name = models.CharField(max_length=200)
    records = models.TextField(
        blank=True, db_default="", help_text="The year's records as it carries them, canonical."
    )
    rendered_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["-rendered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "snapshot", "stage"], name="report_once_per_stage"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}: {self.snapshot}"
