"""What each physician comes to, as the page prints it."""

from collections.abc import Iterable
from dataclasses import dataclass

from adjudication.compensation.stacking import MOST_HOURS, Stack
from agreements.components.presenters import hours_text
from comanage.values.money import Money


@dataclass(frozen=True, slots=True)
class StackReading:
    """One physician as printed.

    Attributes:
        agreements: a line for each part.
        concerns: what passes a limit, in words; none where nothing does.
    """

    name: str
    npi: str
    agreements: tuple[str, ...]
    hours: str
    approved: str
    most: Money
    cap: Money | None
    concerns: tuple[str, ...]


def read_stacks(stacks: Iterable[Stack]) -> list[StackReading]:
    """Read each physician, those with a concern first."""
    readings = [_reading(stack) for stack in stacks]
    return sorted(readings, key=lambda reading: not reading.concerns)


def _reading(stack: Stack) -> StackReading:
    concerns = []
    if stack.has_too_many_hours:
        concerns.append(f"More than {MOST_HOURS:,} hours")
    if stack.has_too_many_dollars:
        concerns.append(f"More than {stack.cap}, which an opinion states for all agreements")
    return StackReading(
        name=stack.name,
        npi=stack.npi,
        agreements=tuple(f"{line.program}: {line.label}" for line in stack.lines),
        hours=hours_text(stack.minutes),
        approved=hours_text(stack.approved_minutes),
        most=stack.most,
        cap=stack.cap,
        concerns=tuple(concerns),
    )
