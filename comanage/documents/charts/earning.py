"""What each result of an indicator would earn: a line from none to all, with one result marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from comanage.documents.charts.ink import (
    ACCENT,
    EDGE,
    Mark,
    draw_line,
    draw_mark,
    frame,
    reads_leftward,
    write,
)

_TOP, _HEIGHT = 26, 110
_FLOOR = _TOP + _HEIGHT
_TRIED = Mark("improving", "diamond", ACCENT, "Tried")


@dataclass(frozen=True, slots=True)
class Earning:
    """What results earn.

    Attributes:
        curve: result and share, from the lowest result to the highest.
        ends: the lowest and the highest result as printed.
        tried: one result, its share, and how it is printed; None for none.
        is_stepped: what is earned stays from goal to goal.
        is_rightward: the higher result is the better.
        rows: what is worth reading off, as name, result and share.
    """

    curve: tuple[tuple[Fraction, Fraction], ...]
    ends: tuple[str, str]
    tried: tuple[Fraction, Fraction, str] | None
    is_stepped: bool
    is_rightward: bool
    rows: tuple[tuple[str, str, str], ...]


def earning_chart(title: str, earning: Earning) -> str:
    """Draw results from left to right, and what they earn upward."""
    highest = max(Fraction(1), *(share for _, share in earning.curve))
    ink = [
        draw_line("chart-line", 0, _FLOOR, 100, _FLOOR, stroke=EDGE, width=1),
        draw_line("chart-line", 0, _TOP, 100, _TOP, stroke=EDGE, width=1, dash="2 4"),
        write("Earns all" if highest == 1 else "The most", 0, _TOP - 8, quiet=True),
        *_path(earning, highest),
        write(earning.ends[0], 0, _FLOOR + 18, quiet=True),
        write(earning.ends[1], 100, _FLOOR + 18, quiet=True),
    ]
    if earning.tried:
        value, share, words = earning.tried
        x, y = _across(earning, value), _down(share, highest)
        # The words stand on the side that the line leaves free.
        is_above = reads_leftward(x) == earning.is_rightward
        lower = y - 10 if is_above else y + 20
        ink += [draw_mark(_TRIED, x, y), write(f"Tried: {words}", x, lower, gap=8)]
    return frame(f"What results of {title} earn", earning_sentence(earning), _FLOOR + 30, ink)


def earning_sentence(earning: Earning) -> str:
    """Say what the line shows, in one sentence."""
    return "; ".join(f"{name} {result} earns {share}" for name, result, share in earning.rows) + "."


def _path(earning: Earning, highest: Fraction) -> Iterator[str]:
    points = [(_across(earning, value), _down(share, highest)) for value, share in earning.curve]
    for (x1, y1), (x2, y2) in pairwise(points):
        if not earning.is_stepped or y1 == y2:
            yield _stroke(x1, y1, x2, y2)
            continue
        # At the goal itself all is earned: the step stands at its own place.
        turn = x2 if earning.is_rightward else x1
        yield _stroke(x1, y1, turn, y1)
        yield _stroke(turn, y1, turn, y2)
        yield _stroke(turn, y2, x2, y2)


def _stroke(x1: float, y1: float, x2: float, y2: float) -> str:
    return draw_line("chart-line chart-center", x1, y1, x2, y2, stroke=ACCENT, width=2)


def _across(earning: Earning, value: Fraction) -> float:
    low, high = earning.curve[0][0], earning.curve[-1][0]
    return round(float((value - low) / (high - low)) * 100, 2)


def _down(share: Fraction, highest: Fraction) -> float:
    return round(_FLOOR - float(max(share, Fraction(0)) / highest) * _HEIGHT, 1)
