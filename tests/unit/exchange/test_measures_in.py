"""A Measure comes in whole: its facts, its groups, its logic as it was sent; or not at all."""

import pytest

from indicators.exchange.errors import ExchangeError
from indicators.measure.definition import Definition

MEASURES = (
    "measure-proportion-group-extensions.json",
    "measure-ratio-of-observations.json",
    "measure-continuous-variable-groups.json",
    "measure-cohort-in-words.json",
    "bundle-measure-and-library.json",
)


def the_measure(document):
    (measure,) = document["measures"]
    return measure


def drafts(document):
    return [group["definition"] for group in the_measure(document)["groups"]]


def test_the_measure_keeps_its_name_version_and_effective_period(imported):
    measure = the_measure(imported("measure-proportion-group-extensions.json"))

    assert measure["url"] == "https://madie.cms.gov/Measure/ColonCancerScreeningFHIR"
    assert measure["version"] == "0.3.000"
    assert measure["title"] == "Colorectal Cancer ScreeningFHIR"
    assert measure["effective_period"]["first_day"] == "2026-01-01"
    assert measure["effective_period"]["until"] == "2027-01-01"
    assert measure["identifiers"][0]["value"] == "130FHIR"


def test_scoring_improvement_and_basis_are_read_from_group_extensions(imported):
    (group,) = the_measure(imported("measure-proportion-group-extensions.json"))["groups"]

    assert group["scoring"] == "proportion"
    assert group["improvement_notation"] == "increase"
    assert group["population_basis"] == "boolean"
    assert group["definition"]["improvement"] == "increase"


def test_scoring_is_read_as_r5_writes_it_too(imported, example):
    measure = example("measure-proportion-group-extensions.json")
    group = measure["group"][0]
    group["scoring"] = group["extension"][0]["valueCodeableConcept"]
    group["improvementNotation"] = group["extension"][-1]["valueCodeableConcept"]
    group["basis"] = "boolean"
    del group["extension"]

    (read,) = the_measure(imported(measure))["groups"]

    assert (read["scoring"], read["improvement_notation"]) == ("proportion", "increase")
    assert read["population_basis"] == "boolean"


def test_attributes_in_one_nested_extension_are_read(imported, example):
    measure = example("measure-proportion-group-extensions.json")
    coded = measure["group"][0]["extension"]
    measure["group"][0]["extension"] = [
        {
            "url": "http://hl7.org/fhir/uv/saner/StructureDefinition/MeasureGroupAttributes",
            "extension": [
                {"url": "scoring", "valueCodeableConcept": coded[0]["valueCodeableConcept"]},
                {
                    "url": "improvementNotation",
                    "valueCodeableConcept": coded[-1]["valueCodeableConcept"],
                },
            ],
        }
    ]

    (read,) = the_measure(imported(measure))["groups"]

    assert (read["scoring"], read["improvement_notation"]) == ("proportion", "increase")


def test_every_population_keeps_its_id_code_and_logic(imported):
    (group,) = the_measure(imported("measure-proportion-group-extensions.json"))["groups"]

    assert [(p["id"], p["code"], p["criteria"]["expression"]) for p in group["populations"]] == [
        ("IP_1", "initial-population", "Initial Population"),
        ("DEN_1", "denominator", "Denominator"),
        ("DENEX_1", "denominator-exclusion", "Denominator Exclusion"),
        ("NUM_1", "numerator", "Numerator"),
    ]
    assert all(p["criteria"]["executable_here"] is False for p in group["populations"])
    assert group["stratifiers"][0]["criteria"]["expression"] == "Stratification 1"


def test_the_words_of_a_named_population_are_kept_beside_its_name(imported):
    (draft,) = drafts(imported("measure-proportion-group-extensions.json"))

    assert {
        "language": "text/cql",
        "place": "numerator",
        "name": "Numerator",
        "expression": 'define "Numerator":\n  exists "Colonoscopy Performed"',
    } in draft["foreign"]


@pytest.mark.parametrize("name", MEASURES)
def test_a_draft_is_a_definition_once_its_open_fields_are_filled(imported, name):
    for group in the_measure(imported(name))["groups"]:
        filled = {"improvement": "increase", "unit": "cases"}
        draft = group["definition"] | {field: filled[field] for field in group["to_complete"]}

        definition = Definition.from_document(draft)

        assert definition.foreign
        assert definition.criteria == {}


