"""The record of a review, and whether it bears a signature. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from adjudication.reviews.sampling import Marks


@dataclass(frozen=True, slots=True)
class Finding:
    """The newest recount of one indicator.

    Attributes:
        method: in words.
        reported: the snapshot's figures.
        found: the reviewer's.
    """

    is_match: bool
    method: str
    reported: str
    found: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IndicatorRecord:
    """What was recorded of one indicator; None where nothing was."""

    slug: str
    title: str
    finding: Finding | None
    marks: Marks | None


@dataclass(frozen=True, slots=True)
class Record:
    """What was recorded of a snapshot, by indicator in the order of the terms.

    Attributes:
        people: who recorded any of it.
    """

    indicators: tuple[IndicatorRecord, ...]
    people: frozenset[UUID]

    @property
    def missing(self) -> tuple[str, ...]:
        """Titles of the indicators without a match or mismatch."""
        return tuple(each.title for each in self.indicators if each.finding is None)

    @property
    def mismatches(self) -> tuple[str, ...]:
        """Titles of the indicators whose figures differ."""
        return tuple(
            each.title for each in self.indicators if each.finding and not each.finding.is_match
        )

    @property
    def unfinished(self) -> tuple[str, ...]:
        """Titles of the indicators whose sample was begun and not finished."""
        return tuple(
            each.title for each in self.indicators if each.marks and not each.marks.is_finished
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing was recorded, as of snapshots of before."""
        return not self.people
