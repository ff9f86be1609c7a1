"""What the API remembers: requests that must not run twice, and whom to tell of what."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from comanage.identity.models import ExtractClient
from comanage.tenancy.models import TenantModel


class IdempotentRequest(TenantModel):
    """One request under its key: what was asked, and what was answered once it was."""

    client = models.ForeignKey(ExtractClient, on_delete=models.CASCADE, related_name="+")
    route = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(
        max_length=64, help_text="SHA-256 of method, path, query and body digest."
    )
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "client", "route", "key"], name="request_once_per_key"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "created_at"], name="request_by_age")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"


class Webhook(TenantModel):
    """An address of the hospital that is told when something happens. Secrets lie sealed."""

    name = models.CharField(max_length=80)
    url = models.URLField(max_length=300)
    kinds = ArrayField(models.CharField(max_length=60))
    secret = models.BinaryField()
    previous_secret = models.BinaryField(null=True)
    previous_until = models.DateTimeField(null=True)
    signing_key = models.BinaryField(help_text="Private Ed25519 key, sealed.")
    created_at = models.DateTimeField(auto_now_add=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.CharField(max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="webhook_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    """Where a delivery is."""

    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Given up"


class WebhookDelivery(TenantModel):
    """One message to one address: ids only, tried until it is taken or given up."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_problem = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    next_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        ordering = ["-created_at"]
        verbose_name_plural = "webhook deliveries"

    def __str__(self) -> str:
        return f"{self.kind} to {self.webhook}"
