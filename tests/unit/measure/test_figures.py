"""Figures are typed as they are printed, and a goal is printed with all its decimals."""

from dataclasses import replace
from fractions import Fraction

import pytest

from indicators.measure.columns import Column, ColumnType
from indicators.measure.definition import Definition
from indicators.measure.figures import (
    benchmark_in_words,
    count_text,
    exact_figure,
    figure,
    typed_result,
    unit_text,
)

PERCENTAGE = Definition(
    slug="returned",
    title="Returned",
    scoring="proportion",
    improvement="decrease",
    unit="%",
    columns=(Column("returned", ColumnType.FLAG),),
    numerator="returned = true",
)
PER_THOUSAND = replace(PERCENTAGE, multiplier=1000, unit="per 1,000 stays")
DAYS = replace(
    PERCENTAGE,
    scoring="mean",
    unit="days",
    columns=(Column("days", ColumnType.WHOLE),),
    numerator="",
    observation="days",
)


@pytest.mark.parametrize(
    ("definition", "value", "places", "printed"),
    [
        (PERCENTAGE, Fraction(424, 5279), 1, "8.0 %"),
        (PER_THOUSAND, Fraction(12, 10_000), 1, "1.2 per 1,000 stays"),
        (DAYS, Fraction(7, 2), 2, "3.50 days"),
        (DAYS, Fraction(1, 8), 2, "0.13 days"),
    ],
)
def test_a_result_is_printed_in_its_unit_with_halves_upward(definition, value, places, printed):
    assert figure(definition, value, places) == printed


@pytest.mark.parametrize(
    ("definition", "goal", "printed"),
    [
        (PERCENTAGE, Fraction("0.08125"), "8.125 %"),
        (PERCENTAGE, Fraction("0.08"), "8.0 %"),
        (PER_THOUSAND, Fraction("0.00125"), "1.25 per 1,000 stays"),
        (DAYS, Fraction("3.4"), "3.4 days"),
    ],
)
def test_a_goal_is_not_rounded_in_print(definition, goal, printed):
    assert exact_figure(definition, goal, 1) == printed


@pytest.mark.parametrize(
    ("definition", "typed", "exact"),
    [
        (PERCENTAGE, Fraction("0.085"), Fraction("0.085")),  # 8.5% is read as 0.085 already
        (PER_THOUSAND, Fraction("1.2"), Fraction("0.0012")),
        (DAYS, Fraction("3.52"), Fraction("3.52")),
    ],
)
def test_what_is_typed_is_what_is_printed(definition, typed, exact):
    assert typed_result(definition, typed) == exact


def test_a_proportion_is_a_percentage_unless_it_is_printed_per_something_else():
    assert unit_text(replace(PERCENTAGE, unit="of stays")) == "%"
    assert unit_text(PER_THOUSAND) == "per 1,000 stays"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(5200), "5,200"),
        (Fraction("19240.5"), "19,240.5"),
        (Fraction("1234567.000001"), "1,234,567.000001"),
        (Fraction(0), "0"),
    ],
)
def test_counts_stand_with_thousands_apart_and_sums_with_their_decimals(value, text):
    assert count_text(value) == text


def test_a_benchmark_stands_with_its_period_and_citation():
    benchmark = {
        "value": "12.6",
        "unit": "%",
        "statistic": "national rate",
        "period": "2020-07 to 2023-06",
        "source": "CMS",
    }

    words = benchmark_in_words(replace(PERCENTAGE, benchmark=benchmark))

    assert words == "12.6 %, national rate, 2020-07 to 2023-06 (CMS)"
    assert benchmark_in_words(replace(PERCENTAGE, benchmark={"value": "12.6"})) == "12.6"


def test_without_a_value_there_is_no_benchmark():
    assert benchmark_in_words(replace(PERCENTAGE, benchmark={"source": "CMS"})) == ""
