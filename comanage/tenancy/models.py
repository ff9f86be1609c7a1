"""The tenant, and what every table of a tenant has in common."""

import uuid
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone

from comanage.tenancy.scope import active_tenant_id

Row = TypeVar("Row", bound=models.Model)


class Tenant(models.Model):
    """One hospital system. Its wall shows it to its own scope and to its members."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=60, default="America/Chicago")
    allows_api_keys = models.BooleanField(
        default=False, help_text="Whether machines that cannot sign may send a key instead."
    )

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The hospital's own time zone."""
        return ZoneInfo(self.time_zone)

    def today(self) -> date:
        """Return the calendar day at the hospital."""
        return timezone.now().astimezone(self.zone).date()


class TenantManager(models.Manager[Row]):
    """The first wall: refuses without a scope and never sees another tenant."""

    def get_queryset(self) -> models.QuerySet[Row]:
        """Return the rows of the tenant in scope."""
        return super().get_queryset().filter(tenant_id=active_tenant_id())


class TenantModel(models.Model):
    """A row that belongs to one tenant. Its table needs a `Wall` in the migration that makes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, default=active_tenant_id, editable=False, related_name="+"
    )

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"  # related rows are fetched through the first wall too
