"""When a feed's files are awaited, and how each period stands. Pure: today is an argument.

A period is awaited from its end; its file is due some days later. Whatever came in is held
against the days of the period, so that one file for a quarter serves its three months.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from comanage.values.period import Period, months_after
from scorecards.feeds.models import Cadence

MISSING_AFTER_DAYS = 30
MONTHS_OF = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3, Cadence.YEARLY: 12}


class State(StrEnum):
    """How a period stands."""

    EXPECTED = "expected"
    DUE = "due"
    RECEIVED = "received"
    HELD = "held"
    ACCEPTED = "accepted"
    LATE = "late"
    MISSING = "missing"
    NOT_OPEN = "not_open"


NOT_COME = frozenset({State.LATE, State.MISSING})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a feed promised.

    Attributes:
        cadence: how often a file comes.
        first_period_on: first day of the first period; None where files come on request.
        due_days: days after a period's last day until its file is due, that day included.
        years: on the clock or closed, of the programs that read the feed; None where none is
            needed. What no year takes in yet cannot be sent, so it is not late.
    """

    cadence: Cadence
    first_period_on: date | None
    due_days: int
    years: tuple[Period, ...] | None = None

    def takes(self, period: Period) -> bool:
        """Say whether a file of the period can be sent: in a year, or before the first."""
        if not self.years:
            return self.years is None
        is_history = period.end <= min(year.start for year in self.years)
        return is_history or any(year.overlaps(period) for year in self.years)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that came in, for these days, on this day at the hospital."""

    period: Period
    on: date


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What came in for a feed: accepted files, files that wait, files that are being checked."""

    accepted: tuple[Arrival, ...] = ()
    held: tuple[Arrival, ...] = ()
    received: tuple[Arrival, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One period of the calendar.

    Attributes:
        due_on: the last day on which its file is in time.
        came_on: the day its last file came in; None while days of it are missing.
        days_late: of what came, or until today while nothing has; 0 in time.
    """

    period: Period
    due_on: date
    state: State
    came_on: date | None
    days_late: int


def calendar(plan: Plan, arrivals: Arrivals, *, today: date) -> tuple[Entry, ...]:
    """List the periods that have begun, the oldest first, each with how it stands."""
    return tuple(_entry(plan, period, arrivals, today=today) for period in periods(plan, today))


def periods(plan: Plan, today: date) -> Iterator[Period]:
    """Cut the calendar into its periods, from the first to the one that holds today."""
    months = MONTHS_OF.get(plan.cadence)
    if months is None or plan.first_period_on is None:
        return
    place, start = 0, plan.first_period_on
    while start <= today:
        place += 1
        # Counted from the first day, so that a month's end never creeps forward.
        end = months_after(plan.first_period_on, months * place)
        yield Period(start, end)
        start = end


def _entry(plan: Plan, period: Period, arrivals: Arrivals, *, today: date) -> Entry:
    due_on = period.last + timedelta(days=plan.due_days)
    came_on = covered_on(period, arrivals.accepted)
    if came_on is not None:
        return Entry(period, due_on, State.ACCEPTED, came_on, max((came_on - due_on).days, 0))
    state = _state_of_what_came(period, arrivals)
    if state is None and today >= period.end and not plan.takes(period):
        return Entry(period, due_on, State.NOT_OPEN, None, 0)
    state = state or _state_by_day(period, due_on, today)
    return Entry(period, due_on, state, None, max((today - due_on).days, 0))


def _state_of_what_came(period: Period, arrivals: Arrivals) -> State | None:
    """Say how the files stand that would complete the period; None when they do not."""
    waiting = (*arrivals.accepted, *arrivals.held)
    if covered_on(period, waiting) is not None:
        return State.HELD
    if covered_on(period, (*waiting, *arrivals.received)) is not None:
        return State.RECEIVED
    return None


def _state_by_day(period: Period, due_on: date, today: date) -> State:
    if today < period.end:
        return State.EXPECTED
    if today <= due_on:
        return State.DUE
    return State.MISSING if (today - due_on).days > MISSING_AFTER_DAYS else State.LATE


def covered_on(period: Period, arrivals: Sequence[Arrival]) -> date | None:
    """Return the day on which files together covered every day of a period, or None.

    Args:
        period: to be covered.
        arrivals: in any order; what lies outside the period does not matter.
    """
    so_far: list[Period] = []
    for arrival in sorted(arrivals, key=lambda each: each.on):
        so_far.append(arrival.period)
        if _covers(so_far, period):
            return arrival.on
    return None


def _covers(given: Sequence[Period], period: Period) -> bool:
    reached = period.start
    for each in sorted(given):
        if each.start > reached:
            break
        reached = max(reached, each.end)
    return reached >= period.end
