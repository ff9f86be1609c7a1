"""A MeasureReport comes in with every count; its rate is recomputed exactly from them."""

from decimal import Decimal

import pytest

from indicators.exchange.errors import ExchangeError
from tests.measure_reports import scored, the_group


def test_the_rate_leaves_exclusions_and_exceptions_out(imported, report):
    counts = {
        "initial-population": 100,
        "denominator": 90,
        "denominator-exclusion": 10,
        "denominator-exception": 20,
        "numerator": 35,
        "numerator-exclusion": 5,
    }

    group = the_group(imported(report(counts)))

    assert (group["performance_numerator"], group["performance_denominator"]) == (35 - 5, 90 - 30)
    assert group["rate"] == "1/2"


def test_every_group_and_stratum_of_a_bundle_is_read(imported):
    first, second = imported("report-summary-bundle.json")["reports"]

    assert first["groups"][0]["counts"]["denominator"] == 8000
    assert [stratum["rate"] for stratum in first["groups"][0]["strata"]] == ["243/392", "103/150"]
    assert first["reporter"]["name"] == "DaVinciHospital01"
    assert first["measure"] == {
        "url": "http://example.org/fhir/Measure/stratification-example",
        "version": "2.0",
    }
    assert second["period"]["last_day"] == "2018-06-30"


def test_no_eligible_case_is_no_rate(imported):
    group = the_group(imported("report-individual-3.json"))

    assert group["rate"] is None
    assert group["not_scored"] == "no_eligible_cases"


def test_counts_with_decimals_are_exact(imported, report):
    group = the_group(
        imported(report({"denominator": Decimal("0.3"), "numerator": Decimal("0.1")}))
    )

    assert group["counts"] == {"denominator": "0.3", "numerator": "0.1"}
    assert group["rate"] == "1/3"
    assert any("decimals" in note for note in group["notes"])


def test_a_count_that_an_extension_states_exactly_wins(imported, report):
    made = report()
    made["group"][0]["population"][1]["extension"] = [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/deqm-countQuantity",
            "valueQuantity": {"value": Decimal("4.5")},
        }
    ]

    assert the_group(imported(made))["rate"] == "9/20"


def test_calculated_counts_of_value_based_reports_make_the_rate(imported):
    report = imported("report-value-based-quality.json")["reports"][0]

    assert report["groups"][0]["rate"] == "7/12"
    assert [part["name"] for part in report["value_based"]] == ["score", "threshold"]


def test_populations_of_its_own_have_no_part_in_the_rate(imported):
    group = the_group(imported("report-summary-bundle.json"))

    assert group["rate"] == "1/2"
    assert any("numerator-medical" in note for note in group["notes"])


def test_a_continuous_variable_is_not_recomputed_without_its_values(imported, report):
    counts = {"initial-population": 3, "measure-population": 3, "measure-observation": 3}

    group = the_group(imported(report(counts, extension=scored("continuous-variable"))))

    assert (group["rate"], group["not_scored"]) == (None, "needs_values")
    assert group["counts"]["measure_population"] == 3


def test_a_cohort_is_its_count(imported, report):
    group = the_group(imported(report({"initial-population": 12}, extension=scored("cohort"))))

    assert group["rate"] == "12"


def test_a_report_that_counts_excluded_cases_as_met_has_no_rate(imported, report):
    counts = {"denominator": 10, "denominator-exclusion": 5, "numerator": 6}

    group = the_group(imported(report(counts, {"value": 1})))

    assert (group["rate"], group["not_scored"]) == (None, "counts_do_not_fit")
    assert any("excluded cases as met" in note for note in group["notes"])


def test_calculated_counts_cannot_be_above_one_either(imported, example):
    made = example("report-value-based-quality.json")
    made["group"][0]["population"][0]["count"] = 13

    with pytest.raises(ExchangeError, match="numerator of 13 is above the denominator of 12"):
        imported(made)


def test_an_observation_may_say_itself_what_it_is_of(imported, example):
    made = example("report-ratio-individual.json")
    url = "http://hl7.org/fhir/us/davinci-deqm/StructureDefinition/extension-criteriaReference"
    below, above = made["group"][0]["population"][-2:]
    below["extension"] = [{"url": url, "valueString": "denominator"}]
    above["extension"] = [{"url": url, "valueString": "numerator"}]

    assert the_group(imported(made))["rate"] == "1/9"


