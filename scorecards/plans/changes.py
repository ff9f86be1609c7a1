"""What one scoring plan changes against another, in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from scorecards.plans.wording import Section

UNSEEN = "How it is written changes, and nothing that it says."


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would be otherwise: what is no longer said of it, and what is instead."""

    place: str
    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def changes(before: Sequence[Section], after: Sequence[Section]) -> tuple[Change, ...]:
    """List what differs, in the order of the newer plan; what is gone comes last."""
    old, new = _by_key(before), _by_key(after)
    found = []
    for key in (*new, *(key for key in old if key not in new)):
        title, said = new.get(key) or ("", ())
        old_title, was = old.get(key) or ("", ())
        gone = tuple(each for each in was if each not in said)
        come = tuple(each for each in said if each not in was)
        if title and old_title and title != old_title:
            gone, come = (f"It is called {old_title}.", *gone), (f"It is called {title}.", *come)
        if gone or come or key not in old or key not in new:
            found.append(Change(key[0], title or old_title, gone, come))
    return tuple(found)


def _by_key(sections: Sequence[Section]) -> dict[tuple[str, str], tuple[str, tuple[str, ...]]]:
    return {
        (section.title, line.key): (line.title, line.sentences)
        for section in sections
        for line in section.lines
    }
