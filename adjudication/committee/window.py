"""The days in which a governing committee comments on one snapshot. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from comanage.identity.roles import Role


@dataclass(frozen=True, slots=True)
class Said:
    """One comment."""

    text: str
    is_last: bool
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """One member who was asked.

    Attributes:
        pk: of the invitation.
        member_id: of the person.
        comments: in the order they were made.
    """

    pk: UUID
    member_id: UUID
    name: str
    role: Role
    comments: tuple[Said, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether the member has no further comment."""
        return any(comment.is_last for comment in self.comments)


@dataclass(frozen=True, slots=True)
class Window:
    """Who was asked, until when, and what they said up to now.

    Attributes:
        asked: the members, by name.
        opened_at: when the reviewer signed.
        last_day: for comments, at the hospital.
        closes_at: the end of that day.
        now: when this was read.
    """

    asked: tuple[Asked, ...]
    opened_at: datetime
    last_day: date
    closes_at: datetime
    now: datetime = field(compare=False)

    @property
    def has_everybody_said(self) -> bool:
        """Whether no member has a further comment."""
        return all(asked.is_done for asked in self.asked)

    @property
    def has_lapsed(self) -> bool:
        """Whether the days went by before everybody had said so."""
        return not self.has_everybody_said and self.now >= self.closes_at

    @property
    def is_open(self) -> bool:
        """Whether compliance must still wait."""
        return not self.has_everybody_said and self.now < self.closes_at

    @property
    def closed_at(self) -> datetime | None:
        """When it closed: as the last member said so, or with its last day."""
        if self.is_open:
            return None
        if not self.has_everybody_said:
            return self.closes_at
        return max(said.said_at for asked in self.asked for said in asked.comments if said.is_last)

    @property
    def silent(self) -> tuple[Asked, ...]:
        """The members who may still say something, or whose days went by."""
        return tuple(asked for asked in self.asked if not asked.is_done)

    def of(self, member_id: UUID | None) -> Asked | None:
        """Return what a member was asked and said; None for anybody else."""
        return next((asked for asked in self.asked if asked.member_id == member_id), None)

    def has_comment_of(self, member_id: UUID | None) -> bool:
        """Say whether a person took part by a comment."""
        asked = self.of(member_id)
        return asked is not None and bool(asked.comments)
