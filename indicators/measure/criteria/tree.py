"""The tree that criteria are parsed to: frozen values, no behaviour.

Equal trees mean the same, wherever their words stood in the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

Written = str | int | Decimal | date | bool


class Kind(StrEnum):
    """What can be compared with what: only values of one kind."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"


class Order(StrEnum):
    """The six comparisons."""

    EQUAL = "="
    NOT_EQUAL = "<>"
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="


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
    """Two numbers added, subtracted or multiplied."""

    sign: str
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class DaysBetween(Node):
    """Days from the first date to the second; negative when the second is earlier."""

    first: Value
    second: Value


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


Value = ColumnValue | Literal | Arithmetic | DaysBetween
Criterion = Comparison | OneOf | Between | IsMissing | BeginsWith | Not | AllOf | AnyOf


def children(node: Value | Criterion) -> tuple[Value | Criterion, ...]:
    """Return the parts of a node that can have parts themselves, from left to right."""
    match node:
        case AllOf(terms) | AnyOf(terms):
            return terms
        case Not(part) | OneOf(part) | IsMissing(part) | BeginsWith(part):
            return (part,)
        case Between(value, low, high):
            return (value, low, high)
        case Arithmetic(_, left, right) | Comparison(left, _, right) | DaysBetween(left, right):
            return (left, right)
    return ()


def walk(node: Value | Criterion, depth: int = 1) -> Iterator[tuple[Value | Criterion, int]]:
    """Yield the node and every part of it, each with its depth from 1."""
    yield node, depth
    for part in children(node):
        yield from walk(part, depth + 1)


def column_names(node: Value | Criterion) -> frozenset[str]:
    """Name the columns that are asked."""
    return frozenset(part.name for part, _ in walk(node) if isinstance(part, ColumnValue))
