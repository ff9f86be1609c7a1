"""Uploads, what was found wrong in them, and the slices they became."""

from django.db import models
from django.db.models import F, Q

from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import ExtractClient, User
from comanage.tenancy.models import TenantModel
from comanage.values.period import Period
from scorecards.feeds.models import Feed


class UploadStatus(models.TextChoices):
    """Where an upload is."""

    RECEIVED = "received", "Received, waiting to be checked"
    REJECTED = "rejected", "Rejected"
    ACCEPTED = "accepted", "Accepted"


class Upload(TenantModel):
    """A file handed in for one feed and period."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="uploads")
    starts_on = models.DateField()
    ends_on = models.DateField()
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    storage_name = models.CharField(max_length=200)
    idempotency_key = models.CharField(max_length=80)
    status = models.CharField(max_length=10, choices=UploadStatus, default=UploadStatus.RECEIVED)
    rows = models.PositiveIntegerField(null=True)
    findings_total = models.PositiveIntegerField(default=0)
    dropped_columns = models.JSONField(default=list)
    received_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True)
    sent_by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sent_by_client = models.ForeignKey(
        ExtractClient, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(TenantModel.Meta):
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "feed", "idempotency_key"], name="upload_once_per_key"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="upload_period_is_not_empty"
            ),
            models.CheckConstraint(
                condition=~(Q(sent_by_user__isnull=False) & Q(sent_by_client__isnull=False)),
                name="upload_has_one_sender",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def period(self) -> Period:
        """The days the file is for."""
        return Period(self.starts_on, self.ends_on)

    @property
    def sender(self) -> str:
        """Who handed it in."""
        return str(self.sent_by_user or self.sent_by_client or "the installation")


class UploadFinding(TenantModel):
    """One thing wrong with an upload: where and what to do. Never an identifier's value."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="findings")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    row = models.PositiveIntegerField(null=True)
    column = models.CharField(max_length=120, blank=True)
    message = models.CharField(max_length=500)

    class Meta(TenantModel.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "upload", "position"], name="finding_position_once"
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return self.message


class Slice(TenantModel):
    """The accepted cases of one feed and period: an immutable Parquet file, known by its hash."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="slices")
    upload = models.OneToOneField(Upload, on_delete=models.PROTECT, related_name="slice")
    starts_on = models.DateField()
    ends_on = models.DateField()
    version = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    logical_sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=200)
    accepted_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["starts_on", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "feed", "starts_on", "ends_on", "version"],
                name="slice_version_once",
            ),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.period}, version {self.version}"

    @property
    def period(self) -> Period:
        """The days of the cases."""
        return Period(self.starts_on, self.ends_on)
