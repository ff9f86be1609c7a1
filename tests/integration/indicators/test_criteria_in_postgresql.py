"""The SQL for PostgreSQL, run in PostgreSQL, says what the slow meaning and the kernel say."""

from fractions import Fraction

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from indicators.measure.columns import CasesError, ColumnType
from indicators.measure.criteria import parse, to_sql
from indicators.measure.criteria.dialects import quoted_name
from indicators.measure.criteria.reference import holds
from indicators.measure.definition import Definition
from indicators.measure.kernel import measure
from indicators.measure.sql import select_statement
from tests.laws import TIMES, examples
from tests.property.measure.criteria_drawing import (
    COLUMNS,
    criteria,
    small_cases,
    some_looks,
    table,
)
from tests.property.measure.definition_drawing import definitions, questions

TYPES = {
    ColumnType.CODE: "text",
    ColumnType.WHOLE: "bigint",
    ColumnType.DECIMAL: "numeric(30, 2)",
    ColumnType.DATE: "date",
    ColumnType.MOMENT: "timestamp",
    ColumnType.FLAG: "boolean",
}
COUNTS = (
    *("initial_population", "denominator", "denominator_exclusions", "denominator_exceptions"),
    *("numerator", "numerator_exclusions", "not_met", "not_known", "observations"),
)
# Nothing is written, so that one connection serves all examples.
asking = settings(
    deadline=None,
    max_examples=examples(50),
    derandomize=TIMES == 1,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
pytestmark = [pytest.mark.django_db, pytest.mark.law]


def answered(query, rows):
    """Run a query over cases that stand in it; return the names and the rows of the answer."""
    kinds = ["integer", *(TYPES[column.type] for column in COLUMNS.values())]
    names = ['"row"', *(quoted_name(column.source) for column in COLUMNS.values())]
    row = f"({', '.join(f'CAST(%s AS {kind})' for kind in kinds)})"
    values = ", ".join([row] * len(rows))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"WITH cases ({', '.join(names).replace('%', '%%')}) AS (VALUES {values}) "
            + query.replace("%", "%%"),
            [
                value
                for place, case in enumerate(rows)
                for value in (place, *map(case.get, COLUMNS))
            ],
        )
        return [column.name for column in cursor.description], cursor.fetchall()


@asking
@given(text=criteria | some_looks, rows=small_cases.filter(len))
def test_a_criterion_says_the_same_in_postgresql(text, rows):
    criterion = parse(text, COLUMNS)
    asked = to_sql(criterion, COLUMNS, row_key="row")

    _, found = answered(f'SELECT {asked} FROM cases AS this_case ORDER BY "row"', rows)

    assert [answer for (answer,) in found] == [
        holds(criterion, case, (*rows[:place], *rows[place + 1 :]))
        for place, case in enumerate(rows)
    ]


@asking
@given(fields=definitions, rows=small_cases.filter(len), scope_text=st.none() | questions)
def test_a_statement_counts_what_the_kernel_counts(fields, rows, scope_text):
    indicator = Definition(
        "any", "Any /* of % 'em", improvement="increase", unit="-",
        columns=tuple(COLUMNS.values()), **fields,
    )  # fmt: skip
    scope = scope_text and parse(scope_text, COLUMNS)
    try:
        tally = measure(indicator, table(rows), scope)
    except CasesError:
        assume(False)  # aggregates that do not fit
    statement = select_statement(indicator, "cases", row_key="row", scope=scope)

    names, (row,) = answered(f"SELECT * FROM (\n{statement}\n) AS counted", rows)

    found = dict(zip(names, row, strict=True))
    assert {name: found[name] for name in COUNTS} == {name: getattr(tally, name) for name in COUNTS}
    for name in ("numerator_sum", "denominator_sum"):
        divisor = found.get(f"{name}_divisor", 1)
        assert Fraction(found.get(name, 0)) / divisor == getattr(tally, name)
