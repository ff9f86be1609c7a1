"""A criterion as plain values that a builder of conditions shows as fields, and back.

A document is one of three:

- a group: `{"kind": "group", "join": "all" | "any" | "not_all" | "none", "terms": [...]}`
- a test of a column: `{"kind": "test", "column": "age", "operator": ">=", "values": ["18"]}`,
  values in the spelling of the column's type, without quotes
- text: `{"kind": "text", "text": "days_between(a, b) <= 30"}`, for what fields cannot show

Every criterion has a document, and its document gives the same criterion back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from indicators.measure.columns import Column, ColumnType
from indicators.measure.criteria import CriteriaError, Criterion, parse, to_text
from indicators.measure.criteria.cursor import DEEPEST, Cursor
from indicators.measure.criteria.literals import read_literal
from indicators.measure.criteria.parser import read_criterion
from indicators.measure.criteria.printer import plain_digits, plain_moment
from indicators.measure.criteria.tree import (
    KIND_WORDS,
    AllOf,
    AnyOf,
    BeginsWith,
    Between,
    ColumnValue,
    Comparison,
    IsMissing,
    Kind,
    Literal,
    Not,
    OneOf,
    Order,
    Value,
)
from indicators.measure.criteria.typecheck import KIND_OF, check_criterion

Document = Mapping[str, Any]
Path = tuple[int, ...]

MOST_TERMS = 200
_ORDERS = tuple(Order)
_EQUALITY = ("=", "<>")
_MISSING = ("is_missing", "is_recorded")
_AMONG = ("in", "not_in")

# What may be asked of a column, by its type, in the order in which a person looks for it.
OPERATORS: Mapping[ColumnType, tuple[str, ...]] = {
    ColumnType.CODE: (*_EQUALITY, *_AMONG, "begins_with", *_MISSING),
    ColumnType.WHOLE: (*_ORDERS, "between", *_AMONG, *_MISSING),
    ColumnType.DECIMAL: (*_ORDERS, "between", *_AMONG, *_MISSING),
    ColumnType.DATE: (*_ORDERS, "between", *_AMONG, *_MISSING),
    ColumnType.MOMENT: (*_ORDERS, "between", *_AMONG, *_MISSING),
    ColumnType.FLAG: (*_EQUALITY, *_MISSING),
}
_EXAMPLES = {
    Kind.TEXT: "a text such as 11",
    Kind.NUMBER: "a number such as 12.5",
    Kind.DATE: "a day such as 2026-01-31",
    Kind.MOMENT: "a moment such as 2026-01-31 14:05",
    Kind.FLAG: "true or false",
}


class TreeError(ValueError):
    """A document that gives no criterion.

    Attributes:
        path: which term, from the outermost group inward, each counted from 0.
        position: the character inside a text, from 1; None elsewhere.
    """

    def __init__(self, message: str, path: Path, position: int | None = None) -> None:
        """Keep the place beside the words, so that a builder can show the spot."""
        super().__init__(message)
        self.message, self.path, self.position = message, path, position


def tree_document(criterion: Criterion) -> dict[str, Any]:
    """Write a criterion as a document; what fields cannot show stays as text."""
    match criterion:
        case AllOf(terms):
            return _group("all", terms)
        case AnyOf(terms):
            return _group("any", terms)
        case Not(AllOf(terms)):
            return _group("not_all", terms)
        case Not(AnyOf(terms)):
            return _group("none", terms)
    shown = _test_document(criterion)
    if shown is not None and "" not in shown["values"]:  # an empty field reads as not filled in
        return shown
    if isinstance(criterion, Not):
        return _group("none", (criterion.term,))
    return {"kind": "text", "text": to_text(criterion)}


def criterion_from_document(document: object, columns: Mapping[str, Column]) -> Criterion:
    """Read a document over these columns.

    A group of one term is that term; `none` and `not_all` of one term turn it round.

    Raises:
        TreeError: the first thing that is wrong, and at which term.
    """
    criterion = _read(document, columns, ())
    try:
        return parse(to_text(criterion), columns)  # the limits of size and depth hold here, too
    except CriteriaError as wrong:
        raise TreeError(wrong.message, ()) from wrong


def _group(join: str, terms: Sequence[Criterion]) -> dict[str, Any]:
    return {"kind": "group", "join": join, "terms": [tree_document(term) for term in terms]}


def _test_document(criterion: Criterion) -> dict[str, Any] | None:
    """Write a plain question about one column; None when it is another question."""
    match criterion:
        case Comparison(ColumnValue(name), order, Literal() as value):
            return _test(name, order.value, value)
        case Between(ColumnValue(name), Literal() as low, Literal() as high):
            return _test(name, "between", low, high)
        case OneOf(ColumnValue(name), options):
            return _test(name, "in", *options)
        case Not(OneOf(ColumnValue(name), options)):
            return _test(name, "not_in", *options)
        case IsMissing(ColumnValue(name)):
            return _test(name, "is_missing")
        case Not(IsMissing(ColumnValue(name))):
            return _test(name, "is_recorded")
        case BeginsWith(ColumnValue(name), prefix):
            return _test(name, "begins_with") | {"values": [prefix]}
    return None


def _test(column: str, operator: str, *values: Literal) -> dict[str, Any]:
    spelled = [_spelled(value) for value in values]
    return {"kind": "test", "column": column, "operator": operator, "values": spelled}


def _spelled(literal: Literal) -> str:
    match literal.value:
        case bool(flag):
            return "true" if flag else "false"
        case str(text):
            return text
        case datetime() as moment:
            return plain_moment(moment)
        case date() as day:
            return day.isoformat()
    return plain_digits(literal.value)


def _read(document: object, columns: Mapping[str, Column], path: Path) -> Criterion:
    if len(path) >= DEEPEST:
        raise TreeError(f"Groups are nested more than {DEEPEST} levels deep. Take some out.", path)
    given = document if isinstance(document, Mapping) else {}
    match given.get("kind"):
        case "group":
            return _read_group(given, columns, path)
        case "test":
            return _read_test(given, columns, path)
        case "text":
            return _read_text(given, columns, path)
    raise TreeError("Expected a group, a test of a column or a text.", path)


def _read_group(document: Document, columns: Mapping[str, Column], path: Path) -> Criterion:
    terms = document.get("terms")
    if not isinstance(terms, list) or not terms:
        raise TreeError("This group is empty. Add a condition to it, or remove it.", path)
    if len(terms) > MOST_TERMS:
        raise TreeError(f"A group takes up to {MOST_TERMS} conditions.", path)
    read = tuple(_read(term, columns, (*path, place)) for place, term in enumerate(terms))
    match document.get("join"):
        case "all":
            return _joined(AllOf, read)
        case "any":
            return _joined(AnyOf, read)
        case "not_all":
            return Not(_joined(AllOf, read))
        case "none":
            return Not(_joined(AnyOf, read))
    raise TreeError("Choose how the conditions are joined: all, any, not_all or none.", path)


def _joined(node: type[AllOf | AnyOf], terms: tuple[Criterion, ...]) -> Criterion:
    return terms[0] if len(terms) == 1 else node(terms)


def _read_text(document: Document, columns: Mapping[str, Column], path: Path) -> Criterion:
    text = document.get("text")
    if not isinstance(text, str) or not text.strip():
        raise TreeError("This condition is empty. Write it, or remove it.", path)
    try:
        criterion = read_criterion(text)
        check_criterion(criterion, columns)
    except CriteriaError as wrong:
        raise TreeError(wrong.message, path, wrong.position) from wrong
    return criterion


def _read_test(document: Document, columns: Mapping[str, Column], path: Path) -> Criterion:
    column = columns.get(str(document.get("column")))
    if column is None:
        raise TreeError("Choose a column.", path)
    operator = document.get("operator")
    if operator not in OPERATORS[column.type]:
        raise TreeError(f"Choose what to ask of {column.label}.", path)
    values = document.get("values") or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TreeError(f"The values of {column.label} are not texts.", path)
    return _test_criterion(column, operator, values, path)


def _test_criterion(column: Column, operator: str, values: Sequence[str], path: Path) -> Criterion:
    asked: Value = ColumnValue(column.name)
    match operator:
        case "is_missing":
            return IsMissing(asked)
        case "is_recorded":
            return Not(IsMissing(asked))
        case "begins_with":
            return _beginning(asked, column, values, path)
    read = [_literal(column, value, path) for value in values]
    if operator in _AMONG:
        if not read:
            raise TreeError(f"List at least one value of {column.label}.", path)
        among = OneOf(asked, tuple(read))
        return among if operator == "in" else Not(among)
    wanted, words = (2, "both ends") if operator == "between" else (1, "a value")
    if len(read) != wanted:
        raise TreeError(f"Write {words} for {column.label}.", path)
    if operator == "between":
        return Between(asked, *read)
    return Comparison(asked, Order(operator), read[0])


def _beginning(asked: Value, column: Column, values: Sequence[str], path: Path) -> Criterion:
    prefix = values[0].removesuffix("%") if len(values) == 1 else ""
    try:
        return read_criterion(to_text(BeginsWith(asked, prefix)))
    except CriteriaError:
        raise TreeError(
            f"Write how {column.label} begins, such as I21, without % or _.", path
        ) from None


def _literal(column: Column, text: str, path: Path) -> Literal:
    """Read one value in the spelling of the column's type, by the language's own grammar."""
    kind = KIND_OF[column.type]
    if not text.strip():
        raise TreeError(f"Write a value for {column.label}.", path)
    try:
        words = Cursor(_source(kind, text))
        literal = read_literal(words)
        if literal is not None and literal.kind is kind:
            return words.finish(literal)
    except CriteriaError:
        pass
    raise TreeError(f"{column.label} is {KIND_WORDS[kind]}: write {_EXAMPLES[kind]}.", path)


def _source(kind: Kind, text: str) -> str:
    """Write a value as the language does; a text without a value is no value."""
    quoted = "'" + text.replace("'", "''") + "'"
    match kind:
        case Kind.TEXT:
            return quoted
        case Kind.DATE:
            return f"date {quoted}"
        case Kind.MOMENT:
            return f"moment {quoted}"
    return text.strip()
