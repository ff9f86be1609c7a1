"""From a group of a Measure to the draft of a definition: what is said, nothing invented."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indicators.exchange import vocabulary as v
from indicators.exchange.errors import quoted, refusal
from indicators.exchange.populations_in import Criteria, Population
from indicators.exchange.reading import Element
from indicators.exchange.units import PERCENT, is_open, multiplier_of
from indicators.measure.scoring import default_multiplier

LONGEST_SLUG = 80
CQL_NAMES = ("text/cql-identifier", "text/cql.identifier", "text/cql")
_UNITS = {"proportion": "percent", "ratio": "ratio", "count": "cases"}


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What a draft is made of, beside the populations.

    Attributes:
        label: what tells this group from its sisters; empty for an only group.
        statements: the words of named definitions, by their name.
        units: the unit as text, display and code, whichever are there.
    """

    scoring: str
    improvement: str
    units: Sequence[str]
    label: str
    number: int
    statements: Mapping[str, str]

    @property
    def unit(self) -> str:
        """The unit in words, else its code; empty when nobody says it."""
        return self.units[0] if self.units else ""


def draft_document(
    measure: Element, facts: GroupFacts, populations: Sequence[Population]
) -> tuple[dict[str, Any], list[str]]:
    """Write the draft of a definition, and the required fields that the measure does not say.

    Raises:
        ExchangeError: the group cannot be represented.
    """
    scoring, extra = _scoring(facts.scoring, populations)
    unit = facts.unit or _UNITS.get(scoring, "")
    multiplier, is_open = _multiplier(facts, scoring)
    draft: dict[str, Any] = {
        "slug": slug_of(measure, facts.number),
        "title": ": ".join(filter(None, (measure_title(measure), facts.label))),
        "scoring": scoring,
        "improvement": facts.improvement,
        "unit": unit,
        "multiplier": multiplier,
        "columns": [],
        "description": measure.text("description"),
        "rationale": measure.text("rationale"),
        "source": _source(measure),
        **extra,
        "plain": _plain(facts.scoring, populations),
        "governance": _governance(measure),
        "foreign": foreign_logic(facts, populations),
    }
    missing = [name for name in ("improvement", "unit") if not draft[name]]
    missing += ["multiplier"] * is_open
    return {name: value for name, value in draft.items() if value or name == "columns"}, missing


def measure_title(measure: Element) -> str:
    """Return what a measure is called: its title, name, id or address."""
    said = (measure.text(name) for name in ("title", "name", "id", "url"))
    return next(filter(None, said), "Measure without a name")


def slug_of(measure: Element, number: int) -> str:
    """Make a slug of a measure's name; the second group of several gets `-group-2`."""
    name = measure.text("name") or measure.text("id") or measure_title(measure)
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name)
    slug = re.sub(r"[^a-z0-9]+", "-", spaced.lower()).strip("-") or "measure"
    ending = f"-group-{number}" if number else ""
    return slug[: LONGEST_SLUG - len(ending)].strip("-") + ending


def field_of(scoring: str, population: Population, populations: Sequence[Population]) -> str:
    """Name the field of a definition that a population fills."""
    if scoring == "ratio" and population.code == v.MEASURE_OBSERVATION:
        return f"{_observed_in(population, populations)}_observation"
    return v.FIELD_OF.get(population.code, "")


def foreign_logic(facts: GroupFacts, populations: Sequence[Population]) -> list[dict[str, str]]:
    """List the logic as it was sent, and beside a name the words it stands for, when there."""
    found = []
    for population in populations:
        place = field_of(facts.scoring, population, populations) or population.label
        if population.criteria is None:
            found.append(_entry("", place, population.label, ""))
        elif not population.criteria.is_ours:
            found += _entries(place, population.criteria, facts.statements)
    return found


def _entries(place: str, criteria: Criteria, statements: Mapping[str, str]) -> list[dict[str, str]]:
    said = criteria.expression or criteria.reference
    title = criteria.name or (said.splitlines()[0][:LONGEST_SLUG] if said else "")
    entries = [_entry(criteria.language, place, title, said)]
    defined = criteria.expression.rsplit(".", 1)[-1].strip('"')
    words = statements.get(criteria.expression) or statements.get(defined)
    if criteria.language in CQL_NAMES and words:
        entries.append(_entry("text/cql", place, defined, words))
    return entries


def _entry(language: str, place: str, name: str, expression: str) -> dict[str, str]:
    return {"language": language, "place": place, "name": name, "expression": expression}


def _scoring(scoring: str, populations: Sequence[Population]) -> tuple[str, dict[str, Any]]:
    """Name our way of scoring, with the fields that belong to it."""
    if scoring == "cohort":
        return "count", {}
    if scoring == "ratio":
        observed = [p for p in populations if p.code == v.MEASURE_OBSERVATION]
        for population in observed:
            _check_summed(population)
            _observed_in(population, populations)
        return "ratio", {"numerator_from": "initial_population"}
    if scoring == "continuous-variable":
        observation = next(p for p in populations if p.code == v.MEASURE_OBSERVATION)
        return _method_of(observation), {}
    return "proportion", {}


def _method_of(observation: Population) -> str:
    if observation.method in v.SCORING_OF_METHOD:
        return v.SCORING_OF_METHOD[observation.method]
    if not observation.method:
        raise refusal(
            observation.place,
            "The observation does not say how its values are put together (aggregateMethod), "
            "such as by their median or mean.",
        )
    raise refusal(
        observation.place,
        f"Values put together by {quoted(observation.method)} cannot be represented; sum, "
        f"average, median and count can.",
    )


def _check_summed(observation: Population) -> None:
    """A ratio divides sums of observations, or counts of them."""
    if observation.method not in ("", "sum", "count"):
        raise refusal(
            observation.place,
            f"A ratio of values put together by {quoted(observation.method)} cannot be "
            f"represented; a ratio of sums can.",
        )


def _observed_in(observation: Population, populations: Sequence[Population]) -> str:
    for population in populations:
        if population.code in (v.NUMERATOR, v.DENOMINATOR) and population.is_named(
            observation.refers_to
        ):
            return population.code
    if observation.refers_to in (v.NUMERATOR, v.DENOMINATOR):
        return observation.refers_to
    raise refusal(
        observation.place,
        "The observation does not say whether it is of the numerator or of the denominator "
        "(criteriaReference).",
    )


def _multiplier(facts: GroupFacts, scoring: str) -> tuple[int | None, bool]:
    """Return what the unit multiplies the rate by, and whether a person has to say it.

    Only a quotient is multiplied: a mean in mg per 100 mL is in that unit already.
    """
    if is_open(facts.units, scoring):
        return None, True
    stated = multiplier_of(facts.units)
    if scoring in ("proportion", "ratio"):
        return (None if stated == default_multiplier(scoring) else stated), False
    return None, stated not in (None, PERCENT)


def _plain(scoring: str, populations: Sequence[Population]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for population in populations:
        field = field_of(scoring, population, populations)
        if field and population.description:
            found.setdefault(field, []).append(population.description)
    return {field: "\n".join(words) for field, words in found.items()}


def _governance(measure: Element) -> dict[str, str]:
    said = {
        "author": measure.text("publisher"),
        "standard": measure.text("url"),
        "standard_version": measure.text("version"),
        "standard_status": "unverified",
    }
    return {name: value for name, value in said.items() if value}


def _source(measure: Element) -> str:
    address = "|".join(filter(None, (measure.text("url"), measure.text("version"))))
    return f"FHIR Measure {address}" if address else "FHIR Measure without an address"
