"""Making a workplan, and working with its tasks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from agreements.participants.models import ProgramSeat
from agreements.programs.models import Program
from agreements.workplans import policies
from agreements.workplans.models import Workplan, WorkplanTask
from agreements.workplans.queries import stage_of, tasks_to_copy
from agreements.workplans.schedule import Step, pushed
from agreements.workplans.template import StandardTask, standard
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.web.errors import PolicyError


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What a task is.

    Attributes:
        stage: key of one of the ten steps.
        owner: who does it; None for whoever has the role.
        due_on: its last day.
        after: numbers of the tasks that end before it begins.
    """

    stage: str
    title: str
    deliverable: str
    owner_role: Role
    owner: Membership | None
    starts_on: date
    due_on: date
    after: tuple[int, ...] = ()


@transaction.atomic
def make_workplan(
    *,
    program: Program,
    starts_on: date,
    by: Actor,
    like: Program | None = None,
    file: Sequence[StandardTask] = (),
) -> Workplan:
    """Make a program's workplan: the standard one, like another program's, or from a file.

    Of another plan the tasks and their days are taken, less those that were made for that
    program alone; who does them by name, and what is done, is not.

    Raises:
        PolicyError: the program has a plan, or the other one has none.
    """
    program = Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    policies.check_can_make(has_plan=Workplan.objects.filter(program=program).exists())
    policies.check_day(starts_on, field="starts_on")
    if file:
        made_from, rows = "A file", _tasks_from(file, starts_on)
    elif like is not None:
        made_from, rows = f"The workplan of {like.name}", _tasks_like(like, starts_on)
    else:
        made_from, rows = standard().name, _tasks_from(standard().tasks, starts_on)
    plan = Workplan.objects.create(program=program, starts_on=starts_on, made_from=made_from)
    WorkplanTask.objects.bulk_create(WorkplanTask(workplan=plan, **row) for row in rows)
    record_event(
        kind=EventKind.WORKPLAN_MADE,
        subject=plan,
        by=by,
        starts_on=starts_on.isoformat(),
        tasks=len(rows),
    )
    return plan


@transaction.atomic
def note_plan_copy(*, plan: Workplan, by: Actor) -> None:
    """Record that somebody took a copy of a workplan away."""
    record_event(kind=EventKind.WORKPLAN_COPIED, subject=plan, by=by, program=str(plan))


@transaction.atomic
def add_task(
    *,
    program: Program,
    title: str,
    owner_role: Role,
    due_on: date,
    by: Actor,
    source: str = "",
    facts: TaskFacts | None = None,
) -> WorkplanTask:
    """Add a task to a program's plan; without more facts it stands in the step the plan is at.

    Args:
        program: whose plan it is.
        title: what is to be done.
        owner_role: who answers for it.
        due_on: its last day; it begins today, or on that day when that is over.
        by: who adds it.
        source: what it was made for, in words.
        facts: all that is known of it, in place of the four above.

    Raises:
        PolicyError: the program has no plan, the plan is full, or the facts do not fit it.
    """
    plan = _locked_plan_of(program)
    tasks = list(plan.tasks.all())
    policies.check_room(len(tasks))
    if facts is None:
        today = _today()
        stage = stage_of(tasks) or standard().stages[0].key
        facts = TaskFacts(stage, title, "", owner_role, None, min(today, due_on), due_on)
    number = max((task.number for task in tasks), default=0) + 1
    facts = _checked(facts, number, plan, tasks)
    task = WorkplanTask.objects.create(
        workplan=plan, number=number, source=source, **_columns(facts)
    )
    moved = _push([*tasks, task])
    record_event(
        kind=EventKind.TASK_ADDED, subject=task, by=by, program=program.name, moved=len(moved)
    )
    return task


@transaction.atomic
def edit_task(*, task: WorkplanTask, facts: TaskFacts, by: Actor) -> list[WorkplanTask]:
    """Change a task, and push what waits for it; return the other tasks that moved.

    Raises:
        PolicyError: tasks would wait for each other, or the facts do not fit the plan.
    """
    plan, tasks, task = _locked(task)
    others = [each for each in tasks if each.pk != task.pk]
    facts = _checked(facts, task.number, plan, others)
    for name, value in _columns(facts).items():
        setattr(task, name, value)
    task.save(update_fields=list(_columns(facts)))
    moved = [each for each in _push([*others, task]) if each.pk != task.pk]
    record_event(
        kind=EventKind.TASK_EDITED,
        subject=task,
        by=by,
        starts_on=task.starts_on.isoformat(),
        due_on=task.due_on.isoformat(),
        moved=len(moved),
    )
    return moved


@transaction.atomic
def finish_task(*, task: WorkplanTask, done_on: date, by: Actor) -> list[WorkplanTask]:
    """Say that a task is done, and push what was to begin by then; return what moved.

    Raises:
        PolicyError: it is done, waits for one that is not, or is somebody else's; or the day is
            still to come.
    """
    _, tasks, task = _locked(task)
    waited = [each.title for each in tasks if each.number in task.after and each.done_on is None]
    policies.check_can_finish(task, waited, done_on=done_on, today=_today(), by=by)
    task.done_on, task.done_by_id = done_on, by.user_id
    task.save(update_fields=["done_on", "done_by"])
    moved = _push(tasks)
    record_event(
        kind=EventKind.TASK_DONE,
        subject=task,
        by=by,
        done_on=done_on.isoformat(),
        moved=len(moved),
    )
    return moved


