"""Every column exists, and only values of one kind are compared."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from indicators.measure.columns import Column, ColumnType
from indicators.measure.criteria.errors import CriteriaError
from indicators.measure.criteria.tree import (
    Arithmetic,
    BeginsWith,
    Between,
    ColumnValue,
    Comparison,
    Criterion,
    IsMissing,
    Kind,
    Literal,
    OneOf,
    Order,
    Value,
    column_names,
    walk,
)

KIND_OF: Mapping[ColumnType, Kind] = {
    ColumnType.CODE: Kind.TEXT,
    ColumnType.WHOLE: Kind.NUMBER,
    ColumnType.DECIMAL: Kind.NUMBER,
    ColumnType.DATE: Kind.DATE,
    ColumnType.FLAG: Kind.FLAG,
}
# Codes have no order: as text, '9' comes after '10'.
ORDERED = frozenset({Kind.NUMBER, Kind.DATE})
_WITHOUT_ORDER = {
    Kind.TEXT: "Text has no order: as text, '9' comes after '10'. Use =, <>, in or like.",
    Kind.FLAG: "True and false have no order. Use = or <>.",
}
_KIND_WORDS = {
    Kind.TEXT: "text",
    Kind.NUMBER: "a number",
    Kind.DATE: "a date",
    Kind.FLAG: "true or false",
}
_HOW_TO_WRITE = {
    Kind.TEXT: "Write text in quotes, such as '11'.",
    Kind.NUMBER: "Write numbers without quotes, such as 11.",
    Kind.DATE: "Write dates as date '2026-01-31'.",
    Kind.FLAG: "Compare it with true or false.",
}


def check_criterion(criterion: Criterion, columns: Mapping[str, Column]) -> None:
    """Raise CriteriaError for the first thing, from the left, that makes no sense."""
    for part, _ in walk(criterion):
        match part:
            case Comparison(left, order, right):
                _check_ordered(_check_same_kind(columns, left, right), order, part.position)
            case Between(value, low, high):
                kind = _check_same_kind(columns, value, low, high)
                _check_ordered(kind, Order.AT_LEAST, part.position)
            case OneOf(value, options):
                _check_same_kind(columns, value, *options)
            case IsMissing(value):
                _check_same_kind(columns, value)
            case BeginsWith(value):
                _check_kind(value, columns, Kind.TEXT, "“like” takes")


def check_number(value: Value, columns: Mapping[str, Column]) -> None:
    """Raise CriteriaError unless this is a number that depends on the case."""
    _check_kind(value, columns, Kind.NUMBER, "An observation takes")
    _check_names_a_column((value,))


def kind_of(value: Value, columns: Mapping[str, Column]) -> Kind:
    """Return the kind of a value, after checking the columns and numbers inside it."""
    match value:
        case ColumnValue(name):
            return KIND_OF[_column(name, columns, value.position).type]
        case Literal(_, kind):
            return kind
        case Arithmetic(sign, left, right):
            for number in (left, right):
                _check_kind(number, columns, Kind.NUMBER, f"“{sign}” takes")
            return Kind.NUMBER
    for day in (value.first, value.second):
        _check_kind(day, columns, Kind.DATE, "days_between takes")
    return Kind.NUMBER


def _column(name: str, columns: Mapping[str, Column], position: int) -> Column:
    if name in columns:
        return columns[name]
    by_lower_case = {known.lower(): known for known in columns}
    near = get_close_matches(name.lower(), by_lower_case, n=1)
    if near:
        hint = f"Did you mean “{by_lower_case[near[0]]}”?"
    else:
        hint = f"The columns are: {', '.join(sorted(columns)) or 'none'}."
    raise CriteriaError(f"There is no column “{name}”. {hint}", position)


def _check_same_kind(columns: Mapping[str, Column], first: Value, *others: Value) -> Kind:
    expected = kind_of(first, columns)
    for other in others:
        found = kind_of(other, columns)
        if found is not expected:
            raise CriteriaError(
                f"{_sentence(_named(first, expected))} cannot be compared with "
                f"{_named(other, found)}. {_how_to_compare(first, expected, found)}",
                other.position,
            )
    _check_names_a_column((first, *others))
    return expected


def _check_names_a_column(values: tuple[Value, ...]) -> None:
    """Refuse what is the same for every case, such as 1 = 1: it is always a slip."""
    if not any(column_names(value) for value in values):
        raise CriteriaError(
            "Expected a column here: this is the same for every case.", values[0].position
        )


def _check_kind(value: Value, columns: Mapping[str, Column], kind: Kind, who: str) -> None:
    found = kind_of(value, columns)
    if found is not kind:
        raise CriteriaError(
            f"{who} {_KIND_WORDS[kind]}; {_named(value, found)} is not.", value.position
        )


def _check_ordered(kind: Kind, order: Order, position: int) -> None:
    if order not in (Order.EQUAL, Order.NOT_EQUAL) and kind not in ORDERED:
        raise CriteriaError(
            _WITHOUT_ORDER[kind],
            position,
        )


def _named(value: Value, kind: Kind) -> str:
    match value:
        case ColumnValue(name):
            return f"column “{name}” ({_KIND_WORDS[kind]})"
        case Literal(written):
            return f"{_KIND_WORDS[kind]} “{written}”"
    return f"the calculation ({_KIND_WORDS[kind]})"


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def _how_to_compare(first: Value, expected: Kind, found: Kind) -> str:
    """Say how to write the other side, unless the first side is the odd literal."""
    return _HOW_TO_WRITE[found if isinstance(first, Literal) else expected]
