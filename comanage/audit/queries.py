"""Reading the trail and checking its chain."""

from dataclasses import dataclass

from django.db.models import QuerySet

from comanage.audit.models import Event
from comanage.audit.record import GENESIS, event_hash


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """The state of a tenant's chain: how long, and where it first breaks."""

    events: int
    broken_at: int | None

    @property
    def holds(self) -> bool:
        """Whether every event is there, unaltered and in order."""
        return self.broken_at is None


def events(*, kind: str = "", actor: str = "") -> QuerySet[Event]:
    """List events, newest first, of one kind or by one actor's name when given."""
    found = Event.objects.all()
    if kind:
        found = found.filter(kind=kind)
    if actor:
        found = found.filter(actor_name__icontains=actor)
    return found


def verify_chain() -> ChainCheck:
    """Walk the chain from its beginning and stop at the first break."""
    previous, expected = GENESIS, 0
    for event in Event.objects.order_by("sequence").iterator(chunk_size=2000):
        expected += 1
        is_linked = event.sequence == expected and event.previous_hash == previous
        if not is_linked or event.hash != event_hash(event):
            return ChainCheck(events=expected, broken_at=expected)
        previous = event.hash
    return ChainCheck(events=expected, broken_at=None)