def test_what_a_measure_does_not_say_is_left_open(imported):
    (group, _) = the_measure(imported("measure-cohort-in-words.json"))["groups"]

    assert group["to_complete"] == ["improvement"]
    assert "improvement" not in group["definition"]


def test_a_ratio_draws_its_numerator_from_the_initial_population(imported):
    (draft,) = drafts(imported("measure-ratio-of-observations.json"))

    assert (draft["scoring"], draft["numerator_from"]) == ("ratio", "initial_population")
    assert [part["place"] for part in draft["foreign"]] == [
        *("initial_population", "denominator", "denominator_observation"),
        *("initial_population", "numerator", "numerator_observation"),
    ]


def test_a_continuous_variable_is_scored_by_its_aggregate_method(imported):
    found = drafts(imported("measure-continuous-variable-groups.json"))

    assert [draft["scoring"] for draft in found] == ["sum", "mean", "median", "count"]
    assert len({draft["slug"] for draft in found}) == len(found)


def test_a_cohort_becomes_a_count(imported):
    found = drafts(imported("measure-cohort-in-words.json"))

    assert {draft["scoring"] for draft in found} == {"count"}
    assert [draft["foreign"][0]["place"] for draft in found] == ["initial_population"] * 2


def test_a_library_beside_the_measure_is_kept_and_not_executed(imported):
    document = imported("bundle-measure-and-library.json")

    (library,) = the_measure(document)["libraries"]
    cql, elm = library["attachments"]
    assert library["executable_here"] is False
    assert 'define "Numerator":' in cql["text"]
    assert elm["content_type"] == "application/elm+json"
    assert elm["data"]
    assert document["sources"][0]["set_aside"] == {"ValueSet": 1}


def test_elements_that_are_not_used_are_named(imported, example):
    measure = example("measure-proportion-group-extensions.json") | {"topic": [{"text": "x"}]}

    assert "topic" in the_measure(imported(measure))["not_used"]


def change(measure, *path, to):
    """Set one element deep inside."""
    part = measure
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = to
    return measure


REFUSED = {
    "an unknown scoring": (
        lambda m: change(
            m, "group", 0, "extension", 0, "valueCodeableConcept", "coding", 0, "code", to="tally"
        ),
        r"Measure\.group\[0\]: The scoring “tally” cannot be represented",
    ),
    "no scoring": (
        lambda m: change(m, "group", 0, "extension", to=[]),
        r"Neither the group nor the measure says how it is scored",
    ),
    "no group": (lambda m: change(m, "group", to=[]), r"It has no group"),
    "no population": (
        lambda m: change(m, "group", 0, "population", to=[]),
        r"Measure\.group\[0\]: This group has no populations",
    ),
    "an unknown population": (
        lambda m: change(
            m, "group", 0, "population", 2, "code", "coding", 0, "code", to="denominator-bonus"
        ),
        r"population\[2\]\.code: The population “denominator-bonus” is not known",
    ),
    "a population without a code": (
        lambda m: change(m, "group", 0, "population", 2, "code", to=None),
        r"population\[2\]: This population has no code",
    ),
    "no numerator": (
        lambda m: change(m, "group", 0, "population", 3, "code", to={"text": "other"}),
        r"A proportion measure needs a numerator",
    ),
    "two denominators": (
        lambda m: change(
            m, "group", 0, "population", 2, "code", "coding", 0, "code", to="denominator"
        ),
        r"There are 2 populations “denominator”",
    ),
    "a measure population in a proportion": (
        lambda m: change(
            m, "group", 0, "population", 2, "code", "coding", 0, "code", to="measure-population"
        ),
        r"A proportion measure has no measure population",
    ),
    "a modifier extension": (
        lambda m: change(
            m, "group", 0, "population", 3, "modifierExtension", to=[{"url": "urn:x:negated"}]
        ),
        r"population\[3\]\.modifierExtension: The extension “urn:x:negated” changes",
    ),
    "a modifier extension in a contained library": (
        lambda m: change(m, "contained", 0, "modifierExtension", to=[{"url": "urn:x:other"}]),
        r"contained\[0\]\.modifierExtension",
    ),
    "implicit rules": (
        lambda m: change(m, "implicitRules", to="http://example.org/rules"),
        r"Measure\.implicitRules",
    ),
}


