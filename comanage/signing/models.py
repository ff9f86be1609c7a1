"""The installation's own certificates; the newest signs."""

from django.db import models


class InstallationCertificate(models.Model):
    """A certificate that the installation made for itself, and its key, sealed."""

    number = models.PositiveSmallIntegerField(unique=True)
    certificate = models.BinaryField(help_text="X.509, DER.")
    sealed_key = models.BinaryField(help_text="PKCS#8, sealed with the installation's first key.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"certificate {self.number}"
