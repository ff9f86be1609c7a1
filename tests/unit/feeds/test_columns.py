"""Declared columns in the words of the form that declares them."""

from decimal import Decimal

from indicators.measure.columns import ColumnType
from scorecards.feeds.columns import read_columns
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec

COLUMNS = (
    FeedColumn("key", "key", ColumnType.CODE, required=True),
    FeedColumn("Facility ID", "facility", ColumnType.CODE, width=6, missing=("N/A", "none")),
    FeedColumn("kind", "kind", ColumnType.CODE, codes=("A", "B")),
    FeedColumn(
        "stay",
        "stay",
        ColumnType.WHOLE,
        minimum=Decimal(1),
        maximum=Decimal(14),
        unit="days",
        suppressed=("***",),
    ),
    FeedColumn("rate", "rate", ColumnType.DECIMAL, places=3, marks=("percent",)),
    FeedColumn("cost", "cost", ColumnType.DECIMAL, minimum=Decimal(0), marks=("dollar",)),
    FeedColumn("left", "left_on", ColumnType.DATE, forms=("MM/DD/YYYY", "M/D/YY")),
    FeedColumn("came", "came_at", ColumnType.MOMENT),
    FeedColumn("dead", "died", ColumnType.FLAG),
)
SPEC = FeedSpec(
    columns=COLUMNS,
    case_key="key",
    date_column="left_on",
    level=DataLevel.CODED_CASES,
    missing=("N/A",),
)


def test_each_column_is_read_in_words():
    read = {
        each.column.name: (each.type, each.needed, each.must_hold) for each in read_columns(SPEC)
    }

    assert read == {
        "key": ("Code", "in every row, each different", "any code"),
        "facility": (
            "Code",
            "may be empty",
            "any code; 6 digits, lost zeros in front are put back",
        ),
        "kind": ("Code", "may be empty", "A, B"),
        "stay": ("Whole number", "may be empty", "1 to 14 days"),
        "rate": (
            "Decimal",
            "may be empty",
            "any number; at most 3 decimals; with its sign, as 85.2%; kept as 0.852",
        ),
        "cost": (
            "Decimal",
            "may be empty",
            "0 or more; at most 6 decimals; a dollar sign is taken away",
        ),
        "left_on": (
            "Day",
            "in every row: it dates the case",
            "a day; written MM/DD/YYYY or M/D/YY",
        ),
        "came_at": (
            "Moment",
            "may be empty",
            "a day and a time; written year-month-day and the time",
        ),
        "died": ("Yes or no", "may be empty", "yes or no"),
    }


def test_all_that_counts_as_missing_or_suppressed_is_listed_once():
    read = {each.column.name: (each.missing, each.suppressed) for each in read_columns(SPEC)}

    assert read["facility"] == ("an empty cell, ?, N/A, none", "")
    assert read["stay"] == ("an empty cell, ?, N/A", "***")
