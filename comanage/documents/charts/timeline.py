"""Tasks on their days: one bar under each name, from left to right, with a line for today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import wrap

from comanage.documents.charts.ink import (
    ACCENT,
    CONCERN,
    EDGE,
    INK,
    PAPER,
    ROW,
    TITLE_WIDTH,
    Key,
    Mark,
    draw_line,
    draw_mark,
    frame,
    write,
)
from comanage.values.period import MONTH_NAMES, Period, day_text

_AXIS = 2 * ROW  # room at the top for months and for the word Today
_BAR, _GAP = 10, 12
_BAND = "#cfe0f1"
_MANY_MONTHS, _SPARSE = 6, 3  # with more months, each third is named
_LAST_NAMED = 88  # in percent: a month that begins later has no room for its name
_LATE = Mark("concern", "triangle", CONCERN, "Overdue")
_AT_RISK = Mark("concern", "triangle", CONCERN, "At risk", is_hollow=True)


@dataclass(frozen=True, slots=True)
class _Bar:
    """How a bar is drawn, and what it means."""

    kind: str
    fill: str
    stroke: str
    words: str


# By where a task stands, as `agreements.workplans.schedule` names it.
BARS = {
    "done": _Bar("chart-earned", ACCENT, ACCENT, "Done"),
    "in_hand": _Bar("chart-now", _BAND, ACCENT, "In hand"),
    "later": _Bar("chart-unearned", PAPER, EDGE, "Later"),
    "at_risk": _Bar("chart-risk", PAPER, CONCERN, "At risk: what it waits for is late"),
    "overdue": _Bar("chart-late", CONCERN, CONCERN, "Overdue, up to today"),
}
_MARKS = {"overdue": _LATE, "at_risk": _AT_RISK}


@dataclass(frozen=True, slots=True)
class TimelineTask:
    """One task: its name, its days as planned, and its state, a key of `BARS`."""

    title: str
    starts_on: date
    due_on: date
    state: str


@dataclass(frozen=True, slots=True)
class TimelineGroup:
    """Tasks under one heading."""

    title: str
    tasks: tuple[TimelineTask, ...]


def timeline(title: str, groups: Sequence[TimelineGroup], *, span: Period, today: date) -> str:
    """Draw the tasks of each group below its heading, and a key of what is drawn.

    Args:
        title: of the picture.
        groups: in the order they are drawn.
        span: the days that the width stands for; bars beyond it are cut.
        today: marked where it lies inside.
    """
    ink: list[str] = []
    y = float(_AXIS)
    for each in groups:
        y += ROW
        ink.append(write(each.title, 0, y - 5, bold=True))
        for task in each.tasks:
            for line in wrap(task.title, TITLE_WIDTH):
                y += ROW
                ink.append(write(line, 0, y - 6))
            ink += _bar(task, span, today, top=y)
            y += _BAR + _GAP
    key = Key(y + 4)
    for state, bar in BARS.items():
        if any(task.state == state for each in groups for task in each.tasks):
            key.explain(_sample(state, key.middle), bar.words)
    axis = [*_months(span, bottom=y), *_today(span, today, bottom=y)]
    return frame(title, timeline_sentence(groups, today=today), key.y + 6, [*axis, *ink, *key.ink])


def timeline_sentence(groups: Sequence[TimelineGroup], *, today: date) -> str:
    """Say what the picture shows, in one sentence."""
    states = [task.state for each in groups for task in each.tasks]
    if not states:
        return "There is no task here."
    counted = ", ".join(
        f"{states.count(state)} {words}"
        for state, words in (
            ("done", "done"),
            ("overdue", "overdue"),
            ("at_risk", "at risk"),
            ("in_hand", "in hand"),
            ("later", "to come"),
        )
        if state in states
    )
    noun = "task" if len(states) == 1 else "tasks"
    return f"On {day_text(today)}, of {len(states)} {noun}: {counted}."


def _bar(task: TimelineTask, span: Period, today: date, *, top: float) -> Iterator[str]:
    start, end = _across(task.starts_on, span), _across(task.due_on, span, is_end=True)
    if end > start:
        yield _rectangle(BARS[task.state], f"{start:g}%", top, f"{round(end - start, 2):g}%")
    middle = top + _BAR / 2
    if task.state == "overdue":
        now = _across(today, span, is_end=True)
        yield draw_line(
            "chart-overrun", end, middle, now, middle, stroke=CONCERN, width=2, dash="3 3"
        )
        end = now
    if task.state in _MARKS:
        is_last = end > _LAST_NAMED
        yield draw_mark(_MARKS[task.state], end, middle, dx=-10 if is_last else 10)


def _sample(state: str, middle: float) -> str:
    """Draw a short bar; one with a mark makes room for it."""
    is_marked = state in _MARKS
    bar = _rectangle(BARS[state], "0", middle - _BAR / 2, "10" if is_marked else "20")
    return bar + (draw_mark(_MARKS[state], 0, middle, dx=19) if is_marked else "")


def _rectangle(bar: _Bar, x: str, y: float, width: str) -> str:
    return (
        f'<rect class="{bar.kind}" x="{x}" y="{y:g}" width="{width}" height="{_BAR}" '
        f'fill="{bar.fill}" stroke="{bar.stroke}" stroke-width="1.5"/>'
    )


def _months(span: Period, *, bottom: float) -> Iterator[str]:
    """Draw a line where a month begins, with its name; the year stands with the first and Jan."""
    firsts = [month for month in _firsts(span) if month in span]
    step = _SPARSE if len(firsts) > _MANY_MONTHS else 1
    for place, month in enumerate(firsts):
        x = _across(month, span)
        yield draw_line("chart-limit", x, ROW, x, bottom, stroke=EDGE, width=0.5, dash="1 4")
        if place % step == 0 and x <= _LAST_NAMED:
            names_year = place == 0 or month.month <= step
            name = MONTH_NAMES[month.month - 1]
            words = f"{name} {month.year}" if names_year else name
            yield write(words, x, ROW - 6, quiet=True, is_rightward=True)


def _firsts(span: Period) -> Iterator[date]:
    month = span.start.replace(day=1)
    while month < span.end:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _today(span: Period, today: date, *, bottom: float) -> Iterator[str]:
    if today in span:
        x = _across(today, span)
        yield draw_line("chart-goal", x, 2 * ROW - 4, x, bottom, stroke=INK, width=1.5)
        yield write("Today", x, 2 * ROW - 8, bold=True, gap=4)


def _across(day: date, span: Period, *, is_end: bool = False) -> float:
    """Give the place of a day's beginning, or of its end, in percent."""
    days = (day - span.start).days + is_end
    return round(min(max(days / span.days, 0.0), 1.0) * 100, 2)
