"""An export of all that a tenant owns, asked for by a person and made by a worker."""

from django.db import models

from comanage.identity.models import User
from comanage.tenancy.models import TenantModel
from comanage.vault.models import SealedFile


class ExportStatus(models.TextChoices):
    """Where an export is."""

    ASKED = "asked", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
    EXPIRED = "expired", "Removed"


class TenantExport(TenantModel):
    """One archive. With cases only for those who may see cases."""

    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    holds_cases = models.BooleanField()
    status = models.CharField(max_length=10, choices=ExportStatus, default=ExportStatus.ASKED)
    file = models.ForeignKey(SealedFile, null=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"Export of {self.asked_at:%Y-%m-%d}"
