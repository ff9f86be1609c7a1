"""Who does a deed: a member, an extract client, or the system itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from comanage.identity.models import ExtractClient, Membership
from comanage.identity.roles import BOUND_TO_THEIR_PROGRAMS, GRANTS, Permission, Role
from comanage.web.errors import PolicyError


class ActorKind(StrEnum):
    """What kind of actor."""

    MEMBER = "member"
    CLIENT = "client"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The `by=` of every action."""

    kind: ActorKind
    id: UUID | None
    name: str
    role: Role | None
    membership_id: UUID | None = None
    scopes: frozenset[str] = frozenset()

    @classmethod
    def member(cls, membership: Membership) -> "Actor":
        """Act as a person in their role at this hospital."""
        return cls(
            kind=ActorKind.MEMBER,
            id=membership.user_id,
            name=membership.user.name,
            role=Role(membership.role),
            membership_id=membership.pk,
        )

    @classmethod
    def client(cls, client: ExtractClient, *, scopes: Iterable[str] | None = None) -> "Actor":
        """Act as a machine; a token may hold fewer scopes than its client, and never more."""
        held = frozenset(client.scopes)
        return cls(
            kind=ActorKind.CLIENT,
            id=client.pk,
            name=client.name,
            role=Role.EXTRACT_CLIENT,
            scopes=held if scopes is None else held & frozenset(scopes),
        )

    @classmethod
    def system(cls, name: str) -> "Actor":
        """Act as the installation: the nightly run, the set-up command."""
        return cls(kind=ActorKind.SYSTEM, id=None, name=name, role=None)

    @property
    def user_id(self) -> UUID:
        """The person who answers for the deed.

        Raises:
            PolicyError: a machine or the installation acts, and neither signs anything.
        """
        if self.kind is not ActorKind.MEMBER or self.id is None:
            raise PolicyError("Only a person can do this.")
        return self.id

    def holds(self, permission: Permission) -> bool:
        """Say whether the actor's role grants a permission."""
        return self.role is not None and permission in GRANTS[self.role]

    @property
    def sees_only_own_programs(self) -> bool:
        """Whether a seat in a program is needed to see it."""
        return self.role in BOUND_TO_THEIR_PROGRAMS
