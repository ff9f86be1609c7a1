"""A MeasureReport comes in with every count; its rate is recomputed exactly from them."""

from decimal import Decimal

import pytest

from indicators.exchange.errors import ExchangeError
from indicators.exchange.vocabulary import SCORING_SYSTEM

SCORED = "http://hl7.org/fhir/us/davinci-deqm/StructureDefinition/extension-measureScoring"


def scored(code):
    concept = {"coding": [{"system": SCORING_SYSTEM, "code": code}]}
    return [{"url": SCORED, "valueCodeableConcept": concept}]


def the_group(document):
    return document["reports"][0]["groups"][0]


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


def test_scores_without_counts_are_kept_as_such(imported):
    group = the_group(imported("report-scores-only.json"))

    assert (group["rate"], group["not_scored"]) == (None, "no_counts")
    assert group["strata"][0]["reported_score"]["value"] == "0"


def test_populations_of_its_own_have_no_part_in_the_rate(imported):
    group = the_group(imported("report-summary-bundle.json"))

    assert group["rate"] == "1/2"
    assert any("numerator-medical" in note for note in group["notes"])


def test_the_subject_is_told_by_its_kind_alone(imported):
    report = imported("report-individual-1.json")["reports"][0]

    assert report["subject_kind"] == "Patient"
    assert report["id"] is None
    assert "patient01" not in str(report)


def test_a_subject_list_says_that_its_lists_are_not_read(imported, report):
    made = report(type="subject-list")
    made["group"][0]["population"][0]["subjectResults"] = {"reference": "#list"}

    read = imported(made)["reports"][0]

    assert "group.population.subjectResults" in read["not_used"]
    assert any("lists of subjects are not read" in note for note in read["notes"])


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


def test_a_measure_in_the_same_bundle_is_used(imported, example):
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": example("measure-ratio-of-observations.json")},
            {"resource": example("report-ratio-individual.json")},
        ],
    }

    document = imported(bundle)

    assert document["reports"][0]["measure_at_hand"] is True
    assert the_group(document)["rate"] == "1/9"


def test_a_contained_measure_is_used(imported, example):
    report = example("report-ratio-individual.json") | {"measure": "#CAUTISIRExample"}
    report["contained"] = [example("measure-ratio-of-observations.json")]

    assert the_group(imported(report))["rate"] == "1/9"


def test_the_same_measure_by_another_address_is_said_and_taken(imported, example, files):
    report = example("report-ratio-individual.json")
    report["measure"] = "https://other.example.org/fhir/Measure/CAUTISIRExample|2.0"

    document = imported(report, measure_path=files / "measure-ratio-of-observations.json")

    assert any("taken for the same" in note for note in document["reports"][0]["notes"])


def test_another_version_is_said(imported, example, tmp_path, report):
    measure = example("bundle-measure-and-library.json")
    made = report(measure="http://example.com/Measure/one|9")
    bundle = measure | {"entry": [*measure["entry"], {"resource": made}]}

    notes = imported(bundle)["reports"][0]["notes"]

    assert any("version “9”, the measure is version “0.0.1”" in note for note in notes)


def test_a_report_about_another_measure_is_refused(imported, files):
    with pytest.raises(ExchangeError, match=r"MeasureReport\.measure: The report is about"):
        imported(
            "report-individual-1.json",
            measure_path=files / "measure-ratio-of-observations.json",
        )


IMPOSSIBLE = {
    "a count below zero": (
        {"denominator": 10, "numerator": -4},
        r"MeasureReport\.group\[0\]\.population\[1\]\.count: The count is -4, below zero",
    ),
    "more met than judged": (
        {"denominator": 10, "numerator": 11},
        r"group\[0\]: The numerator of 11 is above the denominator of 10",
    ),
    "more excluded than there are": (
        {"denominator": 10, "denominator-exclusion": 12, "numerator": 0},
        r"more than the denominator of 10",
    ),
    "more numerator exclusions than numerator": (
        {"denominator": 10, "numerator-exclusion": 2, "numerator": 1},
        r"numerator exclusions are more than the numerator",
    ),
    "two numerators": (
        {"denominator": 10, "numerator": 4, "numerators": 4},
        r"There are 2 populations of the kind numerator",
    ),
    "a number in quotes": (
        {"denominator": 10, "numerator": "4"},
        r"population\[1\]\.count: This must be a number, without quotes",
    ),
    "an unknown population of HL7": (
        {"denominator": 10, "numerator": 4, "numerator-bonus": 1},
        r"“numerator-bonus” is not known",
    ),
}


