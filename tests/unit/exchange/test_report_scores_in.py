"""A MeasureReport's own score stands beside the rate that its counts make."""

from decimal import Decimal

import pytest

from indicators.exchange.errors import ExchangeError
from tests.measure_reports import scored, the_group


@pytest.mark.parametrize(
    ("score", "agrees", "how"),
    [
        ("0.4", True, "exact"),
        ("0.400", True, "exact"),
        ("0.5", False, "differs"),
        ("40", False, "percent_without_unit"),
    ],
)
def test_the_reports_own_score_stands_beside_the_rate(imported, report, score, agrees, how):
    group = the_group(imported(report(score={"value": Decimal(score)})))

    assert group["agreement"] == {"agrees": agrees, "how": how}
    assert group["reported_score"]["value"] == score


@pytest.mark.parametrize(
    ("score", "agrees", "how"),
    [
        ({"value": Decimal("0.67")}, True, "rounded"),
        ({"value": Decimal("0.66")}, False, "cut_off"),
        ({"value": Decimal("66.7"), "unit": "%"}, True, "rounded"),
        ({"value": 66, "unit": "%"}, False, "cut_off"),
    ],
)
def test_two_thirds_agree_with_the_decimals_that_are_written(imported, report, score, agrees, how):
    counts = {"denominator": 100, "denominator-exclusion": 10, "numerator": 60}

    group = the_group(imported(report(counts, score)))

    assert group["agreement"] == {"agrees": agrees, "how": how}


def test_a_score_in_another_type_is_kept_and_not_compared(imported):
    group = the_group(imported("report-attestation.json"))

    assert group["reported_score"] == {"value": "true", "written_as": "extension valueBoolean"}
    assert group["not_scored"] == "not_computed_here"


def test_money_keeps_its_cents(imported):
    group = the_group(imported("report-value-based-money.json"))

    assert group["reported_score"]["value"] == "800.50"
    assert group["reported_score"]["unit"] == "USD"
    assert group["value_based"][0]["name"] == "payment-stream"


def test_a_score_as_r5_writes_it_is_read(imported, report):
    made = report()
    made["group"][0]["measureScoreQuantity"] = {"value": Decimal("0.40")}

    assert the_group(imported(made))["reported_score"]["written_as"] == "measureScoreQuantity"


def test_why_there_is_no_score_is_kept(imported, report):
    absent = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
    score = {"extension": [{"url": absent, "valueCode": "not-applicable"}]}

    group = the_group(imported(report({"denominator": 1, "denominator-exclusion": 1}, score)))

    assert group["reported_score"]["absent_reason"] == "not-applicable"


def test_scores_without_counts_are_kept_as_such(imported):
    group = the_group(imported("report-scores-only.json"))

    assert (group["rate"], group["not_scored"]) == (None, "no_counts")
    assert group["strata"][0]["reported_score"]["value"] == "0"


ALTERNATE = "http://hl7.org/fhir/us/davinci-deqm/StructureDefinition/extension-alternateScoreType"
OTHER_SCORES = {
    "a moment": (
        {"measureScoreDateTime": "2019-10-07T14:29:28-07:00"},
        {"value": "2019-10-07T14:29:28-07:00", "written_as": "measureScoreDateTime"},
    ),
    "a moment in an extension": (
        {"measureScore": {"extension": [{"url": ALTERNATE, "valueDateTime": "2019-10-07"}]}},
        {"value": "2019-10-07", "written_as": "extension valueDateTime"},
    ),
    "a quantity in an extension": (
        {
            "measureScore": {
                "extension": [{"url": ALTERNATE, "valueQuantity": {"value": 3, "unit": "d"}}]
            }
        },
        {"value": "3", "unit": "d", "written_as": "extension valueQuantity"},
    ),
    "a whole number in an extension": (
        {"measureScore": {"extension": [{"url": ALTERNATE, "valueInteger": 3}]}},
        {"value": "3", "written_as": "extension valueInteger"},
    ),
    "a concept": (
        {"measureScoreCodeableConcept": {"coding": [{"code": "passed", "display": "Passed"}]}},
        {"value": "Passed", "written_as": "measureScoreCodeableConcept"},
    ),
    "a concept in an extension": (
        {
            "measureScore": {
                "extension": [{"url": ALTERNATE, "valueCodeableConcept": {"text": "A"}}]
            }
        },
        {"value": "A", "written_as": "extension valueCodeableConcept"},
    ),
    "an empty score": ({"measureScore": {}}, None),
}


