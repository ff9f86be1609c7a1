"""The ink that every chart is drawn with: colors, words, lines, marks and the frame.

Positions across are percentages, so a chart reflows to any width while its words keep their
size; positions down are pixels.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from textwrap import wrap
from typing import Literal

Improvement = Literal["increase", "decrease"]

ACCENT, INK, QUIET, EDGE, PAPER = "#005eb8", "#1a1f25", "#4a525b", "#737b84", "#ffffff"
CONCERN, NEUTRAL = "#a84300", "#5f6368"
FONT = "Source Sans 3, system-ui, sans-serif"
TEXT_SIZE = 13
ROW = 20  # height of a line of words
TITLE_WIDTH = 42  # characters of a title that fit beside each other on a phone
NO_BREAK = "\u00a0"  # a space at which no line ends
MARK_ROOM = 20  # pixels that a mark takes before its words

Shape = Literal["circle", "diamond", "triangle", "square"]
# Around 0, 0; about equal in area, so that none shouts.
SHAPES: dict[Shape, str] = {
    "circle": "M-4 0A4 4 0 1 1 4 0A4 4 0 1 1-4 0Z",
    "diamond": "M0-7L7 0L0 7L-7 0Z",
    "triangle": "M0-7L7 6H-7Z",
    "square": "M-5.5-5.5H5.5V5.5H-5.5Z",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One number: its exact value for the place, its printed form for the words."""

    value: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class ChartTable:
    """What a chart shows, as a table: each row has one cell for each head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape with a color and a class of its own, and what it means.

    Attributes:
        kind: ending of the class, `chart-mark--kind`.
        shape: no two meanings of a chart share one.
        color: on paper; a page takes it from its tokens.
        words: what it says of a point.
        is_hollow: drawn as an outline.
    """

    kind: str
    shape: Shape
    color: str
    words: str
    is_hollow: bool = False


def better_words(improvement: Improvement) -> str:
    """Say which direction is better."""
    return "higher is better" if improvement == "increase" else "lower is better"


def draw_mark(mark: Mark, x: float, y: float, *, dx: float = 0) -> str:
    """Draw a mark; x in percent and some pixels beside it, y in pixels."""
    hollow = " chart-mark--hollow" if mark.is_hollow else ""
    fill = PAPER if mark.is_hollow else mark.color
    edge = mark.color if mark.is_hollow else PAPER
    return (
        f'<svg x="{x:g}%" y="{y:g}" width="1" height="1" overflow="visible">'
        f'<path class="chart-mark chart-mark--{mark.kind}{hollow}" d="{SHAPES[mark.shape]}" '
        f'transform="translate({dx:g} 0)" fill="{fill}" stroke="{edge}" '
        f'stroke-width="{2 if mark.is_hollow else 1}"/></svg>'
    )


def draw_sample(kind: str, y: float, *, stroke: str, width: float, dash: str = "") -> str:
    """Draw a short piece of a line, as wide as a mark, to explain it."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<svg x="0" y="{y:g}" width="1" height="1" overflow="visible"><line class="{kind}" '
        f'x1="0" y1="0" x2="{MARK_ROOM}" y2="0" stroke="{stroke}" stroke-width="{width:g}"'
        f"{dashes}/></svg>"
    )


@dataclass(slots=True)
class Key:
    """Rows below a plot that explain its marks and lines, from `y` pixels down."""

    y: float
    ink: list[str] = field(default_factory=list)

    def explain(self, sample: str, words: str) -> None:
        """Add words beside a sample, on as many rows as they need."""
        self.ink.append(sample)
        self.say(words, gap=MARK_ROOM + 8)

    def say(self, words: str, *, gap: float = 0) -> None:
        """Add words; a number and its percent sign stay together."""
        for line in wrap(words.replace(" %", f"{NO_BREAK}%"), TITLE_WIDTH):
            self.y += ROW
            self.ink.append(write(line, 0, self.y - 6, quiet=True, gap=gap))

    @property
    def middle(self) -> float:
        """The middle of the next row, where its sample stands."""
        return self.y + ROW - 11


def reads_leftward(x: float) -> bool:
    """Say whether words at this place end there, because they would leave the chart."""
    return x >= 50  # the middle, in percent


def draw_line(
    kind: str,
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    *,
    stroke: str,
    width: float,
    dash: str = "",
) -> str:
    """Draw a line; x in percent, y in pixels."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line class="{kind}" x1="{x1:g}%" y1="{y1:g}" x2="{x2:g}%" y2="{y2:g}" '
        f'stroke="{stroke}" stroke-width="{width:g}"{dashes}/>'
    )


def write(
    words: str,
    x: float,
    y: float,
    *,
    bold: bool = False,
    quiet: bool = False,
    gap: float = 0,
    is_rightward: bool = False,
) -> str:
    """Write words some pixels beside a place; leftward in the right half, to stay inside.

    `is_rightward` writes on anyway, where room was kept.
    """
    leftward = reads_leftward(x) and not is_rightward
    kind = "chart-text chart-text--halo" + (" chart-text--quiet" if quiet else "")
    anchor = ' text-anchor="end"' if leftward else ""
    shift = f' dx="{-gap if leftward else gap:g}"' if gap else ""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text class="{kind}" x="{x:g}%" y="{y:g}"{shift}{anchor}{weight} '
        f'font-family="{FONT}" font-size="{TEXT_SIZE}" fill="{QUIET if quiet else INK}">'
        f"{escape(words)}</text>"
    )


def frame(title: str, sentence: str, height: float, ink: Iterable[str]) -> str:
    """Frame the ink as one picture with a name and a description for a screen reader."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="100%" height="{height:g}" '
        f'aria-label="{escape(title)}. {escape(sentence)}">'
        f"<title>{escape(title)}</title><desc>{escape(sentence)}</desc>{''.join(ink)}</svg>"
    )
