"""What the years before an agreement's own showed. Pure.

Results are adjudicated in a room that this one does not read. That room says what they were, by the
way that is left open here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from comanage.values.money import Money
from comanage.values.period import Period
from comanage.values.rounding import exact_text, fraction_from_text


class Stage(StrEnum):
    """How far the adjudication of a year has come: what is reviewed is known."""

    NOTHING = "nothing"
    FROZEN = "frozen"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Reached:
    """What one indicator came to.

    Attributes:
        tier: that it reached; empty for none, and where a scoring plan has none.
        share: earned of what it could earn; None where it was not scored.
        is_most: whether its goals ask for nothing better.
    """

    slug: str
    title: str
    tier: str
    share: Fraction | None
    is_most: bool

    def to_document(self) -> dict[str, Any]:
        """Write it as plain values."""
        return asdict(self) | {"share": None if self.share is None else exact_text(self.share)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Reached:
        """Read it back."""
        share = document["share"]
        return cls(**{**document, "share": None if share is None else fraction_from_text(share)})


@dataclass(frozen=True, slots=True)
class HoursPaid:
    """What the approved hours of one part of the pay came to.

    Attributes:
        minutes: approved, those above a cap among them; more than zero.
        high: the most that the year's opinion supports for an hour.
    """

    label: str
    payee: str
    paid: Money
    minutes: int
    high: Money

    def to_document(self) -> dict[str, Any]:
        """Write it as plain values."""
        return asdict(self) | {"paid": self.paid.dollars_text, "high": self.high.dollars_text}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> HoursPaid:
        """Read it back."""
        dollars = {name: Money.from_dollars(document[name]) for name in ("paid", "high")}
        return cls(**{**document, **dollars})


@dataclass(frozen=True, slots=True)
class YearShown:
    """What is known of a signed year of the program before this one.

    Attributes:
        sha256: of the snapshot; empty where nothing is frozen.
        reached: by indicator, in the order of the terms.
        hours: of the parts that pay by the hour, where the opinion gives a range.
        worked: approved minutes, where all duties are paid by the hour; else None.
        open_until: of each deficiency that is open, the day by which it was to be mended.
    """

    period: str
    stage: Stage = Stage.NOTHING
    sha256: str = ""
    reached: tuple[Reached, ...] = ()
    hours: tuple[HoursPaid, ...] = ()
    worked: int | None = None
    open_until: tuple[date, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether an independent reviewer signed what it came to."""
        return self.stage is Stage.REVIEWED

    def reached_most(self, slug: str) -> bool:
        """Say whether an indicator earned all that it could."""
        return any(each.slug == slug and each.is_most for each in self.reached)

    def to_document(self) -> dict[str, Any]:
        """Write it as plain values."""
        return {
            "period": self.period,
            "stage": self.stage.value,
            "sha256": self.sha256,
            "reached": [each.to_document() for each in self.reached],
            "hours": [each.to_document() for each in self.hours],
            "worked": self.worked,
            "open_until": [day.isoformat() for day in self.open_until],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> YearShown:
        """Read it back."""
        return cls(
            period=document["period"],
            stage=Stage(document["stage"]),
            sha256=document["sha256"],
            reached=tuple(map(Reached.from_document, document["reached"])),
            hours=tuple(map(HoursPaid.from_document, document["hours"])),
            worked=document["worked"],
            open_until=tuple(map(date.fromisoformat, document["open_until"])),
        )


Sayer = Callable[[Collection[UUID]], Mapping[UUID, YearShown]]
_SAYERS: list[Sayer] = []


def say_years_by(sayer: Sayer) -> None:
    """Have earlier years said, by a room that can; once, when the program starts.

    Args:
        sayer: takes the ids of years; gives those of which something is frozen.
    """
    _SAYERS.append(sayer)


def years_shown(years: Mapping[UUID, Period]) -> tuple[YearShown, ...]:
    """Say what years showed, in the order given; of one that nobody adjudicated only when it was.

    Args:
        years: their periods, by id.
    """
    found: dict[UUID, YearShown] = {}
    for sayer in _SAYERS if years else ():
        found.update(sayer(years.keys()))
    return tuple(found.get(key, YearShown(str(period))) for key, period in years.items())
