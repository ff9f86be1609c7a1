"""A chart as a picture of dots (PNG), for paper that cannot show SVG.

Reads what `comanage.documents.charts` draws, and nothing else: rectangles, lines, circles, marks
and words. The same chart gives the same bytes on one machine.
"""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from math import hypot
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from comanage.documents.charts.ink import SHAPES

FONTS = Path(__file__).resolve().parent.parent.parent / "static" / "fonts"
WIDTH = 624  # pixels of the chart: 6.5 inches at 96
SHARPNESS = 3  # dots of the picture for each pixel of the chart
_FINER = 2  # drawn so much larger and then reduced, for smooth edges
_SCALE = SHARPNESS * _FINER
_PAPER = "#ffffff"
_CORNERS = {
    SHAPES["diamond"]: ((0, -7), (7, 0), (0, 7), (-7, 0)),
    SHAPES["triangle"]: ((0, -7), (7, 6), (-7, 6)),
    SHAPES["square"]: ((-5.5, -5.5), (5.5, -5.5), (5.5, 5.5), (-5.5, 5.5)),
}
_RADIUS = 4  # of the mark that is a circle

Attributes = dict[str, str]
Point = tuple[float, float]


def chart_png(svg: str) -> bytes:
    """Draw a chart as a PNG, three times as fine as a screen."""
    reader = _Chart()
    reader.feed(svg)
    reader.close()
    size = (reader.picture.width // _FINER, reader.picture.height // _FINER)
    small = reader.picture.resize(size, Image.Resampling.LANCZOS)
    target = BytesIO()
    small.save(target, "PNG", optimize=True)
    return target.getvalue()


class _Chart(HTMLParser):
    """Draws each element as it comes: what is later lies above."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = Image.new("RGB", (1, 1), _PAPER)
        self._ink = ImageDraw.Draw(self.picture)
        self._words: Attributes | None = None
        self._origins: list[Point] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Draw a shape, or wait for words."""
        given = {name: value or "" for name, value in attrs}
        if tag == "svg" and self._origins:
            self._origins.append((_dots(given["x"]), _dots(given["y"])))
        elif tag == "svg":
            self._origins.append((0, 0))
            height = round(float(given["height"]) * _SCALE)
            self.picture = Image.new("RGB", (WIDTH * _SCALE, height), _PAPER)
            self._ink = ImageDraw.Draw(self.picture)
        elif tag == "rect":
            self._draw_rect(given)
        elif tag == "line":
            self._draw_line(given)
        elif tag == "circle":
            self._draw_circle(given)
        elif tag == "path":
            self._draw_mark(given)
        elif tag == "text":
            self._words = given

    def handle_data(self, data: str) -> None:
        """Write the words of a text; a title and a description are not drawn."""
        if self._words is not None:
            self._write(data, self._words)

    def handle_endtag(self, tag: str) -> None:
        """End a text, or a part of the picture."""
        if tag == "text":
            self._words = None
        elif tag == "svg":
            self._origins.pop()

    def _draw_rect(self, given: Attributes) -> None:
        x, y = _dots(given["x"]), _dots(given["y"])
        corner = (x + _dots(given["width"]), y + _dots(given["height"]))
        stroke = given.get("stroke")
        width = _width(given) if stroke else 0
        self._ink.rectangle(((x, y), corner), fill=given["fill"], outline=stroke, width=width)

    def _draw_line(self, given: Attributes) -> None:
        left, top = self._origins[-1]
        start = (left + _dots(given["x1"]), top + _dots(given["y1"]))
        end = (left + _dots(given["x2"]), top + _dots(given["y2"]))
        for piece in _pieces(start, end, given.get("stroke-dasharray", "")):
            self._ink.line(piece, fill=given["stroke"], width=_width(given))

    def _draw_circle(self, given: Attributes) -> None:
        x, y, radius = _dots(given["cx"]), _dots(given["cy"]), _dots(given["r"])
        edge = _width(given)
        outside = radius + edge / 2
        self._ink.ellipse(
            ((x - outside, y - outside), (x + outside, y + outside)),
            fill=given["fill"],
            outline=given["stroke"],
            width=edge,
        )

    def _draw_mark(self, given: Attributes) -> None:
        x, y = self._origins[-1]
        x += float(given["transform"].removeprefix("translate(").split()[0]) * _SCALE
        fill, edge, width = given["fill"], given["stroke"], _width(given)
        corners = _CORNERS.get(given["d"])
        if corners is None:
            radius = _RADIUS * _SCALE
            around = ((x - radius, y - radius), (x + radius, y + radius))
            self._ink.ellipse(around, fill=fill, outline=edge, width=width)
        else:
            points = [(x + a * _SCALE, y + b * _SCALE) for a, b in corners]
            self._ink.polygon(points, fill=fill, outline=edge, width=width)

    def _write(self, words: str, given: Attributes) -> None:
        place = (_dots(given["x"]) + _dots(given.get("dx", "0")), _dots(given["y"]))
        anchor = "rs" if given.get("text-anchor") == "end" else "ls"
        font = _font(float(given["font-size"]), is_bold="font-weight" in given)
        self._ink.text(place, words, fill=given["fill"], font=font, anchor=anchor)


@cache
def _font(size: float, *, is_bold: bool) -> ImageFont.FreeTypeFont:
    name = "SourceSans3-SemiBold.ttf" if is_bold else "SourceSans3-Regular.ttf"
    return ImageFont.truetype(
        str(FONTS / name), size * _SCALE, layout_engine=ImageFont.Layout.BASIC
    )


def _dots(length: str) -> float:
    """Turn a length into dots: pixels, or percent of the width."""
    if length.endswith("%"):
        return float(length[:-1]) / 100 * WIDTH * _SCALE
    return float(length) * _SCALE


def _width(given: Attributes) -> int:
    return round(float(given["stroke-width"]) * _SCALE)


def _pieces(start: Point, end: Point, dash: str) -> list[tuple[Point, Point]]:
    """Cut a line into its dashes."""
    if not dash:
        return [(start, end)]
    drawn, left_out = (float(part) * _SCALE for part in dash.split())
    (x, y), (across, down) = start, (end[0] - start[0], end[1] - start[1])
    length, at, pieces = hypot(across, down), 0.0, []
    while at < length:
        first, last = at / length, min(at + drawn, length) / length
        piece = (x + across * first, y + down * first), (x + across * last, y + down * last)
        pieces.append(piece)
        at += drawn + left_out
    return pieces
