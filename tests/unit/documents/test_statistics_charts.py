"""Control charts and funnels draw what the statistics say, and say it in words as well."""

import itertools
import re
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree

import pytest

from comanage.documents.charts import (
    Reading,
    TrendPoint,
    control_chart,
    control_chart_sentence,
    control_chart_table,
    funnel_chart,
    funnel_chart_sentence,
    funnel_chart_table,
)
from comanage.documents.charts.ink import ROW
from comanage.documents.charts.plot import LABEL_STEP, MARKS, axis_numbers
from indicators.measure.statistics.funnel import Zone
from indicators.measure.statistics.icons import VariationState
from tests.unit.documents.statistics_example import SITES, funnel, trend

SVG = "{http://www.w3.org/2000/svg}"
BOTH = pytest.mark.parametrize(
    ("svg", "sentence"),
    [
        (control_chart(trend()), control_chart_sentence(trend())),
        (funnel_chart(funnel()), funnel_chart_sentence(funnel())),
    ],
    ids=["control", "funnel"],
)


def words_of(svg):
    texts = (text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text"))
    return " ".join(texts).replace("\u00a0", " ")


def marks_of(svg, kind):
    """Places of the marks of a kind in the plot: those that explain stand at 0 %."""
    return [
        float(mark.get("x").rstrip("%"))
        for mark in ElementTree.fromstring(svg).iter(f"{SVG}svg")
        if mark.find(f"{SVG}path") is not None
        and f"chart-mark--{kind}" in mark.find(f"{SVG}path").get("class").split()
        and mark.get("x") != "0%"
    ]


def lines_of(svg, kind):
    return [
        line
        for line in ElementTree.fromstring(svg).iter(f"{SVG}line")
        if line.get("class") == kind and line.get("x1").endswith("%")
    ]


@BOTH
def test_a_chart_has_a_name_and_a_description_for_a_screen_reader(svg, sentence):
    root = ElementTree.fromstring(svg)

    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "30-day readmission"
    assert root.find(f"{SVG}desc").text == sentence


@BOTH
def test_a_chart_carries_no_style_no_script_and_no_address(svg, sentence):
    assert not re.search(r"\sstyle=|<style|<script|href", svg)


@BOTH
def test_all_ink_stays_inside_the_chart(svg, sentence):
    height = float(ElementTree.fromstring(svg).get("height"))

    assert all(0 <= float(x) <= 100 for x in re.findall(r'"(-?[0-9.]+)%"', svg))
    assert all(0 <= float(y) <= height for y in re.findall(r'\sy[12]?="(-?[0-9.]+)"', svg))


def test_hostile_words_stay_words():
    hostile = '</title><script>alert("1")</script>'
    over_time = trend(3)
    points = [replace(point, period=hostile, cases=hostile) for point in over_time.points]
    against = funnel()
    units = [replace(point, name=hostile, cases=hostile) for point in against.points]

    for svg in (
        control_chart(
            replace(over_time, title=hostile, points=tuple(points), trial=hostile, method=hostile)
        ),
        funnel_chart(
            replace(against, title=hostile, units=hostile, points=tuple(units), warning=hostile)
        ),
    ):
        assert ElementTree.fromstring(svg).find(f".//{SVG}script") is None
        assert "<script" not in svg


@BOTH
def test_no_row_begins_with_the_percent_sign_of_the_row_before(svg, sentence):
    texts = [text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]

    assert any("%" in text for text in texts)
    assert not [text for text in texts if text.startswith("%")]


# --- control chart


def test_the_sentence_tells_the_latest_period_its_limits_and_the_goal():
    assert control_chart_sentence(trend(8)) == (
        "30-day readmission in Aug 2024 is 8.5 % (25 of 295 stays), against a mean of 8.8 % and "
        "limits of 3.8 % to 13.7 %: no significant change; the goal of 8.0 % is hit or miss; "
        "lower is better; these are trial limits."
    )


def test_the_sentence_names_the_special_causes_that_last():
    sentence = control_chart_sentence(trend())

    assert "change for the better (4 points close together near or beyond the lower" in sentence
    assert "above the upper limit" not in sentence  # that was a year ago


def test_the_sentence_leaves_out_what_was_not_agreed():
    plain = replace(trend(goal=None, improvement=None), signals=())

    sentence = control_chart_sentence(plain)

    assert "goal" not in sentence
    assert "better" not in sentence
    assert sentence.endswith(": downward change.")


def test_a_goal_without_assurance_is_named_all_the_same():
    assert "the goal of 8.0 % is drawn;" in control_chart_sentence(replace(trend(), assurance=""))


def test_special_causes_have_a_shape_a_color_and_words_of_their_own():
    svg = control_chart(trend())

    assert len(marks_of(svg, "concern")) == 1
    assert len(marks_of(svg, "improving")) == 4
    assert len(marks_of(svg, "common")) == 24 - 5
    assert "Change for the worse: a point above the upper limit, Jan 2025" in words_of(svg)
    assert "near or beyond the lower limit, Sep 2025 to Dec 2025" in words_of(svg)


def test_no_two_meanings_look_alike_but_for_up_and_down():
    looks = {(mark.shape, mark.color) for mark in MARKS.values()}

    assert len(looks) == len(MARKS) - 1
    assert MARKS["neutral_high"].words != MARKS["neutral_low"].words


def test_every_state_of_variation_has_its_mark():
    assert MARKS.keys() == set(VariationState)


@pytest.mark.parametrize(("months", "is_trial"), [(11, True), (12, False)])
def test_trial_limits_are_said_on_the_chart(months, is_trial):
    words = words_of(control_chart(trend(months)))

    assert words.startswith("Trial limits") is is_trial
    assert ("fewer than 12" in words) is is_trial


def test_the_chart_says_how_its_limits_were_made():
    assert "p chart: three sigmas" in words_of(control_chart(trend()))


def test_later_periods_stand_further_right_and_higher_results_higher_up():
    svg = control_chart(trend(goal=None, improvement=None))
    joints = lines_of(svg, "chart-line")

    assert len(joints) == 23
    rises = [float(line.get("y1")) > float(line.get("y2")) for line in joints]
    values = [point.now.value for point in trend().points]
    assert rises == [after > before for before, after in itertools.pairwise(values)]
    places = [float(line.get("x1").rstrip("%")) for line in joints]
    assert places == sorted(places)


def test_each_periods_own_limits_are_drawn_and_equal_ones_joined():
    # 24 months, of which no two neighbors have as many stays.
    assert len(lines_of(control_chart(trend()), "chart-limit")) == 2 * 24
    assert len(lines_of(control_chart(trend()), "chart-center")) == 1


def test_a_rebasing_is_drawn_said_and_not_bridged():
    svg = control_chart(trend(rebased_at=(12,)))

    assert len(lines_of(svg, "chart-rebased")) == 1
    assert len(lines_of(svg, "chart-line")) == 22
    assert len(lines_of(svg, "chart-center")) == 2
    assert "Limits begin anew: Jan 2025" in words_of(svg)


def test_a_single_period_can_be_drawn():
    assert len(marks_of(control_chart(trend_of("5", "5", "5", "5")), "common")) == 1


def trend_of(now, center, lower, upper):
    """One period with these numbers."""
    readings = [Reading(Fraction(value), value) for value in (now, center, lower, upper)]
    return replace(
        trend(), points=(TrendPoint("2025", *readings),), signals=(), goal=None, trial=""
    )


def test_no_period_is_no_chart():
    with pytest.raises(ValueError, match="one period or more"):
        control_chart(replace(trend(), points=()))


def test_numbers_beside_the_lines_never_cover_each_other():
    ink = axis_numbers([(50.0, "8.0 %"), (49.0, "8.1 %"), (52.0, "8.2 %"), (120.0, "1 %")], 80)

    places = [float(re.search(r' y="([0-9.]+)"', text)[1]) for text in ink]
    assert all(after - before >= LABEL_STEP for before, after in itertools.pairwise(places))


def test_the_table_has_every_period_with_its_reading():
    table = control_chart_table(trend(rebased_at=(12,)))

    assert len(table.rows) == 24
    assert all(len(row) == len(table.head) for row in table.rows)
    assert table.rows[0][:3] == ("Jan 2024", "8.7 %", "26 of 300 stays")
    assert table.rows[12][-1] == "Change for the worse, limits begin anew"


# --- funnel


def test_the_sentence_names_the_units_outside_and_what_chance_would_do():
    assert funnel_chart_sentence(funnel()) == (
        "Of 12 sites compared on 30-day readmission, 3 lie outside the limits: North worse than "
        "the 99.8 % limit; West better than the 95 % limit; Meadow worse than the 95 % limit; "
        "about 1 would lie beyond the 95 % limits by chance alone; they are compared with 8.4 %; "
        "lower is better."
    )


def test_without_a_good_side_units_lie_above_or_below():
    sentence = funnel_chart_sentence(funnel(improvement=None))

    assert "North above the 99.8 % limit; West below the 95 % limit" in sentence
    assert "better" not in sentence
    assert "better" not in words_of(funnel_chart(funnel(improvement=None)))


def test_no_unit_outside_is_said():
    alike = [(f"Site {number}", 10, 100 + number) for number in range(12)]

    assert "none lies outside the limits" in funnel_chart_sentence(funnel(sites=alike))


def test_one_unit_outside_lies_there():
    one = [(f"Site {number}", 10, 100) for number in range(11)] + [("Odd", 40, 100)]

    assert "1 lies outside the limits: Odd worse" in funnel_chart_sentence(funnel(sites=one))


def test_units_outside_have_a_letter_that_the_words_explain():
    words = words_of(funnel_chart(funnel()))

    assert words.count("a: North, worse than the 99.8 % limit (12.9 %, 62 of 480 stays)") == 1
    assert words.startswith("c b a ")


def test_letters_of_marks_that_stand_close_are_written_together():
    close = [(f"Site {n}", 20, 100 + n) for n in range(9)]
    close += [("X", 45, 120), ("Y", 46, 124), ("Z", 44, 118)]

    words = words_of(funnel_chart(funnel(sites=close)))

    assert words.startswith("c, a, b ")


def test_the_scale_names_the_center_and_the_ends_and_no_limit():
    texts = [
        text.text.replace("\u00a0", " ")
        for text in ElementTree.fromstring(funnel_chart(funnel())).iter(f"{SVG}text")
    ]

    assert {"14.3 %", "8.4 %", "3.5 %"} <= set(texts)
    assert not {"95 %", "99.8 %"} & set(texts)


def test_marks_between_the_limits_are_hollow():
    svg = funnel_chart(funnel())

    assert len(marks_of(svg, "concern")) == 2
    assert len(marks_of(svg, "improving")) == 1
    assert len(marks_of(svg, "neutral")) == 0
    # North lies beyond the outer limit and is filled; Meadow and West are outlines.
    sizes = {point.name: point.size.value for point in funnel().points}
    assert len(marks_of(svg, "hollow")) == 2
    assert max(marks_of(svg, "hollow")) < max(marks_of(svg, "concern"))
    assert sizes["North"] > sizes["West"] > sizes["Meadow"]


def test_larger_units_stand_further_right():
    places = marks_of(funnel_chart(funnel()), "common")
    sizes = [point.size.value for point in funnel().points if point.zone == Zone.INSIDE]

    assert [sizes[at] for at in sorted(range(len(sizes)), key=lambda at: places[at])] == sorted(
        sizes
    )


def test_limits_that_leave_the_plot_end_at_its_top():
    ends = [
        (float(line.get("y1")), float(line.get("y2")))
        for line in lines_of(funnel_chart(funnel()), "chart-limit")
    ]

    assert min(min(pair) for pair in ends) == ROW  # the curve of small sizes is cut here
    assert (ROW, ROW) not in ends  # and does not run along the top


def test_over_dispersion_is_warned_of_on_the_chart():
    spread = [
        (name, met * (3 if at % 2 else 1), size) for at, (name, met, size) in enumerate(SITES)
    ]

    assert "too narrow for naming outliers" in words_of(funnel_chart(funnel(sites=spread)))
    assert "too narrow" not in words_of(funnel_chart(replace(funnel(), warning="")))


def test_many_units_outside_still_have_letters_of_their_own():
    point = replace(funnel().points[0], zone="beyond_998", is_high=True)
    many = replace(funnel(), points=(point,) * 28)

    assert "aa: North" in words_of(funnel_chart(many))
    assert "bb: North" in words_of(funnel_chart(many))


def test_a_funnel_without_limits_or_units_is_refused():
    for broken in ({"points": ()}, {"curves": funnel().curves[:1]}):
        with pytest.raises(ValueError, match="one unit or more"):
            funnel_chart(replace(funnel(), **broken))


def test_the_funnels_table_has_every_unit_with_its_limits():
    table = funnel_chart_table(funnel())

    assert [row[0] for row in table.rows] == [name for name, _, _ in SITES]
    assert all(len(row) == len(table.head) for row in table.rows)
    assert table.rows[0][-1] == "Worse than the 99.8 % limit"
    assert table.rows[1][-1] == "Inside the limits"
