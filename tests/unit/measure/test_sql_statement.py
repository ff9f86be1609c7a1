"""One SQL statement against the kernel, on cases with every combination of answers."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pyarrow as pa
import pytest

from indicators.measure.columns import Column, ColumnType
from indicators.measure.criteria import parse
from indicators.measure.definition import Definition
from indicators.measure.kernel import measure
from indicators.measure.sql import select_statement

duckdb = pytest.importorskip("duckdb")

FLAGS = ("initial", "judged", "excluded", "met", "met_on_paper", "excused")
COLUMNS = (
    *(Column(name, ColumnType.FLAG) for name in FLAGS),
    Column("evidence", ColumnType.CODE),
    Column("cost", ColumnType.DECIMAL),
    Column("days", ColumnType.WHOLE),
)
CASES = pa.Table.from_pylist(
    [
        dict(zip([column.name for column in COLUMNS], answers, strict=True))
        for answers in product(
            *[(True, False, None)] * len(FLAGS),
            ("minutes", None),
            (Decimal("1.25"), Decimal("-0.5"), None),
            (7, None),
        )
    ],
    pa.schema(
        [
            *((name, pa.bool_()) for name in FLAGS),
            ("evidence", pa.string()),
            ("cost", pa.decimal128(18, 2)),
            ("days", pa.int64()),
        ]
    ),
)
EVERYWHERE = {
    "initial_population": "initial = true",
    "denominator": "judged = true",
    "denominator_exclusion": "excluded = true",
}
MET = {"numerator": "met = true", "numerator_exclusion": "met_on_paper = true"}
NUMBERS = {"numerator_observation": "cost / 0.3", "denominator_observation": "days / 0.7"}
OWN = {"numerator_from": "initial_population"}
COUNTS = (
    *("initial_population", "denominator", "denominator_exclusions", "denominator_exceptions"),
    *("numerator", "numerator_exclusions", "not_met", "not_known", "observations"),
)


@pytest.fixture(scope="module")
def warehouse():
    with duckdb.connect() as connection:
        connection.register("arrived", CASES)
        connection.execute("CREATE TABLE cases AS SELECT * FROM arrived")
        yield connection


@pytest.mark.parametrize("scope_text", [None, "excused = false"])
@pytest.mark.parametrize(
    ("scoring", "fields"),
    [
        ("proportion", {**MET, "denominator_exception": "excused = true"}),
        ("proportion", {"numerator": "met = true"}),
        ("ratio", {**MET, **NUMBERS}),
        ("ratio", {**MET, **NUMBERS, **OWN}),
        ("ratio", {**MET, "numerator_observation": "cost", **OWN}),
        ("ratio", MET),
        ("mean", {"observation": "cost / -7"}),
        ("sum", {"observation": "days"}),
        ("observed_over_expected", {**MET, "expected": "days / 9"}),
        ("observed_over_expected", {**MET, "expected_rate": "0.085"}),
        ("count", MET),
        ("count", {}),
        ("milestone", {**MET, "evidence_column": "evidence"}),
        ("milestone", {"evidence_column": "evidence"}),
    ],
)
def test_a_statement_counts_every_combination_as_the_kernel_does(
    warehouse, scoring, fields, scope_text
):
    indicator = Definition("any", "Any", scoring, "increase", "-", COLUMNS, **EVERYWHERE, **fields)
    scope = scope_text and parse(scope_text, indicator.columns_by_name)
    tally = measure(indicator, CASES, scope)

    answer = warehouse.execute(select_statement(indicator, "cases", "duckdb", scope=scope))

    names = [column[0] for column in answer.description]
    (row,) = answer.fetchall()
    found = dict(zip(names, row, strict=True))
    assert {name: found[name] for name in COUNTS} == {name: getattr(tally, name) for name in COUNTS}
    for name in ("numerator_sum", "denominator_sum"):
        divisor = found.get(f"{name}_divisor", 1)
        assert Fraction(found.get(name, 0)) / divisor == getattr(tally, name)
