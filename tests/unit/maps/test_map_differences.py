"""What one map changes against another, in words: every part that can differ is said."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest

from indicators.measure.columns import ColumnType
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec, FileForm, Notes, TimeOrder
from scorecards.maps.differences import Change, differences
from scorecards.maps.lines import read_lines

LINES = """encounter_id code required
arrived_on date
discharged_on date
length_of_stay whole
disposition code codes=HOME|SNF"""
CASES = FeedSpec(read_lines(LINES), "encounter_id", "discharged_on", DataLevel.CODED_CASES)


def with_lines(lines):
    return replace(CASES, columns=read_lines(lines))


def only(spec):
    (difference,) = differences(CASES, spec)
    return difference.change, difference.name, difference.said


def test_equal_maps_have_no_difference():
    assert differences(CASES, replace(CASES)) == ()


def test_a_column_is_added_removed_and_renamed():
    added = only(with_lines(f'{LINES}\nbeds whole file="No. of beds"'))
    removed = only(with_lines(LINES.replace("length_of_stay whole\n", "")))
    renamed = only(
        with_lines(LINES.replace("length_of_stay whole", "los whole file=length_of_stay"))
    )

    assert added == (Change.ADDED, "beds", ("It is of type whole, read from “No. of beds”.",))
    assert removed == (Change.REMOVED, "length_of_stay", ("It was of type whole.",))
    assert renamed == (Change.RENAMED, "los", ("It was called length_of_stay.",))


def test_an_added_column_says_all_that_it_declares():
    said = only(with_lines(f"{LINES}\nroom code required codes=A|B"))[2]

    assert said[1:] == ("A value is required.", "The code list: added “A”, “B”.")


def test_a_code_list_says_what_came_and_what_went():
    change, name, said = only(with_lines(LINES.replace("HOME|SNF", "HOME|REHAB")))

    assert (change, name) == (Change.CHANGED, "disposition")
    assert said == ("The code list: added “REHAB”.", "The code list: removed “SNF”.")


COLUMN = FeedColumn("stay", "stay", ColumnType.DECIMAL)
COLUMN_CHANGES = {
    "name_in_file": (COLUMN, "Stay in days"),
    "type": (COLUMN, ColumnType.WHOLE),
    "required": (COLUMN, True),
    "missing": (COLUMN, ("18",)),
    "minimum": (COLUMN, Decimal(1)),
    "maximum": (COLUMN, Decimal(14)),
    "label": (COLUMN, "Length of stay"),
    "places": (COLUMN, 2),
    "unit": (COLUMN, "days"),
    "suppressed": (COLUMN, ("***",)),
    "marks": (COLUMN, ("thousands",)),
    "codes": (replace(COLUMN, type=ColumnType.CODE), ("A",)),
    "width": (replace(COLUMN, type=ColumnType.CODE), 6),
    "forms": (replace(COLUMN, type=ColumnType.DATE), ("MM/DD/YYYY",)),
}


@pytest.mark.parametrize("part", [f.name for f in fields(FeedColumn) if f.name != "name"])
def test_every_part_of_a_column_is_said(part):
    column, value = COLUMN_CHANGES[part]
    before = replace(CASES, columns=(*CASES.columns, column))
    after = replace(CASES, columns=(*CASES.columns, replace(column, **{part: value})))

    (difference,) = differences(before, after)

    assert (difference.change, len(difference.said)) == (Change.CHANGED, 1)


SPEC_CHANGES = {
    "columns": CASES.columns[::-1],
    "case_key": "disposition",
    "date_column": None,
    "level": DataLevel.KEYED_CASES,
    "missing": ("N/A",),
    "suppressed": ("***",),
    "orders": (TimeOrder("arrived_on", "discharged_on"),),
}


@pytest.mark.parametrize("part", SPEC_CHANGES)
def test_every_part_of_a_map_is_said(part):
    change, name, said = only(replace(CASES, **{part: SPEC_CHANGES[part]}))

    assert (change, name, len(said)) == (Change.WHOLE, "", 1)


FORM_CHANGES = {
    "separator": ";",
    "encoding": "windows-1252",
    "sheet": "Cases",
    "header_row": 4,
    "notes": Notes.AFTER_BLANK,
}


@pytest.mark.parametrize("part", [f.name for f in fields(FileForm)])
def test_every_part_of_the_layout_is_said(part):
    form = replace(CASES.form, **{part: FORM_CHANGES[part]})

    assert only(replace(CASES, form=form))[0] == Change.WHOLE


def test_columns_about_the_hospital_and_a_key_of_several_are_said():
    rows = read_lines("unit code\nmonth code\nfalls whole")
    counts = FeedSpec(rows, "", None, DataLevel.AGGREGATES, row_key=("unit",))
    after = replace(counts, row_key=("unit", "month"), organization_columns=("Telephone",))

    (difference,) = differences(counts, after)

    assert difference.said == (
        "The key: unit becomes unit + month.",
        "The columns about the hospital: added “Telephone”.",
    )
