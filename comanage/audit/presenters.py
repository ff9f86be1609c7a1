"""An event as a sentence that a person reads."""

from dataclasses import dataclass
from typing import Any

from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.identity.roles import Role

# What these happened to is whoever did it, or the page itself; a sentence need not say so.
_WITHOUT_SUBJECT = frozenset(
    {
        EventKind.SIGNED_IN,
        EventKind.SIGNED_OUT,
        EventKind.SIGN_IN_FAILED,
        EventKind.ACCESS_DENIED,
        EventKind.CLIENT_SIGNED_IN,
        EventKind.TRAIL_VIEWED,
    }
)


@dataclass(frozen=True, slots=True)
class EventReading:
    """One event in words: who did what to what, and the details by name."""

    event: Event
    role: str
    deed: str
    subject: str
    details: tuple[tuple[str, str], ...]


def read_event(event: Event) -> EventReading:
    """Read an event."""
    return EventReading(
        event=event,
        role=Role(event.actor_role).label if event.actor_role else "",
        deed=event.get_kind_display().lower(),
        subject="" if event.kind in _WITHOUT_SUBJECT else event.subject_label,
        details=tuple((_name(key), _text(value)) for key, value in event.details.items()),
    )


def _name(key: str) -> str:
    words = key.replace("_", " ").replace("sha256", "SHA-256")
    return words[:1].upper() + words[1:]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)
