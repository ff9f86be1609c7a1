"""The agreement on file without which no case row comes in."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.tenancy.models import TenantModel
from comanage.vault.models import SealedFile


class AgreementKind(models.TextChoices):
    """What kind of agreement."""

    BUSINESS_ASSOCIATE = "baa", "Business associate agreement"
    DATA_USE = "dua", "Data use agreement"


class DataAgreement(TenantModel):
    """An agreement on file, from its first day to its last. A new one is a new row."""

    kind = models.CharField(max_length=3, choices=AgreementKind)
    counterparty = models.CharField(max_length=160)
    permitted_uses = models.CharField(max_length=500)
    signed_on = models.DateField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="First day without it; empty: no end.")
    document = models.ForeignKey(SealedFile, null=True, on_delete=models.PROTECT, related_name="+")
    renews = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="renewals")
    filed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="data_agreement_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["tenant", "renews"], name="data_agreement_renewed_once"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} with {self.counterparty}"

    @property
    def last_day(self) -> date | None:
        """The last day it holds; None for no end."""
        return self.valid_until and self.valid_until - timedelta(days=1)

    def is_in_force_on(self, day: date) -> bool:
        """Say whether it lets anything in on this day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)
