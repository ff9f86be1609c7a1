"""A workplan as people read it: its phases with their pictures, and each task in words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from agreements.workplans.models import Workplan, WorkplanTask
from agreements.workplans.policies import can_finish, can_reopen, is_owner
from agreements.workplans.queries import Position, stage_of
from agreements.workplans.schedule import Outlook, State, outlooks
from agreements.workplans.template import Phase, Stage, standard
from comanage.documents.charts import (
    TimelineGroup,
    TimelineTask,
    timeline,
    timeline_sentence,
)
from comanage.identity.actor import Actor
from comanage.identity.roles import Role
from comanage.values.period import Period, day_text
from comanage.web.places import Place

_WORDS = {
    State.DONE: ("Done", "good"),
    State.OVERDUE: ("Overdue", "concern"),
    State.AT_RISK: ("At risk", "concern"),
    State.IN_HAND: ("In hand", "next"),
    State.LATER: ("Later", "quiet"),
}


@dataclass(frozen=True, slots=True)
class TaskReading:
    """One task in words.

    Attributes:
        waits_for: titles of the tasks that end before it begins.
        is_mine: whether the reader answers for it.
        place: the page on which it is done; None where the reader opens none.
    """

    task: WorkplanTask
    word: str
    tone: str
    detail: str
    owner: str
    state: State
    waits_for: tuple[str, ...]
    is_mine: bool
    can_finish: bool
    can_reopen: bool
    place: Place | None


@dataclass(frozen=True, slots=True)
class StageReading:
    """One of the ten steps with its tasks."""

    stage: Stage
    tasks: tuple[TaskReading, ...]


@dataclass(frozen=True, slots=True)
class PhaseReading:
    """Steps under one heading: their picture, its sentence, and their tasks."""

    title: str
    chart: str
    sentence: str
    stages: tuple[StageReading, ...]

    @property
    def is_done(self) -> bool:
        """Whether nothing of it is open."""
        return all(each.state is State.DONE for stage in self.stages for each in stage.tasks)


@dataclass(frozen=True, slots=True)
class PlanReading:
    """A plan on a day.

    Attributes:
        stage: the step it is at; None once everything is done.
        kick_off: as planned; None where no task of that step is left.
        kick_off_day: counted from the first day of the plan, which is 1.
        expected: when the kick-off will be if nothing else is late.
        now: what is overdue or in hand, the overdue first.
        at_risk: how many tasks end late because another does.
    """

    phases: tuple[PhaseReading, ...]
    stage: Stage | None
    kick_off: date | None
    kick_off_day: int
    expected: date | None
    now: tuple[TaskReading, ...]
    at_risk: int

    @property
    def days_late(self) -> int:
        """By how many days the kick-off is expected after its planned day."""
        if self.kick_off is None or self.expected is None:
            return 0
        return max((self.expected - self.kick_off).days, 0)


def read_plan(
    plan: Workplan,
    tasks: Sequence[WorkplanTask],
    place_of: Callable[[WorkplanTask], Place | None],
    *,
    today: date,
    by: Actor,
) -> PlanReading:
    """Read a plan with the owners of its tasks at hand; `place_of` finds where a task is done."""
    found = outlooks([task.step for task in tasks], today=today)
    readings = _read_tasks(tasks, found, place_of, today=today, by=by)
    last_step = [task for task in tasks if task.stage == standard().kick_off]
    kick_off = max((task.step.ends_on for task in last_step), default=None)
    states = [outlook.state for outlook in found.values()]
    key = stage_of(tasks)
    return PlanReading(
        phases=_phases(tasks, readings, today),
        stage=standard().stage(key) if key else None,
        kick_off=kick_off,
        kick_off_day=(kick_off - plan.starts_on).days + 1 if kick_off else 0,
        expected=max((found[task.number].ends_on for task in last_step), default=None),
        now=tuple(
            readings[task.number]
            for state in (State.OVERDUE, State.IN_HAND)
            for task in tasks
            if found[task.number].state is state
        ),
        at_risk=states.count(State.AT_RISK),
    )


def position_words(position: Position | None) -> tuple[str, str]:
    """Say where a program's plan is, with the tone of its shape."""
    if position is None:
        return "No workplan yet", "quiet"
    if position.stage is None:
        return "All ten steps done", "good"
    return str(position.stage), "concern" if position.overdue else "next"


