"""Criteria back into the language's own words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from indicators.measure.criteria.tree import (
    AllOf,
    AnyOf,
    Arithmetic,
    BeginsWith,
    Between,
    ColumnValue,
    Comparison,
    Criterion,
    IsMissing,
    Literal,
    Not,
    OneOf,
    Value,
)


def to_text(part: Criterion | Value) -> str:
    """Write a criterion, or a value, so that it parses to the same tree."""
    match part:
        case AllOf(terms):
            return " and ".join(_grouped(term, AllOf, AnyOf) for term in terms)
        case AnyOf(terms):
            return " or ".join(_grouped(term, AnyOf) for term in terms)
        case Not(OneOf() | IsMissing() as turned_round):
            return _test(turned_round, "not ")
        case Not(term):
            return f"not {_grouped(term, AllOf, AnyOf)}"
    return _value(part) if isinstance(part, Value) else _test(part)


def _test(test: Comparison | OneOf | Between | IsMissing | BeginsWith, negation: str = "") -> str:
    match test:
        case OneOf(value, options):
            return f"{_value(value)} {negation}in ({', '.join(map(_literal, options))})"
        case IsMissing(value):
            return f"{_value(value)} is {negation}null"
        case BeginsWith(value, prefix):
            return f"{_value(value)} like {_quoted(prefix + '%')}"
        case Between(value, low, high):
            return f"{_value(value)} between {_value(low)} and {_value(high)}"
    return f"{_value(test.left)} {test.order} {_value(test.right)}"


def _grouped(term: Criterion, *kinds: type[AllOf | AnyOf]) -> str:
    """Put parentheses round a term that would otherwise be read differently."""
    return f"({to_text(term)})" if isinstance(term, kinds) else to_text(term)


def _value(value: Value) -> str:
    match value:
        case ColumnValue(name):
            return name
        case Literal():
            return _literal(value)
        case Arithmetic(sign, left, right):
            return f"{_factor(left, sign, is_first=True)} {sign} {_factor(right, sign)}"
    return f"days_between({_value(value.first)}, {_value(value.second)})"


def _factor(value: Value, sign: str, *, is_first: bool = False) -> str:
    """Put parentheses round a calculation that would otherwise bind differently."""
    if not isinstance(value, Arithmetic):
        return _value(value)
    binds_enough = value.sign == "*" or sign != "*"
    return _value(value) if is_first and binds_enough else f"({_value(value)})"


def _literal(literal: Literal) -> str:
    match literal.value:
        case bool(flag):
            return "true" if flag else "false"
        case str(text):
            return _quoted(text)
        case date() as day:
            return f"date '{day.isoformat()}'"
    return plain_digits(literal.value)


def plain_digits(number: int | Decimal) -> str:
    """Write a number in plain digits, never as 1E+3."""
    return f"{number:f}" if isinstance(number, Decimal) else str(number)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
