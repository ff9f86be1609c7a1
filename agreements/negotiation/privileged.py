"""Privileged notes: written and read by counsel and compliance, and by nobody else.

The only way to their text. They stand in no export, no document, no trail and no page of others:
wherever else a row of theirs turns up, its text is sealed bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agreements.drafting.models import Agreement
from agreements.negotiation.models import PrivilegedNote
from comanage.identity.actor import Actor
from comanage.identity.roles import Permission
from comanage.vault.keys import open_texts, seal_text
from comanage.web.errors import PolicyError

_PURPOSE = "privileged note"


@dataclass(frozen=True, slots=True)
class Note:
    """A note in the clear, for somebody who may read it."""

    key: str
    text: str
    name: str
    made_at: datetime


def check_may_read(by: Actor) -> None:
    """Raise PolicyError unless somebody is counsel or compliance."""
    if not by.holds(Permission.PRIVILEGED_NOTE):
        raise PolicyError("Privileged notes are for counsel and compliance alone.")


def sealed_note(text: str) -> bytes:
    """Seal the text of a note."""
    return seal_text(text, purpose=_PURPOSE)


def notes_on(agreement: Agreement, keys: Iterable[str], *, by: Actor) -> tuple[Note, ...]:
    """List the notes on clauses, the oldest first; none for whoever may not read them.

    Two queries for counsel and compliance, none for others.
    """
    if not by.holds(Permission.PRIVILEGED_NOTE):
        return ()
    found = PrivilegedNote.objects.select_related("made_by").filter(
        agreement=agreement, key__in=list(keys)
    )
    rows = list(found)
    texts = open_texts((row.sealed_text for row in rows), purpose=_PURPOSE)
    return tuple(
        Note(row.key, text, row.made_by.name, row.made_at)
        for row, text in zip(rows, texts, strict=True)
    )
