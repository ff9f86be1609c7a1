"""The document a definition comes as: its fields and their types, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from indicators.measure.columns import Column, ColumnError, ColumnType

REQUIRED = ("slug", "title", "scoring", "improvement", "unit", "columns")
_COLUMN_KEYS = {"name", "type", "label"}


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


def type_problems(document: Mapping[str, Any], known: tuple[str, ...]) -> list[Problem]:
    """Find unknown, absent and mistyped fields, before any of them is used."""
    problems = [
        *(
            Problem(str(name), f"There is no such field. {known_names(known)}")
            for name in document
            if name not in known
        ),
        *(Problem(name, "This field is required.") for name in REQUIRED if name not in document),
        *(
            Problem(name, "This field takes text.")
            for name in known
            if name not in ("columns", "plain") and not isinstance(document.get(name, ""), str)
        ),
    ]
    plain = document.get("plain", {})
    if not isinstance(plain, Mapping) or not all(isinstance(v, str) for v in plain.values()):
        problems.append(Problem("plain", "This field takes a text for each population."))
    columns = document.get("columns", [])
    if not isinstance(columns, list | tuple):
        return [*problems, Problem("columns", "This field takes a list of columns.")]
    for place, column in enumerate(columns):
        problems += _one_column_problems(f"columns[{place}]", column)
    return problems


def _one_column_problems(place: str, column: object) -> list[Problem]:
    is_mapping = isinstance(column, Mapping) and set(column) == _COLUMN_KEYS
    if not is_mapping or not all(isinstance(v, str) for v in cast("Any", column).values()):
        return [Problem(place, "A column takes three texts: name, type and label.")]
    try:
        read_columns([cast("Mapping[str, str]", column)])
    except ColumnError as wrong:
        return [Problem(place, str(wrong))]
    return []


def read_columns(columns: list[Mapping[str, str]]) -> tuple[Column, ...]:
    """Read columns whose shape was checked.

    Raises:
        ColumnError: a name or type that cannot be used.
    """
    return tuple(
        Column(column["name"], _column_type(column["type"]), column["label"]) for column in columns
    )


def _column_type(text: str) -> ColumnType:
    try:
        return ColumnType(text)
    except ValueError:
        raise ColumnError(f"Choose one of these types: {', '.join(ColumnType)}.") from None


def known_names(known: tuple[str, ...]) -> str:
    """List what could have been meant."""
    return f"Known are: {', '.join(known)}."
