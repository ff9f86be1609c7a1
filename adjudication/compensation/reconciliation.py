"""The 90 days after an agreement in which what was owed and what was paid must come out even."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAYS_TO_RECONCILE = 90
SOON_DAYS = 30


class ClockState(StrEnum):
    """Where the clock stands."""

    RECONCILED = "reconciled"
    RUNNING = "running"
    SOON = "soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Clock:
    """How long after an agreement's end its accounts may still be open.

    Attributes:
        last_day: of the agreement.
        deadline: the 90th consecutive day after it, still inside.
        days_left: from today to the deadline; 0 on it, negative after it.
    """

    last_day: date
    deadline: date
    days_left: int
    state: ClockState


def reconciliation_clock(last_day: date, *, today: date, is_even: bool) -> Clock | None:
    """Read the clock; None while the agreement still runs.

    Args:
        last_day: of the agreement.
        today: at the hospital.
        is_even: whether everything owed is known and paid.

    Source:
        42 CFR 411.353(h): the parties reconcile all discrepancies within 90 consecutive
        calendar days following the expiration or termination of the arrangement.
    """
    if today <= last_day:
        return None
    deadline = last_day + timedelta(days=DAYS_TO_RECONCILE)
    days_left = (deadline - today).days
    return Clock(last_day, deadline, days_left, _state(days_left, is_even=is_even))


def _state(days_left: int, *, is_even: bool) -> ClockState:
    if is_even:
        return ClockState.RECONCILED
    if days_left < 0:
        return ClockState.OVERDUE
    return ClockState.SOON if days_left <= SOON_DAYS else ClockState.RUNNING
