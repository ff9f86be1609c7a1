"""How the pool was earned, or would be: one bar for each indicator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap

from comanage.documents.charts.ink import (
    ACCENT,
    EDGE,
    INK,
    PAPER,
    ROW,
    TITLE_WIDTH,
    draw_line,
    frame,
    write,
)
from comanage.values.money import Money

_INSET = 0.15  # percent of the width at both ends, so that an outline lies inside the picture


@dataclass(frozen=True, slots=True)
class EarnedPart:
    """What one indicator could earn, and what it earned."""

    title: str
    available: Money
    earned: Money


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """What one indicator could earn, what is projected, and what it would be instead."""

    title: str
    available: Money
    before: Money
    after: Money


def steps_bar(parts: Sequence[EarnedPart], *, is_projected: bool = False) -> str:
    """Draw how the pool was earned: one bar for each indicator, its filled part earned.

    A projected chart says that the year is not settled, so nothing is earned yet.
    """
    widest = max((part.available.cents for part in parts), default=0)
    ink: list[str] = []
    y = 0
    for part in parts:
        for line in wrap(part.title, TITLE_WIDTH) or [""]:
            y += ROW
            ink.append(write(line, 0, y - 6, bold=True))
        ink += _earned_bar(part, widest, top=y)
        y += 16 + ROW
        ink.append(write(_earned_words(part, is_projected=is_projected), 0, y - 5, quiet=True))
        y += 10
    title = "What is projected of the pool" if is_projected else "How the pool was earned"
    return frame(title, steps_bar_sentence(parts, is_projected=is_projected), y, ink)


def steps_bar_sentence(parts: Sequence[EarnedPart], *, is_projected: bool = False) -> str:
    """Say what the bars show, in one sentence."""
    if not parts:
        return "No indicator could earn a part of the pool."
    earned = sum((part.earned for part in parts), Money(0))
    available = sum((part.available for part in parts), Money(0))
    each = ", ".join(f"{part.title} {part.earned} of {part.available}" for part in parts)
    verb = "is projected" if is_projected else "was earned"
    return f"Of {available} available, {earned} {verb}: {each}."


def change_bar(parts: Sequence[ChangedPart]) -> str:
    """Draw what would change: a filled bar for what would come, a mark for what is projected."""
    widest = max((max(part.available.cents, part.before.cents) for part in parts), default=0)
    ink: list[str] = []
    y = 0
    for part in parts:
        for line in wrap(part.title, TITLE_WIDTH) or [""]:
            y += ROW
            ink.append(write(line, 0, y - 6, bold=True))
        ink += _earned_bar(EarnedPart(part.title, part.available, part.after), widest, top=y)
        x = round(_INSET + _percent(part.before.cents, widest), 2)
        ink.append(draw_line("chart-goal", x, y - 3, x, y + 17, stroke=INK, width=2))
        y += 16 + ROW
        ink.append(write(f"{part.after}, projected {part.before}", 0, y - 5, quiet=True))
        y += 10
    return frame("What would change", change_bar_sentence(parts), y, ink)


def change_bar_sentence(parts: Sequence[ChangedPart]) -> str:
    """Say what the bars show, in one sentence."""
    if not parts:
        return "No indicator could earn a part of the pool."
    before = sum((part.before for part in parts), Money(0))
    after = sum((part.after for part in parts), Money(0))
    changed = [part for part in parts if part.before != part.after]
    each = ", ".join(f"{part.title} {part.after} instead of {part.before}" for part in changed)
    if not changed:
        return f"As projected: {before}."
    return f"It would be {after} instead of {before}: {each}."


def _earned_bar(part: EarnedPart, widest: int, *, top: float) -> Iterable[str]:
    """Draw the available part as an outline and the earned part filled."""
    available = _percent(part.available.cents, widest)
    earned = _percent(part.earned.cents, widest)
    place = f'x="{_INSET:g}%" y="{top:g}" height="14"'
    yield (
        f'<rect class="chart-unearned" {place} width="{available:g}%" fill="{PAPER}" '
        f'stroke="{EDGE}" stroke-width="1"/>'
    )
    if earned:
        yield (
            f'<rect class="chart-earned" {place} width="{earned:g}%" fill="{ACCENT}" '
            f'stroke="{ACCENT}" stroke-width="1"/>'
        )


def _percent(cents: int, of: int) -> float:
    """Give a part of the widest bar in percent of the width; nothing owed back is drawn."""
    return round(max(cents, 0) / of * (100 - 2 * _INSET), 2) if of else 0.0


def _earned_words(part: EarnedPart, *, is_projected: bool) -> str:
    """Say what one bar shows."""
    if is_projected:
        return f"{part.earned} projected of {part.available}"
    return f"{part.earned} earned, {part.available - part.earned} not earned"
