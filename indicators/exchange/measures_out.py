"""One of our definitions as a FHIR R4 Measure, with the exact definition inside."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from comanage.values.canonical import canonical_json
from comanage.values.period import Period
from indicators.exchange import vocabulary as v
from indicators.exchange.errors import ExchangeError, quoted
from indicators.exchange.writing import (
    Resource,
    absent,
    computer_name,
    concept,
    extension,
    resource_id,
    stable_urn,
    without_blanks,
)
from indicators.measure.criteria.english import to_english
from indicators.measure.definition import Definition

VERSION_LENGTH = 12
_OF_A_URI = r"[^\s\x00-\x20\x7f<>\"{}|\\^`#]"
_ABSOLUTE = re.compile(
    rf"https?://[^/?\s]{_OF_A_URI}*|(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:{_OF_A_URI}+",
    re.ASCII | re.IGNORECASE,
)
_VERSION = re.compile(r"[^\s\x00-\x20\x7f|]+")
LIBRARY_ID = "definition"
_METHODS: Mapping[str, str] = {"mean": "average", "median": "median", "sum": "sum"}


@dataclass(frozen=True, slots=True)
class Canonical:
    """The address and the version by which reports name a measure."""

    url: str
    version: str

    def __str__(self) -> str:
        """Write it as a canonical: `address|version`."""
        return f"{self.url}|{self.version}"


@dataclass(frozen=True, slots=True)
class WrittenPopulation:
    """One population of the Measure: the definition's field, and HL7's code for it."""

    field: str
    code: str
    of: str = ""
    method: str = ""


def canonical_of(definition: Definition, url: str = "", version: str = "") -> Canonical:
    """Name a measure: as asked for, else by its slug and by the hash of its definition.

    Raises:
        ExchangeError: the address is not an absolute URI, or the version would end it.
    """
    if url and not _ABSOLUTE.fullmatch(url):
        raise ExchangeError(
            f"The address {quoted(url)} is not an absolute URI without spaces, such as "
            f"https://example.org/Measure/one."
        )
    if version and not _VERSION.fullmatch(version):
        raise ExchangeError(
            f"The version {quoted(version)} has spaces or a |; give one such as 2.1.0."
        )
    return Canonical(
        url or stable_urn("measure", definition.slug), version or definition.sha256[:VERSION_LENGTH]
    )


def measure_resource(
    definition: Definition,
    *,
    url: str = "",
    version: str = "",
    period: Period | None = None,
    dated: date | None = None,
) -> Resource:
    """Write a Measure.

    Args:
        definition: one version of an indicator.
        url: its address; left out, one is made of the slug.
        version: left out, the first 12 characters of the definition's SHA-256.
        period: days in which it is in force.
        dated: day of its last change.

    Returns:
        The resource, ready for `write_json`. Criteria are in our language, which R4 has no
        code for: each says so in an extension, has its meaning in plain words, and the whole
        definition travels in a contained Library, so that importing gives it back exactly.
    """
    canonical = canonical_of(definition, url, version)
    document = canonical_json(definition.to_document())
    return without_blanks(
        {
            "resourceType": "Measure",
            "id": resource_id(definition.slug),
            "contained": [_library(document)],
            "url": canonical.url,
            "version": canonical.version,
            "name": computer_name(definition.slug),
            "title": definition.title,
            "status": "active",
            "date": dated.isoformat() if dated else "",
            "description": definition.description,
            "effectivePeriod": period_resource(period) if period else {},
            "relatedArtifact": _artifacts(definition),
            "library": [f"#{LIBRARY_ID}"],
            "scoring": concept(v.SCORING_SYSTEM, scoring_code(definition)),
            "rationale": definition.rationale,
            "improvementNotation": concept(v.IMPROVEMENT_SYSTEM, definition.improvement),
            "group": [_group(definition)],
        }
    )


def scoring_code(definition: Definition) -> str:
    """Name HL7's way of scoring that comes nearest to ours."""
    if definition.scoring == "proportion":
        return "ratio" if definition.data == "aggregates" else "proportion"
    if definition.scoring in ("ratio", "observed_over_expected"):
        return "ratio"
    return "continuous-variable"


