"""The standard workplan: its phases, steps and tasks, as they stand in `ninety_days.toml`.

You find here the reading of that file. A program's own plan is made from it once and then goes its
own way; the steps and phases stay those of the file.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "ninety_days.toml"


@dataclass(frozen=True, slots=True)
class Phase:
    """Steps that belong together, under one heading."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the ten steps.

    Attributes:
        number: counts them from 1.
    """

    number: int
    key: str
    phase: str
    title: str

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


@dataclass(frozen=True, slots=True)
class StandardTask:
    """A task as every plan begins with it.

    Attributes:
        number: counts the tasks from 1.
        owner: the role that answers for it.
        day: its first day; the plan starts on day 1.
        days: how long it takes, both ends counted.
        after: numbers of the tasks that end before it begins.
    """

    number: int
    stage: str
    title: str
    deliverable: str
    owner: str
    day: int
    days: int
    after: frozenset[int]


@dataclass(frozen=True, slots=True)
class Template:
    """A workplan before it is anybody's.

    Attributes:
        kick_off: key of the step whose end is the kick-off.
        signed: titles of the tasks that an executed agreement leaves nothing of.
    """

    name: str
    kick_off: str
    phases: tuple[Phase, ...]
    stages: tuple[Stage, ...]
    tasks: tuple[StandardTask, ...]
    signed: frozenset[str]

    def stage(self, key: str) -> Stage:
        """Return a step by its key."""
        return next(stage for stage in self.stages if stage.key == key)


@cache
def standard() -> Template:
    """Return the standard workplan."""
    return read_template(FILE.read_text("utf-8"))


def read_template(text: str) -> Template:
    """Read a workplan from TOML; tasks and steps are numbered as they stand there."""
    given = tomllib.loads(text)
    numbers = {task["key"]: number for number, task in enumerate(given["task"], start=1)}
    return Template(
        name=given["name"],
        kick_off=given["kick_off"],
        phases=tuple(Phase(**phase) for phase in given["phase"]),
        stages=tuple(
            Stage(number=number, **stage) for number, stage in enumerate(given["stage"], start=1)
        ),
        tasks=tuple(
            StandardTask(
                number=numbers[task["key"]],
                stage=task["stage"],
                title=task["title"],
                deliverable=task["deliverable"],
                owner=task["owner"],
                day=task["day"],
                days=task["days"],
                after=frozenset(numbers[key] for key in task.get("after", ())),
            )
            for task in given["task"]
        ),
        signed=frozenset(task["title"] for task in given["task"] if task.get("signed", False)),
    )
