"""Owners as the page of a program's people shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agreements.ownerships.models import Ownership
from comanage.values.rounding import decimal_text, fraction_from_text

SHOWN_PLACES = 4


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """One owner as printed: the exact share, and the percentage where it says more."""

    owner: str
    share: str


@dataclass(frozen=True, slots=True)
class OwnershipReading:
    """Who owns a group from a day on.

    Attributes:
        when: whether it holds today, held before, or is to hold.
    """

    entity: str
    effective_from: date
    when: str
    source: str
    owners: tuple[OwnerLine, ...]


def read_ownerships(
    ownerships: Iterable[Ownership], *, today: date
) -> tuple[OwnershipReading, ...]:
    """Read a group's owners over time, the newest first; what was corrected is left out.

    Args:
        ownerships: the newest first, and of one day the one that counts.
        today: at the hospital.
    """
    by_day: dict[date, Ownership] = {}
    for each in ownerships:
        by_day.setdefault(each.effective_from, each)
    begun = max((day for day in by_day if day <= today), default=None)
    return tuple(_reading(each, begun) for each in by_day.values())


def _reading(ownership: Ownership, begun: date | None) -> OwnershipReading:
    day = ownership.effective_from
    when = "now" if day == begun else "later" if begun is None or day > begun else "before"
    return OwnershipReading(
        entity=ownership.get_entity_display(),
        effective_from=day,
        when=when,
        source=ownership.source,
        owners=tuple(
            OwnerLine(each["owner"], share_text(each["share"])) for each in ownership.shares
        ),
    )


def share_text(share: str) -> str:
    """Write an exact share: `1/3 (33.3333 %)`, or `25 %` where that is exact."""
    exact = fraction_from_text(share)
    text = decimal_text(exact * 100, SHOWN_PLACES)
    shown = f"{text.rstrip('0').rstrip('.')} %"
    return shown if fraction_from_text(text) == exact * 100 else f"{share} ({shown})"
