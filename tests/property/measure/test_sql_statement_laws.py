"""One SQL statement counts what the kernel counts, for every way of scoring."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indicators.measure.columns import CasesError
from indicators.measure.criteria import parse
from indicators.measure.definition import Definition
from indicators.measure.kernel import measure
from indicators.measure.sql import select_statement
from tests.laws import examples
from tests.property.measure.criteria_drawing import COLUMNS, small_cases, table
from tests.property.measure.definition_drawing import definitions, few_numbers, questions

duckdb = pytest.importorskip("duckdb")

COUNTS = (
    *("initial_population", "denominator", "denominator_exclusions", "denominator_exceptions"),
    *("numerator", "numerator_exclusions", "not_met", "not_known", "observations"),
)


@pytest.fixture(scope="module")
def warehouse():
    with duckdb.connect() as connection:
        yield connection


def counted(warehouse, statement, cases):
    """Run a statement in DuckDB; it has one row."""
    named = cases.rename_columns([column.source for column in COLUMNS.values()])
    warehouse.register("arrived", named)
    warehouse.execute("CREATE OR REPLACE TABLE cases AS SELECT * FROM arrived")
    answer = warehouse.execute(statement)
    names = [column[0] for column in answer.description]
    (row,) = answer.fetchall()
    return dict(zip(names, row, strict=True))


@settings(max_examples=examples(80))
@given(fields=definitions, rows=small_cases, scope_text=st.none() | questions)
def test_a_statement_counts_what_the_kernel_counts(warehouse, fields, rows, scope_text):
    indicator = Definition(
        "any", "Any -- /* title", improvement="increase", unit="-",
        columns=tuple(COLUMNS.values()), **fields,
    )  # fmt: skip
    scope = scope_text and parse(scope_text, COLUMNS)
    cases = table(rows)
    try:
        tally = measure(indicator, cases, scope)
    except CasesError:
        assume(False)  # aggregates that do not fit

    found = counted(warehouse, select_statement(indicator, "cases", "duckdb", scope=scope), cases)

    assert {name: found[name] for name in COUNTS} == {name: getattr(tally, name) for name in COUNTS}
    for name in ("numerator_sum", "denominator_sum"):
        divisor = found.get(f"{name}_divisor", 1)
        assert Fraction(found.get(name, 0)) / divisor == getattr(tally, name)


@given(
    observation=few_numbers, rows=small_cases, method=st.sampled_from(["linear", "nearest_rank"])
)
def test_a_statement_finds_the_percentile_of_the_kernel(warehouse, observation, rows, method):
    indicator = Definition(
        "any", "Any", "percentile", "increase", "-", tuple(COLUMNS.values()),
        observation=observation, percentile="0.9", percentile_method=method,
    )  # fmt: skip
    cases = table(rows)
    values = measure(indicator, cases).values

    found = counted(warehouse, select_statement(indicator, "cases", "duckdb"), cases)

    if not values:
        assert found["percentile_value"] is None
    else:
        exact = values.percentile(Fraction(9, 10), method)
        printed = Fraction(found["percentile_value"]) / found["numerator_sum_divisor"]
        assert abs(printed - exact) <= abs(exact) / 10**9 + Fraction(1, 10**9)


def test_a_definition_that_cannot_be_executed_has_no_statement():
    foreign = {"language": "text/cql", "place": "numerator", "name": "N", "expression": "true"}
    bare = Definition.from_document(
        {
            "slug": "any", "title": "Any", "scoring": "proportion", "improvement": "increase",
            "unit": "-", "columns": [], "foreign": [foreign],
        }
    )  # fmt: skip

    with pytest.raises(ValueError, match="lacks a field that its scoring needs"):
        select_statement(bare, "cases")