@pytest.mark.parametrize(("counts", "said"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_counts_that_cannot_be_are_refused(imported, report, counts, said):
    with pytest.raises(ExchangeError, match=said):
        imported(report(counts))


def without(made, name):
    return {key: value for key, value in made.items() if key != name}


REFUSED = {
    "no group": (lambda r: r | {"group": []}, r"It has no group, so it has no counts"),
    "no period": (lambda r: without(r, "period"), r"It has no period"),
    "no measure": (lambda r: without(r, "measure"), r"It has no measure"),
    "no status": (lambda r: without(r, "status"), r"It has no status"),
    "an error report": (lambda r: r | {"status": "error"}, r"“error”: its counts are not final"),
    "a pending report": (lambda r: r | {"status": "pending"}, r"its counts are not final"),
    "an unknown type": (lambda r: r | {"type": "other"}, r"“other” is not one of"),
    "data without counts": (
        lambda r: r | {"type": "data-collection"},
        r"carries the data of its subject and no counts",
    ),
    "a period that ends before it starts": (
        lambda r: r | {"period": {"start": "2026-02-01", "end": "2026-01-01"}},
        r"MeasureReport\.period: The period ends on 2026-01-01, before it starts",
    ),
    "a day that does not exist": (
        lambda r: r | {"period": {"start": "2026-02-30"}},
        r"period\.start: This is not a date",
    ),
    "a modifier extension": (
        lambda r: r | {"modifierExtension": [{"url": "urn:x:retracted"}]},
        r"MeasureReport\.modifierExtension: The extension “urn:x:retracted” changes",
    ),
    "implicit rules": (lambda r: r | {"implicitRules": "urn:x"}, r"implicitRules"),
    "a group that is no object": (lambda r: r | {"group": ["x"]}, r"group\[0\]: This must be an"),
    "groups that are no list": (lambda r: r | {"group": {}}, r"group: This must be a list"),
}


@pytest.mark.parametrize(("altered", "said"), REFUSED.values(), ids=REFUSED)
def test_a_report_that_cannot_be_used_is_refused_with_its_place(imported, report, altered, said):
    with pytest.raises(ExchangeError, match=said):
        imported(altered(report()))


def test_a_bundle_with_one_bad_report_is_not_imported_at_all(imported, report):
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": report()},
            {"resource": report({"denominator": 1, "numerator": 2})},
        ],
    }

    with pytest.raises(ExchangeError, match=r"Bundle\.entry\[1\]\.resource\.group\[0\]"):
        imported(bundle)


def test_reports_without_counts_are_set_aside_beside_others(imported, report):
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": report()},
            {"resource": report(type="data-collection")},
        ],
    }

    document = imported(bundle)

    assert len(document["reports"]) == 1
    assert document["sources"][0]["set_aside"] == {"MeasureReport without counts": 1}


def test_reports_in_parameters_and_in_bundles_of_bundles_are_found(imported, report):
    inner = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": report()}]}
    outer = {"resourceType": "Parameters", "parameter": [{"name": "return", "resource": inner}]}

    document = imported(outer)

    assert document["reports"][0]["place"] == "Parameters.parameter[0].resource.entry[0].resource"


def test_a_subject_inside_the_report_is_told_by_its_type(imported, report):
    made = report(subject={"reference": "#g"}, contained=[{"resourceType": "Group", "id": "g"}])

    assert imported(made)["reports"][0]["subject_kind"] == "Group"


