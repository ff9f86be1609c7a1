"""The standard workplan can be followed as it stands, and kicks off on day 90."""

from datetime import date, timedelta

from agreements.workplans.models import WorkplanTask
from agreements.workplans.places import DOORS
from agreements.workplans.schedule import Step, in_order, pushed
from agreements.workplans.template import standard
from comanage.identity.models import MEMBER_ROLES

FIRST = date(2026, 1, 1)


def steps():
    return [
        Step(
            task.number,
            FIRST + timedelta(days=task.day - 1),
            FIRST + timedelta(days=task.day + task.days - 2),
            None,
            task.after,
        )
        for task in standard().tasks
    ]


def test_the_plan_has_ten_steps_in_phases_and_each_has_tasks():
    plan = standard()

    assert [stage.number for stage in plan.stages] == list(range(1, 11))
    assert {stage.phase for stage in plan.stages} == {phase.key for phase in plan.phases}
    assert {task.stage for task in plan.tasks} == {stage.key for stage in plan.stages}


def test_no_task_of_the_plan_has_to_be_pushed_or_stands_in_a_circle():
    assert len(in_order(steps())) == len(standard().tasks)
    assert pushed(steps()) == []


def test_the_last_task_of_the_kick_off_ends_on_day_ninety():
    last = max(
        task.day + task.days - 1 for task in standard().tasks if task.stage == standard().kick_off
    )

    assert last == 90


def test_nothing_of_the_first_nine_steps_is_left_out_of_the_way_to_the_kick_off():
    """A task that nothing waits for could slip unseen; the two ends are meant to."""
    waited_for = {number for task in standard().tasks for number in task.after}
    ends = {task.title for task in standard().tasks if task.number not in waited_for}

    assert ends == {
        "Settle the year",
        "Check duties, logs and the opinion",
        "Prepare the next year's terms",
    }


def test_every_owner_is_a_role_and_every_text_fits_its_column():
    roles = {role for role, _ in MEMBER_ROLES}
    lengths = {
        name: WorkplanTask._meta.get_field(name).max_length
        for name in ("title", "deliverable", "stage")
    }

    for task in standard().tasks:
        assert task.owner in roles
        assert all(0 < len(getattr(task, name)) <= most for name, most in lengths.items()), task


def test_every_page_of_a_task_belongs_to_a_task_of_the_standard():
    assert DOORS.keys() <= {task.title for task in standard().tasks}
