"""What charts with a vertical axis share: the axis, its numbers and the meanings of marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comanage.documents.charts.ink import (
    ACCENT,
    CONCERN,
    NEUTRAL,
    TEXT_SIZE,
    Improvement,
    Mark,
    write,
)

PLOT_HEIGHT = 190
PLOT_MARGIN = 0.08  # part of the span left free above and below
LABEL_STEP = TEXT_SIZE + 3  # so far apart that two numbers can be read
CHARACTER = 7.2  # pixels, a little more than the widest digit
PHONE = 320  # pixels of the narrowest screen that a chart is made for

# By the states of variation, as `indicators.measure.statistics.icons` names them.
MARKS = {
    "common_cause": Mark("common", "circle", NEUTRAL, "No significant change"),
    "improving": Mark("improving", "diamond", ACCENT, "Change for the better"),
    "concern": Mark("concern", "triangle", CONCERN, "Change for the worse"),
    "neutral_high": Mark("neutral", "square", NEUTRAL, "Upward change"),
    "neutral_low": Mark("neutral", "square", NEUTRAL, "Downward change"),
}


@dataclass(frozen=True, slots=True)
class Height:
    """The stretch of values that the plot's height stands for."""

    low: float
    high: float
    top: float

    @classmethod
    def around(cls, shown: Sequence[float], *, top: float, floor: float | None = None) -> Height:
        """Span every value shown, with a margin, from `top` pixels down.

        Results are points and not bars, so the axis need not begin at zero.
        """
        low, high = min(shown), max(shown)
        margin = (high - low or abs(high) or 1.0) * PLOT_MARGIN
        least = low - margin
        return cls(least if floor is None else max(least, floor), high + margin, top)

    @property
    def bottom(self) -> float:
        """The lowest pixel of the plot."""
        return self.top + PLOT_HEIGHT

    def place(self, value: float) -> float:
        """Give the place of a value in pixels from the top."""
        within = (value - self.low) / (self.high - self.low)
        return round(self.bottom - min(max(within, 0.0), 1.0) * PLOT_HEIGHT, 1)


def plot_width(texts: Iterable[str]) -> float:
    """Give the part of the width, in percent, that leaves room for numbers at the right.

    Measured on a phone, where the room is scarce.
    """
    longest = max((len(text) for text in texts), default=0)
    return round(100 - min(45.0, (longest * CHARACTER + 10) / PHONE * 100), 1)


def axis_numbers(labels: Iterable[tuple[float, str]], x: float) -> list[str]:
    """Write numbers beside the end of their lines, pushed apart where they would collide.

    Args:
        labels: place from the top in pixels, and text.
        x: end of the lines, in percent.
    """
    ink = []
    lowest = float("-inf")
    for y, words in sorted(labels):
        y_free = max(y, lowest + LABEL_STEP)
        ink.append(write(words, x, y_free + 4, quiet=True, gap=6, is_rightward=True))
        lowest = y_free
    return ink


def meaning_of(improvement: Improvement | None, *, is_high: bool) -> str:
    """Say what it means to lie high or low, as a key of `MARKS`."""
    if improvement is None:
        return "neutral_high" if is_high else "neutral_low"
    return "improving" if is_high == (improvement == "increase") else "concern"
