"""A workplan as a file: what was written is read, and what is no plan is refused in words."""

import pytest

from agreements.workplans.plan_file import LARGEST_BYTES, PlanFileError, read_plan_file, write_plan
from agreements.workplans.template import standard
from comanage.identity.models import MEMBER_ROLES

STAGES = [stage.key for stage in standard().stages]
OWNERS = [role for role, _ in MEMBER_ROLES]
HEAD = 'schema = "comanage.workplan/1"\n'
TASK = '[[task]]\nkey = "a"\ntitle = "Ask"\nstage = "model"\nowner = "ceo"\nday = 1\ndays = 2\n'


def read(text):
    return read_plan_file(text.encode(), stages=STAGES, owners=OWNERS)


def test_what_was_written_is_read():
    assert read(write_plan(standard().tasks)) == standard().tasks


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not = = toml", "The file is no TOML"),
        (TASK, "does not say schema"),
        (HEAD, "has no task"),
        (HEAD + "task = 3", "has no task"),
        (HEAD + "task = [3]", "Task 1 has no key"),
        (HEAD + TASK + TASK, "Task 2 has no key of its own"),
        (HEAD + TASK.replace('"Ask"', '" "'), "Task 1 has no title"),
        (HEAD + TASK.replace('"Ask"', "4"), "its title is no text"),
        (HEAD + TASK.replace("Ask", "A" * 121), "more than 120 characters"),
        (HEAD + TASK.replace('"model"', '"none"'), "names a step that no plan has"),
        (HEAD + TASK.replace('"ceo"', '"owner"'), "an owner that is no role"),
        (HEAD + TASK.replace("day = 1", "day = -732"), "its day is no whole number from -731"),
        (HEAD + TASK.replace("days = 2", "days = true"), "its days is no whole number"),
        (HEAD + TASK + 'after = ["b"]', "waits for a task that the file lacks"),
        (HEAD + TASK + 'after = ["a"]', "wait for each other"),
        (HEAD + "#" * LARGEST_BYTES, "larger than 256 KB"),
    ],
)
def test_what_is_no_plan_is_refused(text, said):
    with pytest.raises(PlanFileError, match=said):
        read(text)