@transaction.atomic
def end_drafting(*, program: Program, executed_on: date, by: Actor) -> list[WorkplanTask]:
    """Finish what is open of the way to an agreement, as it is executed; return those tasks.

    Nobody says so: a task that is done by this has its day and nobody's name. What they waited
    for stays open, and is as late as it was.

    Args:
        program: whose agreement was executed; it may have no plan.
        executed_on: day of the last signature.
        by: whose signature was the last.
    """
    plan = Workplan.objects.select_for_update(no_key=True).filter(program=program).first()
    if plan is None:
        return []
    tasks = list(plan.tasks.all())
    ended = [task for task in tasks if task.done_on is None and task.title in standard().signed]
    for task in ended:
        task.done_on = executed_on
    WorkplanTask.objects.bulk_update(ended, ["done_on"])
    _push(tasks)
    for task in ended:
        record_event(
            kind=EventKind.TASK_ENDED,
            subject=task,
            by=by,
            done_on=executed_on.isoformat(),
            because="The agreement was executed",
        )
    return ended


@transaction.atomic
def reopen_task(*, task: WorkplanTask, by: Actor) -> WorkplanTask:
    """Say that a task is not done after all.

    Raises:
        PolicyError: it is open, or somebody else's.
    """
    _, tasks, task = _locked(task)
    policies.check_can_reopen(task, by=by)
    task.done_on = task.done_by = None
    task.save(update_fields=["done_on", "done_by"])
    moved = _push(tasks)
    record_event(kind=EventKind.TASK_REOPENED, subject=task, by=by, moved=len(moved))
    return task


@transaction.atomic
def remove_task(*, task: WorkplanTask, by: Actor) -> None:
    """Take a task out of its plan; what waited for it waits for what it waited for."""
    _, tasks, task = _locked(task)
    for each in tasks:
        if task.number in each.after:
            waits = {*each.after, *task.after} - {task.number}
            each.after = sorted(waits)
            each.save(update_fields=["after"])
    record_event(kind=EventKind.TASK_REMOVED, subject=task, by=by, program=str(task.workplan))
    task.delete()


def _tasks_from(tasks: Sequence[StandardTask], starts_on: date) -> list[dict[str, Any]]:
    """Put tasks that count their days on a first day."""
    for task in tasks:
        policies.check_day(starts_on + timedelta(days=task.day - 1), field="starts_on")
        policies.check_day(starts_on + timedelta(days=task.day + task.days), field="starts_on")
    return [
        {
            "number": task.number,
            "stage": task.stage,
            "title": task.title,
            "deliverable": task.deliverable,
            "owner_role": task.owner,
            "starts_on": starts_on + timedelta(days=task.day - 1),
            "due_on": starts_on + timedelta(days=task.day + task.days - 2),
            "after": sorted(task.after),
        }
        for task in tasks
    ]


def _tasks_like(like: Program, starts_on: date) -> list[dict[str, Any]]:
    """Copy the tasks of another plan to another first day."""
    before = Workplan.objects.filter(program=like).first()
    if before is None:
        raise PolicyError(f"{like.name} has no workplan. Choose another to copy.", field="like")
    return _tasks_from(tasks_to_copy(before), starts_on)


def _checked(
    facts: TaskFacts, number: int, plan: Workplan, others: Sequence[WorkplanTask]
) -> TaskFacts:
    """Hold facts against the plan; a person who owns a task gives it their role."""
    policies.check_days(facts.starts_on, facts.due_on)
    seats = ProgramSeat.objects.filter(program=plan.program_id, membership=facts.owner)
    policies.check_can_own(facts.owner, holds_seat=facts.owner is not None and seats.exists())
    titles = {each.number: each.title for each in others} | {number: facts.title}
    own = Step(number, facts.starts_on, facts.due_on, None, frozenset(facts.after))
    policies.check_waits(number, facts.after, [*(each.step for each in others), own], titles)
    if facts.owner is None:
        return facts
    return replace(facts, owner_role=Role(facts.owner.role))


def _columns(facts: TaskFacts) -> dict[str, Any]:
    return {
        "stage": facts.stage,
        "title": facts.title,
        "deliverable": facts.deliverable,
        "owner_role": facts.owner_role,
        "owner": facts.owner,
        "starts_on": facts.starts_on,
        "due_on": facts.due_on,
        "after": sorted(facts.after),
    }


def _push(tasks: Iterable[WorkplanTask]) -> list[WorkplanTask]:
    """Move what must move, and return it."""
    by_number = {task.number: task for task in tasks}
    moved = []
    for step in pushed([task.step for task in by_number.values()]):
        task = by_number[step.number]
        task.starts_on, task.due_on = step.starts_on, step.due_on
        moved.append(task)
    WorkplanTask.objects.bulk_update(moved, ["starts_on", "due_on"])
    return moved


def _locked_plan_of(program: Program) -> Workplan:
    plans = Workplan.objects.select_for_update(no_key=True)
    return policies.plan_to_stand_in(plans.filter(program=program).first())


def _locked(task: WorkplanTask) -> tuple[Workplan, list[WorkplanTask], WorkplanTask]:
    """Lock the plan, so that two people do not push at once; return it, its tasks and the task."""
    plans = Workplan.objects.select_for_update(no_key=True)
    plan = plans.get(pk=task.workplan_id)
    tasks = list(plan.tasks.all())
    return plan, tasks, next(each for each in tasks if each.pk == task.pk)


def _today() -> date:
    return Tenant.objects.get(pk=active_tenant_id()).today()
