"""The slow, obvious meaning of a criterion: one case at a time, one rule a line.

The oracle of the property tests. The kernel must agree with it; nobody else calls it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from indicators.measure.criteria.tree import (
    AllOf,
    AnotherCase,
    AnyOf,
    Arithmetic,
    BeginsWith,
    Between,
    ColumnValue,
    Comparison,
    Criterion,
    Function,
    IsMissing,
    Literal,
    Look,
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
    "/": operator.truediv,
}


def holds(criterion: Criterion, case: Case, others: Sequence[Case] = ()) -> bool | None:
    """Say whether a criterion is true for a case; None when a missing value decides.

    Args:
        criterion: what is asked.
        case: the case it is asked of.
        others: the other cases of the table, in any order; only a look-back sees them.

    Source:
        SQL's three-valued logic (ISO/IEC 9075-2, truth tables of and, or, not).
    """
    match criterion:
        case AllOf(terms):
            return _all({holds(term, case, others) for term in terms})
        case AnyOf(terms):
            return _not(_all({_not(holds(term, case, others)) for term in terms}))
        case Not(term):
            return _not(holds(term, case, others))
        case IsMissing(value):
            return value_of(value, case) is None
        case Between(value, low, high):
            at_least = _compare(value, Order.AT_LEAST, low, case)
            return _all({at_least, _compare(value, Order.AT_MOST, high, case)})
        case Comparison(left, order, right):
            return _compare(left, order, right, case)
        case AnotherCase():
            return _has_another(criterion, case, others)
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
    arguments = [value_of(argument, case) for argument in value.arguments]
    return None if None in arguments else _CALLS[value.function](*arguments)


def _has_another(look: AnotherCase, case: Case, others: Sequence[Case]) -> Truth:
    key, own_day = value_of(look.key, case), value_of(look.own_day, case)
    if key is None or own_day is None:
        return None
    for place, other in enumerate(others):
        other_day = value_of(look.other_day, other)
        if value_of(look.key, other) != key or other_day is None:
            continue
        earlier, later = own_day, other_day
        if look.look is Look.PRECEDED:
            earlier, later = later, earlier
        if not 0 <= _days_between(earlier, later) <= look.days:
            continue
        if isinstance(earlier, datetime) and isinstance(later, datetime) and later < earlier:
            continue
        its_others = (case, *others[:place], *others[place + 1 :])
        if look.criterion is None or holds(look.criterion, other, its_others):
            return True
    return False


def _day(of: Any) -> date:
    return of.date() if isinstance(of, datetime) else of


def _days_between(first: Any, second: Any) -> Fraction:
    return Fraction((_day(second) - _day(first)).days)


def _minutes_between(first: datetime, second: datetime) -> Fraction:
    return Fraction((second - first) // timedelta(microseconds=1), 60_000_000)


def _years_between(first: Any, second: Any) -> Fraction:
    start, end = _day(first), _day(second)
    if start > end:
        return -_years_between(end, start)
    is_before_the_day = (end.month, end.day) < (start.month, start.day)
    return Fraction(end.year - start.year - is_before_the_day)


_CALLS: dict[Function, Callable[..., Known]] = {
    Function.DAYS_BETWEEN: _days_between,
    Function.HOURS_BETWEEN: lambda first, second: _minutes_between(first, second) / 60,
    Function.MINUTES_BETWEEN: _minutes_between,
    Function.YEARS_BETWEEN: _years_between,
    Function.MINUTE_OF_DAY: lambda moment: Fraction(60 * moment.hour + moment.minute),
    Function.WEEKDAY_OF: lambda day: Fraction(_day(day).isoweekday()),
    Function.DATE_OF: _day,
}


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
