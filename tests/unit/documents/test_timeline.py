"""A timeline draws each task on its days and says the same in words."""

from datetime import date
from xml.etree import ElementTree

import pytest

from comanage.documents.charts import TimelineGroup, TimelineTask, timeline, timeline_sentence
from comanage.values.period import Period

SVG = "{http://www.w3.org/2000/svg}"
SPAN = Period(date(2026, 3, 1), date(2026, 3, 21))  # twenty days: five percent each
TODAY = date(2026, 3, 11)


def task(state="later", start=5, due=8, title="File it"):
    return TimelineTask(title, date(2026, 3, start), date(2026, 3, due), state)


def drawn(*tasks, today=TODAY, span=SPAN):
    groups = [TimelineGroup("1. Begin", tasks)]
    return ElementTree.fromstring(timeline("Decide", groups, span=span, today=today))


def bars(svg):
    """Bars by class, less the samples of the key, which stand in pixels."""
    return [
        (bar.get("class"), bar.get("x"), bar.get("width"))
        for bar in svg.iter(f"{SVG}rect")
        if bar.get("x").endswith("%")
    ]


def words(svg):
    return [text.text for text in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("done", "chart-earned"),
        ("in_hand", "chart-now"),
        ("later", "chart-unearned"),
        ("at_risk", "chart-risk"),
        ("overdue", "chart-late"),
    ],
)
def test_a_bar_covers_both_the_first_and_the_last_day(state, kind):
    # Four days from the fifth on: 4 / 20 from the left, and 4 / 20 wide.
    assert bars(drawn(task(state))) == [(kind, "20%", "20%")]


def test_what_is_overdue_runs_on_to_the_end_of_today():
    line = next(
        each
        for each in drawn(task("overdue")).iter(f"{SVG}line")
        if each.get("class") == "chart-overrun"
    )

    assert (line.get("x1"), line.get("x2")) == ("40%", "55%")


def test_only_what_is_late_has_a_mark_and_the_key_says_what_it_means():
    calm, late = drawn(task("done")), drawn(task("overdue"), task("at_risk"))

    assert not list(calm.iter(f"{SVG}path"))
    assert len(list(late.iter(f"{SVG}path"))) == 4  # two tasks, two of the key
    assert "Overdue, up to today" in words(late)
    assert "Done" not in words(late)


@pytest.mark.parametrize(("day", "is_shown"), [(1, True), (20, True), (21, False)])
def test_today_is_marked_where_it_lies_inside(day, is_shown):
    assert ("Today" in words(drawn(task(), today=date(2026, 3, day)))) is is_shown


def test_a_bar_beyond_the_days_shown_is_cut_or_left_out():
    early = TimelineTask("Early", date(2026, 2, 1), date(2026, 2, 3), "done")
    across = TimelineTask("Across", date(2026, 2, 25), date(2026, 3, 2), "done")

    assert bars(drawn(early, across)) == [("chart-earned", "0%", "10%")]


def test_many_months_are_named_every_third_time_with_their_year():
    span = Period(date(2026, 11, 15), date(2027, 9, 1))

    named = [
        text
        for text in words(drawn(task(), span=span))
        if text.split()[0] in {"Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul"}
    ]
    assert named == ["Dec 2026", "Mar 2027", "Jun"]


def test_titles_are_escaped():
    assert "<b>" in words(drawn(task(title="<b>")))


def test_the_sentence_counts_by_state():
    groups = [TimelineGroup("1. Begin", (task("done"), task("overdue"), task("later"), task()))]

    assert timeline_sentence(groups, today=TODAY) == (
        "On 11 Mar 2026, of 4 tasks: 1 done, 1 overdue, 2 to come."
    )
    assert timeline_sentence([], today=TODAY) == "There is no task here."
