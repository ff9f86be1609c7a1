"""A FHIR Measure as documents: what it says, its logic kept, a draft for each of its groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from indicators.exchange import vocabulary as v
from indicators.exchange.concepts import (
    attribute,
    codings,
    concept_document,
    concept_label,
    extension_text,
    improvement_code,
    link_of,
    scoring_code,
)
from indicators.exchange.days import period_document
from indicators.exchange.drafts import GroupFacts, draft_document, measure_title
from indicators.exchange.errors import ExchangeError, quoted, refusal
from indicators.exchange.libraries_in import libraries_of, library_document, logic_definitions
from indicators.exchange.our_measures import check_same, own_definition
from indicators.exchange.populations_in import read_criteria, read_populations
from indicators.exchange.reading import Element, names_of, walk
from indicators.exchange.units import multiplier_of
from indicators.measure.definition import Definition

USED = frozenset(
    {
        *("resourceType", "id", "meta", "text", "language", "implicitRules", "contained"),
        *("extension", "url", "identifier", "version", "name", "title", "subtitle", "status"),
        *("experimental", "subjectCodeableConcept", "subjectReference", "date", "publisher"),
        *("description", "purpose", "effectivePeriod", "relatedArtifact", "library", "scoring"),
        *("compositeScoring", "type", "riskAdjustment", "rateAggregation", "rationale", "basis"),
        *("clinicalRecommendationStatement", "improvementNotation", "guidance", "group"),
        "scoringUnit",
        *("supplementalData", "usage", "copyright", "disclaimer"),
    }
)
WORDS = (
    *("id", "url", "version", "name", "title", "subtitle", "status", "date", "publisher"),
    *("description", "purpose", "usage", "copyright", "disclaimer", "rationale", "guidance"),
    *("clinicalRecommendationStatement", "riskAdjustment", "rateAggregation"),
)


def measure_document(measure: Element, beside: Sequence[Element] = ()) -> dict[str, Any]:
    """Import one Measure.

    Args:
        measure: the resource.
        beside: libraries of the same file.

    Returns:
        What the measure says; under `groups` its groups, each with its populations and with
        `definition`, the draft, and `to_complete`, what the measure leaves open.

    Raises:
        ExchangeError: it cannot be represented; the sentence names the measure.
    """
    try:
        return _document(measure, beside)
    except ExchangeError as wrong:
        raise ExchangeError(
            f"The measure {quoted(measure_title(measure))} is not imported. {wrong}"
        ) from wrong


def _document(measure: Element, beside: Sequence[Element]) -> dict[str, Any]:
    _check_not_composite(measure)
    groups = measure.children("group")
    if not groups:
        raise refusal(measure.path, "It has no group, so it has no populations to measure.")
    libraries = libraries_of(measure, beside)
    statements = _statements(libraries)
    own = own_definition(libraries)
    written = [
        _group(measure, group, number if len(groups) > 1 else 0, statements, own)
        for number, group in enumerate(groups, start=1)
    ]
    if own is not None:
        check_same(own, written)
    return {
        "place": measure.path,
        **{_snake(name): measure.text(name) or None for name in WORDS},
        "experimental": measure.flag("experimental"),
        "identifiers": _identifiers(measure),
        "effective_period": period_document(measure.child("effectivePeriod")),
        "subject": concept_label(measure.child("subjectCodeableConcept")) or None,
        "scoring": scoring_code(attribute(measure, "scoring", v.SCORING_NAMES)) or None,
        "improvement_notation": _improvement(measure, measure) or None,
        "improvement_in_words": concept_label(measure.child("improvementNotation")) or None,
        "population_basis": _basis(measure) or None,
        "types": [concept_label(part) for part in measure.children("type")],
        "library": measure.texts("library"),
        "libraries": [library_document(part) for part in libraries],
        "related_artifacts": [_artifact(part) for part in measure.children("relatedArtifact")],
        "supplemental_data": [_supplement(part) for part in measure.children("supplementalData")],
        "executable_here": own is not None,
        "groups": written,
        "not_used": _not_used(measure),
        "notes": _notes(measure, is_ours=own is not None),
    }


def _group(
    measure: Element,
    group: Element,
    number: int,
    statements: Mapping[str, str],
    own: Definition | None,
) -> dict[str, Any]:
    scoring = _scoring(measure, group)
    populations = read_populations(group, scoring)
    code = group.child("code")
    label = concept_label(code) or group.text("description") or group.text("id")
    facts = GroupFacts(
        scoring=scoring,
        improvement=_improvement(measure, group),
        units=_units(measure, group),
        label=(label.splitlines()[0] if label else f"group {number}") if number else "",
        number=number,
        statements=statements,
    )
    missing: list[str] = []
    if own is not None:
        draft = own.to_document()
    else:
        draft, missing = draft_document(measure, facts, populations)
    return {
        "place": group.path,
        "id": group.text("id") or None,
        "link_id": link_of(group) or None,
        "code": concept_document(code),
        "description": group.text("description") or None,
        "scoring": scoring,
        "improvement_notation": facts.improvement or None,
        "population_basis": _basis(group) or _basis(measure) or None,
        "rate_aggregation": extension_text(group, v.AGGREGATION_NAMES) or None,
        "risk_adjustment": extension_text(group, v.ADJUSTMENT_NAMES) or None,
        "scoring_unit": facts.unit or None,
        "score_multiplier": _score_multiplier(facts.units, own),
        "populations": [part.document() for part in populations],
        "stratifiers": [_stratifier(part) for part in group.children("stratifier")],
        "other_logic": _other_logic(group),
        "definition": draft,
        "to_complete": missing,
    }


def _check_not_composite(measure: Element) -> None:
    made_of = [
        part
        for part in measure.children("relatedArtifact")
        if part.text("type") == "composed-of" and "Measure/" in part.text("resource")
    ]
    scored = attribute(measure, "scoring", v.SCORING_NAMES)
    how = attribute(measure, "compositeScoring", v.COMPOSITE_NAMES)
    if how is None and scoring_code(scored) != "composite" and not made_of:
        return
    by = f" by {quoted(scoring_code(how))}" if how else ""
    raise refusal(
        measure.path,
        f"It is a composite of {len(made_of) or 'other'} measures, put together{by}, which cannot "
        f"be represented as one indicator. Import its component measures instead.",
    )


def _scoring(measure: Element, group: Element) -> str:
    """Return the way of scoring of a group: its own, or the measure's."""
    own = attribute(group, "scoring", v.SCORING_NAMES)
    code = scoring_code(own) or scoring_code(attribute(measure, "scoring", v.SCORING_NAMES))
    if not code:
        raise refusal(group.path, "Neither the group nor the measure says how it is scored.")
    if code not in v.REQUIRED_POPULATIONS:
        raise refusal(
            group.path,
            f"The scoring {quoted(code)} cannot be represented; proportion, ratio, "
            f"continuous-variable and cohort can.",
        )
    return code


