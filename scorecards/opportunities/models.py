"""An assessment as it was asked for, and how it ended. Rows are only ever added."""

from django.db import models
from django.db.models import F, Q

from agreements.programs.models import Program
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.tenancy.models import TenantModel
from comanage.values.period import Period
from scorecards.feeds.models import Feed


class Assessment(TenantModel):
    """What somebody wants to know of a program's data."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="assessments")
    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(help_text="Counts the program's assessments from 1.")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="First day after the cases.")
    asked = models.JSONField(help_text="Scope, column, minimum, and each indicator with its costs.")
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "program", "number"], name="assessment_number_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="assessment_ends_after_it_begins"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"Assessment {self.number}, {self.period}"

    @property
    def period(self) -> Period:
        """The days that are assessed."""
        return Period(self.starts_on, self.ends_on)


class AssessmentEnd(models.TextChoices):
    """How an assessment ended."""

    COMPUTED = "computed", "Computed"
    CANCELLED = "cancelled", "Cancelled"


class AssessmentOutcome(TenantModel):
    """The end of an assessment: its result under a hash, or that somebody stopped it."""

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="outcome")
    end = models.CharField(max_length=10, choices=AssessmentEnd)
    document = models.JSONField(null=True, help_text="Counts, sizes, proposals, slices by hash.")
    sha256 = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["-ended_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end="computed", document__isnull=False) & ~Q(sha256="")
                | Q(end="cancelled", document=None, sha256=""),
                name="computed_assessment_has_its_result",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.get_end_display()}"
