"""A chart as a picture of dots (PNG), for paper that cannot show SVG.

Reads what `comanage.documents.charts` draws, and nothing else: rectangles, lines, circles and
words. The same chart gives the same bytes on one machine.
"""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).resolve().parent.parent.parent / "static" / "fonts"
WIDTH = 624  # pixels of the chart: 6.5 inches at 96
SHARPNESS = 3  # dots of the picture for each pixel of the chart
_FINER = 2  # drawn so much larger and then reduced, for smooth edges
_SCALE = SHARPNESS * _FINER
_PAPER = "#ffffff"

Attributes = dict[str, str]


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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Draw a shape, or wait for words."""
        given = {name: value or "" for name, value in attrs}
        if tag == "svg":
            height = round(float(given["height"]) * _SCALE)
            self.picture = Image.new("RGB", (WIDTH * _SCALE, height), _PAPER)
            self._ink = ImageDraw.Draw(self.picture)
        elif tag == "rect":
            self._draw_rect(given)
        elif tag == "line":
            self._draw_line(given)
        elif tag == "circle":
            self._draw_circle(given)
        elif tag == "text":
            self._words = given

    def handle_data(self, data: str) -> None:
        """Write the words of a text; a title and a description are not drawn."""
        if self._words is not None:
            self._write(data, self._words)

    def handle_endtag(self, tag: str) -> None:
        """End a text."""
        if tag == "text":
            self._words = None

    def _draw_rect(self, given: Attributes) -> None:
        x, y = _dots(given["x"]), _dots(given["y"])
        corner = (x + _dots(given["width"]), y + _dots(given["height"]))
        stroke = given.get("stroke")
        width = _width(given) if stroke else 0
        self._ink.rectangle(((x, y), corner), fill=given["fill"], outline=stroke, width=width)

    def _draw_line(self, given: Attributes) -> None:
        start = (_dots(given["x1"]), _dots(given["y1"]))
        end = (_dots(given["x2"]), _dots(given["y2"]))
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


def _pieces(
    start: tuple[float, float], end: tuple[float, float], dash: str
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Cut a line that stands upright into its dashes; any other stays whole."""
    if not dash or start[0] != end[0]:
        return [(start, end)]
    drawn, left_out = (float(part) * _SCALE for part in dash.split())
    pieces, y = [], start[1]
    while y < end[1]:
        pieces.append(((start[0], y), (start[0], min(y + drawn, end[1]))))
        y += drawn + left_out
    return pieces
