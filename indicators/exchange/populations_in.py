"""Groups and populations of a Measure: read, checked against the way of scoring, kept whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indicators.exchange import vocabulary as v
from indicators.exchange.concepts import (
    codings,
    concept_document,
    concept_label,
    extension_text,
    link_of,
    population_code,
)
from indicators.exchange.errors import quoted, refusal
from indicators.exchange.reading import Element, extension_value


@dataclass(frozen=True, slots=True)
class Criteria:
    """An Expression as it was sent: its logic is not executed here, unless it is our own."""

    language: str
    name: str
    expression: str
    reference: str
    description: str

    @property
    def is_ours(self) -> bool:
        """Whether it is written in our criteria language."""
        return self.language == v.CRITERIA_LANGUAGE

    def document(self) -> dict[str, Any]:
        """Write what is there, and that it is not executed."""
        kept = {
            "language": self.language,
            "name": self.name,
            "expression": self.expression,
            "reference": self.reference,
            "description": self.description,
        }
        return {name: value for name, value in kept.items() if value} | {
            "executable_here": self.is_ours
        }


@dataclass(frozen=True, slots=True)
class Population:
    """One population of a group.

    Attributes:
        place: where it is in the file.
        code: HL7's code; empty when the file uses a code of its own.
        refers_to: the id of the population that this one draws from, or is observed in.
        method: how observations are put together, in small letters.
    """

    place: str
    id: str
    link_id: str
    code: str
    concept: dict[str, Any] | None
    label: str
    description: str
    criteria: Criteria | None
    refers_to: str
    method: str

    def is_named(self, name: str) -> bool:
        """Say whether a reference means this population."""
        return bool(name) and name in (self.id, self.link_id, self.code)

    def document(self) -> dict[str, Any]:
        """Write the population as it was sent."""
        return {
            "id": self.id or None,
            "link_id": self.link_id or None,
            "code": self.code or None,
            "coded_as": self.concept,
            "description": self.description or None,
            "criteria": self.criteria.document() if self.criteria else None,
            "criteria_reference": self.refers_to or None,
            "aggregate_method": self.method or None,
        }


def read_criteria(holder: Element) -> Criteria | None:
    """Read the criteria of a population, stratifier or supplemental datum; R4B allows none."""
    if isinstance(holder.value.get("criteria"), str):
        raise refusal(
            holder.at("criteria"), "This is a measure of FHIR before R4. Export it as R4."
        )
    found = holder.child("criteria")
    if found is None:
        return None
    ours = found.extensions(v.CRITERIA_LANGUAGE_URL)
    language = ours[0].text("valueCode") if ours else found.text("language")
    return Criteria(
        language,
        found.text("name"),
        found.text("expression"),
        found.text("reference"),
        found.text("description"),
    )


def read_populations(group: Element, scoring: str) -> list[Population]:
    """Read the populations of a group and check that they make the way of scoring.

    Raises:
        ExchangeError: a population is missing, unknown, there twice, or has no part in it.
    """
    holders = [*group.children("population"), *_in_extensions(group)]
    if not holders:
        raise refusal(group.path, "This group has no populations, so there is nothing to measure.")
    found = [_read_population(holder, scoring) for holder in holders]
    _check_populations(group, scoring, found)
    return found


def _in_extensions(group: Element) -> list[Element]:
    """Find populations that are written as extensions of the group: a code and an Expression."""
    found = []
    for extension in group.children("extension"):
        parts = extension.children("extension")
        coded = [part.child("valueCodeableConcept") for part in parts]
        logic = [part.child("valueExpression") for part in parts]
        codes = [c for c in coded if c is not None and _names_population(c)]
        criteria = [part.value for part in logic if part is not None]
        if codes and criteria:
            said = {part.text("url"): extension_value(part)[1] for part in parts}
            value = {"code": codes[0].value, "criteria": criteria[0]}
            named = {name: said[name] for name in ("id", "description") if name in said}
            found.append(Element(value | named, extension.path))
    return found


def _names_population(concept: Element) -> bool:
    return any(part.system in v.HL7_POPULATION_SYSTEMS for part in codings(concept))


def _read_population(holder: Element, scoring: str) -> Population:
    concept = holder.child("code")
    code = population_code(concept)
    label = concept_label(concept)
    if not code and scoring == "cohort" and label.lower() == "cohort":
        code = v.INITIAL_POPULATION
    if not code and not label:
        raise refusal(holder.path, "This population has no code, so its part is not known.")
    return Population(
        place=holder.path,
        id=holder.text("id"),
        link_id=link_of(holder),
        code=code,
        concept=concept_document(concept),
        label=label,
        description=holder.text("description"),
        criteria=read_criteria(holder),
        refers_to=_reference(holder),
        method=_method(holder),
    )


def _reference(holder: Element) -> str:
    if isinstance(holder.value.get("criteriaReference"), str):
        return holder.text("criteriaReference")
    return extension_text(holder, v.CRITERIA_REFERENCE_NAMES)


def _method(holder: Element) -> str:
    direct = holder.child("aggregateMethod")
    found = _code_or_label(direct) if direct else extension_text(holder, v.METHOD_NAMES)
    return found.lower()


def _code_or_label(concept: Element) -> str:
    known = [part.text("code") for part in concept.children("coding") if part.text("code")]
    return known[0] if known else concept_label(concept)


def _check_populations(group: Element, scoring: str, found: Sequence[Population]) -> None:
    counts = Counter(part.code for part in found if part.code)
    spoken = scoring.replace("-", " ")
    for part in found:
        if part.code and part.code not in v.ALLOWED_POPULATIONS[scoring]:
            raise refusal(
                part.place,
                f"A {spoken} measure has no {part.code.replace('-', ' ')} in HL7's rules.",
            )
    for code in v.REQUIRED_POPULATIONS[scoring]:
        if not counts[code]:
            raise refusal(group.path, f"A {spoken} measure needs a {code.replace('-', ' ')}.")
    for code, count in counts.items():
        if count > _most(scoring, code):
            raise refusal(
                group.path,
                f"There are {count} populations {quoted(code)}; how they are combined cannot be "
                f"represented.",
            )


def _most(scoring: str, code: str) -> int:
    """Only a ratio has two initial populations or observations: above and below the line."""
    pairs = (v.INITIAL_POPULATION, v.MEASURE_OBSERVATION)
    return 2 if scoring == "ratio" and code in pairs else 1
