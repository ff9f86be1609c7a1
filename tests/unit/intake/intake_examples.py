"""The feed and the rows that the intake tests are about."""

from dataclasses import replace
from datetime import date

from comanage.values.period import Period
from indicators.measure.columns import ColumnType
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec

HEADER = "case_id,specialty,left_on,days,cost,died"
FIRST_QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))


def make_spec(**changes):
    """The feed of the intake tests; a change names a column and what is different in it."""
    columns = (
        FeedColumn("case_id", "case_id", ColumnType.CODE, required=True),
        FeedColumn("specialty", "specialty", ColumnType.CODE, missing=("99",)),
        FeedColumn("left_on", "left_on", ColumnType.DATE),
        FeedColumn("days", "days", ColumnType.WHOLE),
        FeedColumn("cost", "cost", ColumnType.DECIMAL, places=2),
        FeedColumn("died", "died", ColumnType.FLAG),
    )
    changed = tuple(replace(column, **changes.get(column.name, {})) for column in columns)
    return FeedSpec(changed, "case_id", "left_on", DataLevel.CODED_CASES)


def good_row(key="A1", **cells):
    """One row that nothing is wrong with, apart from the cells given."""
    usual = {
        "specialty": "CARD",
        "left_on": "2026-02-03",
        "days": "3",
        "cost": "10.50",
        "died": "no",
    }
    return ",".join([key, *{**usual, **cells}.values()])


def codes(outcome):
    return [finding.code for finding in outcome.findings]


def rows_of(outcome, code):
    return [finding.row for finding in outcome.findings if finding.code == code]


def everything_said(outcome):
    return str(outcome.to_document())
