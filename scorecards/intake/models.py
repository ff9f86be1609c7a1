"""Uploads, the parts they came in, what was found in them, and the slices they became."""

from django.db import models
from django.db.models import F, Q

from comanage.audit.models import APPEND_ONLY
from comanage.identity.models import ExtractClient, User
from comanage.tenancy.models import TenantModel
from comanage.values.period import Period
from scorecards.feeds.models import Feed, FeedMap


class UploadStatus(models.TextChoices):
    """Where an upload is."""

    RECEIVED = "received", "Received, waiting to be checked"
    HELD = "held", "Checked, waiting for a person"
    CHECKED = "checked", "Checked, a dry run"
    REJECTED = "rejected", "Rejected"
    DECLINED = "declined", "Declined by a person"
    CANCELLED = "cancelled", "Cancelled"
    ACCEPTED = "accepted", "Accepted"


UNDECIDED = frozenset({UploadStatus.RECEIVED, UploadStatus.HELD})
COUNTS_OR_MAY = UNDECIDED | {UploadStatus.ACCEPTED}


class Upload(TenantModel):
    """A file handed in for one feed and period: how it came, what was found, what was decided."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="uploads")
    map = models.ForeignKey(FeedMap, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    filename = models.CharField(max_length=200)
    form = models.JSONField(default=dict, help_text="Sheet, header row and the like, if chosen.")
    is_dry_run = models.BooleanField(default=False)
    skips_faulty_rows = models.BooleanField(default=False)
    stated_rows = models.PositiveIntegerField(null=True, help_text="As the sender counted them.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    storage_name = models.CharField(max_length=200)
    idempotency_key = models.CharField(max_length=80)
    received_at = models.DateTimeField(auto_now_add=True)
    sent_by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sent_by_client = models.ForeignKey(
        ExtractClient, null=True, on_delete=models.PROTECT, related_name="+"
    )

    status = models.CharField(max_length=10, choices=UploadStatus, default=UploadStatus.RECEIVED)
    started_at = models.DateTimeField(null=True, help_text="When a worker began to read it.")
    bytes_read = models.PositiveBigIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(null=True)
    rows_skipped = models.PositiveIntegerField(default=0)
    findings_total = models.PositiveIntegerField(default=0)
    warnings_total = models.PositiveIntegerField(default=0)
    dropped_columns = models.JSONField(default=list)
    counts = models.JSONField(
        default=dict, help_text="By column: missing, suppressed and restored cells."
    )
    holds_identifiers = models.BooleanField(
        default=False,
        db_default=False,
        help_text="It was refused for what looks like a person's identifier.",
    )
    candidate = models.JSONField(
        null=True, help_text="The checked cases while a person decides: hashes, rows, place."
    )
    changes = models.JSONField(
        null=True, help_text="What it changes of an earlier version, in cases, results, dollars."
    )
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=1000, blank=True)
    purged_at = models.DateTimeField(null=True, help_text="When the file as sent was destroyed.")

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
        return f"{self.filename} for {self.feed}, {self.period}"

    @property
    def period(self) -> Period:
        """The days the file is for."""
        return Period(self.starts_on, self.ends_on)

    @property
    def sender(self) -> str:
        """Who handed it in."""
        return str(self.sent_by_user or self.sent_by_client or "the installation")


class PartialUpload(TenantModel):
    """A large file that comes in parts, until all are there and it becomes an upload."""

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    filename = models.CharField(max_length=200)
    options = models.JSONField(default=dict, help_text="What else the submission asks for.")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    sent_by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sent_by_client = models.ForeignKey(
        ExtractClient, null=True, on_delete=models.PROTECT, related_name="+"
    )
    upload = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="partial_upload_period_is_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def period(self) -> Period:
        """The days the file is for."""
        return Period(self.starts_on, self.ends_on)


class UploadPart(TenantModel):
    """One part of a large file. The same number again replaces nothing: it must be the same."""

    partial = models.ForeignKey(PartialUpload, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=200)

    class Meta(TenantModel.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "partial", "number"], name="part_number_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="part_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"part {self.number} of {self.partial}"


class UploadFinding(TenantModel):
    """One thing wrong with an upload: where, and what to do; apart from it the value, if any."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="findings")
    position = models.PositiveIntegerField()
    severity = models.CharField(max_length=10, default="error")
    code = models.CharField(max_length=60)
    row = models.PositiveIntegerField(null=True)
    column = models.CharField(max_length=120, blank=True)
    message = models.CharField(max_length=500)
    value = models.CharField(
        max_length=120, blank=True, help_text="Of the cell, for whoever may send files."
    )

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
