"""Parts of FHIR MeasureReports that several tests build on."""

from indicators.exchange.vocabulary import SCORING_SYSTEM

SCORED = "http://hl7.org/fhir/us/davinci-deqm/StructureDefinition/extension-measureScoring"


def scored(code):
    """Write the extension by which a report says how it is scored."""
    concept = {"coding": [{"system": SCORING_SYSTEM, "code": code}]}
    return [{"url": SCORED, "valueCodeableConcept": concept}]


def the_group(document):
    """Return the one group of the one report of a document."""
    return document["reports"][0]["groups"][0]
