"""An indicator and its versions. A version never changes: terms that were signed point to it."""

from django.db import models

from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.tenancy.models import TenantModel
from indicators.measure.definition import Definition


class Indicator(TenantModel):
    """What parties may agree to be judged on."""

    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=160)

    class Meta(TenantModel.Meta):
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "slug"], name="indicator_slug_once"),
        ]

    def __str__(self) -> str:
        return self.title


class IndicatorVersion(TenantModel):
    """The exact definition at a time, as a document."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["indicator", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "indicator", "number"], name="indicator_version_number_once"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.indicator} v{self.number}"

    @property
    def previous_number(self) -> int:
        """The number of the version before this one; 0 for the first."""
        return self.number - 1

    @property
    def definition(self) -> Definition:
        """The document, parsed and type-checked."""
        return Definition.from_document(self.document)
