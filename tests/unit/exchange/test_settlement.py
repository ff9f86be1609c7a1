"""A settlement goes out as value-based performance reports, to the cent."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import indicators.exchange
from indicators.exchange.errors import ExchangeError
from indicators.exchange.settlement_out import settlement_bundle

VBPR = "http://hl7.org/fhir/us/davinci-vbpr/StructureDefinition/"
SCHEMA = Path(indicators.exchange.__file__).parent / "settlement.schema.json"


@pytest.fixture
def settlement(example):
    return example("settlement.json")


def resources(bundle, kind):
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]


def extensions(element, name):
    return [part for part in element.get("extension", []) if part["url"] == VBPR + name]


def test_the_example_is_what_the_published_schema_says(files):
    document = json.loads((files / "settlement.json").read_text())

    assert list(Draft202012Validator(json.loads(SCHEMA.read_text())).iter_errors(document)) == []


def test_the_bundle_and_its_parts_are_accepted_by_outsiders(settlement, accepted_by_outsiders):
    bundle = settlement_bundle(settlement)

    accepted_by_outsiders(bundle)
    for entry in bundle["entry"]:
        accepted_by_outsiders(entry["resource"])


def test_each_indicator_has_its_score_weight_and_thresholds(settlement):
    quality, without = resources(settlement_bundle(settlement), "MeasureReport")[:2]

    assert extensions(quality, "score")[0]["valueDecimal"] == Decimal("8.50")
    assert extensions(quality, "weight")[0]["valueDecimal"] == Decimal("0.25")
    first, star = extensions(quality, "threshold")
    assert first["extension"][1]["valueCodeableConcept"] == {"text": "threshold"}
    assert star["extension"][0]["valueQuantity"] == {"value": 95, "unit": "%"}
    assert star["extension"][1]["valueCodeableConcept"]["coding"][0]["code"] == "star-5"
    assert quality["group"][0]["measureScore"] == {"value": Decimal("0.883333333333")}
    assert "measureScore" not in without["group"][0]


def test_amounts_keep_their_cents_stream_and_baseline(settlement):
    report = resources(settlement_bundle(settlement), "MeasureReport")[-1]
    incentive, savings, stars = report["group"]

    (stream,) = extensions(incentive, "payment-stream")
    (baseline,) = extensions(incentive, "baseline")
    paid = incentive["measureScore"]["extension"][0]
    assert paid == {
        "url": VBPR + "alternate-measurescore",
        "valueMoney": {"value": Decimal("62333.30"), "currency": "USD"},
    }
    assert stream["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] == "p4p"
    assert baseline["extension"][0]["valueMoney"]["value"] == Decimal("50000.00")
    assert baseline["extension"][1]["valuePeriod"]["end"] == "2025-12-31"
    assert savings["code"] == {"text": "Supply savings"}
    assert stars["measureScore"] == {"value": Decimal("3.8")}


def test_the_contract_weighs_its_measures(settlement):
    (contract,) = resources(settlement_bundle(settlement), "Measure")

    assert contract["relatedArtifact"][0]["extension"][0]["valueDecimal"] == Decimal("0.25")
    assert contract["relatedArtifact"][0]["type"] == "composed-of"


def test_every_reference_of_the_bundle_is_found_in_it(settlement):
    bundle = settlement_bundle(settlement)
    addresses = {entry["fullUrl"] for entry in bundle["entry"]}
    report = resources(bundle, "MeasureReport")[-1]

    assert report["reporter"]["reference"] in addresses
    assert {part["reference"] for part in report["evaluatedResource"]} <= addresses
    subject = extensions(report["subject"], "organization-subject")[0]
    assert subject["valueReference"]["reference"] in addresses


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"period": None}, "The field “period” is missing"),
        ({"date": None}, "The field “date” is missing"),
        ({"reporter": {}}, r"settlement\.reporter: The field “name” is missing"),
        (
            {"period": {"first_day": "2026-02-01", "last_day": "2026-01-01"}},
            "ends on 2026-01-01, before it starts",
        ),
        ({"date": "15.2.2027"}, r"settlement\.date: This is not a day"),
        (
            {"metrics": [{"code": "x", "value": {"money": "a lot"}}]},
            r"settlement\.metrics\[0\]\.value\.money: This must be an exact number",
        ),
        ({"metrics": [{"code": "x"}]}, r"metrics\[0\]: The field “value” is missing"),
    ],
)
def test_a_settlement_that_is_not_whole_is_refused_with_its_place(settlement, change, said):
    with pytest.raises(ExchangeError, match=said):
        settlement_bundle(settlement | change)


def test_what_may_be_left_out_of_a_settlement_is(settlement, accepted_by_outsiders):
    least = {
        name: part for name, part in settlement.items() if name not in ("paid_through", "metrics")
    }

    report = resources(settlement_bundle(least), "MeasureReport")[-1]

    accepted_by_outsiders(report)
    assert extensions(report, "paid-through-date") == []
    assert "group" not in report


def test_a_quality_count_that_is_no_whole_number_stays_exact(settlement, imported):
    settlement["quality"][0] |= {"numerator": "2.5", "denominator": "10/3"}

    quality = resources(settlement_bundle(settlement), "MeasureReport")[0]

    assert imported(quality)["reports"][0]["groups"][0]["rate"] == "3/4"
