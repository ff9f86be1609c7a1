"""A chart is accessible, safe, and says in words what it draws."""

import re
from fractions import Fraction
from xml.etree import ElementTree

from comanage.documents.charts import (
    BulletChart,
    EarnedPart,
    Goal,
    Reading,
    bullet,
    bullet_sentence,
    steps_bar,
    steps_bar_sentence,
)
from comanage.values.money import Money

SVG = "{http://www.w3.org/2000/svg}"
GOALS = (
    Goal("Threshold", Reading(Fraction("0.085"), "8.5 %")),
    Goal("Target", Reading(Fraction("0.08"), "8.0 %")),
)


def readmission(**changes):
    given = {
        "title": "30-day readmission",
        "improvement": "decrease",
        "now": Reading(Fraction("0.08"), "8.0 %"),
        "goals": GOALS,
        "reached": "Target",
        "cases": "424 of 5,279 stays",
    }
    return BulletChart(**(given | changes))


def drawn(svg):
    return ElementTree.fromstring(svg)


def places(svg, kind, name):
    return [
        float(shape.get(name).rstrip("%"))
        for shape in drawn(svg).iter()
        if shape.get("class") == kind
    ]


def test_the_sentence_names_result_cases_tier_and_direction():
    assert bullet_sentence(readmission()) == (
        "30-day readmission is 8.0 % (424 of 5,279 stays), meeting Target (8.0 %); lower is better."
    )


def test_the_sentence_names_the_first_tier_that_was_missed():
    assert "meeting Threshold (8.5 %) but not Target (8.0 %)" in bullet_sentence(
        readmission(reached="Threshold")
    )


def test_the_sentence_says_when_no_tier_was_reached():
    assert ", short of Threshold (8.5 %)" in bullet_sentence(readmission(reached=""))


def test_the_sentence_tells_the_baseline():
    baseline = Reading(Fraction("0.09"), "9.0 %")

    assert "the baseline was 9.0 %" in bullet_sentence(readmission(baseline=baseline))


def test_no_rate_is_drawn_as_words_and_not_as_a_point():
    chart = readmission(now=None, reached="", not_scored="too few cases")

    assert "is not scored: too few cases" in bullet_sentence(chart)
    assert "Not scored: too few cases" in bullet(chart)
    assert "<circle" not in bullet(chart)


def test_a_chart_has_a_name_and_a_description_for_a_screen_reader():
    root = drawn(bullet(readmission()))

    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "30-day readmission"
    assert root.find(f"{SVG}desc").text == bullet_sentence(readmission())


def test_charts_carry_no_inline_style_and_no_script():
    svg = bullet(readmission()) + steps_bar([EarnedPart("One", Money(100), Money(50))])

    assert not re.search(r"\sstyle=|<style|<script", svg)


def test_hostile_words_stay_words():
    hostile = '</title><script>alert("1")</script>'
    chart = readmission(title=hostile, goals=(Goal(hostile, GOALS[0].at),), reached="")
    bars = steps_bar([EarnedPart(hostile, Money(100), Money(50))])

    for svg in (bullet(chart), bars):
        assert drawn(svg).find(f".//{SVG}script") is None
        assert "<script" not in svg


def test_a_higher_result_stands_further_right():
    low = places(bullet(readmission()), "chart-value", "cx")
    high = places(bullet(readmission(now=Reading(Fraction("0.083"), "8.3 %"))), "chart-value", "cx")

    assert low < high


def test_the_deepest_shade_lies_where_better_is():
    better_left = places(bullet(readmission()), "chart-band-3", "x")
    better_right = places(
        bullet(readmission(improvement="increase", goals=GOALS[::-1], reached="")),
        "chart-band-3",
        "x",
    )

    assert better_left == [0.0]
    assert better_right[0] > 50


def test_the_interval_is_drawn_around_the_result():
    svg = bullet(readmission(interval=(0.0733, 0.0880)))
    value = places(svg, "chart-value", "cx")[0]
    ends = places(svg, "chart-whisker", "x1")

    assert min(ends) < value < max(ends)


def test_every_place_stays_inside_the_chart():
    svg = bullet(
        readmission(
            now=Reading(Fraction(0), "0.0 %"),
            interval=(-0.5, 2.0),
            bounds=(Fraction(0), Fraction(1)),
        )
    )

    assert all(0 <= float(place) <= 100 for place in re.findall(r'"(-?[0-9.]+)%"', svg))


def test_equal_values_still_make_an_axis():
    only = Reading(Fraction(5), "5")

    svg = bullet(BulletChart("Days", "decrease", only, goals=(Goal("Target", only),)))

    assert 'class="chart-value"' in svg


def test_bars_are_as_long_as_their_dollars():
    svg = steps_bar(
        [EarnedPart("A", Money(8000), Money(4000)), EarnedPart("B", Money(4000), Money(0))]
    )

    assert places(svg, "chart-unearned", "width") == [99.7, 49.85]  # the outline lies inside
    assert places(svg, "chart-earned", "width") == [49.85]


def test_the_sentence_of_the_pool_adds_up_its_parts():
    parts = [
        EarnedPart("A", Money(8000), Money(4000)),
        EarnedPart("B", Money(4000), Money(1000)),
    ]

    assert steps_bar_sentence(parts) == (
        "Of $120.00 available, $50.00 was earned: A $40.00 of $80.00, B $10.00 of $40.00."
    )


def test_an_empty_pool_is_said_in_words():
    assert steps_bar_sentence([]) == "No indicator could earn a part of the pool."
    assert drawn(steps_bar([])).get("role") == "img"
