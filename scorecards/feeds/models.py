"""The feed, the versions of its map, what is expected of it, and the programs that read it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from agreements.programs.models import Program
from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import User
from comanage.tenancy.models import TenantModel
from comanage.values.period import Period
from scorecards.dataagreements.models import DataAgreement


class DataLevel(models.TextChoices):
    """How much of a case the hospital sends."""

    L0 = "L0", "Aggregates"
    L1 = "L1", "Coded case rows"
    L2 = "L2", "Case rows with a hospital-keyed case key"


class Cadence(models.TextChoices):
    """How often a file is expected."""

    ON_REQUEST = "on_request", "On request"
    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every quarter"
    YEARLY = "yearly", "Every year"


class Feed(TenantModel):
    """An extract that the hospital sends again and again. Its columns are in its newest map."""

    name = models.CharField(max_length=120)
    source_system = models.CharField(max_length=120)
    level = models.CharField(max_length=2, choices=DataLevel, default=DataLevel.L0)
    agreement = models.ForeignKey(
        DataAgreement, null=True, on_delete=models.PROTECT, related_name="feeds"
    )
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    is_sandbox = models.BooleanField(default=False, help_text="Synthetic data, never counted.")

    cadence = models.CharField(max_length=12, choices=Cadence, default=Cadence.ON_REQUEST)
    first_period_on = models.DateField(null=True, help_text="First day of the first period.")
    due_days = models.PositiveSmallIntegerField(
        default=15, help_text="Days after the end of a period until its file is due."
    )
    expected_rows = models.PositiveIntegerField(null=True, help_text="Of an ordinary period.")
    tolerance_percent = models.PositiveSmallIntegerField(
        default=25, help_text="How far counts may move from history before a person must look."
    )
    takes_additions = models.BooleanField(
        default=False,
        help_text="A new file for an open period that only adds cases is accepted by itself.",
    )
    allows_skipping = models.BooleanField(
        default=False, help_text="A job may ask that faulty rows be left out and counted."
    )
    raw_days = models.PositiveSmallIntegerField(
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text="Days after which a file as sent is destroyed; its checked cases stay.",
    )
    on_legal_hold = models.BooleanField(default=False, help_text="Nothing of it is destroyed.")

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="feed_name_once"),
            models.CheckConstraint(
                condition=Q(cadence="on_request") | Q(first_period_on__isnull=False),
                name="feed_with_a_calendar_has_a_first_period",
            ),
            models.CheckConstraint(
                condition=Q(raw_days__gte=1, raw_days__lte=90), name="feed_raw_days_within_bounds"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FeedMap(TenantModel):
    """One version of a feed's columns, from the names in the file to what is kept."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="maps")
    version = models.PositiveIntegerField()
    spec = models.JSONField(help_text="Declared columns and the case key; see intake.spec.")
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "feed", "version"], name="feed_map_version_once"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"map {self.version}"


class FeedExpectation(TenantModel):
    """How many rows an independent source counts for a period. The newest statement holds."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="expectations")
    starts_on = models.DateField()
    ends_on = models.DateField()
    rows = models.PositiveIntegerField()
    source = models.CharField(max_length=160)
    stated_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["starts_on", "-stated_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="expectation_period_is_not_empty"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.rows:,} rows expected for {self.period}"

    @property
    def period(self) -> Period:
        """The days of the rows."""
        return Period(self.starts_on, self.ends_on)


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
