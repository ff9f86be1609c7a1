"""An assessment's document: months add up, a reference has its source, and reading prints it."""

from datetime import date
from fractions import Fraction
from uuid import UUID
from xml.etree import ElementTree

import pyarrow as pa
import pytest

from comanage.values.money import Money
from comanage.values.period import Period
from indicators.catalogue import standard_definition
from indicators.measure.definition import Definition
from indicators.measure.tally import Tally
from scorecards.opportunities.asking import Asked, AskedIndicator
from scorecards.opportunities.engine import (
    NotAssessedError,
    assess_indicator,
    benchmark_of,
)
from scorecards.opportunities.reading import read_assessment
from scorecards.opportunities.sizing import ReferenceKind

IT = Definition.from_document(
    {
        "slug": "it",
        "title": "It",
        "scoring": "proportion",
        "improvement": "decrease",
        "unit": "percent",
        "columns": [{"name": "is_met", "type": "flag"}, {"name": "n", "type": "whole"}],
        "numerator": "is_met = true",
        "benchmark": {"value": "5", "unit": "%", "statistic": "national", "source": "A file"},
    }
)
STAY = Definition.from_document(
    {
        "slug": "stay",
        "title": "Stay",
        "scoring": "mean",
        "improvement": "decrease",
        "unit": "days",
        "columns": [{"name": "n", "type": "whole"}],
        "observation": "n",
    }
)
YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
MONTHS = YEAR.months()


def asked(**changes):
    one = AskedIndicator(UUID(int=1), "it", "It", ReferenceKind.BENCHMARK, **changes)
    return Asked("", "who", "Physician", 20, (one,))


def cases(units=2):
    """Two cases of each unit every month: the first unit meets all, the others none."""
    days = [date(2025, month, 28) for month in range(1, 13) for _ in range(2)]
    return pa.table(
        {
            "who": pa.array([f"Dr. {unit}" for unit in range(units) for _ in days], pa.string()),
            "day": pa.array(days * units, pa.date32()),
            "is_met": pa.array([unit == 0 for unit in range(units) for _ in days], pa.bool_()),
            "n": pa.array([4 if unit else 6 for unit in range(units) for _ in days], pa.int64()),
        }
    )


def assessed(definition=IT, question=None, table=None, months=MONTHS):
    question = question or asked()
    table = cases() if table is None else table
    return assess_indicator(definition, question, question.indicators[0], table, months, "day")


def reading(found, question=None):
    (one,) = read_assessment(
        {
            "asked": (question or asked()).to_document(),
            "period": {"start": "2025-01-01", "end": "2026-01-01"},
            "indicators": [found],
        }
    )
    return one


def test_months_add_up_to_the_total_and_make_a_control_chart():
    found = assessed()

    tallies = [Tally.from_document(month["tally"]) for month in found["months"]]
    assert [tally.eligible for tally in tallies] == [4] * 12
    assert sum(tallies, Tally()) == Tally.from_document(found["total"])
    one = reading(found)
    assert not one.trend.not_drawn
    ElementTree.fromstring(one.trend.chart)


def test_cases_of_no_month_are_in_the_total_and_in_no_month():
    stray = cases().slice(0, 1).set_column(1, "day", pa.array([None], pa.date32()))

    found = assessed(table=pa.concat_tables([cases(), stray]))

    tallies = [Tally.from_document(month["tally"]) for month in found["months"]]
    assert sum(tallies, Tally()).eligible == 48
    assert Tally.from_document(found["total"]).eligible == 49


def test_a_size_is_printed_with_its_source_its_chance_and_its_dollars():
    question = asked(cost=Money.from_dollars("1000.00"), cost_source="Finance", days=Fraction(2))

    one = reading(assessed(question=question), question)

    # 24 of 24 against 5 %, which is 1.2: 22.8 more than there would be.
    assert one.reference == "5.0 %"
    assert "national (A file)" in one.reference_words
    assert one.practice == (
        "50.0 % here against 5.0 % published: worse. The 95 % interval, 36.4 % to 63.6 %, does not "
        "reach the published figure."
    )
    assert one.size.sentence.startswith("1 of 2 units is worse than 5.0 %. Had it come to it")
    assert "22.8 fewer events" in one.size.sentence
    assert one.size.dollars == "22.8 events at $1,000.00 each make $22,800.00 (cost: Finance)."
    assert one.size.days == "22.8 events at 2.0 days each make 45.6 days."
    assert one.size.lines[0].chance == "Beyond its reach"
    assert "chance alone" in one.size.doubts[1]
    chart = one.chart  # two units stand side by side
    ElementTree.fromstring(chart)
    assert "Dr. 0 100.0 % (24 of 24)" in chart
    assert [goal.goal for goal in one.goals] == ["27.5 %", "5.0 %"]


def test_what_is_added_up_says_that_chance_is_not_known():
    one = AskedIndicator(UUID(int=1), "stay", "Stay", ReferenceKind.AVERAGE)
    question = Asked("", "who", "Physician", 20, (one,))

    read = reading(assessed(STAY, question), question)

    # 24 stays of 6 days and 24 of 4: at 5 days the first have 24 days fewer.
    assert "24.0 fewer days" in read.size.sentence
    assert read.size.lines[0].found == "144 days in 24 cases: 6.0 days"
    assert read.size.lines[0].chance == "Not known"
    assert "cannot be known" in read.size.doubts[0]
    assert "mean" in read.funnel.refusal


def test_a_scope_that_does_not_fit_and_a_column_of_too_many_are_refused_in_words():
    with pytest.raises(NotAssessedError, match="The scope does not fit “It”"):
        assessed(question=Asked("nothing = 1", "who", "Physician", 20, asked().indicators))
    many = cases(1).slice(0, 1).to_pylist() * 501
    table = pa.Table.from_pylist(
        [row | {"who": str(number)} for number, row in enumerate(many)], schema=cases(1).schema
    )
    with pytest.raises(NotAssessedError, match="tells 501 values apart"):
        assessed(table=table, months=())


def test_without_cases_enough_nothing_is_sized_and_the_reason_said():
    few = Asked("", "who", "Physician", 100, asked().indicators)

    one = reading(assessed(question=few), few)

    assert one.size is None
    assert "No unit has cases enough" in one.not_sized
    assert one.chart == ""


def test_a_published_value_is_taken_in_the_unit_of_the_result_and_a_span_is_none():
    assert benchmark_of(IT) == Fraction(1, 20)
    assert benchmark_of(standard_definition("ami-mortality-30-day")) == Fraction("0.126")
    assert benchmark_of(standard_definition("readmission-30-day")) is None
    assert benchmark_of(standard_definition("operating-room-turnover")) is None  # 25 to 30
