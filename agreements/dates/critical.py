"""Which days a hospital must not miss, gathered by month. Pure: today is an argument."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from comanage.identity.roles import Role


@dataclass(frozen=True, slots=True)
class Place:
    """The page where one acts: its name, and the record it is about; None for a list."""

    page: str
    record: UUID | None = None

    @property
    def records(self) -> tuple[UUID, ...]:
        """What the address of the page names, after the hospital."""
        return () if self.record is None else (self.record,)


@dataclass(frozen=True, slots=True)
class CriticalDate:
    """One day on which, at the latest, something is done.

    Attributes:
        due_on: the last day on which it is in time.
        key: names the thing for good, so that a calendar finds it again when its day moves.
        to_do: one sentence.
        owner: whose business it is.
        is_monthly: whether it comes again each month, so that a week ahead is early enough.
    """

    due_on: date
    title: str
    key: str
    to_do: str
    owner: Role
    place: Place
    is_monthly: bool = False

    @property
    def order(self) -> tuple[date, str, str]:
        """The earliest first, those of one day by name."""
        return self.due_on, self.title, self.key


@dataclass(frozen=True, slots=True)
class Month:
    """The dates of one month, which its first day names."""

    first: date
    dates: tuple[CriticalDate, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is overdue, of whichever month, and the months ahead that have a date."""

    overdue: tuple[CriticalDate, ...]
    months: tuple[Month, ...]


def agenda_of(dates: Iterable[CriticalDate], *, today: date) -> Agenda:
    """Gather dates, the earliest first: the overdue ones, then month by month."""
    ordered = sorted(dates, key=lambda each: each.order)
    ahead = [each for each in ordered if each.due_on >= today]
    return Agenda(
        tuple(each for each in ordered if each.due_on < today),
        tuple(
            Month(first, tuple(held))
            for first, held in groupby(ahead, lambda each: each.due_on.replace(day=1))
        ),
    )
