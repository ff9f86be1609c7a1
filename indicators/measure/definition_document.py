"""The document a definition comes as: its fields and their types, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from indicators.measure.columns import Column, ColumnError, ColumnType

REQUIRED = ("slug", "title", "scoring", "improvement", "unit", "columns")
GOVERNANCE = (
    *("catalogue_id", "service_line", "domain", "author", "checker", "checked_on", "next_review"),
    *("standard", "standard_version", "standard_status", "data_grain"),
)
BENCHMARK = ("value", "unit", "statistic", "period", "source", "status")
FOREIGN = ("language", "place", "name", "expression")
LARGEST_MULTIPLIER = 1_000_000_000
MOST_COLUMNS = 500
MOST_DECK_CASES = 1_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a definition.

    Attributes:
        place: the field, such as `numerator` or `columns[2]`.
        message: what is wrong and what was expected.
        position: the character inside a criterion, from 1; None elsewhere.
    """

    place: str
    message: str
    position: int | None = None


class DefinitionError(ValueError):
    """A definition that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems beside their words, so that a form can show each in its place."""
        super().__init__("\n".join(f"{problem.place}: {problem.message}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Foreign:
    """Logic of an imported measure in a language that is not executable here: kept and shown."""

    language: str
    place: str
    name: str
    expression: str


@dataclass(frozen=True, slots=True)
class DeckCase:
    """An example case of the test deck, and where it must be placed.

    Attributes:
        name: what the example shows.
        case: values as text in the spelling of their types, None where missing.
        expected: the placement, in small letters.
    """

    name: str
    case: Mapping[str, str | None]
    expected: str


def type_problems(document: Mapping[str, Any], known: tuple[str, ...]) -> list[Problem]:
    """Find unknown, absent and mistyped fields, before any of them is used."""
    problems = [
        *(
            Problem(str(name), f"There is no such field. {known_names(known)}")
            for name in document
            if name not in known
        ),
        *(Problem(name, "This is needed.") for name in REQUIRED if name not in document),
    ]
    for name in known:
        if name in document:
            problems += _CHECKS.get(name, _text_problems)(name, document[name])
    return problems


def _text_problems(name: str, value: object) -> list[Problem]:
    return [] if isinstance(value, str) else [Problem(name, "This field takes text.")]


def _multiplier_problems(name: str, value: object) -> list[Problem]:
    if type(value) is int and 0 < value <= LARGEST_MULTIPLIER:
        return []
    return [Problem(name, "This field takes a whole number such as 100 or 1000, without quotes.")]


def _texts_by(keys: tuple[str, ...]) -> Callable[[str, object], list[Problem]]:
    def problems(name: str, value: object) -> list[Problem]:
        if not isinstance(value, Mapping) or not all(isinstance(v, str) for v in value.values()):
            return [Problem(name, "This field takes a text for each name.")]
        return [
            Problem(f"{name}.{key}", f"There is no such name. {known_names(keys)}")
            for key in value
            if keys and key not in keys
        ]

    return problems


def _column_problems(name: str, value: object) -> list[Problem]:
    if not isinstance(value, list | tuple) or len(value) > MOST_COLUMNS:
        return [Problem(name, f"This field takes a list of up to {MOST_COLUMNS} columns.")]
    return [
        problem
        for place, column in enumerate(value)
        for problem in _one_column_problems(f"{name}[{place}]", column)
    ]


def _one_column_problems(place: str, column: object) -> list[Problem]:
    wanted = "A column takes texts: name and type, and at will label and source."
    if not isinstance(column, Mapping) or not {"name", "type"} <= set(column):
        return [Problem(place, wanted)]
    texts = all(isinstance(v, str) for v in column.values())
    if not texts or not set(column) <= {"name", "type", "label", "source"}:
        return [Problem(place, wanted)]
    try:
        read_columns([cast("Mapping[str, str]", column)])
    except ColumnError as wrong:
        return [Problem(place, str(wrong))]
    return []


def _foreign_problems(name: str, value: object) -> list[Problem]:
    if isinstance(value, list | tuple) and all(
        isinstance(part, Mapping)
        and set(part) == set(FOREIGN)
        and all(isinstance(v, str) for v in part.values())
        for part in value
    ):
        return []
    return [Problem(name, f"This field takes a list of texts: {', '.join(FOREIGN)}.")]


def _deck_problems(name: str, value: object) -> list[Problem]:
    if not isinstance(value, list | tuple) or len(value) > MOST_DECK_CASES:
        return [Problem(name, f"This field takes a list of up to {MOST_DECK_CASES} cases.")]
    return [
        Problem(f"{name}[{place}]", "An example takes name, case (texts or null) and expected.")
        for place, example in enumerate(value)
        if not _is_deck_case(example)
    ]


def _is_deck_case(example: object) -> bool:
    if not isinstance(example, Mapping) or set(example) != {"name", "case", "expected"}:
        return False
    case = example["case"]
    return (
        isinstance(example["name"], str)
        and isinstance(example["expected"], str)
        and isinstance(case, Mapping)
        and all(value is None or isinstance(value, str) for value in case.values())
    )


_CHECKS: Mapping[str, Callable[[str, object], list[Problem]]] = {
    "multiplier": _multiplier_problems,
    "columns": _column_problems,
    "plain": _texts_by(()),
    "governance": _texts_by(GOVERNANCE),
    "benchmark": _texts_by(BENCHMARK),
    "foreign": _foreign_problems,
    "deck": _deck_problems,
}


def read_columns(columns: list[Mapping[str, str]]) -> tuple[Column, ...]:
    """Read columns whose shape was checked.

    Raises:
        ColumnError: a name or type that cannot be used.
    """
    return tuple(
        Column(
            name=column["name"],
            type=_column_type(column["type"]),
            label=column.get("label", ""),
            source=column.get("source", ""),
        )
        for column in columns
    )


def write_columns(columns: tuple[Column, ...]) -> list[dict[str, str]]:
    """Write columns as `read_columns` takes them; a source that is the name is left out."""
    return [
        {"name": column.name, "type": column.type.value, "label": column.label}
        | ({"source": column.source} if column.source else {})
        for column in columns
    ]


def _column_type(text: str) -> ColumnType:
    try:
        return ColumnType(text)
    except ValueError:
        raise ColumnError(f"Choose one of these types: {', '.join(ColumnType)}.") from None


def known_names(known: tuple[str, ...]) -> str:
    """List what could have been meant."""
    return f"Known are: {', '.join(known)}."
