"""What a workplan refuses, and who says that a task is done."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from agreements.workplans.models import Workplan, WorkplanTask
from agreements.workplans.schedule import CircleError, Step, in_order
from comanage.identity.actor import Actor
from comanage.identity.models import Membership
from comanage.identity.roles import BOUND_TO_THEIR_PROGRAMS, Permission
from comanage.values.period import day_text
from comanage.web.errors import PolicyError

MOST_TASKS = 200
MOST_DAYS = 731
# Room for every push before the calendar ends: as many tasks, each of two years.
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


def check_can_make(*, has_plan: bool) -> None:
    """Raise PolicyError when the program has its workplan."""
    if has_plan:
        raise PolicyError("This program has its workplan already. Edit its tasks instead.")


def plan_to_stand_in(plan: Workplan | None) -> Workplan:
    """Return the plan that a task stands in; raise PolicyError when there is none."""
    if plan is None:
        raise PolicyError("This program has no workplan yet. Make it first, then add tasks.")
    return plan


def check_day(day: date, *, field: str) -> None:
    """Raise PolicyError for a day that no plan reaches."""
    if not EARLIEST <= day < LATEST:
        raise PolicyError(
            f"{day_text(day)} is outside the years 2000 to 2099. Check the day.", field=field
        )


def check_days(starts_on: date, due_on: date) -> None:
    """Raise PolicyError unless a task ends after it begins, within two years."""
    check_day(starts_on, field="starts_on")
    check_day(due_on, field="due_on")
    if due_on < starts_on:
        raise PolicyError("A task is due on its first day or later.", field="due_on")
    if (due_on - starts_on).days >= MOST_DAYS:
        raise PolicyError("A task takes two years at most. Make several of it.", field="due_on")


def check_room(count: int) -> None:
    """Raise PolicyError when a plan is full."""
    if count >= MOST_TASKS:
        raise PolicyError(f"A workplan has at most {MOST_TASKS} tasks. Remove some first.")


def check_waits(
    number: int, after: Collection[int], steps: Iterable[Step], titles: Mapping[int, str]
) -> None:
    """Raise PolicyError unless what a task waits for is in the plan and does not wait for it.

    Args:
        number: of the task.
        after: numbers of the tasks that it is to wait for.
        steps: of the plan as they would be.
        titles: of its tasks, by number.
    """
    if unknown := set(after) - titles.keys():
        raise PolicyError(
            f"This plan has no task {min(unknown)}. Choose among its tasks.", field="after"
        )
    if number in after:
        raise PolicyError("A task cannot wait for itself.", field="after")
    try:
        in_order(steps)
    except CircleError as circle:
        named = " waits for ".join(
            f"“{titles[each]}”" for each in (*circle.numbers, circle.numbers[0])
        )
        raise PolicyError(
            f"So no task of these could begin: {named}. Let one of them not wait.", field="after"
        ) from circle


def check_can_own(owner: Membership | None, *, holds_seat: bool) -> None:
    """Raise PolicyError for an owner who would not see the task."""
    if owner is None:
        return
    if owner.revoked_at is not None:
        raise PolicyError(
            f"{owner.user.name} is no member of the hospital any more. Choose somebody else.",
            field="owner",
        )
    if owner.role in BOUND_TO_THEIR_PROGRAMS and not holds_seat:
        raise PolicyError(
            f"{owner.user.name} does not see this program. Give them a seat in it first.",
            field="owner",
        )


def is_owner(task: WorkplanTask, *, by: Actor) -> bool:
    """Say whether a task is the reader's: by name, or by role where it names nobody."""
    if task.owner_id is not None:
        return task.owner_id == by.membership_id
    return task.owner_role == by.role


def check_can_answer_for(task: WorkplanTask, *, by: Actor) -> None:
    """Raise PolicyError unless a person may say that a task is done, or that it is not."""
    if not is_owner(task, by=by) and not by.holds(Permission.PROGRAM_EDIT):
        raise PolicyError(
            "Whoever owns a task says whether it is done, or whoever runs the workplan."
        )


def check_can_finish(
    task: WorkplanTask, open_titles: Iterable[str], *, done_on: date, today: date, by: Actor
) -> None:
    """Raise PolicyError unless a task can be called done on a day.

    Args:
        task: that is said to be done.
        open_titles: of the tasks that it waits for and that are not done.
        done_on: the day on which it was done.
        today: at the hospital.
        by: who says so.
    """
    check_can_answer_for(task, by=by)
    if task.done_on is not None:
        raise PolicyError(f"“{task.title}” is done already, since {day_text(task.done_on)}.")
    for title in open_titles:
        raise PolicyError(
            f"“{task.title}” waits for “{title}”, which is not done. Finish that first."
        )
    check_day(done_on, field="done_on")
    if done_on > today:
        raise PolicyError(
            f"{day_text(done_on)} is still to come. Say when it was done.", field="done_on"
        )


def check_can_reopen(task: WorkplanTask, *, by: Actor) -> None:
    """Raise PolicyError unless a task is done and can be open again."""
    check_can_answer_for(task, by=by)
    if task.done_on is None:
        raise PolicyError(f"“{task.title}” is open already.")


def can_finish(task: WorkplanTask, open_titles: Iterable[str], *, today: date, by: Actor) -> bool:
    """Say whether the button that calls a task done should be shown."""
    try:
        check_can_finish(task, open_titles, done_on=today, today=today, by=by)
    except PolicyError:
        return False
    return True


def can_reopen(task: WorkplanTask, *, by: Actor) -> bool:
    """Say whether the button that opens a task again should be shown."""
    try:
        check_can_reopen(task, by=by)
    except PolicyError:
        return False
    return True
