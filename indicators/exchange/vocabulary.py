"""The codes and addresses of HL7 that are read and written here.

Source:
    FHIR R4 4.0.1 (Measure, MeasureReport and their code systems); Quality Measure IG
    (`cqfm-`, `cqm-`), DEQM (`extension-`, `deqm-`), Value-Based Performance Reporting 1.0.0.
"""

from __future__ import annotations

from collections.abc import Mapping

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
POPULATION_SYSTEM = f"{TERMINOLOGY}/measure-population"
SCORING_SYSTEM = f"{TERMINOLOGY}/measure-scoring"
IMPROVEMENT_SYSTEM = f"{TERMINOLOGY}/measure-improvement-notation"
VBPR_POPULATION_SYSTEM = "http://hl7.org/fhir/us/davinci-vbpr/CodeSystem/vbp-measure-population"

HL7_POPULATION_SYSTEMS = frozenset({POPULATION_SYSTEM, "http://hl7.org/fhir/measure-population"})
HL7_SCORING_SYSTEMS = frozenset({SCORING_SYSTEM, "http://hl7.org/fhir/measure-scoring"})

INITIAL_POPULATION = "initial-population"
DENOMINATOR = "denominator"
DENOMINATOR_EXCLUSION = "denominator-exclusion"
DENOMINATOR_EXCEPTION = "denominator-exception"
NUMERATOR = "numerator"
NUMERATOR_EXCLUSION = "numerator-exclusion"
MEASURE_POPULATION = "measure-population"
MEASURE_POPULATION_EXCLUSION = "measure-population-exclusion"
MEASURE_OBSERVATION = "measure-observation"
CALCULATED_NUMERATOR = "calculated-numerator"
CALCULATED_DENOMINATOR = "calculated-denominator"

# What each population is called in a definition and in a tally.
FIELD_OF: Mapping[str, str] = {
    INITIAL_POPULATION: "initial_population",
    DENOMINATOR: "denominator",
    DENOMINATOR_EXCLUSION: "denominator_exclusion",
    DENOMINATOR_EXCEPTION: "denominator_exception",
    NUMERATOR: "numerator",
    NUMERATOR_EXCLUSION: "numerator_exclusion",
    MEASURE_POPULATION: "denominator",
    MEASURE_POPULATION_EXCLUSION: "denominator_exclusion",
    MEASURE_OBSERVATION: "observation",
}
POPULATION_CODES = frozenset(FIELD_OF)
# HL7's own examples write some codes in the plural.
PLURALS: Mapping[str, str] = {f"{code}s": code for code in FIELD_OF}
CALCULATED_CODES = frozenset({CALCULATED_NUMERATOR, CALCULATED_DENOMINATOR})

# Populations by way of scoring: those that must be there, and those that may.
_JUDGED = (INITIAL_POPULATION, DENOMINATOR_EXCLUSION, NUMERATOR_EXCLUSION)
REQUIRED_POPULATIONS: Mapping[str, tuple[str, ...]] = {
    "proportion": (DENOMINATOR, NUMERATOR),
    "ratio": (DENOMINATOR, NUMERATOR),
    "continuous-variable": (MEASURE_OBSERVATION,),
    "cohort": (INITIAL_POPULATION,),
}
ALLOWED_POPULATIONS: Mapping[str, frozenset[str]] = {
    "proportion": frozenset({*_JUDGED, DENOMINATOR, NUMERATOR, DENOMINATOR_EXCEPTION}),
    "ratio": frozenset({*_JUDGED, DENOMINATOR, NUMERATOR, MEASURE_OBSERVATION}),
    "continuous-variable": frozenset(
        {INITIAL_POPULATION, MEASURE_POPULATION, MEASURE_POPULATION_EXCLUSION, MEASURE_OBSERVATION}
    ),
    "cohort": frozenset({INITIAL_POPULATION}),
}

# How a continuous variable's observations are put together, as our way of scoring.
SCORING_OF_METHOD: Mapping[str, str] = {
    "sum": "sum",
    "average": "mean",
    "mean": "mean",
    "median": "median",
    "count": "count",
}

# Extensions of HL7's guides, by their name without the prefix of the guide: the same thing is
# `cqfm-scoring`, `cqm-scoring` and `crmi-scoring`, by the age of the file.
SCORING_NAMES = ("scoring", "measureScoring", "Measure.group.scoring")
IMPROVEMENT_NAMES = (
    *("improvementNotation", "groupImprovementNotation", "Measure.group.improvementNotation"),
)
BASIS_NAMES = ("populationBasis", "Measure.group.basis")
AGGREGATION_NAMES = ("rateAggregation", "Measure.group.rateAggregation")
ADJUSTMENT_NAMES = ("riskAdjustment",)
UNIT_NAMES = ("scoringUnit", "Measure.group.scoringUnit")
COMPOSITE_NAMES = ("compositeScoring", "Measure.group.compositeScoring")
METHOD_NAMES = ("aggregateMethod", "Measure.group.population.aggregateMethod")
CRITERIA_REFERENCE_NAMES = ("criteriaReference", "Measure.group.population.criteriaReference")
LINK_NAMES = tuple(
    f"{holder}.linkId"
    for holder in (
        *("Measure.group", "Measure.group.population", "Measure.group.stratifier"),
        *("MeasureReport.group", "MeasureReport.group.population"),
        "MeasureReport.group.stratifier",
        "MeasureReport.group.stratifier.stratum.population",
    )
)
LOGIC_NAMES = ("logicDefinition",)
# One extension of the SANER guide that holds several attributes of a group.
NESTED_ATTRIBUTES = ("MeasureGroupAttributes",)
OTHER_SCORE_NAMES = ("alternateScoreType", "alternate-measurescore")
# A count that an integer cannot say.
EXACT_COUNT_URL = "urn:comanage:fhir:exact-count"
COUNT_NAMES = (EXACT_COUNT_URL, "countQuantity")

VBPR = "http://hl7.org/fhir/us/davinci-vbpr/StructureDefinition/"
DEQM_SUMMARY = "http://hl7.org/fhir/us/davinci-deqm/StructureDefinition/summary-measurereport-deqm"
DEQM_SCORING = "http://hl7.org/fhir/us/davinci-deqm/StructureDefinition/extension-measureScoring"
CQFM = "http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
CATEGORY = "http://hl7.org/fhir/StructureDefinition/measurereport-category"
CATEGORY_SYSTEM = "http://hl7.org/fhir/CodeSystem/measurereport-category"

# Our own marks in a Measure that we export.
EVERY_CASE = "true"
CRITERIA_LANGUAGE = "text/x-comanage-criteria"
CRITERIA_LANGUAGE_URL = "urn:comanage:fhir:criteria-language"
DEFINITION_TYPE = "application/vnd.comanage.definition+json"
