"""What a MeasureReport is about, whose and of which days; and reports that are refused."""

import pytest

from indicators.exchange.errors import ExchangeError
from tests.measure_reports import the_group


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


def test_an_exact_count_in_words_is_read_or_refused(imported, report):
    made = report()
    exact = {"url": "urn:comanage:fhir:exact-count", "valueString": "50/3"}
    made["group"][0]["population"][0]["extension"] = [exact]
    assert the_group(imported(made))["counts"]["denominator"] == "50/3"

    exact["valueString"] = "many"
    with pytest.raises(ExchangeError, match="is not a number"):
        imported(made)


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
