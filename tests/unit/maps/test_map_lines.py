from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.measure.columns import ColumnType
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec, SpecError
from scorecards.maps.lines import read_lines, write_lines

COLUMNS = (
    FeedColumn("Case ID", "case_id", ColumnType.CODE, required=True, width=6),
    FeedColumn("days", "days", ColumnType.WHOLE, minimum=Decimal(1), maximum=Decimal(14)),
    FeedColumn("days_max", "days_max", ColumnType.WHOLE, maximum=Decimal(9), unit="days"),
    FeedColumn("back", "back", ColumnType.CODE, codes=("<30", ">30", "a|b", "c\\", "it's")),
    FeedColumn("left", "left_on", ColumnType.DATE, missing=("99/99/9999",), forms=("M/D/YY",)),
    FeedColumn(
        'The "Score"',
        "score",
        ColumnType.DECIMAL,
        label="Rate of the measure",
        places=1,
        suppressed=("Too Few to Report", "***"),
        marks=("percent",),
    ),
)
SPEC = FeedSpec(COLUMNS, "case_id", None, DataLevel.CODED_CASES)


def test_columns_written_as_lines_come_back_as_they_were():
    assert read_lines(write_lines(COLUMNS)) == COLUMNS


def test_plain_columns_are_written_without_quotes():
    spec = replace(SPEC, columns=(COLUMNS[0], *COLUMNS[1:3]))

    assert write_lines(spec.columns).splitlines() == [
        'case_id code file="Case ID" required width=6',
        "days whole 1..14",
        "days_max whole ..9 unit=days",
    ]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("days", "Line 2: write a name and a type"),
        ("days number", "Line 2: write a name and a type"),
        ("days whole often", "Line 2: 'often' is not known here"),
        ("days whole x..3", "Line 2: 'x' is not a number"),
        ("days code width=six", "Line 2: 'six' is not a small whole number"),
        ('days code label="Days', "Line 2: a quote is not closed"),
        ("days whole marks=euro", "Line 2: Column days: there is no mark"),
    ],
)
def test_a_line_that_is_no_column_is_named(line, complaint):
    with pytest.raises(SpecError, match=complaint):
        read_lines(f"\n{line}")
