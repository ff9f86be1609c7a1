"""Laws: what goes out comes back; sums are sums; no file makes us fall over."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanage.values.period import Period
from indicators.exchange.counts import number_document
from indicators.exchange.errors import ExchangeError
from indicators.exchange.json_text import parse_json, write_json
from indicators.exchange.matching import MeasureFacts
from indicators.exchange.measures_in import measure_document
from indicators.exchange.measures_out import canonical_of
from indicators.exchange.reading import read_resource
from indicators.exchange.reports_in import report_document
from indicators.exchange.reports_out import Result, Sender, report_resource
from indicators.exchange.resources import find_resources
from indicators.exchange.writing import score_decimal
from indicators.measure.definition import Definition
from indicators.measure.tally import Tally

PROPORTION = Definition.from_document(
    {
        "slug": "x",
        "title": "X",
        "scoring": "proportion",
        "improvement": "increase",
        "unit": "percent",
        "columns": [{"name": "a", "type": "flag"}],
        "denominator_exclusion": "a = true",
        "numerator": "a = true",
        "numerator_exclusion": "a = true",
        "denominator_exception": "a = true",
    }
)


@st.composite
def tallies(draw):
    met, excluded_met, missed, excepted, excluded, outside = (
        draw(st.integers(0, 10**6)) for _ in range(6)
    )
    judged = met + excluded_met + missed + excepted
    return Tally(
        initial_population=judged + excluded + outside,
        denominator=judged + excluded,
        denominator_exclusions=excluded,
        denominator_exceptions=excepted,
        numerator=met,
        numerator_exclusions=excluded_met,
        not_met=excluded_met + missed,
    )


@given(tallies(), st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 400))
def test_counts_rate_and_period_come_back(tally, start, days):
    period = Period(start, date.fromordinal(start.toordinal() + days))
    result = Result.of_tally(PROPORTION, tally)
    sent = report_resource(
        PROPORTION, result, measure=canonical_of(PROPORTION), period=period, sender=Sender()
    )

    report = report_document(read_resource(write_json(sent)), MeasureFacts(), {})

    (group,) = report["groups"]
    assert (report["period"]["first_day"], report["period"]["until"]) == (
        str(period.start),
        str(period.end),
    )
    assert group["counts"]["denominator"] == tally.denominator
    assert group["rate"] == (None if result.rate is None else str(result.rate))
    assert group["agreement"]["agrees"] is (None if result.rate is None else True)


documents = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.text(max_size=20)
    | st.decimals(-(10**9), 10**9, allow_nan=False, places=4),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(documents)
def test_json_comes_back_with_its_decimals(document):
    assert parse_json(write_json(document)) == document
    assert json.loads(write_json(document), parse_float=Decimal) == document


names = st.sampled_from(
    [
        *("group", "population", "code", "coding", "count", "criteria", "extension", "url"),
        *("measureScore", "value", "period", "start", "scoring", "contained", "stratifier"),
        *("stratum", "relatedArtifact", "library", "content", "data", "status", "type"),
    ]
)
odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["numerator", "complete", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
    max_leaves=25,
)


@given(st.sampled_from(["Measure", "MeasureReport", "Bundle"]), st.dictionaries(names, odd))
def test_any_shape_is_imported_or_refused_in_one_sentence(kind, body):
    text = write_json({"resourceType": kind, "measure": "urn:x"} | body)
    refusal = ""

    try:
        found = find_resources(read_resource(text))
        for measure in found.measures:
            measure_document(measure, found.libraries)
        for report in found.reports:
            report_document(report, MeasureFacts(), found.names)
    except ExchangeError as refused:
        refusal = str(refused)

    assert "\n" not in refusal


@given(st.fractions(-(10**6), 10**6))
def test_a_score_is_exact_or_off_by_less_than_its_last_digit(value):
    assert abs(Fraction(score_decimal(value)) - value) <= Fraction(1, 2 * 10**12)


@given(st.fractions(0, 10**6, max_denominator=10**6))
def test_a_count_is_written_exactly(value):
    assert Fraction(number_document(value)) == value


@pytest.mark.parametrize("value", [Fraction(1, 8), Fraction(3, 1000), Fraction(5, 1)])
def test_a_decimal_count_is_written_as_a_decimal(value):
    assert "/" not in str(number_document(value))