def test_an_organization_as_subject_is_told(imported):
    assert imported("report-value-based-money.json")["reports"][0]["subject_kind"] == "Organization"


def test_a_reporter_inside_the_report_is_named(imported, report):
    made = report(
        reporter={"reference": "#r"},
        contained=[{"resourceType": "Organization", "id": "r", "name": "Good Health Hospital"}],
    )

    assert imported(made)["reports"][0]["reporter"]["name"] == "Good Health Hospital"


def test_references_sent_as_bare_text_are_taken(imported, report):
    made = report(subject="Patient/1", reporter="Organization/1")

    read = imported(made)["reports"][0]

    assert (read["subject_kind"], read["reporter"]["reference"]) == ("Patient", "Organization/1")


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


def test_an_exact_count_in_words_is_read_or_refused(imported, report):
    made = report()
    exact = {"url": "urn:comanage:fhir:exact-count", "valueString": "50/3"}
    made["group"][0]["population"][0]["extension"] = [exact]
    assert the_group(imported(made))["counts"]["denominator"] == "50/3"

    exact["valueString"] = "many"
    with pytest.raises(ExchangeError, match="is not a number"):
        imported(made)


def test_a_difference_in_scoring_is_said(imported, example, files):
    made = example("report-ratio-individual.json") | {"extension": scored("proportion")}
    made["group"][0]["population"] = made["group"][0]["population"][:3]

    group = the_group(imported(made, measure_path=files / "measure-ratio-of-observations.json"))

    assert group["notes"] == ["The report says proportion, the measure says ratio."]


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


def test_a_measure_file_must_have_one_measure(imported, files):
    with pytest.raises(ExchangeError, match=r"^report-individual-2\.json: There are 0 measures"):
        imported("report-individual-1.json", measure_path=files / "report-individual-2.json")


def test_a_modifier_on_the_bundle_itself_is_refused(imported, report):
    bundle = {
        "resourceType": "Bundle",
        "entry": [{"resource": report(), "modifierExtension": [{"url": "urn:x"}]}],
    }

    with pytest.raises(ExchangeError, match=r"Bundle\.entry\[0\]\.modifierExtension"):
        imported(bundle)
    with pytest.raises(ExchangeError, match=r"Bundle\.implicitRules"):
        imported(bundle | {"implicitRules": "urn:x"})


def test_groups_are_matched_with_the_measure_by_id_link_or_code(imported, example, report):
    measure = example("measure-continuous-variable-groups.json")
    measure["group"][1]["linkId"] = "second"
    measure["group"][2]["code"] = {"coding": [{"code": "third"}]}
    counts = report()["group"][0]["population"][:1]
    made = report(measure=measure["url"])
    made["group"] = [
        {"id": "Group_1", "population": counts},
        {"linkId": "second", "population": counts},
        {"code": {"coding": [{"code": "third"}]}, "population": counts},
        {"code": {"text": "unheard of"}, "population": counts},
    ]
    bundle = {"resourceType": "Bundle", "entry": [{"resource": measure}, {"resource": made}]}

    groups = imported(bundle)["reports"][0]["groups"]

    assert [group["scoring"] for group in groups] == ["continuous-variable"] * 3 + [None]


def test_a_period_with_an_open_end_is_kept_open(imported, report):
    period = imported(report(period={"start": "2026-01"}))["reports"][0]["period"]

    assert (period["first_day"], period["last_day"], period["until"]) == ("2026-01-01", None, None)


def test_a_moment_belongs_to_the_day_of_its_sender(imported, report):
    made = report(
        period={"start": "2026-01-01T00:00:00-05:00", "end": "2026-03-31T23:59:59.999-05:00"}
    )

    assert imported(made)["reports"][0]["period"]["until"] == "2026-04-01"


