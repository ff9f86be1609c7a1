"""Opinions as the page of a program shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agreements.components.presenters import hours_text
from agreements.valuations.models import Opinion
from agreements.valuations.staleness import Trigger


@dataclass(frozen=True, slots=True)
class OpinionReading:
    """One opinion, how it stands in a word, and why.

    Attributes:
        rests_on: basis, hours and percentile in words; empty where it says nothing of them.
    """

    opinion: Opinion
    word: str
    tone: str
    triggers: tuple[Trigger, ...]
    rests_on: str


def read_opinions(
    opinions: Iterable[tuple[Opinion, tuple[Trigger, ...]]], *, today: date
) -> tuple[OpinionReading, ...]:
    """Read opinions with what makes them stale."""
    return tuple(
        OpinionReading(
            opinion=each,
            word=_word(each, found, today),
            tone=_tone(each, found, today),
            triggers=found,
            rests_on=_rests_on(each),
        )
        for each, found in opinions
    )


def _word(opinion: Opinion, found: tuple[Trigger, ...], today: date) -> str:
    if any(each.is_over for each in found):
        return "Over"
    if found:
        return "To be looked at"
    if today < opinion.valid_from:
        return "Begins later"
    return "In force" if today < opinion.valid_until else "Followed by another"


def _tone(opinion: Opinion, found: tuple[Trigger, ...], today: date) -> str:
    if found:
        return "concern" if any(each.is_over for each in found) else "waiting"
    return "good" if today in opinion.validity else "quiet"


def _rests_on(opinion: Opinion) -> str:
    said = [
        opinion.get_basis_display() if opinion.basis else "",
        f"{hours_text(opinion.assumed_minutes)} a year assumed" if opinion.assumed_minutes else "",
        f"percentile {opinion.percentile} of its survey" if opinion.percentile else "",
    ]
    return ", ".join(filter(None, said))
