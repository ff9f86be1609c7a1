"""A baseline as it was computed: its counts, its period, the slices it came from."""

from django.db import models

from agreements.programs.models import Program
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.tenancy.models import TenantModel
from comanage.values.period import Period
from indicators.library.models import IndicatorVersion


class Baseline(TenantModel):
    """One computation over history. It never changes; terms name it by its hash."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="baselines")
    version = models.ForeignKey(IndicatorVersion, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="First day after the counts.")
    document = models.JSONField(help_text="Tally, rate, scope, definition and slices by hash.")
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(auto_now_add=True)
    frozen_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-frozen_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")),
                name="baseline_ends_after_it_begins",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.version}, {self.period}"

    @property
    def period(self) -> Period:
        """The days that were counted."""
        return Period(self.starts_on, self.ends_on)
