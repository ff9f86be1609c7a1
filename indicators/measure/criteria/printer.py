"""Criteria back into the language's own words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from indicators.measure.criteria.tree import (
    AllOf,
    AnotherCase,
    AnyOf,
    Arithmetic,
    BeginsWith,
    Between,
    ColumnValue,
    Criterion,
    IsMissing,
    Literal,
    Not,
    OneOf,
    Test,
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


def _test(test: Test, negation: str = "") -> str:
    match test:
        case OneOf(value, options):
            return f"{_value(value)} {negation}in ({', '.join(map(_literal, options))})"
        case IsMissing(value):
            return f"{_value(value)} is {negation}null"
        case BeginsWith(value, prefix):
            return f"{_value(value)} like {_quoted(prefix + '%')}"
        case Between(value, low, high):
            return f"{_value(value)} between {_value(low)} and {_value(high)}"
        case AnotherCase():
            return _look(test)
    return f"{_value(test.left)} {test.order} {_value(test.right)}"


def _look(look: AnotherCase) -> str:
    words = [str(look.days), *map(_value, (look.key, look.own_day, look.other_day))]
    if look.criterion is not None:
        words.append(to_text(look.criterion))
    return f"{look.look}({', '.join(words)})"


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
    return f"{value.function}({', '.join(map(_value, value.arguments))})"


def _factor(value: Value, sign: str, *, is_first: bool = False) -> str:
    """Put parentheses round a calculation that would otherwise bind differently."""
    if not isinstance(value, Arithmetic):
        return _value(value)
    binds_tighter = value.sign in "*/" and sign in "+-"
    binds_alike = (value.sign in "*/") == (sign in "*/")
    is_clear = binds_tighter or (is_first and binds_alike)
    return _value(value) if is_clear else f"({_value(value)})"


def _literal(literal: Literal) -> str:
    match literal.value:
        case bool(flag):
            return "true" if flag else "false"
        case str(text):
            return _quoted(text)
        case datetime() as moment:
            return f"moment '{plain_moment(moment)}'"
        case date() as day:
            return f"date '{day.isoformat()}'"
    return plain_digits(literal.value)


def plain_digits(number: int | Decimal) -> str:
    """Write a number in plain digits, never as 1E+3."""
    return f"{number:f}" if isinstance(number, Decimal) else str(number)


def plain_moment(moment: datetime) -> str:
    """Write a moment to the minute, or to the second when it has seconds."""
    return moment.isoformat(" ", "seconds" if moment.second else "minutes")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
