"""Looking for another case of the same patient, before and after."""

from datetime import date, datetime

import pyarrow as pa
import pytest

from indicators.measure.columns import Column, ColumnType
from indicators.measure.criteria import masks, parse

COLUMNS = {
    column.name: column
    for column in (
        Column("patient", ColumnType.CODE),
        Column("number", ColumnType.WHOLE),
        Column("came", ColumnType.DATE),
        Column("left_on", ColumnType.DATE),
        Column("came_at", ColumnType.MOMENT),
        Column("planned", ColumnType.FLAG),
    )
}
READMITTED = "followed_within(30, patient, left_on, came)"
TRUTHS = {(True, False): "T", (False, False): "F", (False, True): "?"}


def stays(*rows):
    """Make cases of (patient, day it began, day it ended) in January and February 2026."""
    return pa.table(
        {
            "patient": pa.array([row[0] for row in rows], pa.string()),
            "came": pa.array([_day(row[1]) for row in rows], pa.date32()),
            "left_on": pa.array([_day(row[2]) for row in rows], pa.date32()),
        }
    )


def _day(number):
    return None if number is None else date.fromordinal(date(2025, 12, 31).toordinal() + number)


def truths(text, cases):
    found = masks(parse(text, COLUMNS), cases)
    pairs = zip(found.true.tolist(), found.unknown.tolist(), strict=True)
    return "".join(TRUTHS[pair] for pair in pairs)


@pytest.mark.parametrize(
    ("came", "found"), [(4, "F"), (5, "T"), (6, "T"), (35, "T"), (36, "F"), (None, "F")]
)
def test_the_other_case_begins_from_0_to_30_days_after(came, found):
    assert truths(READMITTED, stays(("a", 1, 5), ("a", came, 60)))[0] == found


@pytest.mark.parametrize(
    ("left", "found"), [(6, "F"), (5, "T"), (4, "T"), (-25, "T"), (-26, "F"), (None, "F")]
)
def test_the_other_case_ends_from_0_to_30_days_before(left, found):
    text = "preceded_within(30, patient, came, left_on)"

    assert truths(text, stays(("a", 5, 9), ("a", -60, left)))[0] == found


def test_of_two_stays_on_one_day_the_clock_says_which_was_first():
    def at(hour):
        return datetime(2026, 1, 5, hour)  # noqa: DTZ001 - a moment has no time zone

    moments = {name: Column(name, ColumnType.MOMENT) for name in ("came_at", "left_at")}
    cases = pa.table(
        {
            "patient": ["a", "a"],
            "came_at": pa.array([at(8), at(14)], pa.timestamp("s")),
            "left_at": pa.array([at(10), at(16)], pa.timestamp("s")),
        }
    )
    after = parse("followed_within(30, patient, left_at, came_at)", COLUMNS | moments)
    before = parse("preceded_within(30, patient, came_at, left_at)", COLUMNS | moments)

    assert masks(after, cases).true.tolist() == [True, False]
    assert masks(before, cases).true.tolist() == [False, True]


@pytest.mark.parametrize("came", [5, 35, 4, 36])
def test_a_case_does_not_find_itself(came):
    # Days in the wrong order, too: a case of 35 to 5 would begin 30 days after its end.
    assert truths(READMITTED, stays(("a", came, 5))) == "F"


def test_cases_with_equal_days_find_each_other():
    assert truths(READMITTED, stays(("a", 5, 5), ("a", 5, 5), ("b", 5, 5))) == "TTF"


def test_another_patient_is_never_found():
    cases = stays(("a", 1, 5), ("b", 6, 7), ("c", -300, -299), ("d", 40, 41))

    assert truths(READMITTED, cases) == "FFFF"


def test_a_case_without_its_patient_or_its_day_is_unknown_and_is_not_found():
    cases = stays(("a", 1, 5), (None, 6, 7), (None, 8, 9), ("a", 90, None))

    assert truths(READMITTED, cases) == "F???"


def test_the_other_case_must_meet_its_criterion():
    cases = stays(("a", 1, 5), ("a", 6, 7), ("b", 1, 5), ("b", 6, 7), ("c", 1, 5), ("c", 6, 7))
    planned = pa.array([False, False, True, None, False, True])
    text = "followed_within(30, patient, left_on, came, planned = true)"

    # What the other case is not known to meet, it does not meet.
    assert truths(text, cases.append_column("planned", planned)) == "FFFFTF"


def test_the_criterion_is_about_the_other_case_and_not_about_this_one():
    cases = stays(("a", 1, 5), ("a", 6, 7)).append_column("planned", pa.array([True, False]))

    assert truths("followed_within(30, patient, left_on, came, planned = false)", cases) == "TF"


def test_a_case_may_be_asked_for_one_that_is_itself_followed():
    cases = stays(("a", 1, 5), ("a", 6, 7), ("a", 50, 51), ("b", 1, 5), ("b", 6, 7), ("b", 8, 9))

    assert truths(f"followed_within(9, patient, left_on, came, {READMITTED})", cases) == "FFFTFF"


def test_a_patient_may_be_a_number_and_a_day_may_be_taken_from_a_moment():
    came_at = [datetime.fromisoformat(f"2026-01-0{day} 23:59") for day in (1, 3, 3)]
    cases = pa.table(
        {
            "number": pa.array([2**62, 2**62, -5], pa.int64()),
            "came_at": pa.array(came_at, pa.timestamp("s")),
        }
    )

    assert truths("followed_within(2, number, came_at, came_at)", cases) == "TFF"
    assert truths("followed_within(1, number, date_of(came_at), came_at)", cases) == "FFF"


def test_patients_repeated_in_a_dictionary_are_one_patient():
    codes = pa.DictionaryArray.from_arrays([0, 1], ["a", "a"])
    cases = stays(("a", 1, 5), ("a", 6, 7)).set_column(0, "patient", codes)

    assert truths(READMITTED, cases) == "TF"


def test_without_cases_nothing_is_found():
    assert truths(READMITTED, stays()) == ""
    assert truths(READMITTED, stays((None, None, None))) == "?"


def test_the_ends_of_the_calendar_are_days_like_others():
    cases = pa.table(
        {
            "patient": ["a", "a", "b"],
            "came": [date(1, 1, 1), date(9999, 12, 31), date(1, 1, 1)],
            "left_on": [date(9999, 12, 31), date(9999, 12, 31), date(9999, 12, 31)],
        }
    )

    assert truths("followed_within(36525, patient, left_on, came)", cases) == "TFF"
