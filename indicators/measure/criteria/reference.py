"""The slow, obvious meaning of a criterion: one case at a time, one rule a line.

The oracle of the property tests. The kernel must agree with it; nobody else calls it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

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
    Order,
    Value,
    Written,
)

Case = Mapping[str, Written | None]
Known = str | Fraction | date | bool
Truth = bool | None  # None: a missing value decides

_ORDERS: dict[Order, Callable[[Any, Any], bool]] = {
    Order.EQUAL: operator.eq,
    Order.NOT_EQUAL: operator.ne,
    Order.LESS: operator.lt,
    Order.AT_MOST: operator.le,
    Order.GREATER: operator.gt,
    Order.AT_LEAST: operator.ge,
}
_SIGNS: dict[str, Callable[[Any, Any], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def holds(criterion: Criterion, case: Case) -> bool | None:
    """Say whether a criterion is true for a case; None when a missing value decides.

    Source:
        SQL's three-valued logic (ISO/IEC 9075-2, truth tables of and, or, not).
    """
    match criterion:
        case AllOf(terms):
            return _all({holds(term, case) for term in terms})
        case AnyOf(terms):
            return _not(_all({_not(holds(term, case)) for term in terms}))
        case Not(term):
            return _not(holds(term, case))
        case IsMissing(value):
            return value_of(value, case) is None
        case Between(value, low, high):
            at_least = _compare(value, Order.AT_LEAST, low, case)
            return _all({at_least, _compare(value, Order.AT_MOST, high, case)})
        case Comparison(left, order, right):
            return _compare(left, order, right, case)
    found = value_of(criterion.value, case)
    return None if found is None else _fits(found, criterion)


def value_of(value: Value, case: Case) -> Known | None:
    """Return a value for a case, numbers as exact fractions; None when it is missing."""
    match value:
        case ColumnValue(name):
            return _known(case[name])
        case Literal(written):
            return _known(written)
        case Arithmetic(sign, left, right):
            first, second = value_of(left, case), value_of(right, case)
            return None if first is None or second is None else _SIGNS[sign](first, second)
    start, end = value_of(value.first, case), value_of(value.second, case)
    if isinstance(start, date) and isinstance(end, date):
        return Fraction((end - start).days)
    return None


def _fits(found: Known, criterion: OneOf | BeginsWith) -> bool:
    if isinstance(criterion, BeginsWith):
        return str(found).startswith(criterion.prefix)
    return found in [_known(option.value) for option in criterion.options]


def _compare(left: Value, order: Order, right: Value, case: Case) -> bool | None:
    first, second = value_of(left, case), value_of(right, case)
    return None if first is None or second is None else _ORDERS[order](first, second)


def _all(truths: set[bool | None]) -> bool | None:
    if False in truths:
        return False
    return None if None in truths else True


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _known(written: Written | None) -> Known | None:
    if isinstance(written, int | Decimal) and not isinstance(written, bool):
        return Fraction(written)
    return written
