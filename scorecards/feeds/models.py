"""The feed and the programs that read it."""

from django.db import models

from agreements.programs.models import Program
from comanage.tenancy.models import TenantModel


class DataLevel(models.TextChoices):
    """How much of a case the hospital sends."""

    L1 = "L1", "Coded case rows"


class Feed(TenantModel):
    """An extract that the hospital sends again and again, with its declared columns."""

    name = models.CharField(max_length=120)
    source_system = models.CharField(max_length=120)
    level = models.CharField(max_length=2, choices=DataLevel, default=DataLevel.L1)
    spec = models.JSONField(help_text="Declared columns and the case key; see intake.spec.")

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="feed_name_once")]

    def __str__(self) -> str:
        return self.name


class FeedUse(TenantModel):
    """A program reads its cases from one feed."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="uses")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="feed_uses")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "program"], name="one_feed_per_program"),
        ]

    def __str__(self) -> str:
        return f"{self.program} reads {self.feed}"