def moved_words(moved: Sequence[WorkplanTask]) -> str:
    """Say which other tasks moved along; empty for none."""
    if not moved:
        return ""
    if len(moved) == 1:
        return f"“{moved[0].title}” moved along, to {day_text(moved[0].starts_on)}."
    return f"{len(moved)} tasks that wait for it moved along."


def _read_tasks(
    tasks: Sequence[WorkplanTask],
    found: Mapping[int, Outlook],
    place_of: Callable[[WorkplanTask], Place | None],
    *,
    today: date,
    by: Actor,
) -> dict[int, TaskReading]:
    named = {task.number: task for task in tasks}
    readings = {}
    for task in tasks:
        waited = [named[number] for number in task.after]
        still_open = [each.title for each in waited if each.done_on is None]
        outlook = found[task.number]
        word, tone = _WORDS[outlook.state]
        held_by = named[outlook.held_by].title if outlook.held_by else ""
        readings[task.number] = TaskReading(
            task=task,
            word=word,
            tone=tone,
            detail=_detail(task, outlook, held_by, today),
            owner=_owner(task),
            state=outlook.state,
            waits_for=tuple(each.title for each in waited),
            is_mine=is_owner(task, by=by),
            can_finish=can_finish(task, still_open, today=today, by=by),
            can_reopen=can_reopen(task, by=by),
            place=place_of(task),
        )
    return readings


def _detail(task: WorkplanTask, outlook: Outlook, held_by: str, today: date) -> str:
    if task.done_on is not None:
        how = f"by {task.done_by}" if task.done_by else "as the agreement was executed"
        return f"on {day_text(task.done_on)} {how}"
    if outlook.state is State.IN_HAND:
        return f"due {day_text(task.due_on)}"
    if outlook.state is State.OVERDUE:
        days = (today - task.due_on).days
        return "by a day" if days == 1 else f"by {days} days"
    if outlook.state is State.AT_RISK:
        until = f"expected by {day_text(outlook.ends_on)}"
        return f"“{held_by}” is overdue; {until}" if held_by else until
    return ""


def _owner(task: WorkplanTask) -> str:
    role = str(Role(task.owner_role).label)
    return f"{task.owner.user.name}, {role}" if task.owner else role


def _phases(
    tasks: Sequence[WorkplanTask],
    readings: Mapping[int, TaskReading],
    today: date,
) -> tuple[PhaseReading, ...]:
    """Read the phases that have tasks; those up to the kick-off stand on the same days."""
    kick_off = standard().stage(standard().kick_off).number
    numbers = {stage.key: stage.number for stage in standard().stages}
    before, later = (
        _span([task for task in tasks if (numbers[task.stage] > kick_off) is is_later], today)
        for is_later in (False, True)
    )
    read = []
    for phase in standard().phases:
        stages = _stages(phase, tasks, readings)
        span = later if stages and stages[0].stage.number > kick_off else before
        if stages and span is not None:
            groups = [TimelineGroup(str(each.stage), tuple(_bars(each.tasks))) for each in stages]
            chart = timeline(phase.title, groups, span=span, today=today)
            sentence = timeline_sentence(groups, today=today)
            read.append(PhaseReading(phase.title, chart, sentence, stages))
    return tuple(read)


def _span(tasks: Sequence[WorkplanTask], today: date) -> Period | None:
    """Return the days from the first task to the last, and to today where one is overdue."""
    if not tasks:
        return None
    last = max(task.step.ends_on for task in tasks)
    if any(task.done_on is None and task.due_on < today for task in tasks):
        last = max(last, today)
    first = min(min(task.starts_on, task.step.ends_on) for task in tasks)
    return Period(first, last + timedelta(days=1))


def _stages(
    phase: Phase, tasks: Sequence[WorkplanTask], readings: Mapping[int, TaskReading]
) -> tuple[StageReading, ...]:
    of_phase = [stage for stage in standard().stages if stage.phase == phase.key]
    read = [
        StageReading(stage, tuple(readings[t.number] for t in tasks if t.stage == stage.key))
        for stage in of_phase
    ]
    return tuple(each for each in read if each.tasks)


def _bars(readings: Iterable[TaskReading]) -> Iterable[TimelineTask]:
    """Give each task its days; one that is done ends on the day it was done."""
    for each in readings:
        task, end = each.task, each.task.step.ends_on
        yield TimelineTask(task.title, min(task.starts_on, end), end, each.state.value)
