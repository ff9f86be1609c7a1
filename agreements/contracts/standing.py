"""How a contract stands on a day, from what happened to it. Pure.

Nothing that happened is edited away: the standing is read from the events anew each time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """How a contract stands."""

    UNSIGNED = "Not signed yet"
    AHEAD = "Signed, begins later"
    IN_FORCE = "In force"
    HELD_OVER = "Held over"
    EXPIRED = "Expired"
    TERMINATED = "Terminated"


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as its days alone.

    Attributes:
        kind: of `models.ContractEventKind`, as stored.
        effective_on: the first day on which it holds.
        ends_on: the first day after the term, where the event sets one.
    """

    kind: str
    effective_on: date
    signed_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A contract with all that happened to it.

    Attributes:
        began_on: the first day as it was first made.
        starts_on: the first day of the current term.
        ends_on: the first day after the current term.
        held_from: since when it goes on without a term; None for in term.
        ended_on: the first day without it, once it was terminated.
        reconciled_on: the day on which its payments were reconciled after its end.
    """

    began_on: date
    starts_on: date
    ends_on: date
    signed_on: date | None
    held_from: date | None = None
    ended_on: date | None = None
    reconciled_on: date | None = None

    def state(self, today: date) -> State:
        """Say how it stands on a day."""
        if self.ended_on is not None and today >= self.ended_on:
            return State.TERMINATED
        if self.signed_on is None:
            return State.UNSIGNED
        if today < self.starts_on and self.starts_on == self.began_on:
            return State.AHEAD
        if today < self.ends_on:
            return State.IN_FORCE
        return State.HELD_OVER if self.held_from is not None else State.EXPIRED

    def runs_past(self, day: date) -> bool:
        """Say whether it goes on, on a day, by what is known of its end."""
        return self.over_on is None or self.over_on > day

    @property
    def over_on(self) -> date | None:
        """The first day without it: of a termination, or of the term; None while held over."""
        if self.ended_on is not None:
            return self.ended_on
        return None if self.held_from is not None else self.ends_on

    def is_over(self, today: date) -> bool:
        """Say whether a day is one without it."""
        return self.over_on is not None and today >= self.over_on


def standing(
    *,
    starts_on: date,
    ends_on: date,
    signed_on: date | None,
    happenings: Iterable[Happening] = (),
) -> Standing:
    """Read how a contract stands from its events, in the order in which they were recorded."""
    stands = Standing(starts_on, starts_on, ends_on, signed_on)
    for each in happenings:
        stands = after(stands, each)
    return stands


def after(stands: Standing, each: Happening) -> Standing:
    """Read how a contract stands after one more event.

    What gives it another end, or none, leaves payments to be reconciled anew.
    """
    if each.kind == "signed":
        return replace(stands, signed_on=each.signed_on)
    if each.kind == "reconciled":
        return replace(stands, reconciled_on=each.effective_on)
    return _ended_otherwise(replace(stands, reconciled_on=None), each) or stands


def _ended_otherwise(stands: Standing, each: Happening) -> Standing | None:
    if each.kind == "extended" and each.ends_on is not None:
        return replace(stands, ends_on=each.ends_on)
    if each.kind == "renewed" and each.ends_on is not None:
        return replace(stands, starts_on=each.effective_on, ends_on=each.ends_on, held_from=None)
    if each.kind == "held_over":
        return replace(stands, held_from=each.effective_on)
    if each.kind == "terminated":
        return replace(stands, ended_on=each.effective_on)
    return None
