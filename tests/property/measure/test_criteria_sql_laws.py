"""The SQL that a hospital would run says the same as the slow meaning, case for case."""

from fractions import Fraction

import pytest
from hypothesis import example, given

from indicators.measure.criteria import parse, parse_number, to_sql
from indicators.measure.criteria.reference import holds, value_of
from tests.property.measure.criteria_drawing import (
    COLUMNS,
    MIDDAY,
    criteria,
    numbers,
    small_cases,
    some_looks,
    table,
)

duckdb = pytest.importorskip("duckdb")


@pytest.fixture(scope="module")
def warehouse():
    with duckdb.connect() as connection:
        yield connection


def asked(warehouse, expression, rows):
    """Ask DuckDB for an expression, in the order of the rows."""
    cases = table(rows).rename_columns([column.source for column in COLUMNS.values()])
    warehouse.register("arrived", cases)
    warehouse.execute("CREATE OR REPLACE TABLE cases AS SELECT * FROM arrived")
    found = warehouse.execute(f"SELECT {expression} FROM cases AS this_case ORDER BY rowid")
    return [answer for (answer,) in found.fetchall()]


def said_slowly(criterion, rows):
    return [
        holds(criterion, case, (*rows[:place], *rows[place + 1 :]))
        for place, case in enumerate(rows)
    ]


NOON = dict.fromkeys(COLUMNS) | {"left_at": MIDDAY}


@example(text="(code = '' and 4 < minute_of_day(left_at))", rows=[dict.fromkeys(COLUMNS), NOON])
@given(text=criteria, rows=small_cases)
def test_a_criterion_says_the_same_in_sql(warehouse, text, rows):
    criterion = parse(text, COLUMNS)

    found = asked(warehouse, to_sql(criterion, COLUMNS, "duckdb"), rows)

    assert found == said_slowly(criterion, rows)


@given(text=some_looks, rows=small_cases)
def test_a_look_at_other_cases_says_the_same_in_sql(warehouse, text, rows):
    criterion = parse(text, COLUMNS)

    found = asked(warehouse, to_sql(criterion, COLUMNS, "duckdb"), rows)

    assert found == said_slowly(criterion, rows)


@given(text=numbers, rows=small_cases)
def test_a_number_is_the_same_in_sql(warehouse, text, rows):
    value = parse_number(text, COLUMNS)

    found = asked(warehouse, to_sql(value, COLUMNS, "duckdb"), rows)

    slow = [value_of(value, case) for case in rows]
    assert [answer is None for answer in found] == [number is None for number in slow]
    for answer, number in zip(found, slow, strict=True):
        # The last division is the database's own: it may end in binary.
        assert answer is None or abs(Fraction(answer) - number) <= abs(number) / 10**12
