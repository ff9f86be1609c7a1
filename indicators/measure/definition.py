"""What an indicator is: its populations, its direction, the evidence for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Literal, get_args

from comanage.values.canonical import sha256_of
from indicators.measure.columns import Column
from indicators.measure.criteria import CriteriaError, Criterion, Value, parse, parse_number
from indicators.measure.definition_document import (
    DefinitionError,
    Problem,
    known_names,
    read_columns,
    type_problems,
)

__all__ = ["Definition", "DefinitionError", "Improvement", "ObpClass", "Problem", "Scoring"]

Scoring = Literal["proportion", "mean"]
Improvement = Literal["increase", "decrease"]
ObpClass = Literal["quality", "payor_cost", "internal_saving", "satisfaction", "operational"]

CRITERIA = (
    "initial_population",
    "denominator",
    "denominator_exclusion",
    "numerator",
    "numerator_exclusion",
    "denominator_exception",
)
POPULATIONS = (*CRITERIA, "observation")
NOT_FOR_A_MEAN: tuple[str, ...] = ("numerator", "numerator_exclusion", "denominator_exception")
NOT_FOR_A_PROPORTION: tuple[str, ...] = ("observation",)
LONGEST_SLUG = 80
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Definition:
    """One version of one indicator. Criteria are held as their authors wrote them.

    An empty criterion is not used: an empty initial population is every case, an empty
    denominator is the initial population.

    Source:
        HL7 Quality Measure IG, proportion and continuous-variable measures: names and
        order of the populations.
    """

    slug: str
    title: str
    scoring: Scoring
    improvement: Improvement
    unit: str
    columns: tuple[Column, ...]
    description: str = ""
    initial_population: str = ""
    denominator: str = ""
    denominator_exclusion: str = ""
    numerator: str = ""
    numerator_exclusion: str = ""
    denominator_exception: str = ""
    observation: str = ""
    rationale: str = ""
    evidence: str = ""
    source: str = ""
    limitations: str = ""
    obp_class: ObpClass = "quality"
    plain: Mapping[str, str] = field(default_factory=dict, hash=False)
    criteria: Mapping[str, Criterion] = field(init=False, compare=False, repr=False)
    observed: Value | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Parse the criteria, and refuse a definition that could not be measured.

        Raises:
            DefinitionError: everything that is wrong.
        """
        problems = [*_shape_problems(self), *_column_problems(self.columns)]
        criteria: dict[str, Criterion] = {}
        for name in CRITERIA:
            try:
                if getattr(self, name):
                    criteria[name] = parse(getattr(self, name), self.columns_by_name)
            except CriteriaError as wrong:
                problems.append(Problem(name, str(wrong), wrong.position))
        observed = None
        try:
            if self.observation:
                observed = parse_number(self.observation, self.columns_by_name)
        except CriteriaError as wrong:
            problems.append(Problem("observation", str(wrong), wrong.position))
        if problems:
            raise DefinitionError(tuple(problems))
        object.__setattr__(self, "plain", MappingProxyType(dict(self.plain)))
        object.__setattr__(self, "criteria", MappingProxyType(criteria))
        object.__setattr__(self, "observed", observed)

    @property
    def columns_by_name(self) -> dict[str, Column]:
        """The columns by name, as criteria look them up."""
        return {column.name: column for column in self.columns}

    @property
    def sha256(self) -> str:
        """The hash of the document: equal definitions, equal hashes."""
        return sha256_of(self.to_document())

    def to_document(self) -> dict[str, Any]:
        """Write the definition as plain values, ready for JSON; every field is there."""
        document = {name: getattr(self, name) for name in _FIELDS}
        document["columns"] = [
            {"name": column.name, "type": column.type.value, "label": column.label}
            for column in self.columns
        ]
        document["plain"] = dict(self.plain)
        return document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Definition:
        """Read a definition; fields that are not used may be left out.

        Raises:
            DefinitionError: everything that is wrong, each with its place.
        """
        problems = type_problems(document, _FIELDS)
        if problems:
            raise DefinitionError(tuple(problems))
        return cls(**{**document, "columns": read_columns(document["columns"])})


_FIELDS = tuple(known.name for known in fields(Definition) if known.init)


def _shape_problems(definition: Definition) -> list[Problem]:
    """Check what the fields say, apart from the criteria's own grammar."""
    problems = []
    if not _SLUG.fullmatch(definition.slug) or len(definition.slug) > LONGEST_SLUG:
        problems.append(
            Problem("slug", "Use small letters, digits and single hyphens: readmission-30-day.")
        )
    problems += [
        Problem(name, "This field must not be empty.")
        for name in ("title", "unit")
        if not getattr(definition, name).strip()
    ]
    for name, allowed in _CHOICES.items():
        if getattr(definition, name) not in allowed:
            problems.append(Problem(name, f"Choose one of: {', '.join(allowed)}."))
    problems += [
        Problem(f"plain.{name}", f"There is no such population. {known_names(POPULATIONS)}")
        for name in definition.plain
        if name not in POPULATIONS
    ]
    return problems + _population_problems(definition)


def _population_problems(definition: Definition) -> list[Problem]:
    """Check that the populations fit the way of scoring."""
    if definition.scoring == "mean":
        needed, unfit = "observation", NOT_FOR_A_MEAN
    else:
        needed, unfit = "numerator", NOT_FOR_A_PROPORTION
    problems = [
        Problem(name, f"A {definition.scoring} has no {name.replace('_', ' ')}.")
        for name in unfit
        if getattr(definition, name)
    ]
    if not getattr(definition, needed):
        problems.append(Problem(needed, f"A {definition.scoring} needs this field."))
    return problems


def _column_problems(columns: tuple[Column, ...]) -> list[Problem]:
    """Find column names given twice, also when they differ only in capitals."""
    names = [column.name.lower() for column in columns]
    return [
        Problem(f"columns[{place}]", f"There are two columns “{columns[place].name}”.")
        for place, name in enumerate(names)
        if name in names[:place]
    ]


_CHOICES: Mapping[str, tuple[str, ...]] = {
    "scoring": get_args(Scoring),
    "improvement": get_args(Improvement),
    "obp_class": get_args(ObpClass),
}
