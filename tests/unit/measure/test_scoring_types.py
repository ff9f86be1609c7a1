"""Every way of scoring, on cases small enough to count by hand."""

from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest

from indicators.measure.columns import CasesError, Column, ColumnType
from indicators.measure.definition import Definition
from indicators.measure.figures import exact_figure, figure, typed_result
from indicators.measure.kernel import measure
from indicators.measure.rate import NotScored, NotScoredReason, exact_parts, performance_rate

COLUMNS = (
    Column("unit", ColumnType.CODE),
    Column("events", ColumnType.WHOLE),
    Column("days", ColumnType.DECIMAL),
    Column("risk", ColumnType.DECIMAL),
)
CASES = pa.table(
    {
        "unit": ["a", "a", "a", "b", "b", None],
        "events": pa.array([0, 1, 2, 0, 1, 1]),
        "days": pa.array(
            [Decimal(text) if text else None for text in ("1.5", "2.5", "4.0", "8.0", "", "3.0")],
            pa.decimal128(10, 1),
        ),
        "risk": pa.array(
            [Decimal(text) for text in ("0.10", "0.20", "0.30", "0.10", "0.25", "0.05")],
            pa.decimal128(10, 2),
        ),
    }
)


def definition(scoring, **fields):
    return Definition("any", "Any", scoring, "decrease", "units", COLUMNS, **fields)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"scoring": "mean", "observation": "days"}, Fraction(19, 5)),
        ({"scoring": "sum", "observation": "days"}, Fraction(19)),
        ({"scoring": "median", "observation": "days"}, Fraction(3)),
        ({"scoring": "median", "observation": "days", "denominator": "unit = 'a'"}, Fraction(5, 2)),
        ({"scoring": "percentile", "observation": "days", "percentile": "0.9"}, Fraction("6.4")),
        (
            {
                "scoring": "percentile",
                "observation": "days",
                "percentile": "0.9",
                "percentile_method": "nearest_rank",
            },
            Fraction(8),
        ),
        # 4 events over 19 days: the case without days counts on neither side.
        (
            {
                "scoring": "ratio",
                "numerator_observation": "events",
                "denominator_observation": "days",
            },
            Fraction(4) / Fraction(19),
        ),
        # Cases with an event over cases, of unit a.
        (
            {"scoring": "ratio", "denominator": "unit = 'a'", "numerator": "events > 0"},
            Fraction(2, 3),
        ),
        # The same with the numerator drawn on its own: events of every unit.
        (
            {
                "scoring": "ratio",
                "denominator": "unit = 'a'",
                "numerator": "events > 0",
                "numerator_from": "initial_population",
            },
            Fraction(4, 3),
        ),
        ({"scoring": "observed_over_expected", "numerator": "events > 0", "expected": "risk"}, 4),
        (
            {
                "scoring": "observed_over_expected",
                "numerator": "events > 0",
                "expected_rate": "25%",
            },
            Fraction(4) / (Fraction(1, 4) * 6),
        ),
        (
            {
                "scoring": "observed_over_expected",
                "numerator_observation": "events",
                "expected": "risk",
            },
            5,
        ),
        ({"scoring": "count", "numerator": "events > 0"}, 4),
        ({"scoring": "count", "numerator": "events > 5"}, 0),
        ({"scoring": "count", "denominator": "unit = 'b'"}, 2),
        ({"scoring": "milestone", "numerator": "events = 2", "evidence_column": "unit"}, 1),
        ({"scoring": "milestone", "numerator": "events = 3", "evidence_column": "unit"}, 0),
    ],
)
def test_a_result_is_what_the_pencil_says(fields, expected):
    indicator = definition(**fields)

    assert performance_rate(measure(indicator, CASES), indicator) == expected


def test_a_milestone_without_its_evidence_is_not_yet_known():
    indicator = definition("milestone", evidence_column="unit", numerator="risk = 0.05")

    tally = measure(indicator, CASES)

    assert (tally.numerator, tally.not_known) == (0, 1)


AGGREGATES = definition(
    "proportion",
    data="aggregates",
    numerator_observation="events",
    denominator_observation="days",
)


