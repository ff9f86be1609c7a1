"""What was owed and what was paid by the end of each month: a filled bar inside an outlined one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from comanage.documents.charts.ink import (
    ACCENT,
    EDGE,
    FONT,
    PAPER,
    QUIET,
    TEXT_SIZE,
    Key,
    draw_line,
    frame,
)
from comanage.values.money import Money

_HEIGHT = 120  # pixels of the highest bar
_FLOOR = _HEIGHT + 8
_NAMED = 12  # with more months every second name is left out
_OWED_WIDTH, _PAID_WIDTH = 0.72, 0.4  # of a month's room


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """The end of one month, in sums since the first: what was owed, and what was paid.

    Attributes:
        name: short, such as `Jan`; the sentence says its year too.
    """

    name: str
    year: int
    owed: Money
    paid: Money


def months_chart(title: str, points: Sequence[MonthPoint]) -> str:
    """Draw the months from left to right, with a key."""
    most = max((max(point.owed, point.paid).cents for point in points), default=0)
    room = 100 / max(len(points), 1)
    ink: list[str] = []
    for place, point in enumerate(points):
        middle = room * (place + 0.5)
        ink += _bar("chart-unearned", middle, room * _OWED_WIDTH, _tall(point.owed, most))
        ink += _bar("chart-earned", middle, room * _PAID_WIDTH, _tall(point.paid, most))
        if len(points) <= _NAMED or place % 2 == 0:
            ink.append(_label(point.name, middle))
    ink.append(draw_line("chart-line", 0, _FLOOR, 100, _FLOOR, stroke=EDGE, width=1))
    key = Key(_FLOOR + 28)
    key.explain(_sample("chart-unearned", key.middle), "Owed by the end of the month")
    key.explain(_sample("chart-earned", key.middle), "Paid by the end of the month")
    return frame(title, months_sentence(points), key.y + 6, [*ink, *key.ink])


def months_sentence(points: Sequence[MonthPoint]) -> str:
    """Say what the newest month shows, in one sentence."""
    if not points:
        return "No month has begun yet."
    last = points[-1]
    owed = f"By the end of {last.name} {last.year}, {last.owed} was owed and {last.paid} was paid"
    if last.owed == last.paid:
        return f"{owed}: nothing is open."
    if last.owed > last.paid:
        return f"{owed}: {last.owed - last.paid} is to be paid."
    return f"{owed}: {last.paid - last.owed} was paid ahead."


def _tall(amount: Money, most: int) -> float:
    """Give a bar's height in pixels; nothing owed back is drawn."""
    return round(max(amount.cents, 0) / most * _HEIGHT, 2) if most else 0.0


def _bar(kind: str, middle: float, width: float, tall: float) -> Iterator[str]:
    if tall:
        yield _rectangle(kind, f"{middle - width / 2:.2f}%", _FLOOR - tall, f"{width:.2f}%", tall)


def _sample(kind: str, middle: float) -> str:
    return _rectangle(kind, "4", middle - 6, "12", 12)


def _rectangle(kind: str, x: str, y: float, width: str, height: float) -> str:
    fill, stroke = (ACCENT, ACCENT) if kind == "chart-earned" else (PAPER, EDGE)
    return (
        f'<rect class="{kind}" x="{x}" y="{y:g}" width="{width}" height="{height:g}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="1"/>'
    )


def _label(words: str, x: float) -> str:
    return (
        f'<text class="chart-text chart-text--quiet" x="{x:g}%" y="{_FLOOR + 18:g}" '
        f'text-anchor="middle" font-family="{FONT}" font-size="{TEXT_SIZE}" '
        f'fill="{QUIET}">{escape(words)}</text>'
    )
