"""Codes of a file: codings read with their system, and what they mean for us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indicators.exchange import vocabulary as v
from indicators.exchange.errors import quoted, refusal
from indicators.exchange.reading import Element, extension_value


@dataclass(frozen=True, slots=True)
class Coding:
    """One code of a code system."""

    system: str
    code: str
    display: str


def codings(concept: Element | None) -> list[Coding]:
    """List the codings of a CodeableConcept; empty when it is absent."""
    if concept is None:
        return []
    return [
        Coding(part.text("system"), part.text("code"), part.text("display"))
        for part in concept.children("coding")
    ]


def concept_document(concept: Element | None) -> dict[str, Any] | None:
    """Write a CodeableConcept as it is kept: its codes, and its words when it has some."""
    if concept is None:
        return None
    kept = [{name: value for name, value in _named(coding) if value} for coding in codings(concept)]
    return ({"text": concept.text("text")} if concept.text("text") else {}) | {"coding": kept}


def concept_label(concept: Element | None) -> str:
    """Return the words of a concept: its text, its first display or its first code."""
    if concept is None:
        return ""
    shown = [part.display or part.code for part in codings(concept)]
    return concept.text("text") or (shown[0] if shown else "")


def population_code(concept: Element | None) -> str:
    """Return HL7's code for a population, or empty text when it has another one, or none.

    Raises:
        ExchangeError: a code of HL7's own system that is not known: it would change the
            result in a way that we do not know; or codes of two populations in one concept.
    """
    known = list(dict.fromkeys(filter(None, (_known_code(part) for part in codings(concept)))))
    for coding in codings(concept):
        if concept is not None and not _known_code(coding) and _claims_hl7(coding, known):
            raise refusal(
                concept.path,
                f"The population {quoted(coding.code)} is not known, so that its part in the "
                f"result is not known.",
            )
    if len(known) > 1 and concept is not None:
        raise refusal(
            concept.path,
            f"One population has the codes of {len(known)}: {', '.join(map(quoted, known))}. Keep "
            f"the one that it is.",
        )
    if known:
        return known[0]
    spoken = concept.text("text").lower().replace(" ", "-") if concept else ""
    spoken = v.PLURALS.get(spoken, spoken)
    return spoken if spoken in v.POPULATION_CODES and not codings(concept) else ""


def scoring_code(concept: Element | None) -> str:
    """Return the code of a way of scoring, or empty text when it is absent."""
    found = codings(concept)
    for coding in found:
        if not coding.system or coding.system in v.HL7_SCORING_SYSTEMS:
            return coding.code
    if found:
        return found[0].code
    return concept.text("text").lower().replace(" ", "-") if concept else ""


def improvement_code(concept: Element | None) -> str:
    """Return `increase` or `decrease`, or empty text when neither is coded."""
    known = [c.code for c in codings(concept) if c.code in ("increase", "decrease")]
    return known[0] if known else ""


def attribute(element: Element, name: str, extension_names: tuple[str, ...]) -> Element | None:
    """Find a concept written as an element, as an extension, or inside a group's attributes."""
    if element.child(name) is not None:
        return element.child(name)
    nested = [
        part
        for holder in element.extensions(*v.NESTED_ATTRIBUTES)
        for part in holder.extensions(name)
    ]
    for extension in [*element.extensions(*extension_names), *nested]:
        if (concept := extension.child("valueCodeableConcept")) is not None:
            return concept
        kind, value = extension_value(extension)
        if isinstance(value, str):
            return Element({"coding": [{"code": value}]}, extension.at(kind))
    return None


def extension_text(element: Element, names: tuple[str, ...]) -> str:
    """Return what an extension says as a text or a code; empty when there is none."""
    for extension in element.extensions(*names):
        _, value = extension_value(extension)
        if isinstance(value, str):
            return value.strip()
        if (concept := extension.child("valueCodeableConcept")) is not None:
            return concept_label(concept)
    return ""


def link_of(element: Element) -> str:
    """Return the link id of a group or population: an element of R5, an extension in R4."""
    return element.text("linkId") or extension_text(element, v.LINK_NAMES)


def _known_code(coding: Coding) -> str:
    code = v.PLURALS.get(coding.code, coding.code)
    if (not coding.system or coding.system in v.HL7_POPULATION_SYSTEMS) and (
        code in v.POPULATION_CODES
    ):
        return code
    is_calculated = coding.system == v.VBPR_POPULATION_SYSTEM and code in v.CALCULATED_CODES
    return code if is_calculated else ""


def _claims_hl7(coding: Coding, known: Sequence[str]) -> bool:
    """Whether a code is meant as HL7's: by its system, or because no other one is."""
    return coding.system in v.HL7_POPULATION_SYSTEMS or not (coding.system or known)


def _named(coding: Coding) -> tuple[tuple[str, str], ...]:
    return (("system", coding.system), ("code", coding.code), ("display", coding.display))
