"""The writing by which a later year of an agreement that was executed here takes effect. Pure.

The first year's terms are locked by the execution itself. A later year is an amendment: signed
before it begins, on record in the register, its paper kept there by another person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from comanage.values.period import day_text


@dataclass(frozen=True, slots=True)
class Amendment:
    """An amendment of the contract that takes effect on the year's first day.

    Attributes:
        number: of the event in the contract's history.
        signed_on: the day of the last signature.
    """

    number: int
    signed_on: date


@dataclass(frozen=True, slots=True)
class Paper:
    """A signed paper that is kept of the contract.

    Attributes:
        received_on: the hospital's day on which it came in, by the clock.
        kept_by: the id of whoever took it in.
    """

    title: str
    sha256: str
    received_on: date
    kept_by: UUID


@dataclass(frozen=True, slots=True)
class Writing:
    """What the register holds for a later year.

    Attributes:
        contract: the id of the contract that the year belongs to.
        title: of the contract.
        first_day: of the year.
        amendments: that take effect on the first day, in the order of the record.
        papers: of the contract that are still there, the oldest first.
    """

    contract: UUID
    title: str
    first_day: date
    amendments: Sequence[Amendment]
    papers: Sequence[Paper]

    def lacks(self, *, today: date, by: UUID | None) -> str:
        """Say what is missing before somebody can lock the year's terms; empty for nothing.

        Args:
            today: at the hospital.
            by: the id of whoever would lock them.

        Source:
            42 CFR 411.354(d)(1)(ii): an amendment is prospective, in writing and signed before
            the services it pays for.
        """
        first = day_text(self.first_day)
        if today > self.first_day:
            return (
                f"The year began on {first}, and the terms of a later year are locked by that day, "
                f"never after it (42 CFR 411.354(d)(1)(ii)). Move its first day to one that is "
                f"still to come, and have an amendment signed for it."
            )
        if not self.amendments:
            return (
                f"The register of contracts holds no amendment of “{self.title}” that takes effect "
                f"on {first}. Have both sides sign one, and counsel or compliance record it there "
                f"before that day."
            )
        if not self._in_time():
            return (
                f"The signed paper of the amendment of {day_text(self.amendments[-1].signed_on)} "
                f"is not kept with “{self.title}” in the register of contracts. Counsel or "
                f"compliance keeps it there, by {first}."
            )
        if self.rests_on(by=by) is None:
            return (
                f"You kept the signed paper with “{self.title}” yourself, and it takes two. Let "
                f"another person lock the terms."
            )
        return ""

    def rests_on(self, *, by: UUID | None) -> tuple[Amendment, Paper] | None:
        """Return the amendment and the paper that somebody can lock the terms by, the newest."""
        return next(((one, paper) for one, paper in self._in_time() if paper.kept_by != by), None)

    def _in_time(self) -> list[tuple[Amendment, Paper]]:
        """Pair amendments with papers that came in from their signature to the first day."""
        return [
            (one, paper)
            for one in reversed(self.amendments)
            for paper in reversed(self.papers)
            if one.signed_on <= paper.received_on <= self.first_day
        ]
