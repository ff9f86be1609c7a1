"""The committee's comments as page and report show them."""

from dataclasses import dataclass
from datetime import datetime

from adjudication.committee.window import Asked, Window
from comanage.values.period import day_text


@dataclass(frozen=True, slots=True)
class MemberReading:
    """One member of the committee.

    Attributes:
        word: what is to be expected of them, with its `tone` for the status component.
        comments: each with its moment; empty text says that there was none.
    """

    name: str
    role: str
    word: str
    tone: str
    comments: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class WindowReading:
    """The comments of a committee.

    Attributes:
        word: how it stands.
        sentence: from when to when, and what ended it.
    """

    word: str
    state: str
    sentence: str
    members: tuple[MemberReading, ...]


def read_window(window: Window) -> WindowReading:
    """Read who was asked, what they said, and how it ended."""
    return WindowReading(
        word=window_words(window),
        state="next" if window.is_open else "done",
        sentence=_sentence(window),
        members=tuple(_member(asked, window) for asked in window.asked),
    )


def window_words(window: Window) -> str:
    """Say in a few words how the comments stand."""
    if window.is_open:
        return f"Comments until {day_text(window.last_day)}"
    if window.has_lapsed:
        return f"Closed with {day_text(window.last_day)}"
    return "Everybody has said"


def _sentence(window: Window) -> str:
    asked = len(window.asked)
    who = "1 member was asked" if asked == 1 else f"{asked} members were asked"
    if window.is_open:
        return (
            f"{who}. Compliance waits until nobody has a further comment, and no longer than "
            f"{day_text(window.last_day)}."
        )
    if window.has_lapsed:
        silent = ", ".join(each.name for each in window.silent)
        return (
            f"{who}. The time for comments lapsed with {day_text(window.last_day)}; until then "
            f"these did not say that they have no further comment: {silent}."
        )
    return f"{who}, and all said that they have no further comment."


def _member(asked: Asked, window: Window) -> MemberReading:
    if asked.is_done:
        word, tone = "No further comment", "good"
    elif window.is_open:
        word, tone = "May still comment", "waiting"
    else:
        word, tone = "Time lapsed", "quiet"
    return MemberReading(
        name=asked.name,
        role=asked.role.label,
        word=word,
        tone=tone,
        comments=tuple((said.text, said.said_at) for said in asked.comments if said.text),
    )
