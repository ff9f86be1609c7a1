"""The keys of sealed files. A file without its key is noise: destroying a key destroys the file."""

from django.db import models
from django.db.models import Q

from comanage.tenancy.models import TenantModel


class SealedKind(models.TextChoices):
    """What a sealed file holds."""

    UPLOAD = "upload", "File as it was sent"
    PART = "part", "Part of a file that is being sent"
    SLICE = "slice", "Checked cases"
    REPORT = "report", "Report"
    DOCUMENT = "document", "Document on file"
    EXPORT = "export", "Export of all that a tenant owns"


class TenantKey(TenantModel):
    """A tenant's key, itself sealed by the installation's; the newest seals, older ones open."""

    version = models.PositiveIntegerField()
    sealed_key = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version"], name="tenant_key_version_once"),
        ]

    def __str__(self) -> str:
        return f"key {self.version}"


class SealedFile(TenantModel):
    """One file in storage: its name, what it is in the clear, and its key until that is gone."""

    name = models.CharField(max_length=200)
    place = models.CharField(max_length=240, help_text="Where the sealed bytes lie in storage.")
    kind = models.CharField(max_length=10, choices=SealedKind)
    size = models.PositiveBigIntegerField(help_text="Bytes in the clear.")
    sha256 = models.CharField(max_length=64, help_text="Of the bytes in the clear.")
    key_version = models.PositiveIntegerField(help_text="Of the tenant's key that seals this one.")
    sealed_key = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    shredded_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="sealed_file_name_once"),
            models.CheckConstraint(
                condition=Q(sealed_key__isnull=False, shredded_at=None)
                | Q(sealed_key=None, shredded_at__isnull=False),
                name="sealed_file_has_its_key_or_is_shredded",
            ),
        ]

    def __str__(self) -> str:
        return self.name