def test_days_outside_those_of_the_measure_are_said(imported, example, report):
    measure = example("measure-proportion-group-extensions.json")
    made = report(measure=measure["url"], period={"start": "2025-07-01", "end": "2026-06-30"})
    bundle = {"resourceType": "Bundle", "entry": [{"resource": measure}, {"resource": made}]}

    notes = imported(bundle)["reports"][0]["notes"]

    assert any("outside those of the measure, 2026-01-01 to 2026-12-31" in note for note in notes)


def test_another_direction_than_the_measures_is_said(imported, example, report):
    measure = example("measure-proportion-group-extensions.json")
    notation = {"coding": [{"code": "decrease"}]}
    made = report(measure=measure["url"], improvementNotation=notation)
    bundle = {"resourceType": "Bundle", "entry": [{"resource": measure}, {"resource": made}]}

    assert the_group(imported(bundle))["notes"] == [
        "The report says decrease, the measure says increase."
    ]


def test_a_report_of_an_older_fhir_is_said_to_be_one(imported, report):
    with pytest.raises(ExchangeError, match="FHIR before R4"):
        imported(report(measure={"reference": "Measure/CMS146"}))


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


def test_reports_in_parts_of_parameters_are_found(imported, report):
    inner = {"name": "return", "part": [{"name": "report", "resource": report()}]}
    deeper = {
        "name": "x",
        "part": [inner, {"name": "patient", "resource": {"resourceType": "Patient"}}],
    }

    document = imported({"resourceType": "Parameters", "parameter": [inner, deeper]})

    assert len(document["reports"]) == 2
    assert document["sources"][0]["set_aside"] == {"Patient": 1}


def test_counts_net_of_exclusions_are_said_and_do_not_stop_the_batch(imported, report):
    net = report({"denominator": 0, "denominator-exclusion": 2, "numerator": 0})
    entries = [{"resource": net}, {"resource": report({"denominator": 2, "numerator": 1})}]

    first, second = imported({"resourceType": "Bundle", "entry": entries})["reports"]

    assert first["groups"][0]["not_scored"] == "counts_do_not_fit"
    assert any("look net of exclusions" in note for note in first["groups"][0]["notes"])
    assert second["groups"][0]["rate"] == "1/2"


def test_what_the_measure_lacks_is_said(imported, example, report):
    measure = example("measure-proportion-group-extensions.json")
    counts = {"denominator": 10, "numerator": 4, "numerator-exclusion": 1}
    made = report(counts, measure=measure["url"])
    bundle = {"resourceType": "Bundle", "entry": [{"resource": measure}, {"resource": made}]}

    assert any(
        "The measure has no such population: “numerator-exclusion”" in note
        for note in the_group(imported(bundle))["notes"]
    )

    made["group"] = [{**made["group"][0], "id": name} for name in ("one", "two")]
    assert any("has no such group" in note for note in the_group(imported(bundle))["notes"])


def test_observations_under_other_ids_than_the_measures_are_said(imported, example, files):
    made = example("report-ratio-individual.json")
    for part in made["group"][0]["population"]:
        part["id"] = f"other-{part['id']}"

    group = the_group(imported(made, measure_path=files / "measure-ratio-of-observations.json"))

    (note,) = [n for n in group["notes"] if "cannot be told" in n]
    assert "“other-denominator-observation”" in note
    assert "--measure" not in note


def test_one_population_with_two_codes_is_refused(imported, report):
    made = report()
    coding = made["group"][0]["population"][1]["code"]["coding"]
    coding.append({**coding[0], "code": "denominator"})

    with pytest.raises(ExchangeError, match="has the codes of 2: “numerator”, “denominator”"):
        imported(made)


def test_a_count_without_a_code_is_refused(imported, report):
    made = report()
    made["group"][0]["population"].append({"id": "x", "count": 3})

    with pytest.raises(ExchangeError, match=r"population\[2\]: This population has a count and no"):
        imported(made)


def test_a_refusal_names_the_measure_of_the_report(imported, report):
    with pytest.raises(ExchangeError, match=r"The report about “http://example\.org/Measure/one"):
        imported(report(status="pending"))
