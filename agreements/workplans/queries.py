"""Reading workplans: a plan with its tasks, the step a program is at, and what is overdue."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from agreements.programs.models import Program
from agreements.programs.queries import visible_programs
from agreements.workplans.models import Workplan, WorkplanTask
from agreements.workplans.template import Stage, StandardTask, standard
from comanage.identity.actor import Actor


@dataclass(frozen=True, slots=True)
class Position:
    """Where the plan of a program is.

    Attributes:
        stage: the first step with an open task; None once everything is done.
        overdue: how many open tasks are past their last day.
    """

    stage: Stage | None
    overdue: int


def plan_of(program: Program) -> Workplan | None:
    """Return a program's plan, in one query."""
    return Workplan.objects.filter(program=program).first()


def tasks_of(plan: Workplan) -> list[WorkplanTask]:
    """List a plan's tasks with their owners by first day, in one query."""
    return list(plan.tasks.select_related("owner__user", "done_by"))


def tasks_to_copy(plan: Workplan) -> list[StandardTask]:
    """List a plan's tasks with days counted from its first, less those of that program alone."""
    tasks = list(plan.tasks.filter(source="").order_by("number"))
    taken = {task.number for task in tasks}
    return [
        StandardTask(
            number=task.number,
            stage=task.stage,
            title=task.title,
            deliverable=task.deliverable,
            owner=task.owner_role,
            day=(task.starts_on - plan.starts_on).days + 1,
            days=(task.due_on - task.starts_on).days + 1,
            after=frozenset(taken.intersection(task.after)),
        )
        for task in tasks
    ]


def visible_tasks(by: Actor) -> QuerySet[WorkplanTask]:
    """List the tasks of the programs a person sees."""
    return WorkplanTask.objects.select_related("workplan__program").filter(
        workplan__program__in=visible_programs(by)
    )


def plans_to_copy(by: Actor, *, but: Program) -> list[Program]:
    """List the programs that a person sees and that have a plan, less one, in one query."""
    return list(visible_programs(by).filter(workplans__isnull=False).exclude(pk=but.pk))


def stage_of(tasks: Iterable[WorkplanTask]) -> str:
    """Return the key of the first step with an open task; empty once everything is done."""
    return _first(task.stage for task in tasks if task.done_on is None)


def positions_of(programs: Collection[Program], *, today: date) -> dict[UUID, Position]:
    """Say where the plan of each program is that has one, in one query."""
    rows = (
        WorkplanTask.objects.filter(workplan__program__in=programs)
        .values("workplan__program_id", "stage")
        .annotate(
            still_open=Count("pk", filter=Q(done_on=None)),
            overdue=Count("pk", filter=Q(done_on=None, due_on__lt=today)),
        )
        .order_by("stage")
    )
    by_program = defaultdict(list)
    for row in rows:
        by_program[row["workplan__program_id"]].append(row)
    return {
        program: Position(
            _stage(_first(row["stage"] for row in found if row["still_open"])),
            sum(row["overdue"] for row in found),
        )
        for program, found in by_program.items()
    }


@dataclass(frozen=True, slots=True)
class Overdue:
    """A task of the reader's own that is past its last day."""

    title: str
    due_on: date


def overdue_of(*, by: Actor, today: date) -> ArraySubquery:
    """Gather the reader's own overdue tasks, the oldest first, beside each program of a query."""
    mine = Q(owner=by.membership_id) | Q(owner=None, owner_role=by.role or "")
    tasks = WorkplanTask.objects.filter(
        mine, workplan__program=OuterRef("pk"), done_on=None, due_on__lt=today
    ).order_by("due_on", "number")
    return ArraySubquery(tasks.values(task=JSONObject(title="title", due_on="due_on")))


def read_overdue(tasks: Iterable[Mapping[str, str]]) -> tuple[Overdue, ...]:
    """Read what `overdue_of` gathered."""
    return tuple(Overdue(task["title"], date.fromisoformat(task["due_on"])) for task in tasks)


def _first(keys: Iterable[str]) -> str:
    """Return the key of the step that comes first; empty for none."""
    found = set(keys)
    return next((stage.key for stage in standard().stages if stage.key in found), "")


def _stage(key: str) -> Stage | None:
    return standard().stage(key) if key else None
