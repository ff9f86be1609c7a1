"""Criteria in plain English, for the exhibit of an agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from indicators.measure.columns import Column
from indicators.measure.criteria.printer import plain_digits, plain_moment
from indicators.measure.criteria.tree import (
    AllOf,
    AnotherCase,
    AnyOf,
    Arithmetic,
    BeginsWith,
    Between,
    ColumnValue,
    Criterion,
    Function,
    IsMissing,
    Literal,
    Look,
    Not,
    OneOf,
    Order,
    Test,
    Value,
    Written,
)

_IN_ENGLISH = {
    Order.EQUAL: "is",
    Order.NOT_EQUAL: "is not",
    Order.LESS: "is less than",
    Order.AT_MOST: "is at most",
    Order.GREATER: "is more than",
    Order.AT_LEAST: "is at least",
}
_SIGNS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
_CALLS = {
    Function.DAYS_BETWEEN: "days from {} to {}",
    Function.HOURS_BETWEEN: "hours from {} to {}",
    Function.MINUTES_BETWEEN: "minutes from {} to {}",
    Function.YEARS_BETWEEN: "completed years from {} to {}",
    Function.MINUTE_OF_DAY: "minutes from midnight to {}",
    Function.WEEKDAY_OF: "weekday (Monday 1 to Sunday 7) of {}",
    Function.DATE_OF: "day of {}",
}


def to_english(part: Criterion | Value, columns: Mapping[str, Column]) -> str:
    """Write a criterion, or a value, as a clause that a physician can check.

    Args:
        part: a criterion or value whose columns are all in `columns`.
        columns: by name; their labels stand in the clause.
    """
    english = _English(columns)
    return english.value(part) if isinstance(part, Value) else english.clause(part)


class _English:
    """Plain English over the labels of these columns."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = columns

    def clause(self, criterion: Criterion) -> str:
        """Write what must be true."""
        match criterion:
            case AllOf(terms):
                return self._joined(terms, "and")
            case AnyOf(terms):
                return self._joined(terms, "or")
            case Not(OneOf(value, options)):
                return f"{self.value(value)} is none of {_listed(options)}"
            case Not(IsMissing(value)):
                return f"{self.value(value)} is recorded"
            case Not(term):
                return f"it is not so that ({self.clause(term)})"
        return self._test(criterion)

    def _test(self, test: Test) -> str:
        match test:
            case OneOf(value, options):
                return f"{self.value(value)} is one of {_listed(options)}"
            case IsMissing(value):
                return f"{self.value(value)} is missing"
            case BeginsWith(value, prefix):
                return f"{self.value(value)} begins with {_written(prefix)}"
            case Between(value, low, high):
                ends = f"from {self.value(low)} to {self.value(high)}"
                return f"{self.value(value)} is {ends}, both included"
            case AnotherCase():
                return self._look(test)
        return f"{self.value(test.left)} {_IN_ENGLISH[test.order]} {self.value(test.right)}"

    def value(self, value: Value) -> str:
        """Name what is looked at."""
        match value:
            case ColumnValue(name):
                return self._columns[name].label
            case Literal(written):
                return _written(written)
            case Arithmetic(sign, left, right):
                word = _SIGNS[sign]
                return f"({self.value(left)} {word} {self.value(right)})"
        return _CALLS[value.function].format(*map(self.value, value.arguments))

    def _look(self, look: AnotherCase) -> str:
        key, own, other = map(self.value, (look.key, look.own_day, look.other_day))
        way = "after" if look.look is Look.FOLLOWED else "before"
        found = (
            f"another case of the same {key} has its {other} 0 to {look.days} days {way} the "
            f"{own} of this one"
        )
        if look.criterion is None:
            return found
        return f"{found}, and of that other case: ({self.clause(look.criterion)})"

    def _joined(self, terms: Sequence[Criterion], word: str) -> str:
        """Put every inner group in parentheses: English has no precedence."""
        return f" {word} ".join(
            f"({self.clause(term)})" if isinstance(term, AllOf | AnyOf) else self.clause(term)
            for term in terms
        )


def _written(value: Written) -> str:
    match value:
        case bool(flag):
            return "yes" if flag else "no"
        case str(text):
            return f"“{text}”"
        case datetime() as moment:
            return plain_moment(moment)
        case date() as day:
            return day.isoformat()
    return plain_digits(value)


def _listed(options: Sequence[Literal]) -> str:
    words = [_written(option.value) for option in options]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
