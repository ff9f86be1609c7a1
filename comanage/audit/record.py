"""Writing the trail: in the transaction of the deed, one after the other per tenant."""

from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.utils import timezone

from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.tenancy.scope import active_tenant_id
from comanage.values.canonical import sha256_of

if TYPE_CHECKING:
    from comanage.identity.actor import Actor

GENESIS = "0" * 64


def record_event(*, kind: EventKind, subject: models.Model, by: "Actor", **details: Any) -> Event:
    """Append one event to the tenant's chain.

    Args:
        kind: what happened.
        subject: the record it happened to; its text and id are copied.
        by: who did it.
        **details: plain values without identifiers of patients.
    """
    tenant_id = active_tenant_id()
    with connection.cursor() as cursor:  # two deeds at once must not share a predecessor
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"audit:{tenant_id}"])
    last = Event.objects.only("sequence", "hash").order_by("-sequence").first()
    event = Event(
        sequence=last.sequence + 1 if last else 1,
        at=timezone.now(),
        kind=kind.value,
        actor_kind=by.kind.value,
        actor_id=by.id,
        actor_name=by.name,
        actor_role=by.role.value if by.role else "",
        subject_type=subject._meta.model_name or "",
        subject_id=subject.pk,
        subject_label=str(subject)[:300],
        details=details,
        previous_hash=last.hash if last else GENESIS,
    )
    event.hash = event_hash(event)
    event.save(force_insert=True)
    return event


def event_hash(event: Event) -> str:
    """Hash an event together with its predecessor's hash."""
    return sha256_of(
        {
            "tenant": str(event.tenant_id),
            "sequence": event.sequence,
            "at": event.at.isoformat(),
            "kind": event.kind,
            "actor": [event.actor_kind, str(event.actor_id), event.actor_name, event.actor_role],
            "subject": [event.subject_type, str(event.subject_id), event.subject_label],
            "details": event.details,
            "previous": event.previous_hash,
        }
    )
