"""How fresh a feed's data is, for the badge on whatever rests on it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from comanage.values.period import Period, day_text
from scorecards.feeds.calendar import NOT_COME, Arrival, Entry, State


@dataclass(frozen=True, slots=True)
class Freshness:
    """What is known of the data's age.

    Attributes:
        feed: its name.
        data_through: the last day of the newest accepted file; None before the first.
        received_on: the day that file came in.
        missing: the periods that are past their due day without a file, the oldest first.
        state: what most needs somebody: late, held, due, received, not_open, on_time or
            on_request.
        word: whether all is in time, in a few words.
        tone: of the word, as a status is shown.
    """

    feed: str
    data_through: date | None
    received_on: date | None
    missing: tuple[Period, ...]
    state: str
    word: str
    tone: str

    @property
    def not_come(self) -> int:
        """How many periods are past their due day without a file."""
        return len(self.missing)

    @property
    def sentence(self) -> str:
        """Say through which day, received when, from where, and how much did not come."""
        if self.data_through is None:
            came = f"No data of this time has been accepted from {self.feed}."
        else:
            received = day_text(self.received_on) if self.received_on else "an unknown day"
            came = (
                f"Data through {day_text(self.data_through)}, received {received} from {self.feed}."
            )
        if not self.not_come:
            return came
        noun = "period has" if self.not_come == 1 else "periods have"
        return f"{came} {self.not_come} {noun} not come."


def freshness(
    feed: str, accepted: Sequence[Arrival], entries: Sequence[Entry], *, within: Period | None
) -> Freshness:
    """Say how fresh a feed's data is.

    Args:
        feed: its name.
        accepted: the accepted files, in any order.
        entries: its calendar today; empty where files come on request.
        within: the year that is asked about; None for all that there is.
    """
    inside = [each for each in accepted if within is None or each.period.overlaps(within)]
    awaited = [each for each in entries if within is None or each.period.overlaps(within)]
    newest = max(inside, key=lambda each: (each.period.end, each.on), default=None)
    word, tone = standing(awaited)
    return Freshness(
        feed=feed,
        data_through=_through(newest, within) if newest else None,
        received_on=newest.on if newest else None,
        missing=tuple(entry.period for entry in awaited if entry.state in NOT_COME),
        state=state_of(awaited),
        word=word,
        tone=tone,
    )


def state_of(entries: Sequence[Entry]) -> str:
    """Return what most needs somebody as a word for machines, in the order of `standing`."""
    states = {entry.state for entry in entries}
    if states & NOT_COME:
        return "late"
    found = (
        each for each in (State.HELD, State.DUE, State.RECEIVED, State.NOT_OPEN) if each in states
    )
    return next((each.value for each in found), "on_time" if entries else "on_request")


def standing(entries: Sequence[Entry]) -> tuple[str, str]:
    """Say in a few words what most needs somebody, with its tone: lateness before all else."""
    late = [entry.days_late for entry in entries if entry.state in NOT_COME]
    if late:
        return f"Late by {days(max(late))}", "concern"
    if any(entry.state is State.HELD for entry in entries):
        return "A file waits for a person", "next"
    due = [entry.due_on for entry in entries if entry.state is State.DUE]
    if due:
        return f"Due by {day_text(min(due))}", "waiting"
    if any(entry.state is State.RECEIVED for entry in entries):
        return "A file is being checked", "waiting"
    if any(entry.state is State.NOT_OPEN for entry in entries):
        return "No year is open for it yet", "waiting"
    if any(entry.state is State.ACCEPTED and entry.days_late for entry in entries):
        return "Up to date, after a late file", "good"
    return ("On time", "good") if entries else ("Files come on request", "quiet")


def days(number: int) -> str:
    """Write a number of days."""
    return f"{number:,} day" if number == 1 else f"{number:,} days"


def _through(newest: Arrival, within: Period | None) -> date:
    return min(newest.period.last, within.last) if within else newest.period.last