def test_plural_codes_as_in_official_examples_are_known(imported, report):
    counts = {"denominator": 10, "denominator-exclusions": 2, "numerator": 4}

    assert the_group(imported(report(counts)))["rate"] == "1/2"


def test_several_measure_populations_are_kept_and_not_added(imported, report):
    made = report({"initial-population": 20, "measure-population": 15})
    made["group"][0]["population"].append(dict(made["group"][0]["population"][1], count=9))

    group = the_group(imported(made))

    assert group["counts"] == {"initial_population": 20}
    assert [part["count"] for part in group["populations"]] == [20, 15, 9]


def test_strata_as_r5_writes_them_are_read(imported, report):
    made = report()
    counts = made["group"][0]["population"]
    made["group"][0]["stratifier"] = [
        {
            "code": {"text": "smoker"},
            "stratum": [{"valueBoolean": True, "population": counts}],
        }
    ]

    (stratum,) = the_group(imported(made))["strata"]

    assert stratum["stratifier"]["code"][0]["text"] == "smoker"
    assert stratum["value"]["text"] == "true"


def test_a_ratio_may_be_above_one(imported, report):
    counts = {"denominator": 10, "numerator": 25}

    assert the_group(imported(report(counts, extension=scored("ratio"))))["rate"] == "5/2"


def test_a_ratio_of_observations_needs_the_measure_to_tell_them_apart(imported, files):
    name = "report-ratio-individual.json"

    alone = the_group(imported(name))
    held = the_group(imported(name, measure_path=files / "measure-ratio-of-observations.json"))

    assert (alone["rate"], alone["not_scored"]) == (None, "observations_unassigned")
    assert (held["rate"], held["agreement"]["how"]) == ("1/9", "rounded")


def test_a_ratio_with_one_observation_counts_the_other_side(imported, report):
    url = "http://hl7.org/fhir/StructureDefinition/cqf-criteriaReference"
    made = report(
        {"denominator": 20, "numerator": 3, "measure-observation": 1500}, extension=scored("ratio")
    )
    made["group"][0]["population"][2]["extension"] = [{"url": url, "valueString": "denominator"}]

    group = the_group(imported(made))

    assert (group["performance_numerator"], group["performance_denominator"]) == (3, 1500)


def test_a_ratio_over_nothing_has_no_rate(imported, report):
    url = "http://hl7.org/fhir/StructureDefinition/cqf-criteriaReference"
    made = report({"numerator": 3, "measure-observation": 0}, extension=scored("ratio"))
    made["group"][0]["population"][1]["extension"] = [{"url": url, "valueString": "denominator"}]

    assert the_group(imported(made))["not_scored"] == "zero_denominator"


def test_a_ratio_has_no_exceptions_to_leave_out(imported, report):
    counts = {"denominator": 10, "denominator-exception": 5, "numerator": 2}

    assert the_group(imported(report(counts, extension=scored("ratio"))))["rate"] == "1/5"


def test_half_of_a_ratio_is_no_rate(imported, report):
    url = "http://hl7.org/fhir/StructureDefinition/cqf-criteriaReference"
    made = report({"measure-observation": 7}, extension=scored("ratio"))
    made["group"][0]["population"][0]["extension"] = [{"url": url, "valueString": "denominator"}]

    assert the_group(imported(made))["not_scored"] == "no_counts"


def test_a_denominator_above_its_initial_population_is_said(imported, report):
    group = the_group(
        imported(report({"initial-population": 5, "denominator": 10, "numerator": 1}))
    )

    assert any("above the initial population" in note for note in group["notes"])


def test_calculated_counts_that_differ_from_the_others_are_said(imported, example):
    made = example("report-value-based-quality.json")
    hl7 = "http://terminology.hl7.org/CodeSystem/measure-population"
    made["group"][0]["population"] += [
        {"code": {"coding": [{"system": hl7, "code": code}]}, "count": count}
        for code, count in (("denominator", 12), ("numerator", 6))
    ]

    group = the_group(imported(made))

    assert group["rate"] == "1/2"
    assert any("calculated counts differ" in note for note in group["notes"])