@pytest.mark.parametrize(("altered", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_represented_is_refused_with_place_and_reason(
    imported, example, altered, said
):
    with pytest.raises(ExchangeError, match=said):
        imported(altered(example("measure-proportion-group-extensions.json")))


def test_a_composite_is_refused_by_name_and_nothing_of_its_bundle_is_imported(imported):
    with pytest.raises(
        ExchangeError,
        match=r"The measure “Preventive care composite” is not imported\..*composite of 2 measures",
    ):
        imported("bundle-composite.json")


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (None, "does not say how its values are put together"),
        ("Maximum", "put together by “maximum” cannot be represented"),
    ],
)
def test_observations_put_together_in_an_unknown_way_are_refused(imported, example, method, said):
    measure = example("measure-continuous-variable-groups.json")
    extensions = measure["group"][0]["population"][3]["extension"]
    extensions[0] = {**extensions[0], "valueString": method} if method else extensions[1]

    with pytest.raises(ExchangeError, match=said):
        imported(measure)


def test_an_observation_of_a_ratio_must_say_what_it_is_of(imported, example):
    measure = example("measure-ratio-of-observations.json")
    del measure["group"][0]["population"][2]["extension"][0]

    with pytest.raises(ExchangeError, match=r"of the numerator or of the denominator"):
        imported(measure)


def test_a_population_with_a_code_of_its_own_is_kept_beside_the_rate(imported, example):
    measure = example("measure-proportion-group-extensions.json")
    own = {"coding": [{"system": "http://example.org/codes", "code": "numerator-medical"}]}
    measure["group"][0]["population"].append({"code": own, "criteria": {"expression": "Medical"}})

    (group,) = the_measure(imported(measure))["groups"]

    assert group["populations"][-1]["code"] is None
    assert group["definition"]["foreign"][-1]["place"] == "numerator-medical"


def test_populations_written_as_extensions_of_the_group_are_read(imported, example):
    measure = example("measure-proportion-group-extensions.json")
    group = measure["group"][0]
    moved = group["population"].pop()
    group["extension"].append(
        {
            "url": "http://example.org/StructureDefinition/population",
            "extension": [
                {"url": "id", "valueString": moved["id"]},
                {"url": "code", "valueCodeableConcept": moved["code"]},
                {"url": "criteria", "valueExpression": moved["criteria"]},
            ],
        }
    )

    (read,) = the_measure(imported(measure))["groups"]

    assert (read["populations"][-1]["id"], read["populations"][-1]["code"]) == (
        "NUM_1",
        "numerator",
    )


def test_logic_in_other_extensions_is_kept(imported, example):
    measure = example("measure-proportion-group-extensions.json")
    measure["group"][0]["population"][3]["extension"] = [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/cqf-supportingEvidenceDefinition",
            "valueExpression": {"language": "text/cql-identifier", "expression": "Colonoscopies"},
        }
    ]

    (read,) = the_measure(imported(measure))["groups"]

    assert [part["expression"] for part in read["other_logic"]] == ["Colonoscopies"]


def test_a_population_without_logic_is_still_a_population(imported, example):
    measure = example("measure-proportion-group-extensions.json")
    del measure["group"][0]["population"][3]["criteria"]

    (draft,) = drafts(imported(measure))

    assert draft["foreign"][-1] == {
        "language": "",
        "place": "numerator",
        "name": "Numerator",
        "expression": "",
    }


def test_resources_inside_that_are_not_read_are_named(imported, example):
    measure = example("measure-proportion-group-extensions.json")
    measure["contained"].append({"resourceType": "Device", "id": "cqf-tooling"})

    assert "contained Device" in the_measure(imported(measure))["not_used"]


def test_the_aggregate_method_as_r5_writes_it_is_read(imported, example):
    measure = example("measure-continuous-variable-groups.json")
    observation = measure["group"][0]["population"][3]
    del observation["extension"]
    observation |= {
        "aggregateMethod": {"coding": [{"code": "median"}]},
        "criteriaReference": "MP_1",
    }

    group = the_measure(imported(measure))["groups"][0]

    assert group["definition"]["scoring"] == "median"
    assert group["populations"][3]["criteria_reference"] == "MP_1"