def test_entered_aggregates_are_added_before_they_are_divided():
    tally = measure(AGGREGATES, CASES)

    assert exact_parts(tally, AGGREGATES) == (0 + 1 + 2 + 0 + 1, Fraction("19"))
    assert (tally.observations, tally.missing) == (5, 1)


def test_an_aggregate_above_its_denominator_is_refused_by_row():
    swapped = definition(
        "proportion",
        data="aggregates",
        numerator_observation="days",
        denominator_observation="events",
    )

    with pytest.raises(CasesError, match="Row 1 of the cases: a numerator lies between 0"):
        measure(swapped, CASES)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"initial_population": "unit = 'c'"}, NotScoredReason.NO_DATA),
        ({"denominator": "unit = 'c'"}, NotScoredReason.NO_ELIGIBLE_CASES),
        ({"denominator_exclusion": "events >= 0"}, NotScoredReason.NO_ELIGIBLE_CASES),
        (
            {"denominator_observation": "days - days"},
            NotScoredReason.ZERO_DENOMINATOR,
        ),
    ],
)
def test_nothing_to_divide_by_is_a_reason_and_not_zero(fields, reason):
    indicator = definition("ratio", numerator_observation="events", **fields)

    assert performance_rate(measure(indicator, CASES), indicator) == NotScored(reason)


def test_imported_logic_without_criteria_is_not_scored():
    document = definition("count").to_document() | {
        "scoring": "proportion",
        "foreign": [{"language": "text/cql", "place": "numerator", "name": "", "expression": "x"}],
    }
    indicator = Definition.from_document(document)

    assert not indicator.is_executable
    assert performance_rate(measure(definition("count"), CASES), indicator) == NotScored(
        NotScoredReason.NOT_EXECUTABLE
    )


@pytest.mark.parametrize(
    ("fields", "printed", "exact", "typed"),
    [
        ({"scoring": "proportion", "numerator": "events > 0"}, "1.3 %", "1.25 %", "0.0125"),
        (
            {"scoring": "proportion", "numerator": "events > 0", "multiplier": 1000},
            "12.5 units",
            "12.5 units",
            "12.5",
        ),
        ({"scoring": "mean", "observation": "days"}, "0.0 units", "0.0125 units", "0.0125"),
    ],
)
def test_a_figure_is_printed_and_typed_in_its_unit(fields, printed, exact, typed):
    indicator, result = definition(**fields), Fraction("0.0125")

    assert figure(indicator, result, 1) == printed
    assert exact_figure(indicator, result, 1) == exact
    assert typed_result(indicator, Fraction(typed)) == result


@pytest.mark.parametrize(
    ("fields", "place", "message"),
    [
        ({"scoring": "percentile", "observation": "days"}, "percentile", "needs this field"),
        (
            {"scoring": "percentile", "observation": "days", "percentile": "1"},
            "percentile",
            "between 0 and 1",
        ),
        (
            {"scoring": "observed_over_expected", "numerator": "events > 0"},
            "expected",
            "needs expected or expected_rate",
        ),
        (
            {
                "scoring": "observed_over_expected",
                "numerator": "events > 0",
                "expected": "risk",
                "expected_rate": "0.1",
            },
            "expected",
            "not both",
        ),
        (
            {"scoring": "observed_over_expected", "numerator": "events > 0", "expected_rate": "0"},
            "expected_rate",
            "above 0",
        ),
        ({"scoring": "milestone", "evidence_column": "days"}, "evidence_column", "type code"),
        ({"scoring": "count", "percentile": "0.5"}, "percentile", "A count has no percentile"),
        ({"scoring": "mean", "data": "aggregates"}, "data", "Only a proportion"),
        ({"scoring": "count", "multiplier": "10"}, "multiplier", "without quotes"),
        ({"scoring": "count", "governance": {"mood": "good"}}, "governance.mood", "no such name"),
    ],
)
def test_a_definition_that_does_not_fit_its_scoring_is_refused(fields, place, message):
    document = definition("count").to_document() | fields

    with pytest.raises(ValueError, match=message) as refused:
        Definition.from_document(document)
    assert place in [problem.place for problem in refused.value.problems]
