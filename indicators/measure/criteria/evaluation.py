"""Criteria on a whole table of cases at once, in NumPy masks.

Each distinct part of a criterion is evaluated once per table. Text is looked at once per
distinct text, not once per case.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa

from indicators.measure.columns import CasesError
from indicators.measure.criteria.cases import Columns, TableColumns, Texts, Vocabulary
from indicators.measure.criteria.functions import DAYS, SIGNATURES
from indicators.measure.criteria.lookback import Codes, End, with_another_case
from indicators.measure.criteria.moments import DAY_ZERO, MOMENT_ZERO, answered, days
from indicators.measure.criteria.numbers import (
    NONE_MISSING,
    Bools,
    Numbers,
    aligned,
    either,
    one_number,
    operands,
)
from indicators.measure.criteria.printer import to_text
from indicators.measure.criteria.tree import (
    KIND_WORDS,
    AllOf,
    AnotherCase,
    AnyOf,
    Arithmetic,
    BeginsWith,
    Between,
    Call,
    ColumnValue,
    Comparison,
    Criterion,
    IsMissing,
    Kind,
    Literal,
    Look,
    Not,
    OneOf,
    Order,
    Value,
    Written,
)

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
    """For each case whether a criterion is true, and whether a missing value decides it.

    Attributes:
        true: where it is true.
        open: where a missing value leaves it open; None where nothing is left open.
    """

    true: Bools
    open: Bools | None = None

    @property
    def unknown(self) -> Bools:
        """Where a missing value leaves the answer open."""
        return np.zeros(self.true.shape, np.bool_) if self.open is None else self.open

    @property
    def false(self) -> Bools:
        """Where the criterion is known not to hold."""
        return ~self.true if self.open is None else ~(self.true | self.open)

    def both(self, other: Masks) -> Masks:
        """Join by `and`: one false decides, whatever is unknown."""
        true = self.true & other.true
        if self.open is None:
            return Masks(true, None if other.open is None else self.true & other.open)
        if other.open is None:
            return Masks(true, other.true & self.open)
        perhaps = (self.true | self.open) & (other.true | other.open)
        return Masks(true, perhaps & ~true)

    def opposite(self) -> Masks:
        """Turn round; what is unknown stays unknown."""
        return Masks(self.false, self.open)


def masks(criterion: Criterion, table: pa.Table) -> Masks:
    """Evaluate one criterion on a table of cases.

    Args:
        criterion: parsed against the columns of this table.
        table: one row a case; code is string, whole int64, decimal decimal128, date
            date32, moment timestamp, flag bool; a missing value is null. A look-back sees
            the cases of this table and no others.

    Returns:
        Masks in the order of the rows.

    Raises:
        CasesError: the table has no such column, or holds it in another type.
    """
    return Evaluator(table).masks(criterion)


class Evaluator:
    """Criteria on one table of cases, remembering every answer."""

    def __init__(self, cases: pa.Table | Columns) -> None:
        """Read nothing yet: columns are read when a criterion first asks for them."""
        self._cases = TableColumns(cases) if isinstance(cases, pa.Table) else cases
        self.rows: int = self._cases.rows
        self._masks: dict[Criterion, Masks] = {}
        self._values: dict[Value, Numbers | Texts] = {}

    def masks(self, criterion: Criterion) -> Masks:
        """Return where a criterion is true and where it is unknown."""
        if criterion not in self._masks:
            self._masks[criterion] = self._evaluated(criterion)
        return self._masks[criterion]

    def numbers(self, value: Value) -> Numbers:
        """Return numbers (or days, seconds, flags as numbers, by their kind).

        Raises:
            CasesError: the cases hold text there.
        """
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
                return self._known(self._value(value).missing, NONE_MISSING)
            case AnotherCase():
                return self._looked_back(criterion)
        return self._looked_up(criterion)

    def _compared(self, left: Value, order: Order, right: Value) -> Masks:
        first, second = self._value(left), self._value(right)
        compare = _ORDERS[order]
        if isinstance(first, Texts) and isinstance(second, Texts):
            return self._compared_texts(first, order, second)
        if isinstance(first, Texts) or isinstance(second, Texts) or first.kind != second.kind:
            question = f"{to_text(left)} {order} {to_text(right)}"
            raise _stored_otherwise(question, first.kind, second.kind)
        one, other = aligned(first, second)
        found = compare(*operands(one.scaled, other.scaled))
        return self._known(np.asarray(found, np.bool_), either(first.missing, second.missing))

    def _compared_texts(self, first: Texts, order: Order, second: Texts) -> Masks:
        missing = either(first.missing, second.missing)
        if second.codes.size == 1 and len(second.vocabulary.words) == 1:
            word = second.vocabulary.words[0]
            found = first.where(word, word.__eq__)
            return self._known(found if order is Order.EQUAL else ~found, missing)
        codes, other_codes = first.with_the_codes_of(second)
        return self._known(_ORDERS[order](codes, other_codes), missing)

    def _looked_up(self, test: OneOf | BeginsWith) -> Masks:
        found = self._value(test.value)
        options = test.options if isinstance(test, OneOf) else ()
        asked = options[0].kind if options else Kind.TEXT
        if asked is not found.kind:
            raise _stored_otherwise(to_text(test), found.kind, asked)
        if isinstance(found, Texts):
            return self._known(found.where(_key_of(test), _text_test(test)), found.missing)
        hits = [self._compared(test.value, Order.EQUAL, option).true for option in options]
        return self._known(np.logical_or.reduce(hits), found.missing)

    def _looked_back(self, asked: AnotherCase) -> Masks:
        keys, without_key = self._keys(asked.key)
        own, other = self._dated(asked.own_day), self._dated(asked.other_day)
        may_be_found = np.broadcast_to(~either(without_key, other.missing), self.rows)
        if asked.criterion is not None:
            may_be_found = may_be_found & self.masks(asked.criterion).true
        own_day, other_day = (days(each).scaled.astype(np.int64) for each in (own, other))
        near = End(other_day, own_day)
        if own.kind is Kind.MOMENT and other.kind is Kind.MOMENT:  # then the clock decides
            own_times, other_times = aligned(own, other)
            near = End(other_times.scaled, own_times.scaled)
        if asked.look is Look.FOLLOWED:
            ends = near, End(other_day, own_day + asked.days)
        else:
            ends = End(other_day, own_day - asked.days), near
        found = with_another_case(keys, may_be_found, *ends)
        return self._known(found, either(without_key, own.missing))

    def _keys(self, key: Value) -> tuple[Codes, Bools]:
        """Number the patients, or whatever else cases belong to."""
        found = self._value(key)
        if isinstance(found, Texts):
            return found.codes.astype(np.int64), found.missing
        _, codes = np.unique(found.scaled, return_inverse=True)
        return codes, found.missing

    def _dated(self, value: Value) -> Numbers:
        found = self.numbers(value)
        if found.kind not in DAYS:
            raise _stored_otherwise(to_text(value), found.kind, Kind.DATE)
        return found

    def assume(self, criterion: Criterion, answer: Masks) -> None:
        """Take an answer that was found elsewhere, as a look-back over more cases than these."""
        self._masks[criterion] = answer

    def _value(self, value: Value) -> Numbers | Texts:
        if value not in self._values:
            self._values[value] = self._found(value)
        return self._values[value]

    def _found(self, value: Value) -> Numbers | Texts:
        match value:
            case ColumnValue(name):
                return self._cases.column(name)
            case Literal(written):
                return _literal(written)
            case Arithmetic("/", left, Literal(int() | Decimal() as number)):
                return self.numbers(left).divided_by(Fraction(number))
            case Arithmetic(sign, left, right):
                return self.numbers(left).calculated(sign, self.numbers(right))
        return answered(value.function, [self._argument(value, part) for part in value.arguments])

    def _argument(self, call: Call, part: Value) -> Numbers:
        found, takes = self.numbers(part), SIGNATURES[call.function].takes
        if found.kind not in takes:
            raise _stored_otherwise(to_text(call), found.kind, min(takes))
        return found

    def _known(self, true: Bools, missing: Bools) -> Masks:
        """Give every case its place, also where one answer stands for all of them."""
        if true.size != self.rows:
            true = np.broadcast_to(true, self.rows)
        if missing is NONE_MISSING:
            return Masks(true)
        return Masks(true & ~missing, np.broadcast_to(missing, self.rows))


def _stored_otherwise(question: str, one: Kind, other: Kind) -> CasesError:
    return CasesError(
        f"“{question}”: the cases hold {KIND_WORDS[one]} where {KIND_WORDS[other]} is asked for, "
        f"or the other way round."
    )


def _text_test(test: OneOf | BeginsWith) -> Callable[[str], bool]:
    if isinstance(test, BeginsWith):
        return lambda text: text.startswith(test.prefix)
    return frozenset(str(option.value) for option in test.options).__contains__


def _key_of(test: OneOf | BeginsWith) -> Hashable:
    """Name a test in little, so that a long list is not compared again and again."""
    return ("begins", test.prefix) if isinstance(test, BeginsWith) else test.options


def _literal(written: Written) -> Numbers | Texts:
    match written:
        case str(text):
            return Texts(Vocabulary((text,)), np.zeros(1, np.int64), NONE_MISSING)
        case bool(flag):
            return one_number(Fraction(flag), Kind.FLAG)
        case datetime() as moment:
            return one_number(Fraction((moment - MOMENT_ZERO) // timedelta(seconds=1)), Kind.MOMENT)
        case date() as day:
            return one_number(Fraction((day - DAY_ZERO).days), Kind.DATE)
    return one_number(Fraction(written))
