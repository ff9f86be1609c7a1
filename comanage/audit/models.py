"""The audit event. It points to nothing: it must outlive whatever it tells of."""

import pgtrigger
from django.db import models

from comanage.audit.kinds import EventKind
from comanage.tenancy.models import TenantModel


def event_kinds() -> list[tuple[str, str]]:
    """Return the kinds with their words; a function, so that a new kind needs no migration."""
    return EventKind.choices


APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class Event(TenantModel):
    """One deed. `sequence` has no gaps and `hash` covers the event and the one before it."""

    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=60, choices=event_kinds)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120)
    actor_role = models.CharField(max_length=30, blank=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    subject_label = models.CharField(max_length=300)
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta(TenantModel.Meta):
        ordering = ["-sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "sequence"], name="event_sequence_once_per_tenant"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "kind", "sequence"], name="event_by_kind")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.get_kind_display()}"
