"""The tree that criteria are parsed to: frozen values, no behaviour.

Equal trees mean the same, wherever their words stood in the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

Written = str | int | Decimal | date | datetime | bool


class Kind(StrEnum):
    """What can be compared with what: only values of one kind."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"


KIND_WORDS: Mapping[Kind, str] = {
    Kind.TEXT: "text",
    Kind.NUMBER: "a number",
    Kind.DATE: "a date",
    Kind.MOMENT: "a moment",
    Kind.FLAG: "true or false",
}


class Order(StrEnum):
    """The six comparisons."""

    EQUAL = "="
    NOT_EQUAL = "<>"
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="


class Function(StrEnum):
    """What can be asked of dates and moments."""

    DAYS_BETWEEN = "days_between"
    HOURS_BETWEEN = "hours_between"
    MINUTES_BETWEEN = "minutes_between"
    YEARS_BETWEEN = "years_between"
    MINUTE_OF_DAY = "minute_of_day"
    WEEKDAY_OF = "weekday_of"
    DATE_OF = "date_of"


class Look(StrEnum):
    """Where another case of the same patient is looked for."""

    FOLLOWED = "followed_within"
    PRECEDED = "preceded_within"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Any part of a criterion; `position` is the character it begins at, from 1."""

    position: int = field(default=1, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ColumnValue(Node):
    """The value of a column."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written in the criterion. Its kind keeps `true` and `1` apart."""

    value: Written
    kind: Kind


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Two numbers added, subtracted or multiplied, or one divided by a written number."""

    sign: str
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of one or two dates or moments."""

    function: Function
    arguments: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """Two values compared."""

    left: Value
    order: Order
    right: Value


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """A value found in a list of literals."""

    value: Value
    options: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    """A value from low to high, both ends inside."""

    value: Value
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class IsMissing(Node):
    """A value that the hospital did not send."""

    value: Value


@dataclass(frozen=True, slots=True)
class BeginsWith(Node):
    """A code that begins with a prefix."""

    value: Value
    prefix: str


@dataclass(frozen=True, slots=True)
class AnotherCase(Node):
    """Another case with the same key, on a day within so many days of this case's day.

    Attributes:
        look: FOLLOWED counts forward from this case's day, PRECEDED back from it.
        days: the most days between; day 0 is inside.
        key: who the cases belong to.
        own_day: the day of this case.
        other_day: the day of the other case.
        criterion: what must be true of the other case; None for any.
    """

    look: Look
    days: int
    key: Value
    own_day: Value
    other_day: Value
    criterion: Criterion | None = None


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The opposite; unknown stays unknown."""

    term: Criterion


@dataclass(frozen=True, slots=True)
class AllOf(Node):
    """Terms joined by `and`: two or more."""

    terms: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Node):
    """Terms joined by `or`: two or more."""

    terms: tuple[Criterion, ...]


Value = ColumnValue | Literal | Arithmetic | Call
Test = Comparison | OneOf | Between | IsMissing | BeginsWith | AnotherCase
Criterion = Test | Not | AllOf | AnyOf


def children(node: Value | Criterion) -> tuple[Value | Criterion, ...]:
    """Return the parts of a node that can have parts themselves, from left to right."""
    match node:
        case AllOf(terms) | AnyOf(terms):
            return terms
        case Call(_, arguments):
            return arguments
        case Not(part) | OneOf(part) | IsMissing(part) | BeginsWith(part):
            return (part,)
        case Between(first, second, third):
            return (first, second, third)
        case Arithmetic(_, left, right) | Comparison(left, _, right):
            return (left, right)
        case AnotherCase():
            days = (node.key, node.own_day, node.other_day)
            return days if node.criterion is None else (*days, node.criterion)
    return ()


def walk(node: Value | Criterion, depth: int = 1) -> Iterator[tuple[Value | Criterion, int]]:
    """Yield the node and every part of it, each with its depth from 1."""
    yield node, depth
    for part in children(node):
        yield from walk(part, depth + 1)


def column_names(node: Value | Criterion) -> frozenset[str]:
    """Name the columns that are asked."""
    return frozenset(part.name for part, _ in walk(node) if isinstance(part, ColumnValue))