def _improvement(measure: Element, group: Element) -> str:
    own = attribute(group, "improvementNotation", v.IMPROVEMENT_NAMES)
    return improvement_code(own) or improvement_code(
        attribute(measure, "improvementNotation", v.IMPROVEMENT_NAMES)
    )


def _units(measure: Element, group: Element) -> list[str]:
    """List how the unit is written, of the group or else the measure: words, displays, codes."""
    for holder in (group, measure):
        concept = attribute(holder, "scoringUnit", v.UNIT_NAMES)
        if concept is not None:
            coded = codings(concept)
            said = [concept_label(concept), *(c.display for c in coded), *(c.code for c in coded)]
            return [text for text in dict.fromkeys(said) if text]
    return []


def _score_multiplier(units: Sequence[str], own: Definition | None) -> int | None:
    """Return what scores of this group are multiplied by; ours go out as plain rates."""
    return None if own is not None else multiplier_of(units)


def _basis(element: Element) -> str:
    return element.text("basis") or extension_text(element, v.BASIS_NAMES)


def _statements(libraries: Sequence[Element]) -> dict[str, str]:
    """Gather the words of named definitions; of a name said twice the last is the measure's."""
    return {
        part["name"]: part["statement"]
        for library in libraries
        for part in logic_definitions(library)
        if part["name"] and part["statement"]
    }


def _stratifier(stratifier: Element) -> dict[str, Any]:
    criteria = read_criteria(stratifier)
    return {
        "id": stratifier.text("id") or None,
        "link_id": link_of(stratifier) or None,
        "code": concept_document(stratifier.child("code")),
        "description": stratifier.text("description") or None,
        "criteria": criteria.document() if criteria else None,
        "components": [_stratifier(part) for part in stratifier.children("component")],
    }


def _supplement(datum: Element) -> dict[str, Any]:
    criteria = read_criteria(datum)
    return {
        "id": datum.text("id") or None,
        "code": concept_document(datum.child("code")),
        "usage": [concept_label(part) for part in datum.children("usage")],
        "description": datum.text("description") or None,
        "criteria": criteria.document() if criteria else None,
    }


def _artifact(artifact: Element) -> dict[str, Any]:
    said = {
        name: artifact.text(name)
        for name in ("type", "label", "display", "citation", "url", "resource")
    }
    return {name: value for name, value in said.items() if value}


def _identifiers(measure: Element) -> list[dict[str, str]]:
    return [
        {name: part.text(name) for name in ("use", "system", "value") if part.text(name)}
        for part in measure.children("identifier")
    ]


def _other_logic(group: Element) -> list[dict[str, str]]:
    """Keep expressions in extensions of a group and its populations: supporting evidence and so."""
    return [
        {
            "place": path,
            "language": str(value["valueExpression"].get("language", "")),
            "expression": str(value["valueExpression"].get("expression", "")),
        }
        for path, value in walk(group.value, group.path)
        if isinstance(value.get("valueExpression"), dict)
    ]


def _not_used(measure: Element) -> list[str]:
    """Name what was in the measure and is neither used nor kept."""
    known = {
        *v.SCORING_NAMES,
        *v.IMPROVEMENT_NAMES,
        *v.BASIS_NAMES,
        *v.UNIT_NAMES,
        *v.AGGREGATION_NAMES,
        *v.ADJUSTMENT_NAMES,
        *v.LINK_NAMES,
    }
    plain = [name for name in measure.value if name not in USED and not name.startswith("_")]
    extensions = {
        f"extension {part.text('url')}"
        for part in measure.children("extension")
        if not names_of(part.text("url")) & known
    }
    inside = {
        f"contained {part.text('resourceType')}"
        for part in measure.children("contained")
        if part.text("resourceType") != "Library"
    }
    of_groups = {
        f"group.extension {part.text('url')}"
        for group in measure.children("group")
        for part in group.children("extension")
        if not names_of(part.text("url")) & known and not part.children("extension")
    }
    return [*sorted(plain), *sorted(inside), *sorted(extensions), *sorted(of_groups)]


def _notes(measure: Element, *, is_ours: bool) -> list[str]:
    notes = []
    if not is_ours:
        notes.append(
            "The logic of this measure is kept and shown; it is not executable here. To compute "
            "it, write its populations as criteria over your columns."
        )
    if measure.text("status") in ("retired", "draft"):
        notes.append(f"Its publisher marks the measure as {measure.text('status')}.")
    return notes


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
