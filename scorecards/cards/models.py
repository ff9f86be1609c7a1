"""The scorecard: one computation of one measurement year, kept as a document of exact text."""

from django.db import models

from agreements.terms.models import MeasurementYear
from comanage.audit.models import APPEND_ONLY
from comanage.money_field import MoneyField
from comanage.tenancy.models import TenantModel


class Scorecard(TenantModel):
    """A version of a year's results. The newest is current; none is ever changed."""

    year = models.ForeignKey(MeasurementYear, on_delete=models.PROTECT, related_name="scorecards")
    version = models.PositiveIntegerField()
    computed_at = models.DateTimeField()
    input_sha256 = models.CharField(max_length=64)
    engine_version = models.CharField(max_length=20)
    document = models.JSONField()
    earned = MoneyField()
    pool = MoneyField()

    class Meta(TenantModel.Meta):
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "year", "version"], name="scorecard_version_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "year", "input_sha256", "version"], name="scorecard_by_input"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Scorecard {self.year}, version {self.version}"
