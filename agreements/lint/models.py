"""What counsel decided about findings, and what the rules found when it mattered. Only added."""

from django.db import models
from django.db.models import Q

from agreements.drafting.models import AgreementVersion
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.tenancy.models import TenantModel


class WaiverOutcome(models.TextChoices):
    """What counsel says of a finding that holds a version back."""

    WAIVED = "waived", "Waived"
    WITHDRAWN = "withdrawn", "Waiver withdrawn"


class FindingWaiver(TenantModel):
    """Counsel lets one version go on in spite of a finding, or takes that back; the newest counts.

    Attributes:
        key: of the rule and of what it found; once a figure changes, it is another finding.
        what: the finding in words, as counsel read it.
    """

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="waivers")
    number = models.PositiveIntegerField(help_text="Counts the decisions on the version from 1.")
    key = models.CharField(max_length=64)
    rule = models.CharField(max_length=4)
    what = models.TextField(max_length=2000)
    outcome = models.CharField(max_length=10, choices=WaiverOutcome)
    reason = models.CharField(max_length=500)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "version", "number"], name="finding_waiver_number_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="finding_waiver_has_its_reason"),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.rule}: {self.get_outcome_display().lower()}"


class Occasion(models.TextChoices):
    """Why the rules were asked."""

    MADE = "made", "When it was made"
    ASKED = "asked", "Looked at again"
    SENT = "sent", "When it was sent round"
    SIGNED = "signed", "When it was signed"


class LintRun(TenantModel):
    """What the rules found in a version at one moment, with what was waived then.

    Attributes:
        rules_dated: the day that the rules bore.
        document: of `agreements.lint.document`.
        sha256: of its canonical JSON.
    """

    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, related_name="lint_runs"
    )
    occasion = models.CharField(max_length=6, choices=Occasion)
    rules_dated = models.DateField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    ran_at = models.DateTimeField()
    ran_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-ran_at"]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.version}, {self.get_occasion_display().lower()}"
