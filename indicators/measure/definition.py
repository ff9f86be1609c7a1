"""What an indicator is: its populations, how it is scored, the evidence for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal

from comanage.values.canonical import sha256_of
from comanage.values.rounding import fraction_from_text
from indicators.measure.columns import Column
from indicators.measure.criteria import CriteriaError, Criterion, Value, parse, parse_number
from indicators.measure.definition_document import (
    DeckCase,
    DefinitionError,
    Foreign,
    Problem,
    read_columns,
    type_problems,
    write_columns,
)
from indicators.measure.definition_rules import shape_problems
from indicators.measure.populations import CRITERIA, NUMBERS
from indicators.measure.scoring import (
    Data,
    NumeratorFrom,
    PercentileMethod,
    Scoring,
    default_multiplier,
    fields_of,
)

__all__ = ["Definition", "DefinitionError", "Improvement", "ObpClass", "Problem", "Scoring", "Use"]

Improvement = Literal["increase", "decrease"]
ObpClass = Literal["quality", "payor_cost", "internal_saving", "satisfaction", "operational"]
Use = Literal["incentive", "monitor_only"]
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Definition:
    """One version of one indicator. Criteria are held as their authors wrote them.

    An empty criterion is not used: an empty initial population is every case, an empty
    denominator is the initial population. `definition.schema.json` beside this file says
    the same of the document.

    Source:
        HL7 Quality Measure IG: names and order of the populations, by way of scoring.
    """

    slug: str
    title: str
    scoring: Scoring
    improvement: Improvement
    unit: str
    columns: tuple[Column, ...]
    description: str = ""
    data: Data = "cases"
    initial_population: str = ""
    denominator: str = ""
    denominator_exclusion: str = ""
    numerator: str = ""
    numerator_exclusion: str = ""
    denominator_exception: str = ""
    observation: str = ""
    numerator_observation: str = ""
    denominator_observation: str = ""
    expected: str = ""
    expected_rate: str = ""
    numerator_from: NumeratorFrom = "denominator"
    percentile: str = ""
    percentile_method: PercentileMethod = "linear"
    evidence_column: str = ""
    multiplier: int | None = None
    rationale: str = ""
    evidence: str = ""
    source: str = ""
    limitations: str = ""
    obp_class: ObpClass = "quality"
    use: Use = "incentive"
    safeguard: str = ""
    plain: Mapping[str, str] = field(default_factory=dict, hash=False)
    governance: Mapping[str, str] = field(default_factory=dict, hash=False)
    benchmark: Mapping[str, str] = field(default_factory=dict, hash=False)
    foreign: tuple[Foreign, ...] = ()
    deck: tuple[DeckCase, ...] = field(default=(), hash=False)
    criteria: Mapping[str, Criterion] = field(init=False, compare=False, repr=False)
    numbers: Mapping[str, Value] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Parse the criteria, and refuse a definition that could not be measured.

        Raises:
            DefinitionError: everything that is wrong.
        """
        problems = list(shape_problems(self))
        criteria = self._parsed(CRITERIA, parse, problems)
        numbers = self._parsed(NUMBERS, parse_number, problems)
        if problems:
            raise DefinitionError(tuple(problems))
        for name in ("plain", "governance", "benchmark"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        object.__setattr__(self, "criteria", MappingProxyType(criteria))
        object.__setattr__(self, "numbers", MappingProxyType(numbers))

    def _parsed(self, names: tuple[str, ...], read: Any, problems: list[Problem]) -> dict[str, Any]:
        columns, parsed = self.columns_by_name, {}
        for name in names:
            try:
                if text := getattr(self, name):
                    parsed[name] = read(text, columns)
            except CriteriaError as wrong:
                problems.append(Problem(name, str(wrong), wrong.position))
        return parsed

    @property
    def columns_by_name(self) -> dict[str, Column]:
        """The columns by name, as criteria look them up."""
        return {column.name: column for column in self.columns}

    @property
    def is_executable(self) -> bool:
        """Whether every field that the scoring needs is there; imported logic may leave a gap."""
        known = fields_of(self.scoring, self.data)
        return all(getattr(self, name) for name in known.needed) and all(
            any(getattr(self, name) for name in group) for group in known.either
        )

    @property
    def printed_multiplier(self) -> int:
        """What a rate is multiplied by in print: 100 for percent, 1,000 for so many per 1,000."""
        return self.multiplier or default_multiplier(self.scoring)

    @property
    def percentile_share(self) -> Fraction:
        """The share of values that lie at or below the result: 1/2 for a median."""
        return fraction_from_text(self.percentile) if self.percentile else HALF

    @property
    def published_rate(self) -> Fraction | None:
        """The rate that expected events are computed from; None when a column holds them."""
        return fraction_from_text(self.expected_rate) if self.expected_rate else None

    @property
    def sha256(self) -> str:
        """The hash of the document: equal definitions, equal hashes."""
        return sha256_of(self.to_document())

    def to_document(self) -> dict[str, Any]:
        """Write the definition as plain values, ready for JSON; unused fields are left out."""
        written = {name: getattr(self, name) for name in _DEFAULTS}
        used = {
            name: value
            for name, value in written.items()
            if value != _DEFAULTS[name] or name in _ALWAYS
        }
        used["columns"] = write_columns(self.columns)
        for name in {"plain", "governance", "benchmark"} & used.keys():
            used[name] = dict(used[name])
        for name in {"foreign", "deck"} & used.keys():
            used[name] = [_as_document(part) for part in used[name]]
        return used

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Definition:
        """Read a definition; fields that are not used may be left out.

        Raises:
            DefinitionError: everything that is wrong, each with its place.
        """
        problems = type_problems(document, tuple(_DEFAULTS))
        if problems:
            raise DefinitionError(tuple(problems))
        given: dict[str, Any] = {**document, "columns": read_columns(document["columns"])}
        given["foreign"] = tuple(Foreign(**part) for part in document.get("foreign", ()))
        given["deck"] = tuple(DeckCase(**example) for example in document.get("deck", ()))
        return cls(**given)


_DEFAULTS: Mapping[str, Any] = {
    known.name: {} if known.name in ("plain", "governance", "benchmark") else known.default
    for known in fields(Definition)
    if known.init
}
_ALWAYS = frozenset({"data", "obp_class", "use"})


def _as_document(part: Foreign | DeckCase) -> dict[str, Any]:
    named = {known.name: getattr(part, known.name) for known in fields(part)}
    return named | {"case": dict(part.case)} if isinstance(part, DeckCase) else named
