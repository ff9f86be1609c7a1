"""Criteria on a whole table of cases at once, in NumPy masks.

Each distinct part of a criterion is evaluated once per table. Text is looked at once per
distinct text, not once per case.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa

from indicators.measure.columns import CasesError
from indicators.measure.criteria.cases import Texts, read_column
from indicators.measure.criteria.numbers import LARGEST, Bools, Numbers, aligned
from indicators.measure.criteria.printer import to_text
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
    Kind,
    Literal,
    Not,
    OneOf,
    Order,
    Value,
    Written,
)

DAY_ZERO = date(1970, 1, 1)
_ORDERS: dict[Order, Callable[[Any, Any], Any]] = {
    Order.EQUAL: operator.eq,
    Order.NOT_EQUAL: operator.ne,
    Order.LESS: operator.lt,
    Order.AT_MOST: operator.le,
    Order.GREATER: operator.gt,
    Order.AT_LEAST: operator.ge,
}


@dataclass(frozen=True, slots=True)
class Masks:
    """For each case whether a criterion is true, and whether a missing value decides it."""

    true: Bools
    unknown: Bools

    @property
    def false(self) -> Bools:
        """Where the criterion is known not to hold."""
        return ~(self.true | self.unknown)

    def both(self, other: Masks) -> Masks:
        """Join by `and`: one false decides, whatever is unknown."""
        true = self.true & other.true
        return Masks(true, ~(true | self.false | other.false))

    def opposite(self) -> Masks:
        """Turn round; what is unknown stays unknown."""
        return Masks(self.false, self.unknown)


def masks(criterion: Criterion, table: pa.Table) -> Masks:
    """Evaluate one criterion on a table of cases.

    Args:
        criterion: parsed against the columns of this table.
        table: one row a case; code is string, whole int64, decimal decimal128, date
            date32, flag bool; a missing value is null.

    Returns:
        Masks in the order of the rows.

    Raises:
        CasesError: the table has no such column, or holds it in another type.
    """
    return Evaluator(table).masks(criterion)


class Evaluator:
    """Criteria on one table of cases, remembering every answer."""

    def __init__(self, table: pa.Table) -> None:
        """Read nothing yet: columns are read when a criterion first asks for them."""
        self.rows: int = table.num_rows
        self._table = table
        self._masks: dict[Criterion, Masks] = {}
        self._columns: dict[str, Numbers | Texts] = {}

    def masks(self, criterion: Criterion) -> Masks:
        """Return where a criterion is true and where it is unknown."""
        if criterion not in self._masks:
            self._masks[criterion] = self._evaluated(criterion)
        return self._masks[criterion]

    def numbers(self, value: Value) -> Numbers:
        """Return numbers (or dates as numbers of days, or flags as 0 and 1)."""
        found = self._value(value)
        if isinstance(found, Texts):
            raise CasesError(f"“{to_text(value)}” is text in the cases; a number is expected.")
        return found

    def _evaluated(self, criterion: Criterion) -> Masks:
        match criterion:
            case AllOf(terms):
                return reduce(Masks.both, map(self.masks, terms))
            case AnyOf(terms):
                none_of = reduce(Masks.both, (self.masks(term).opposite() for term in terms))
                return none_of.opposite()
            case Not(term):
                return self.masks(term).opposite()
            case Between(value, low, high):
                at_least = self._compared(value, Order.AT_LEAST, low)
                return at_least.both(self._compared(value, Order.AT_MOST, high))
            case Comparison(left, order, right):
                return self._compared(left, order, right)
            case IsMissing(value):
                return self._known(self._value(value).missing, np.zeros(1, np.bool_))
        return self._looked_up(criterion)

    def _compared(self, left: Value, order: Order, right: Value) -> Masks:
        first, second = self._value(left), self._value(right)
        compare = _ORDERS[order]
        if isinstance(first, Texts) and isinstance(second, Texts):
            codes, other_codes = first.with_the_codes_of(second)
            return self._known(compare(codes, other_codes), first.missing | second.missing)
        if isinstance(first, Texts) or isinstance(second, Texts):
            raise _stored_otherwise(f"{to_text(left)} {order} {to_text(right)}")
        one, other, _ = aligned(first, second)
        return self._known(
            np.asarray(compare(one, other), np.bool_), first.missing | second.missing
        )

    def _looked_up(self, test: OneOf | BeginsWith) -> Masks:
        found = self._value(test.value)
        options = test.options if isinstance(test, OneOf) else ()
        asks_for_text = all(option.kind is Kind.TEXT for option in options)
        if asks_for_text is not isinstance(found, Texts):
            raise _stored_otherwise(to_text(test))
        if isinstance(found, Texts):
            return self._known(found.where(_text_test(test)), found.missing)
        hits = [self._compared(test.value, Order.EQUAL, option).true for option in options]
        return self._known(np.logical_or.reduce(hits), found.missing)

    def _value(self, value: Value) -> Numbers | Texts:
        match value:
            case ColumnValue(name):
                if name not in self._columns:
                    self._columns[name] = read_column(self._table, name)
                return self._columns[name]
            case Literal(written):
                return _literal(written)
            case Arithmetic(sign, left, right):
                return self.numbers(left).calculated(sign, self.numbers(right))
        return self.numbers(value.second).calculated("-", self.numbers(value.first))

    def _known(self, true: Bools, missing: Bools) -> Masks:
        """Give every case its place, also where one answer stands for all of them."""
        unknown = np.broadcast_to(missing, self.rows)
        return Masks(np.broadcast_to(true, self.rows) & ~unknown, unknown)


def _stored_otherwise(criterion: str) -> CasesError:
    return CasesError(
        f"“{criterion}”: the cases hold text where a number is asked for, or the other way round."
    )


def _text_test(test: OneOf | BeginsWith) -> Callable[[str], bool]:
    if isinstance(test, BeginsWith):
        return lambda text: text.startswith(test.prefix)
    return frozenset(str(option.value) for option in test.options).__contains__


def _literal(written: Written) -> Numbers | Texts:
    match written:
        case str(text):
            return Texts((text,), np.zeros(1, np.int64), np.zeros(1, np.bool_))
        case date() as day:
            return _one_number((day - DAY_ZERO).days)
        case Decimal() as number:
            places = max(0, -int(number.as_tuple().exponent))
            return _one_number(int(Fraction(number) * 10**places), places)
    return _one_number(int(written))


def _one_number(scaled: int, places: int = 0) -> Numbers:
    kind = np.int64 if abs(scaled) <= LARGEST else np.object_
    return Numbers(np.array([scaled], kind), places, np.zeros(1, np.bool_))
