"""Criteria in the SQL of two databases: what is written, and how it is quoted."""

import pytest

from indicators.measure.columns import Column, ColumnType
from indicators.measure.criteria import parse, parse_number, to_sql
from indicators.measure.definition import Definition
from indicators.measure.sql import select_statement

COLUMNS = {
    column.name: column
    for column in (
        Column("code", ColumnType.CODE, source="Main code"),
        Column("other", ColumnType.CODE, source='a"; DROP TABLE x; --'),
        Column("days", ColumnType.WHOLE),
        Column("cost", ColumnType.DECIMAL),
        Column("seen", ColumnType.DATE),
        Column("came_at", ColumnType.MOMENT),
        Column("left_at", ColumnType.MOMENT),
        Column("died", ColumnType.FLAG),
    )
}


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("code = 'O''Brien'", "\"Main code\" = 'O''Brien'"),
        ("code = '''; drop table x; --'", "\"Main code\" = '''; drop table x; --'"),
        ("other is null", '"a""; DROP TABLE x; --" IS NULL'),
        ("code not in ('1', '2')", "\"Main code\" NOT IN ('1', '2')"),
        ("code like 'I\\_1%' or days <> 1", None),
        ("code like 'I\\1%'", "starts_with(\"Main code\", 'I\\1')"),
        ("days is not null and not (died = true or days >= 3)",
         '"days" IS NOT NULL AND NOT ("died" = TRUE OR "days" >= 3)'),
        ("cost between 1.50 and days", '"cost" BETWEEN 1.5 AND "days"'),
        ("seen = date '2026-01-31'", "\"seen\" = DATE '2026-01-31'"),
        ("came_at < moment '2026-01-31 14:05'", "\"came_at\" < TIMESTAMP '2026-01-31 14:05:00'"),
        ("date_of(came_at) = seen", 'CAST("came_at" AS date) = "seen"'),
        ("days * 2 > 1 / 3 * cost", '(3 * (CAST("days" AS numeric) * 2)) > "cost"'),
        ("cost / 0.25 = 2 * 3 - 1", '(4 * "cost") = 5'),
        ("days = 1 / 3", '(3 * CAST("days" AS numeric)) = 1'),
        ("days * (1 / 3 + 2) < 1 / 3 * 2", '(CAST("days" AS numeric) * 7) < 2'),
        ("cost > -0.05 + 0", '"cost" > -0.05'),
        (
            "cost < 100000000000000000.000000000000000001",
            '"cost" < 100000000000000000.000000000000000001',
        ),
        ("days in (1, 0.5, -2)", '"days" IN (1, 0.5, -2)'),
    ],
)  # fmt: skip
def test_a_criterion_is_written_in_sql(text, sql):
    if sql is None:  # an underscore would stand for any character
        with pytest.raises(ValueError, match="a beginning and one % at the end"):
            parse(text, COLUMNS)
    else:
        assert to_sql(parse(text, COLUMNS), COLUMNS) == sql


@pytest.mark.parametrize(
    ("text", "postgresql", "duckdb"),
    [
        (
            "minutes_between(came_at, left_at) <= 7.5",
            'EXTRACT(EPOCH FROM ("left_at" - "came_at")) <= 450',
            "date_diff('second', \"came_at\", \"left_at\") <= 450",
        ),
        (
            "hours_between(came_at, left_at) / 7 > 1",
            'EXTRACT(EPOCH FROM ("left_at" - "came_at")) > 25200',
            "date_diff('second', \"came_at\", \"left_at\") > 25200",
        ),
        (
            "days_between(seen, came_at) = 1",
            '(CAST("came_at" AS date) - "seen") = 1',
            "date_diff('day', \"seen\", CAST(\"came_at\" AS date)) = 1",
        ),
        (
            "weekday_of(seen) = 7",
            'EXTRACT(ISODOW FROM "seen") = 7',
            'EXTRACT(ISODOW FROM "seen") = 7',
        ),
        (
            "days + 1 = 2",
            '(CAST("days" AS numeric) + 1) = 2',
            '(CAST("days" AS hugeint) + 1) = 2',
        ),
    ],
)  # fmt: skip
def test_what_databases_say_differently_is_written_for_each(text, postgresql, duckdb):
    criterion = parse(text, COLUMNS)

    assert to_sql(criterion, COLUMNS, "postgresql") == postgresql
    assert to_sql(criterion, COLUMNS, "duckdb") == duckdb


def test_a_look_at_other_cases_asks_for_another_row():
    criterion = parse("followed_within(30, code, seen, came_at, days = 1)", COLUMNS)

    assert to_sql(criterion, COLUMNS, table="quality.stays", row_key="stay") == (
        'CASE WHEN this_case."Main code" IS NOT NULL AND this_case."seen" IS NOT NULL '
        'THEN EXISTS (SELECT 1 FROM "quality"."stays" AS other_case_1 '
        'WHERE other_case_1."Main code" = this_case."Main code" '
        'AND other_case_1."stay" <> this_case."stay" '
        'AND CAST(other_case_1."came_at" AS date) '
        'BETWEEN this_case."seen" AND this_case."seen" + 30 '
        'AND (other_case_1."days" = 1)) END'
    )


@pytest.mark.parametrize(("dialect", "row"), [("postgresql", "ctid"), ("duckdb", "rowid")])
def test_without_a_key_a_row_is_told_by_its_place(dialect, row):
    criterion = parse("preceded_within(9, days, seen, seen)", COLUMNS)

    written = to_sql(criterion, COLUMNS, dialect)

    assert f"other_case_1.{row} <> this_case.{row}" in written
    assert 'other_case_1."seen" BETWEEN this_case."seen" - 9 AND this_case."seen"' in written


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("days", '"days"'),
        ("minutes_between(came_at, left_at)",
         '(EXTRACT(EPOCH FROM ("left_at" - "came_at")) / 60.0)'),
        ("days / 0.7", '((10 * CAST("days" AS numeric)) / 7.0)'),
        ("days * 2 - cost / 3", '(((3 * (CAST("days" AS numeric) * 2)) - "cost") / 3.0)'),
    ],
)  # fmt: skip
def test_a_number_is_divided_at_the_very_end(text, sql):
    assert to_sql(parse_number(text, COLUMNS), COLUMNS) == sql


def test_a_value_that_is_no_number_is_written_as_it_is():
    (moment,) = parse("date_of(came_at) is null", COLUMNS).value.arguments

    assert to_sql(moment, COLUMNS) == '"came_at"'


def test_a_calculation_does_not_overflow_in_the_database():
    duckdb = pytest.importorskip("duckdb")
    criterion = parse("days * days > days + days", COLUMNS)

    with duckdb.connect() as warehouse:
        warehouse.execute("CREATE TABLE cases AS SELECT CAST(9e18 AS bigint) AS days")
        found = warehouse.execute(f"SELECT {to_sql(criterion, COLUMNS, 'duckdb')} FROM cases")

        assert found.fetchall() == [(True,)]


def test_an_unknown_dialect_is_named():
    with pytest.raises(ValueError, match=r"no SQL dialect 'oracle'. Use postgresql or duckdb\."):
        to_sql(parse("days = 1", COLUMNS), COLUMNS, "oracle")


def test_a_title_cannot_leave_its_comment():
    indicator = Definition(
        "any", "Any\n; DROP TABLE x", "count", "increase", "-", tuple(COLUMNS.values())
    )

    first, second, *_ = select_statement(indicator, "cases").splitlines()

    assert (first, second) == ("-- Any ; DROP TABLE x", "WITH answers AS (")
