"""Every column exists, and only values of one kind are compared."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches

from indicators.measure.columns import Column, ColumnType
from indicators.measure.criteria.errors import CriteriaError
from indicators.measure.criteria.functions import DAYS, MOMENTS, SIGNATURES
from indicators.measure.criteria.tree import (
    KIND_WORDS,
    AnotherCase,
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
    ColumnType.MOMENT: Kind.MOMENT,
    ColumnType.FLAG: Kind.FLAG,
}
# Codes have no order: as text, '9' comes after '10'.
ORDERED = frozenset({Kind.NUMBER, Kind.DATE, Kind.MOMENT})
NUMBERS, TEXTS = frozenset({Kind.NUMBER}), frozenset({Kind.TEXT})
KEYS = NUMBERS | TEXTS
_WITHOUT_ORDER = {
    Kind.TEXT: "Text has no order: as text, '9' comes after '10'. Use =, <>, in or like.",
    Kind.FLAG: "True and false have no order. Use = or <>.",
}
_HOW_TO_WRITE = {
    Kind.TEXT: "Write text in quotes, such as '11'.",
    Kind.NUMBER: "Write numbers without quotes, such as 11.",
    Kind.DATE: "Write dates as date '2026-01-31'.",
    Kind.MOMENT: "Write moments as moment '2026-01-31 14:05'.",
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
                _check_kind(value, columns, TEXTS, "“like” takes")
            case AnotherCase():
                _check_look(part, columns)


def check_number(value: Value, columns: Mapping[str, Column]) -> None:
    """Raise CriteriaError unless this is a number that depends on the case."""
    _check_kind(value, columns, NUMBERS, "An observation takes")
    _check_names_a_column((value,))


def kind_of(value: Value, columns: Mapping[str, Column]) -> Kind:
    """Return the kind of a value, after checking the columns and numbers inside it."""
    match value:
        case ColumnValue(name):
            return KIND_OF[_column(name, columns, value.position).type]
        case Literal(_, kind):
            return kind
        case Arithmetic("/", left, right):
            _check_kind(left, columns, NUMBERS, "“/” takes")
            _check_divisor(right)
            return Kind.NUMBER
        case Arithmetic(sign, left, right):
            for number in (left, right):
                _check_kind(number, columns, NUMBERS, f"“{sign}” takes")
            return Kind.NUMBER
    signature = SIGNATURES[value.function]
    for argument in value.arguments:
        _check_kind(argument, columns, signature.takes, f"{value.function} takes")
    return signature.gives


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


def _check_look(look: AnotherCase, columns: Mapping[str, Column]) -> None:
    _check_kind(look.key, columns, KEYS, f"The patient in {look.look} is")
    for day in (look.own_day, look.other_day):
        _check_kind(day, columns, DAYS, f"{look.look} takes")
    for value in (look.key, look.own_day, look.other_day):
        _check_names_a_column((value,))


def _check_divisor(divisor: Value) -> None:
    """Refuse what could be zero for some case: a rate would then be lost without a word."""
    match divisor:
        case Literal(int() | Decimal() as number, Kind.NUMBER) if number:
            return
        case Literal(_, Kind.NUMBER):
            raise CriteriaError("Nothing can be divided by zero.", divisor.position)
    raise CriteriaError(
        "“/” divides by a written number, such as 60. To divide by a column, multiply the other "
        "side of the comparison by it.",
        divisor.position,
    )


def _check_kind(
    value: Value, columns: Mapping[str, Column], kinds: frozenset[Kind], who: str
) -> None:
    found = kind_of(value, columns)
    if found not in kinds:
        words = " or ".join(words for kind, words in KIND_WORDS.items() if kind in kinds)
        hint = _hint(found, kinds)
        raise CriteriaError(f"{who} {words}; {_named(value, found)} is not.{hint}", value.position)


def _hint(found: Kind, kinds: frozenset[Kind]) -> str:
    if found in DAYS and kinds == NUMBERS:
        return " Time between two is days_between, hours_between or minutes_between."
    if found is Kind.DATE and kinds == MOMENTS:
        return " A date has no time of day."
    return ""


def _check_ordered(kind: Kind, order: Order, position: int) -> None:
    if order not in (Order.EQUAL, Order.NOT_EQUAL) and kind not in ORDERED:
        raise CriteriaError(
            _WITHOUT_ORDER[kind],
            position,
        )


def _named(value: Value, kind: Kind) -> str:
    match value:
        case ColumnValue(name):
            return f"column “{name}” ({KIND_WORDS[kind]})"
        case Literal(written):
            return f"{KIND_WORDS[kind]} “{written}”"
    return f"the calculation ({KIND_WORDS[kind]})"


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def _how_to_compare(first: Value, expected: Kind, found: Kind) -> str:
    """Say how to write the other side, unless the first side is the odd literal."""
    if {expected, found} == DAYS:
        return "Take the day of the moment with date_of(...)."
    return _HOW_TO_WRITE[found if isinstance(first, Literal) else expected]
