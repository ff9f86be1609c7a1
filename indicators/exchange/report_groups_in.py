"""Groups and strata of a report: counts, the rate they make, the score beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indicators.exchange import vocabulary as v
from indicators.exchange.concepts import (
    attribute,
    codings,
    concept_document,
    concept_label,
    improvement_code,
    link_of,
    scoring_code,
)
from indicators.exchange.counts import CountedPopulation, Counts, add_up, read_counted
from indicators.exchange.errors import quoted
from indicators.exchange.matching import GroupMatch, MeasureFacts
from indicators.exchange.rates import Rate, rate_of
from indicators.exchange.reading import Element, extension_value
from indicators.exchange.scores import agreement, read_score
from indicators.exchange.value_based import value_based_document


@dataclass(frozen=True, slots=True)
class Stated:
    """What a whole report says of all its groups; empty where it says nothing."""

    scoring: str
    improvement: str


def group_document(group: Element, stated: Stated, facts: MeasureFacts) -> dict[str, Any]:
    """Write one group with its strata.

    Args:
        group: of the report.
        stated: what the whole report says.
        facts: the measure, when it is at hand: its group tells the scoring that the report
            leaves out.

    Raises:
        ExchangeError: counts that cannot be.
    """
    concept = group.child("code")
    codes = [part.code for part in codings(concept)] or [concept_label(concept)]
    match = facts.group_for(group, link_of(group), [code for code in codes if code])
    own = scoring_code(attribute(group, "scoring", v.SCORING_NAMES))
    scoring = own or stated.scoring or match.scoring
    improvement = improvement_code(attribute(group, "improvementNotation", v.IMPROVEMENT_NAMES))
    said = ((scoring, match.scoring), (improvement or stated.improvement, match.improvement))
    notes = [
        f"The report says {ours}, the measure says {theirs}."
        for ours, theirs in said
        if ours and theirs and ours != theirs
    ]
    if match.is_missing:
        notes.append("The measure has no such group; its counts are held against no measure.")
    strata = [
        _stratum(stratum, stratifier, scoring, match)
        for stratifier in group.children("stratifier")
        for stratum in stratifier.children("stratum")
    ]
    return {
        "place": group.path,
        "id": group.text("id") or None,
        "link_id": link_of(group) or None,
        "code": concept_document(concept),
        "scoring": scoring or None,
        "improvement_notation": improvement or None,
        "value_based": value_based_document(group),
        **_counted(group, scoring, match, notes, is_group=True),
        "strata": strata,
    }


def _stratum(
    stratum: Element, stratifier: Element, scoring: str, match: GroupMatch
) -> dict[str, Any]:
    """Write one stratum: which part of the group it is, and its counts as for a group."""
    return {
        "place": stratum.path,
        "stratifier": {
            "id": stratifier.text("id") or None,
            "link_id": link_of(stratifier) or None,
            "code": [concept_document(part) for part in stratifier.one_or_more("code")],
        },
        "value": _value(stratum),
        "components": [
            {
                "code": concept_document(part.child("code")),
                "value": _value(part),
            }
            for part in stratum.children("component")
        ],
        **_counted(stratum, scoring, match, []),
    }


def _value(element: Element) -> dict[str, Any] | None:
    """Return the value of a stratum: a concept in R4, one of several types in R5."""
    if isinstance(element.value.get("value"), dict):
        return concept_document(element.child("value"))
    kind, value = extension_value(element)
    if kind == "valueCodeableConcept":
        return concept_document(element.child(kind))
    return {"text": str(value).lower(), "coding": []} if isinstance(value, bool | str) else None


def _counted(
    holder: Element,
    scoring: str,
    match: GroupMatch,
    notes: Sequence[str],
    *,
    is_group: bool = False,
) -> dict[str, Any]:
    """Write the counts, the rate they make, the score beside it and whether they agree."""
    read = read_counted(holder)
    own = {part.id: part.code for part in read if part.id and part.code}
    populations = [_assigned(part, match, own) for part in read]
    counts = add_up(holder.path, populations)
    rate = rate_of(counts, scoring)
    score = read_score(holder)
    lacking = [part.label for part in read if match.lacks(part.code, part.concept)]
    if lacking and is_group:
        notes = [*notes, f"The measure has no such population: {_listed(lacking)}."]
    compared: dict[str, Any] = {"agrees": None, "how": "no_score" if score is None else None}
    if score is not None and rate.value is not None:
        compared = agreement(rate.value, score, match.multiplier)
    elif score is not None:
        compared["how"] = "nothing_to_compare"
    return {
        "populations": [part.document() for part in populations],
        "counts": counts.document(),
        **rate.document(),
        "reported_score": score.document() if score else None,
        "agreement": compared,
        "notes": [
            *notes,
            *rate.notes,
            *_count_notes(populations),
            *_observation_notes(populations, rate, match),
            *_fit_notes(counts),
        ],
    }


def _assigned(
    part: CountedPopulation, match: GroupMatch, own: Mapping[str, str]
) -> CountedPopulation:
    """Say of an observation what it was observed in: by the report, or by the measure."""
    if part.code != v.MEASURE_OBSERVATION:
        return part
    reference = part.refers_to or match.observed_in(part.id, part.link_id)
    return replace(part, refers_to=own.get(reference) or match.named(reference))


def _count_notes(populations: Sequence[CountedPopulation]) -> list[str]:
    notes = []
    if any(part.count is not None and part.count.denominator > 1 for part in populations):
        notes.append("Counts with decimals: FHIR R4 has whole counts; they were read exactly.")
    unknown = [part.label for part in populations if not part.code and part.count is not None]
    if unknown:
        notes.append(f"Kept, with no part in the rate: {_listed(unknown)}.")
    return notes


def _observation_notes(
    populations: Sequence[CountedPopulation], rate: Rate, match: GroupMatch
) -> list[str]:
    """Say why observations are of neither side: no measure, or ids that are not the measure's."""
    if rate.not_scored != "observations_unassigned":
        return []
    if match.document is None:
        note = (
            "The report does not say which observation is of the numerator and which of the "
            "denominator. Give the measure with --measure."
        )
        return [note]
    ours = [
        part.id or part.link_id
        for part in populations
        if part.code == v.MEASURE_OBSERVATION and (part.id or part.link_id)
    ]
    note = (
        f"Which observation is of the numerator and which of the denominator cannot be told: the "
        f"report calls its observations {_listed(ours) or 'nothing'}, and the measure calls its "
        f"own {_listed(match.observation_ids) or 'nothing'}. Use the ids of the measure."
    )
    return [note]


def _listed(labels: Sequence[str]) -> str:
    return ", ".join(quoted(label) for label in labels)


def _fit_notes(counts: Counts) -> list[str]:
    whole, judged = counts.by_code.get(v.INITIAL_POPULATION), counts.of(v.DENOMINATOR)
    if whole is None or judged <= whole:
        return []
    return ["The denominator is above the initial population it is drawn from."]