@pytest.mark.parametrize(("score", "read"), OTHER_SCORES.values(), ids=OTHER_SCORES)
def test_scores_of_every_type_are_kept(imported, report, score, read):
    made = report({"initial-population": 1})
    made["group"][0] |= score

    assert the_group(imported(made))["reported_score"] == read


@pytest.mark.parametrize(
    ("score", "said"),
    [
        ({"value": Decimal("0.4"), "comparator": "<"}, "must be a number, not a bound"),
        (Decimal("0.4"), "A score is an object with a value"),
        ({"value": "0.4"}, "must be a number, without quotes"),
    ],
)
def test_what_is_no_score_is_refused(imported, report, score, said):
    with pytest.raises(ExchangeError, match=said):
        imported(report(score=score))


def test_a_difference_in_scoring_is_said(imported, example, files):
    made = example("report-ratio-individual.json") | {"extension": scored("proportion")}
    made["group"][0]["population"] = made["group"][0]["population"][:3]

    group = the_group(imported(made, measure_path=files / "measure-ratio-of-observations.json"))

    assert group["notes"] == ["The report says proportion, the measure says ratio."]


@pytest.mark.parametrize(
    ("score", "agrees", "how"),
    [
        ("0.6666666666666666", True, "binary_float"),
        ("0.66666666666666663", True, "binary_float"),
        ("0.66666669", True, "binary_float"),
        ("0.6666666865348816", True, "binary_float"),
        ("0.66666666", False, "cut_off"),
        ("0.66666666666666", False, "cut_off"),
        ("0.6666666666666660", False, "differs"),
    ],
)
def test_a_rate_printed_as_a_binary_float_agrees(imported, report, score, agrees, how):
    group = the_group(
        imported(report({"denominator": 3, "numerator": 2}, {"value": Decimal(score)}))
    )

    assert group["agreement"] == {"agrees": agrees, "how": how}


def test_a_percentage_computed_with_binary_floats_agrees(imported, report):
    score = {"value": Decimal("66.66666666666666"), "unit": "%"}

    group = the_group(imported(report({"denominator": 3, "numerator": 2}, score)))

    assert group["agreement"] == {"agrees": True, "how": "binary_float"}


@pytest.mark.parametrize(
    ("value", "unit", "how"),
    [
        ("1.5", "per 1,000 line days", "exact"),
        ("1.5", "/1000.d", "exact"),
        ("2", "{infection}/1000.d", "rounded"),
        ("15", "per 10000", "exact"),
        ("0.15", "min", "differs"),
        ("0.0015", "1", "exact"),
    ],
)
def test_a_score_counts_in_the_unit_that_it_says(imported, report, value, unit, how):
    score = {"value": Decimal(value), "unit": unit}
    made = report({"denominator": 2000, "numerator": 3}, score, extension=scored("ratio"))

    assert the_group(imported(made))["agreement"]["how"] == how


def test_minutes_are_no_percentage(imported, report):
    group = the_group(imported(report(score={"value": 40, "unit": "min"})))

    assert group["agreement"] == {"agrees": False, "how": "differs"}


@pytest.mark.parametrize(
    ("value", "how"), [("400", "exact"), ("0.4", "exact"), ("0", "differs"), ("401", "differs")]
)
def test_a_score_without_a_unit_counts_in_that_of_its_measure(
    imported, example, report, value, how
):
    measure = example("measure-proportion-group-extensions.json")
    measure["scoringUnit"] = {"text": "per 1000 patients"}
    made = report(score={"value": Decimal(value)}, measure=measure["url"])
    bundle = {"resourceType": "Bundle", "entry": [{"resource": measure}, {"resource": made}]}

    assert the_group(imported(bundle))["agreement"]["how"] == how
