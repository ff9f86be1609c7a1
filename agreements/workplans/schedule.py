"""The days of tasks that wait for each other: what a moved day pushes, what is late, what will be.

Pure: today is an argument. A task begins on a day after everything that it waits for has ended.
Days are calendar days, and both the first and the last day of a task belong to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One task as its days alone.

    Attributes:
        due_on: its last day as planned.
        done_on: when it was done; None while it is open.
        after: numbers of the tasks that it waits for.
    """

    number: int
    starts_on: date
    due_on: date
    done_on: date | None = None
    after: frozenset[int] = frozenset()

    @property
    def ends_on(self) -> date:
        """The day on which it ended, or is to end."""
        return self.done_on or self.due_on

    def moved_to(self, day: date) -> "Step":
        """Return the task as it begins on a day, as long as before."""
        return replace(self, starts_on=day, due_on=day + (self.due_on - self.starts_on))


class State(StrEnum):
    """Where a task stands on a day."""

    DONE = "done"
    OVERDUE = "overdue"
    AT_RISK = "at_risk"
    IN_HAND = "in_hand"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a task stands, and how it will end if nothing else is late.

    Attributes:
        ends_on: the day on which it ended, or is expected to.
        held_by: number of the overdue task that makes it late; None where none does.
    """

    state: State
    ends_on: date
    held_by: int | None = None


class CircleError(ValueError):
    """Tasks that wait for each other, so that none can begin.

    Attributes:
        numbers: of the tasks of the circle, each waiting for the next and the last for the first.
    """

    def __init__(self, numbers: tuple[int, ...]) -> None:
        super().__init__(f"tasks {numbers} wait for each other")
        self.numbers = numbers


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Put tasks so that each stands behind those it waits for; otherwise by number.

    Raises:
        CircleError: some wait for each other.
    """
    open_steps = {step.number: step for step in sorted(steps, key=lambda step: step.number)}
    ordered: list[Step] = []
    while open_steps:
        free = [step for step in open_steps.values() if not step.after & open_steps.keys()]
        if not free:
            raise CircleError(_circle(open_steps))
        ordered += free
        for step in free:
            del open_steps[step.number]
    return ordered


def pushed(steps: Sequence[Step]) -> list[Step]:
    """Return the open tasks that must move, at their new days.

    A task that would begin before all it waits for has ended begins on the day after, and takes as
    long as before. Nothing is pulled forward, and what is done stays where it is.

    Raises:
        CircleError: some wait for each other.
    """
    placed: dict[int, Step] = {}
    for step in in_order(steps):
        first = _first_day(step, {number: each.ends_on for number, each in placed.items()})
        is_free = step.done_on is not None or first is None or step.starts_on >= first
        placed[step.number] = step if is_free or first is None else step.moved_to(first)
    return [placed[step.number] for step in steps if placed[step.number] != step]


def outlooks(steps: Sequence[Step], *, today: date) -> dict[int, Outlook]:
    """Say by number where each task stands, and when it is expected to end.

    An open task whose last day is over ends today at the earliest, and what waits for it begins
    after that: if it then ends after its own last day, it is at risk.
    """
    found: dict[int, Outlook] = {}
    for step in in_order(steps):
        found[step.number] = _outlook(step, found, today)
    return found


def _outlook(step: Step, found: Mapping[int, Outlook], today: date) -> Outlook:
    if step.done_on is not None:
        return Outlook(State.DONE, step.done_on)
    first = _first_day(step, {number: each.ends_on for number, each in found.items()})
    expected = step if first is None else step.moved_to(max(step.starts_on, first))
    ends_on = max(expected.due_on, today)
    if step.due_on < today:
        return Outlook(State.OVERDUE, ends_on)
    if ends_on > step.due_on:
        return Outlook(State.AT_RISK, ends_on, _held_by(step, found))
    return Outlook(State.IN_HAND if step.starts_on <= today else State.LATER, ends_on)


def _held_by(step: Step, found: Mapping[int, Outlook]) -> int | None:
    """Find the overdue task at the root of a delay; None where work was planned too early."""
    last = max(step.after & found.keys(), key=lambda number: (found[number].ends_on, -number))
    return last if found[last].state is State.OVERDUE else found[last].held_by


def _first_day(step: Step, ends: Mapping[int, date]) -> date | None:
    """Return the day after the last end of what a task waits for; None where it waits for none."""
    waited = [ends[number] for number in step.after if number in ends]
    return max(waited) + ONE_DAY if waited else None


def _circle(steps: Mapping[int, Step]) -> tuple[int, ...]:
    """Walk from a task to one it waits for until one comes again."""
    number = min(steps)
    walked: list[int] = []
    while number not in walked:
        walked.append(number)
        number = min(steps[number].after & steps.keys())
    return tuple(walked[walked.index(number) :])
