"""What the editor asks while a criterion is written: is it right, and how does it read."""

import json
from collections.abc import Mapping
from typing import Any

from indicators.library.carets import caret_at
from indicators.measure.columns import Column, ColumnError
from indicators.measure.criteria import (
    CriteriaError,
    Criterion,
    parse,
    parse_number,
    to_english,
    to_text,
)
from indicators.measure.criteria_tree import TreeError, criterion_from_document, tree_document
from indicators.measure.definition_document import MOST_COLUMNS, read_columns

MOST_CHARACTERS = 200_000
Answer = dict[str, Any]


def read_text(text: str, columns: Mapping[str, Column], *, is_number: bool) -> Answer:
    """Answer for a text: its English and its tree, or what is wrong and where."""
    if not text.strip():
        return {"text": "", "english": "", "tree": None}
    try:
        if is_number:
            value = parse_number(text, columns)
            return {"text": text, "english": to_english(value, columns), "tree": None}
        return _said(parse(text, columns), columns, text)
    except CriteriaError as wrong:
        caret = caret_at(text, wrong.position)
        return _problem(
            wrong.message,
            position=wrong.position,
            excerpt=caret.excerpt,
            pointer=caret.pointer,
        )


def read_tree(given: str, columns: Mapping[str, Column]) -> Answer:
    """Answer for a tree as JSON: its text and its English, or what is wrong and at which term."""
    try:
        criterion = criterion_from_document(_json(given), columns)
    except TreeError as wrong:
        return _problem(wrong.message, position=wrong.position, path=list(wrong.path))
    return _said(criterion, columns, to_text(criterion))


def columns_from_json(given: str) -> dict[str, Column]:
    """Read the columns as the editor holds them; a row that is not finished is left out."""
    rows = _json(given)
    columns: dict[str, Column] = {}
    for row in rows[:MOST_COLUMNS] if isinstance(rows, list) else []:
        column = _column(row)
        if column is not None:
            columns[column.name] = column
    return columns


def _column(row: object) -> Column | None:
    if not isinstance(row, dict) or not all(isinstance(v, str) for v in row.values()):
        return None
    try:
        (column,) = read_columns(
            [{"name": row["name"], "type": row["type"], "label": row.get("label", "")}]
        )
    except (KeyError, ColumnError):
        return None
    return column


def _json(given: str) -> Any:
    """Read JSON of a bounded size; what is none reads as nothing."""
    if len(given) > MOST_CHARACTERS:
        return None
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        return None


def _said(criterion: Criterion, columns: Mapping[str, Column], text: str) -> Answer:
    english = to_english(criterion, columns)
    return {"text": text, "english": english, "tree": tree_document(criterion)}


def _problem(message: str, **place: Any) -> Answer:
    return {"problem": {"message": message, **place}}
