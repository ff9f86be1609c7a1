"""The owners of a group from a day on. Rows are only ever added."""

from collections.abc import Mapping
from fractions import Fraction

from django.db import models
from django.db.models import Q

from agreements.participants.models import PhysicianGroup
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.tenancy.models import TenantModel
from comanage.values.rounding import fraction_from_text


class EntityKind(models.TextChoices):
    """What a party of physicians is."""

    PRACTICE = "practice", "Physicians' practice"
    MANAGEMENT_COMPANY = "management_company", "Management company of physicians"
    JOINT_VENTURE = "joint_venture", "Management company with the hospital"


class Ownership(TenantModel):
    """All owners of a group from a day on; of one day the one that was recorded later counts.

    Attributes:
        shares: each with `owner`, `npi` (empty for who is no physician) and `share` as exact
            text; together they are one whole.
    """

    group = models.ForeignKey(PhysicianGroup, on_delete=models.PROTECT, related_name="ownerships")
    entity = models.CharField(max_length=20, choices=EntityKind)
    effective_from = models.DateField()
    shares = models.JSONField()
    source = models.CharField(max_length=200, help_text="The paper it stands in.")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-effective_from", "-recorded_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(shares=[]), name="ownership_names_its_owners"),
            models.CheckConstraint(condition=~Q(source=""), name="ownership_names_its_source"),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.group}, from {self.effective_from}"

    @property
    def by_npi(self) -> Mapping[str, Fraction]:
        """The shares of the physicians among the owners, exact."""
        return {
            each["npi"]: fraction_from_text(each["share"]) for each in self.shares if each["npi"]
        }
