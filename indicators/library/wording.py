"""A definition as a person reads it: each population in words and in criteria."""

from dataclasses import dataclass

from indicators.measure.criteria import parse, to_english
from indicators.measure.definition import CRITERIA, Definition

_WHEN_EMPTY = {"initial_population": "Every case.", "denominator": "All of the initial population."}


@dataclass(frozen=True, slots=True)
class Part:
    """One population: its name, the agreed words, the criterion and the criterion in words."""

    name: str
    words: str
    criterion: str
    in_english: str


def definition_in_words(definition: Definition) -> list[Part]:
    """List the populations that the definition uses, in the order they are asked."""
    parts = []
    for name in CRITERIA:
        text = getattr(definition, name)
        if not text and name not in _WHEN_EMPTY:
            continue
        english = (
            to_english(definition.criteria[name], definition.columns_by_name)
            if text
            else _WHEN_EMPTY[name]
        )
        label = name.replace("_", " ").capitalize()
        parts.append(Part(label, definition.plain.get(name, ""), text, english))
    if definition.observation:
        words = definition.plain.get("observation", "")
        parts.append(Part("Observation", words, definition.observation, definition.observation))
    return parts


def criterion_in_words(text: str, definition: Definition) -> str:
    """Say a criterion over a definition's columns in words; an empty one says nothing."""
    columns = definition.columns_by_name
    return to_english(parse(text, columns), columns) if text else ""
