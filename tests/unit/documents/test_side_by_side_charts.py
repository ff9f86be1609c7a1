"""Two sides on one scale, and a few units with their intervals: drawn, safe, and said in words."""

from fractions import Fraction
from xml.etree import ElementTree

import pytest

from comanage.documents.charts import (
    IntervalRow,
    IntervalsChart,
    Reading,
    SidesChart,
    SidesRow,
    intervals_chart,
    intervals_sentence,
    sides_chart,
    sides_chart_sentence,
)

SVG = "{http://www.w3.org/2000/svg}"


def points(value):
    return Reading(Fraction(value), str(value))


def test_both_sides_stand_on_one_line_and_a_silent_side_is_said():
    chart = SidesChart(
        "Readiness",
        ("Hospital", "Physicians"),
        (
            SidesRow("Values <b>", (points(100), points(0)), "Hospital higher by 100"),
            SidesRow("Data", (points(50), None), "One side alone"),
            SidesRow("Duties", (None, None), "One side alone"),
        ),
    )

    drawn = ElementTree.fromstring(sides_chart(chart))

    marks = [mark.get("x") for mark in drawn.iter(f"{SVG}svg") if mark.get("x")]
    assert marks == ["97%", "3%", "50%", "0%", "0%"]  # the last two explain the marks
    joined = [line for line in drawn.iter(f"{SVG}line") if line.get("class") == "chart-center"]
    assert [(line.get("x1"), line.get("x2")) for line in joined] == [("3%", "97%")]
    assert sides_chart_sentence(chart) == (
        "Values <b>: Hospital 100, Physicians 0; Data: Hospital 50; Duties: nothing said; "
        "from 0 to 100, more is better."
    )


def test_units_stand_side_by_side_with_the_reference_beside_each():
    rows = (
        IntervalRow("A & B", Reading(Fraction(1, 10), "10.0 %"), (0.05, 0.2), "4 of 40"),
        IntervalRow("C" * 40, Reading(Fraction(3, 10), "30.0 %"), None, "12 of 40"),
    )
    reference = Reading(Fraction(1, 5), "20.0 %")
    chart = IntervalsChart("Returns", "decrease", rows, reference, "Held against")

    drawn = ElementTree.fromstring(intervals_chart(chart))

    words = [text.text for text in drawn.iter(f"{SVG}text")]
    assert words[:4] == ["A & B", "10.0 %", f"{'C' * 31}…", "30.0 %"]
    assert "95 % interval of each, for itself".replace(" %", "\u00a0%") in words
    goals = [line for line in drawn.iter(f"{SVG}line") if line.get("class") == "chart-goal"]
    assert len({line.get("x1") for line in goals[:2]}) == 1
    assert intervals_sentence(chart).endswith("Held against 20.0 %; lower is better.")
    with pytest.raises(ValueError, match="one unit or more"):
        intervals_chart(IntervalsChart("Returns", "decrease", (), reference, "Held against"))
