"""Members as their page shows them: whether access is open, in words."""

from dataclasses import dataclass
from datetime import date

from comanage.identity.models import Membership


@dataclass(frozen=True, slots=True)
class MemberReading:
    """A member with the state of their access."""

    membership: Membership
    word: str
    tone: str
    is_live: bool


def read_member(membership: Membership, *, today: date) -> MemberReading:
    """Say whether a membership opens anything today."""
    if membership.revoked_at is not None:
        word, tone = "Cut", "quiet"
    elif membership.is_active_on(today):
        word, tone = "Has access", "good"
    elif membership.starts_on > today:
        word, tone = "Not begun", "waiting"
    else:
        word, tone = "Ended", "quiet"
    return MemberReading(membership, word, tone, is_live=tone in {"good", "waiting"})
