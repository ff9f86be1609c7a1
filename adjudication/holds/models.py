"""A hold on a year, and what released it. Neither is ever edited."""

from django.db import models
from django.db.models import Q

from adjudication.holds.causes import Cause
from agreements.terms.models import MeasurementYear
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.identity.roles import Role
from comanage.tenancy.models import TenantModel


class Hold(TenantModel):
    """A named cause for which a year is neither authorized nor paid."""

    year = models.ForeignKey(MeasurementYear, on_delete=models.PROTECT, related_name="holds")
    cause = models.CharField(max_length=12, choices=Cause)
    indicator = models.CharField(max_length=80, blank=True, help_text="Slug; of a dispute.")
    what = models.CharField(max_length=1000, help_text="What is missing, and what mends it.")
    owner = models.CharField(max_length=40, choices=Role)
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["opened_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="a_hold_has_its_reason"),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.get_cause_display()}: {self.what}"


class Outcome(models.TextChoices):
    """How a hold ended."""

    MENDED = "mended", "Mended"
    UPHELD = "upheld", "Upheld: the year is to be corrected"
    REJECTED = "rejected", "Not upheld"


class Release(TenantModel):
    """The end of a hold: by whom, and what was done or answered."""

    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="release")
    outcome = models.CharField(max_length=10, choices=Outcome)
    answer = models.CharField(max_length=1000)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["released_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(answer=""), name="a_release_has_its_answer"),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.get_outcome_display()