def written_populations(definition: Definition) -> list[WrittenPopulation]:
    """List the populations of a Measure, in HL7's order; those not used are left out."""
    scoring = scoring_code(definition)
    if scoring == "continuous-variable":
        return [
            WrittenPopulation("initial_population", v.INITIAL_POPULATION),
            WrittenPopulation("denominator", v.MEASURE_POPULATION),
            *_if_used(definition, "denominator_exclusion", v.MEASURE_POPULATION_EXCLUSION),
            *_if_used(definition, "numerator_exclusion", v.MEASURE_POPULATION_EXCLUSION),
            WrittenPopulation(
                "observation" if definition.observation else "numerator",
                v.MEASURE_OBSERVATION,
                of="denominator",
                method=_METHODS.get(definition.scoring, "" if definition.observation else "count"),
            ),
        ]
    observed = _observed(definition) if scoring == "ratio" else []
    return [
        WrittenPopulation("initial_population", v.INITIAL_POPULATION),
        WrittenPopulation("denominator", v.DENOMINATOR),
        *_if_used(definition, "denominator_exclusion", v.DENOMINATOR_EXCLUSION),
        WrittenPopulation("numerator", v.NUMERATOR),
        *_if_used(definition, "numerator_exclusion", v.NUMERATOR_EXCLUSION),
        *_if_used(definition, "denominator_exception", v.DENOMINATOR_EXCEPTION),
        *observed,
    ]


def period_resource(period: Period) -> Resource:
    """Write a Period: FHIR's end is the last day inside."""
    return {"start": period.start.isoformat(), "end": period.last.isoformat()}


def _if_used(definition: Definition, field: str, code: str) -> list[WrittenPopulation]:
    return [WrittenPopulation(field, code)] if getattr(definition, field) else []


def _observed(definition: Definition) -> list[WrittenPopulation]:
    """List the observations of a ratio: what each case adds above and below the line."""
    fields = (
        ("numerator_observation", "numerator"),
        ("denominator_observation", "denominator"),
        ("expected", "denominator"),
        ("expected_rate", "denominator"),
    )
    return [
        WrittenPopulation(field, v.MEASURE_OBSERVATION, of=of, method="sum")
        for field, of in fields
        if getattr(definition, field)
    ]


def _group(definition: Definition) -> Resource:
    return {
        "id": "group-1",
        "population": [_population(definition, part) for part in written_populations(definition)],
    }


def _population(definition: Definition, part: WrittenPopulation) -> Resource:
    said = part.code.replace("-", " ").title()
    extensions = []
    if part.of:
        extensions.append(extension(f"{v.CQFM}cqfm-criteriaReference", valueString=part.of))
    if part.method:
        extensions.append(extension(f"{v.CQFM}cqfm-aggregateMethod", valueCode=part.method))
    meaning = plain_words(definition, part.field)
    return without_blanks(
        {
            "id": part.field,
            "extension": extensions,
            "code": concept(v.POPULATION_SYSTEM, part.code, said),
            "description": meaning,
            "criteria": {
                "extension": [extension(v.CRITERIA_LANGUAGE_URL, valueCode=v.CRITERIA_LANGUAGE)],
                "description": meaning,
                "_language": {"extension": [absent("unsupported")]},
                "expression": getattr(definition, part.field) or v.EVERY_CASE,
            },
        }
    )


def plain_words(definition: Definition, field: str) -> str:
    """Say what a population is: in the author's words, else read from its criterion."""
    if said := definition.plain.get(field):
        return said
    parsed = definition.criteria.get(field) or definition.numbers.get(field)
    if parsed is not None:
        return to_english(parsed, definition.columns_by_name)
    return {
        "initial_population": "Every case",
        "denominator": "Equals the initial population",
        "numerator": "Every case of the denominator",
        "expected_rate": f"The published rate of {definition.expected_rate} for each case",
    }.get(field, field.replace("_", " "))


def _library(document: str) -> Resource:
    return {
        "resourceType": "Library",
        "id": LIBRARY_ID,
        "status": "active",
        "type": concept(f"{v.TERMINOLOGY}/library-type", "logic-library"),
        "content": [
            {
                "contentType": v.DEFINITION_TYPE,
                "data": b64encode(document.encode()).decode(),
                "title": "Definition",
            }
        ],
    }


def _artifacts(definition: Definition) -> list[Resource]:
    """Name the evidence and the source; long texts, so as citations."""
    said: list[tuple[str, Any]] = [
        ("citation", definition.evidence),
        ("derived-from", definition.source),
    ]
    return [{"type": kind, "citation": text} for kind, text in said if text]
