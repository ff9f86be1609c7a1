"""Our definitions go out as Measures that others accept, and come back exactly."""

from datetime import date

import pytest

from comanage.values.period import Period
from indicators.catalogue import standard_definition, standard_definitions
from indicators.exchange.errors import ExchangeError
from indicators.exchange.measures_out import canonical_of, measure_resource, scoring_code
from indicators.measure.definition import Definition

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
COLUMNS = [
    {"name": "late", "type": "flag"},
    {"name": "minutes", "type": "decimal"},
    {"name": "days", "type": "whole"},
    {"name": "signed_on", "type": "code"},
]
BASE = {"slug": "x", "title": "X", "improvement": "decrease", "unit": "u", "columns": COLUMNS}
SCORINGS = {
    "proportion with all six populations": {
        "scoring": "proportion",
        "initial_population": "days >= 0",
        "denominator": "days >= 1",
        "denominator_exclusion": "days > 100",
        "numerator": "late = true",
        "numerator_exclusion": "minutes < 1",
        "denominator_exception": "minutes > 600",
    },
    "proportion of aggregates": {
        "scoring": "proportion",
        "data": "aggregates",
        "numerator_observation": "minutes",
        "denominator_observation": "days",
    },
    "ratio of counts": {"scoring": "ratio", "numerator": "late = true"},
    "ratio of sums": {
        "scoring": "ratio",
        "numerator_observation": "minutes",
        "denominator_observation": "days",
    },
    "mean": {"scoring": "mean", "observation": "minutes"},
    "median": {"scoring": "median", "observation": "minutes"},
    "sum": {"scoring": "sum", "observation": "minutes"},
    "percentile": {"scoring": "percentile", "observation": "minutes", "percentile": "0.9"},
    "count": {"scoring": "count", "numerator": "late = true"},
    "milestone": {"scoring": "milestone", "evidence_column": "signed_on"},
    "observed over expected": {
        "scoring": "observed_over_expected",
        "numerator": "late = true",
        "expected": "minutes",
    },
    "observed over a published rate": {
        "scoring": "observed_over_expected",
        "numerator": "late = true",
        "expected_rate": "53/660",
    },
}


@pytest.fixture(params=SCORINGS.values(), ids=SCORINGS)
def definition(request):
    return Definition.from_document(BASE | request.param)


def test_every_way_of_scoring_is_accepted_by_outsiders(definition, accepted_by_outsiders):
    measure = accepted_by_outsiders(measure_resource(definition, period=YEAR))

    assert measure["scoring"]["coding"][0]["code"] == scoring_code(definition)


def test_every_way_of_scoring_comes_back_exactly(definition, imported):
    document = imported(measure_resource(definition, period=YEAR))

    (measure,) = document["measures"]
    assert Definition.from_document(measure["groups"][0]["definition"]) == definition
    assert measure["groups"][0]["to_complete"] == []
    assert measure["executable_here"] is True


@pytest.mark.parametrize("standard", standard_definitions(), ids=lambda d: d.slug)
def test_every_standard_indicator_comes_back_exactly(standard, imported):
    (measure,) = imported(measure_resource(standard))["measures"]

    assert Definition.from_document(measure["groups"][0]["definition"]) == standard


def test_the_period_of_force_is_kept(imported):
    standard = standard_definition("readmission-30-day")

    (measure,) = imported(measure_resource(standard, period=YEAR))["measures"]

    assert measure["effective_period"]["first_day"] == "2026-01-01"
    assert measure["effective_period"]["last_day"] == "2026-12-31"


def test_a_measure_names_its_populations_with_their_words_and_criteria():
    standard = standard_definition("readmission-30-day")

    measure = measure_resource(standard, url="https://example.org/m", version="3")

    populations = {part["id"]: part for part in measure["group"][0]["population"]}
    assert populations["numerator"]["criteria"]["expression"] == standard.numerator
    assert populations["numerator"]["description"] == standard.plain["numerator"]
    assert (measure["url"], measure["version"]) == ("https://example.org/m", "3")
    assert measure["improvementNotation"]["coding"][0]["code"] == "decrease"


def test_a_criterion_claims_no_language_that_it_is_not_written_in():
    criteria = measure_resource(standard_definition("readmission-30-day"))["group"][0][
        "population"
    ][0]["criteria"]

    assert "language" not in criteria
    assert criteria["extension"][0]["valueCode"] == "text/x-comanage-criteria"


def test_another_definition_is_another_version_of_the_same_measure(definition):
    changed = Definition.from_document(definition.to_document() | {"title": "Y"})

    assert canonical_of(definition).url == canonical_of(changed).url
    assert canonical_of(definition).version != canonical_of(changed).version


def test_a_measure_whose_criteria_were_changed_is_refused(imported):
    measure = measure_resource(standard_definition("readmission-30-day"))
    measure["group"][0]["population"][0]["criteria"]["expression"] = "age >= 99"

    with pytest.raises(ExchangeError, match="differ from those of the definition inside"):
        imported(measure)


def test_a_definition_inside_that_is_broken_is_refused(imported):
    measure = measure_resource(standard_definition("readmission-30-day"))
    measure["contained"][0]["content"][0]["data"] = "e30="

    with pytest.raises(ExchangeError, match="The definition inside cannot be read"):
        imported(measure)


def test_a_library_that_is_not_base64_is_refused(imported):
    measure = measure_resource(standard_definition("readmission-30-day"))
    measure["contained"][0]["content"][0]["data"] = "?"

    with pytest.raises(ExchangeError, match=r"content\[0\]\.data: This must be base64"):
        imported(measure)


def test_a_second_group_beside_the_definition_inside_is_refused(imported):
    measure = measure_resource(standard_definition("readmission-30-day"))
    measure["group"] *= 2

    with pytest.raises(ExchangeError, match="has one group"):
        imported(measure)
