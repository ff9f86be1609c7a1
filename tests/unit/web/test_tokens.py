"""The colours can be told apart, in both modes, by people who see little."""

import re
from itertools import product
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[3] / "static" / "css"
LIGHT, DARK = (CSS / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)")
WORDS = ("ink", "quiet", "neutral", "accent", "accent-strong", "concern", "concern-strong")
MARKS = ("edge", "accent", "concern", "neutral", "focus", "chart-mark")


def colours(block):
    return {
        name: (value[1:] * 2 if len(value) == 4 else value[1:])
        for name, value in re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", block)
    }


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("word", "ground"), list(product(WORDS, ("paper", "sunk"))))
def test_words_can_be_read_on_every_ground(mode, word, ground):
    assert contrast(colours(mode)[word], colours(mode)[ground]) >= 4.5


@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("word", "ground"),
    [
        ("on-accent", "accent"),
        ("on-accent", "accent-strong"),
        ("on-accent", "concern"),
        ("on-accent", "concern-strong"),
        ("accent-strong", "accent-wash"),
        ("ink", "accent-wash"),
        ("ink", "concern-wash"),
    ],
)
def test_words_can_be_read_on_coloured_grounds(mode, word, ground):
    assert contrast(colours(mode)[word], colours(mode)[ground]) >= 4.5


@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("mark", MARKS)
def test_edges_and_marks_stand_out_from_the_page(mode, mark):
    assert contrast(colours(mode)[mark], colours(mode)["paper"]) >= 3


@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("band", range(1, 6))
def test_the_point_of_a_chart_stands_out_from_every_band(mode, band):
    assert contrast(colours(mode)["chart-mark"], colours(mode)[f"chart-band-{band}"]) >= 3


def test_the_accents_are_the_ones_that_were_measured():
    light = colours(LIGHT)

    for accent in ("accent", "concern", "neutral"):
        assert contrast(light[accent], "ffffff") >= 6