def test_a_scoring_sent_as_a_bare_code_is_read(imported, example):
    measure = example("measure-cohort-in-words.json")
    del measure["scoring"]
    url = "http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-scoring"
    measure["extension"] = [{"url": url, "valueCode": "cohort"}]

    assert {g["scoring"] for g in the_measure(imported(measure))["groups"]} == {"cohort"}


def test_the_unit_is_taken_where_the_measure_says_it(imported, example):
    measure = example("measure-continuous-variable-groups.json")
    url = "http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-scoringUnit"
    concept = {"coding": [{"system": "http://unitsofmeasure.org", "code": "min"}]}
    measure["extension"] = [{"url": url, "valueCodeableConcept": concept}]

    assert {draft["unit"] for draft in drafts(imported(measure))} == {"min"}


def test_a_ratio_of_medians_is_refused(imported, example):
    measure = example("measure-ratio-of-observations.json")
    measure["group"][0]["population"][2]["extension"][1]["valueCode"] = "median"

    with pytest.raises(ExchangeError, match="A ratio of values put together by “median”"):
        imported(measure)


def test_an_observation_may_name_its_population_by_code(imported, example):
    measure = example("measure-ratio-of-observations.json")
    for population in measure["group"][0]["population"]:
        population.pop("id")

    (draft,) = drafts(imported(measure))

    assert draft["foreign"][2]["place"] == "denominator_observation"


def test_a_library_that_only_points_elsewhere_is_kept(imported, example):
    bundle = example("bundle-measure-and-library.json")
    bundle["entry"][1]["resource"]["content"] = [
        {"contentType": "text/cql", "url": "http://example.com/one.cql"}
    ]

    (library,) = the_measure(imported(bundle))["libraries"]

    assert library["attachments"][0]["url"] == "http://example.com/one.cql"
    assert library["attachments"][0]["bytes"] is None


def test_cql_that_is_no_text_is_kept_as_it_was_sent(imported, example):
    bundle = example("bundle-measure-and-library.json")
    bundle["entry"][1]["resource"]["content"] = [{"contentType": "text/cql", "data": "/w=="}]

    (library,) = the_measure(imported(bundle))["libraries"]

    assert library["attachments"][0]["data"] == "/w=="


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": 7}, r"Measure\.title: This must be a text"),
        ({"experimental": "yes"}, r"Measure\.experimental: This must be true or false"),
        ({"effectivePeriod": "2026"}, r"effectivePeriod: This must be an object"),
        ({"library": [7]}, r"Measure\.library: This must be a list of texts"),
    ],
)
def test_elements_of_another_type_are_named(imported, example, change, said):
    with pytest.raises(ExchangeError, match=said):
        imported(example("measure-proportion-group-extensions.json") | change)


def test_a_measure_of_an_older_fhir_is_said_to_be_one(imported, example):
    measure = example("measure-proportion-group-extensions.json")
    measure["group"][0]["population"][0]["criteria"] = "InitialPopulation"

    with pytest.raises(ExchangeError, match="FHIR before R4"):
        imported(measure)


@pytest.mark.parametrize(
    ("unit", "multiplier"),
    [
        ({"text": "per 1000 patient days"}, 1000),
        ({"text": "per 1,000 line days"}, 1000),
        ({"coding": [{"code": "/1000.d"}]}, 1000),
        ({"coding": [{"code": "{infection}/1000{days}"}]}, 1000),
        ({"coding": [{"display": "infections", "code": "/10*5"}]}, 100_000),
        ({"text": "per 10,000"}, 10_000),
        ({"text": "deaths per hundred thousand"}, 100_000),
        ({"text": "deaths per one thousand"}, 1000),
        ({"text": "per 100 admissions"}, None),
        ({"text": "%"}, None),
    ],
)
def test_the_unit_tells_the_multiplier(imported, example, unit, multiplier):
    measure = example("measure-proportion-group-extensions.json")
    measure["group"][0]["scoringUnit"] = unit

    (draft,) = drafts(imported(measure))

    assert draft.get("multiplier") == multiplier


@pytest.mark.parametrize("unit", ["per 300 beds", "patients", "per million", "per 100 thousand"])
def test_a_unit_that_does_not_tell_the_multiplier_leaves_it_open(imported, example, unit):
    measure = example("measure-proportion-group-extensions.json")
    measure["scoringUnit"] = {"text": unit}

    (group,) = the_measure(imported(measure))["groups"]

    assert group["to_complete"] == ["multiplier"]
