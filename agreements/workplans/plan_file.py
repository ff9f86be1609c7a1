"""A workplan as a file, so that a firm's own plan goes from one hospital to the next. Pure.

TOML in the shape of `ninety_days.toml`, its tasks alone: the steps are those of the product. It
holds no person, no program and no day of the calendar.
"""

import json
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from agreements.workplans.schedule import CircleError, Step, in_order
from agreements.workplans.template import StandardTask

SCHEMA = "comanage.workplan/1"
LARGEST_BYTES = 256 * 1024
MOST_TASKS = 200
FIRST_DAY, LAST_DAY, LONGEST_DAYS = -731, 36_500, 731  # what comes before day 1 prepares the plan
LONGEST_TITLE, LONGEST_DELIVERABLE = 120, 300
_TEXTS = ("title", "deliverable", "stage", "owner")
_FIRST = date(2000, 1, 1)


class PlanFileError(ValueError):
    """A file that is no workplan; the message is one sentence that says where, and what to do."""


def write_plan(tasks: Iterable[StandardTask]) -> str:
    """Write tasks as a file.

    Args:
        tasks: with first days counted from 1.
    """
    return "\n".join(_written(tasks))


def read_plan_file(
    content: bytes, *, stages: Collection[str], owners: Collection[str]
) -> tuple[StandardTask, ...]:
    """Read the tasks of a file, numbered as they stand there.

    Args:
        content: of the file.
        stages: keys of the steps that a plan has.
        owners: roles that can own a task.

    Raises:
        PlanFileError: the file is too large or no TOML, or a task of it cannot stand in a plan.
    """
    if len(content) > LARGEST_BYTES:
        raise PlanFileError("The file is larger than 256 KB, so it is no workplan.")
    try:
        given = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise PlanFileError(
            "The file is no TOML. Send one that was downloaded from the page of a workplan."
        ) from wrong
    listed = given.get("task")
    if given.get("schema") != SCHEMA or not isinstance(listed, list) or not listed:
        raise PlanFileError(
            f"The file does not say schema = “{SCHEMA}”, or has no task. Send one that was "
            f"downloaded from the page of a workplan."
        )
    if len(listed) > MOST_TASKS:
        raise PlanFileError(f"The file has {len(listed):,} tasks. A plan has {MOST_TASKS} at most.")
    numbers = _numbers(listed)
    tasks = tuple(
        _task(number, task, numbers, stages, owners) for number, task in enumerate(listed, 1)
    )
    _check_order(tasks)
    return tasks


def _written(tasks: Iterable[StandardTask]) -> Iterator[str]:
    yield f'schema = "{SCHEMA}"'
    yield "# day: the first day of a task; the plan starts on day 1. days: how long it takes."
    for task in tasks:
        yield "\n[[task]]"
        yield f'key = "t{task.number}"'
        for name in _TEXTS:
            yield f"{name} = {json.dumps(getattr(task, name))}"
        yield f"day = {task.day}"
        yield f"days = {task.days}"
        yield f"after = {json.dumps([f't{number}' for number in sorted(task.after)])}"
    yield ""


def _numbers(listed: list[Any]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for number, task in enumerate(listed, 1):
        key = task.get("key") if isinstance(task, dict) else None
        if not isinstance(key, str) or key in numbers:
            raise PlanFileError(f"Task {number} has no key of its own. Give it one.")
        numbers[key] = number
    return numbers


def _task(
    number: int,
    task: Mapping[str, Any],
    numbers: Mapping[str, int],
    stages: Collection[str],
    owners: Collection[str],
) -> StandardTask:
    title, deliverable, stage, owner = (_text(number, task, name) for name in _TEXTS)
    for name, text, most in (
        ("title", title, LONGEST_TITLE),
        ("deliverable", deliverable, LONGEST_DELIVERABLE),
    ):
        if len(text) > most:
            raise PlanFileError(f"Task {number}: its {name} has more than {most} characters.")
    if not title.strip():
        raise PlanFileError(f"Task {number} has no title. Give it one.")
    if stage not in stages:
        raise PlanFileError(f"Task {number} names a step that no plan has. Name one of the ten.")
    if owner not in owners:
        raise PlanFileError(f"Task {number} names an owner that is no role. Name a role.")
    after = task.get("after", [])
    if not isinstance(after, list) or not all(key in numbers for key in map(str, after)):
        raise PlanFileError(f"Task {number} waits for a task that the file lacks. Take that out.")
    return StandardTask(
        number=number,
        stage=stage,
        title=title,
        deliverable=deliverable,
        owner=owner,
        day=_count(number, task, "day", FIRST_DAY, LAST_DAY),
        days=_count(number, task, "days", 1, LONGEST_DAYS),
        after=frozenset(numbers[str(key)] for key in after),
    )


def _text(number: int, task: Mapping[str, Any], name: str) -> str:
    text = task.get(name, "")
    if not isinstance(text, str) or "\0" in text:
        raise PlanFileError(f"Task {number}: its {name} is no text. Write it in quotes.")
    return text


def _count(number: int, task: Mapping[str, Any], name: str, least: int, most: int) -> int:
    given = task.get(name)
    if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= most:
        raise PlanFileError(
            f"Task {number}: its {name} is no whole number from {least} to {most:,}. Mend it."
        )
    return given


def _check_order(tasks: Iterable[StandardTask]) -> None:
    steps = [Step(task.number, _FIRST, _FIRST + timedelta(days=task.days), after=task.after)
             for task in tasks]  # fmt: skip
    try:
        in_order(steps)
    except CircleError as circle:
        raise PlanFileError(
            f"The tasks {', '.join(map(str, circle.numbers))} wait for each other. Take one of "
            f"their waits out."
        ) from circle
