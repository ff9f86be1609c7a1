"""Leading a member to a page where something is done, if they may open it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from comanage.identity.actor import Actor
from comanage.identity.roles import Permission

# What the address of a page takes, by whose page it is; None where it has none yet.
Owners = Mapping[str, tuple[UUID, ...] | None]


@dataclass(frozen=True, slots=True)
class Place:
    """A page on which something is done."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Door:
    """A kind of page, and what it takes to open it.

    Attributes:
        of: whose page it is; empty for a page of the whole hospital.
    """

    words: str
    name: str
    of: str
    permission: Permission = Permission.PROGRAM_VIEW


def lead_through(door: Door | None, owners: Owners, *, tenant: str, by: Actor) -> Place | None:
    """Return the page behind a door; None where the member may not open it, or there is none."""
    if door is None or not by.holds(door.permission):
        return None
    owner = owners[door.of]
    if owner is None:
        return None
    return Place(door.words, reverse(door.name, args=[tenant, *owner]))
