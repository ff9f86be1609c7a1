"""Comments that go out in a Word file, and which of those that come back are known. Pure.

A file that is sent back holds the comments it went out with beside the new ones. Word keeps of each
who wrote it, when, and what it says; it may move with its words to another clause.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from comanage.documents.ooxml import printable
from comanage.documents.tracked import Remark, stamp

MOST_OUT = 250  # the newest; half of what a file that comes back may hold
LONGEST_NAME = 80
Heard = set[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Said:
    """A comment on a version.

    Attributes:
        key: of the clause or exhibit that it is about.
        party: for whom it speaks, by the name that the agreement gives it.
        written_by: whom a Word file named as its writer; empty for what was typed here.
    """

    key: str
    party: str
    text: str
    at: datetime
    written_by: str = ""

    @property
    def author(self) -> str:
        """Who wrote it, as files say: the side, so that a name in a file cannot borrow another."""
        name = f"{self.written_by}, for {self.party}" if self.written_by else self.party
        return spoken(name)[:LONGEST_NAME]


def spoken(text: str) -> str:
    """Write a text as Word gives it back: each line's white space single, no line empty."""
    lines = (" ".join(line.split()) for line in printable(text).split("\n"))
    return "\n".join(line for line in lines if line)


def remarks_by_key(said: Iterable[Said]) -> dict[str, tuple[Remark, ...]]:
    """Give the newest comments as a file holds them, by what they are about."""
    found: dict[str, tuple[Remark, ...]] = {}
    for each in list(said)[-MOST_OUT:]:
        remark = Remark(each.author, each.at, spoken(each.text))
        found[each.key] = (*found.get(each.key, ()), remark)
    return found


def heard(said: Iterable[Said]) -> Heard:
    """Say by what each comment is known again: who wrote what, and where or when."""
    return {
        (name, spoken(each.text), known)
        for each in said
        for name in (each.author, each.written_by)
        for known in (each.key, stamp(each.at))
    }
