"""From the words of a criterion to its tree: a recursive descent, one method a level.

From loosest to tightest: `or`, `and`, `not`, comparisons, `+ -`, `*`, then columns,
literals and parentheses. Columns are looked up afterwards, in `typecheck`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import TypeVar

from indicators.measure.columns import RESERVED_WORDS
from indicators.measure.criteria.errors import CriteriaError
from indicators.measure.criteria.lexer import Token, TokenKind, tokens
from indicators.measure.criteria.tree import (
    AllOf,
    AnyOf,
    Arithmetic,
    BeginsWith,
    Between,
    ColumnValue,
    Comparison,
    Criterion,
    DaysBetween,
    IsMissing,
    Kind,
    Literal,
    Not,
    OneOf,
    Order,
    Value,
    walk,
)

DEEPEST = 20
MOST_PARTS = 200
FUNCTION = "days_between"
QUOTE_HINT = "A quote inside a text is written twice: 'O''Brien'."
WILDCARDS = "%_"

Part = TypeVar("Part", bound=Value | Criterion)
Level = Callable[[], Value | Criterion]


def read_criterion(text: str) -> Criterion:
    """Read a criterion, without knowing the columns yet."""
    parser = _Parser(text)
    return parser.finish(parser.criterion("a comparison"))


def read_value(text: str) -> Value:
    """Read an expression such as `minutes_out - minutes_in`, without knowing the columns yet."""
    parser = _Parser(text)
    return parser.finish(parser.observation())


class _Parser:
    """One pass over the words of one text."""

    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._next = next(self._tokens)
        self._last_kind = TokenKind.END
        self._levels = 0
        self._parts = 0

    def criterion(self, expected: str) -> Criterion:
        """Read what is true or not, for a case."""
        return self._as_criterion(self._any_of, expected)

    def observation(self) -> Value:
        """Read the number that is observed; a comparison is named as such."""
        return self._as_value(self._any_of, "a column or a calculation")

    def value(self, expected: str) -> Value:
        """Read what has a value, for a case."""
        return self._as_value(self._sum, expected)

    def finish(self, part: Part) -> Part:
        """Make sure that nothing is left over and that a person could still follow it."""
        if self._next.kind is not TokenKind.END:
            hint = QUOTE_HINT if self._last_kind is TokenKind.TEXT else ""
            raise self._expected("“and”, “or” or the end", hint)
        for inner, depth in walk(part):
            if depth > DEEPEST:
                raise _too_deep(inner.position)
        return part

    def _any_of(self) -> Value | Criterion:
        return self._joined("or", self._all_of, AnyOf)

    def _all_of(self) -> Value | Criterion:
        return self._joined("and", self._negation, AllOf)

    def _joined(self, word: str, level: Level, node: type[AllOf | AnyOf]) -> Value | Criterion:
        start = self._next
        first = level()
        if not self._next.says(word):
            return first
        terms = [_criterion(first, start, f"a comparison before “{word}”")]
        while self._next.says(word):
            self._take()
            terms.append(self._as_criterion(level, f"a comparison after “{word}”"))
        return self._made(node(tuple(terms), position=start.position))

    def _negation(self) -> Value | Criterion:
        if not self._next.says("not"):
            return self._comparison()
        word = self._take()
        with self._one_level_deeper(word):
            term = self._as_criterion(self._negation, "a comparison after “not”")
        return self._made(Not(term, position=word.position))

    def _comparison(self) -> Value | Criterion:
        start = self._next
        left = self._sum()
        if not self._next.says(*Order, "in", "not", "between", "is", "like"):
            return left
        value = _value(left, start, "a column or a value before the comparison")
        word = self._take()
        match word.text.lower():
            case "is":
                return self._is_missing(value)
            case "between":
                return self._between(value)
            case "like":
                return self._begins_with(value)
            case "in":
                return self._one_of(value)
            case "not":
                self._must_take("in", hint="To turn another comparison round, write not (...).")
                return self._negated(self._one_of(value))
        right = self.value(f"a column or a value after “{word.text}”")
        return self._made(Comparison(value, Order(word.text), right, position=value.position))

    def _is_missing(self, value: Value) -> Criterion:
        is_negated = self._next.says("not")
        if is_negated:
            self._take()
        self._must_take("null")
        missing = self._made(IsMissing(value, position=value.position))
        return self._negated(missing) if is_negated else missing

    def _between(self, value: Value) -> Criterion:
        low = self.value("the lowest value after “between”")
        self._must_take("and", hint="Write: between LOW and HIGH.")
        high = self.value("the highest value after “and”")
        return self._made(Between(value, low, high, position=value.position))

    def _begins_with(self, value: Value) -> Criterion:
        pattern = self._next
        if pattern.kind is not TokenKind.TEXT:
            raise self._expected("a text such as 'I21%' after “like”")
        self._take()
        prefix = pattern.text.removesuffix("%")
        if not prefix or prefix == pattern.text or any(sign in prefix for sign in WILDCARDS):
            raise CriteriaError(
                f"“like” takes a beginning and one % at the end, such as 'I21%'; found "
                f"{pattern.text!r}. For an exact text use =.",
                pattern.position,
            )
        return self._made(BeginsWith(value, prefix, position=value.position))

    def _one_of(self, value: Value) -> Criterion:
        self._must_take("(", hint="Write: in ('a', 'b').")
        options = [self._option()]
        while self._next.says(","):
            self._take()
            options.append(self._option())
        self._must_take(")")
        return self._made(OneOf(value, tuple(options), position=value.position))

    def _option(self) -> Literal:
        """Read one value of a list. A long list of codes is still one part of a criterion."""
        start = self._next
        option = self._literal()
        if option is None:
            raise _found(start, "a text, number, date, true or false in the list")
        return option

    def _negated(self, criterion: Criterion) -> Criterion:
        return self._made(Not(criterion, position=criterion.position))

    def _sum(self) -> Value | Criterion:
        return self._calculated(("+", "-"), self._product)

    def _product(self) -> Value | Criterion:
        return self._calculated(("*",), self._atom)

    def _calculated(self, signs: tuple[str, ...], level: Level) -> Value | Criterion:
        start = self._next
        left = level()
        while self._next.says(*signs):
            first = _value(left, start, f"a number before “{self._next.text}”")
            sign = self._take()
            second = self._as_value(level, f"a number after “{sign.text}”")
            left = self._made(Arithmetic(sign.text, first, second, position=start.position))
        return left

    def _atom(self) -> Value | Criterion:
        start = self._next
        literal = self._literal()
        if literal is not None:
            return self._made(literal)
        if start.says("("):
            return self._in_parentheses()
        if start.says("null"):
            raise CriteriaError("Ask for a missing value with “is null”.", start.position)
        if start.kind is not TokenKind.WORD or start.text.lower() in RESERVED_WORDS - {FUNCTION}:
            raise self._expected("a column, a value or “(”")
        self._take()
        if self._next.says("("):
            return self._function(start)
        return self._made(ColumnValue(start.text, position=start.position))

    def _in_parentheses(self) -> Value | Criterion:
        opening = self._take()
        with self._one_level_deeper(opening):
            inner = self._any_of()
        self._must_take(")", hint=f"It closes the “(” at character {opening.position}.")
        return inner

    def _function(self, name: Token) -> Value:
        if name.text.lower() != FUNCTION:
            raise CriteriaError(
                f"There is no function “{name.text}”. The only one is "
                f"{FUNCTION}(first_date, second_date).",
                name.position,
            )
        self._take()
        with self._one_level_deeper(name):
            first = self.value("the first date")
            self._must_take(",", hint=f"{FUNCTION} takes two dates.")
            second = self.value("the second date")
        self._must_take(")", hint=f"{FUNCTION} takes two dates.")
        return self._made(DaysBetween(first, second, position=name.position))

    def _literal(self) -> Literal | None:
        """Take a literal, or nothing when the next word begins something else."""
        start = self._next
        if start.kind is TokenKind.TEXT:
            self._take()
            return Literal(start.text, Kind.TEXT, position=start.position)
        if start.kind is TokenKind.NUMBER:
            self._take()
            return Literal(_number(start.text), Kind.NUMBER, position=start.position)
        if start.says("true", "false"):
            self._take()
            return Literal(start.says("true"), Kind.FLAG, position=start.position)
        if start.says("-"):
            return self._negative_number()
        return self._date() if start.says("date") else None

    def _negative_number(self) -> Literal:
        minus = self._take()
        digits = self._next
        if digits.kind is not TokenKind.NUMBER:
            raise self._expected("a number after the minus sign")
        self._take()
        return Literal(-_number(digits.text), Kind.NUMBER, position=minus.position)

    def _date(self) -> Literal:
        word = self._take()
        written = self._next
        if written.kind is not TokenKind.TEXT:
            raise self._expected("a day such as '2026-01-31' after “date”")
        self._take()
        day = _day(written.text)
        if day is None:
            raise CriteriaError(
                f"{written.text!r} is not a day. Write date 'YYYY-MM-DD', such as "
                f"date '2026-01-31'.",
                written.position,
            )
        return Literal(day, Kind.DATE, position=word.position)

    def _take(self) -> Token:
        taken = self._next
        self._last_kind = taken.kind
        self._next = next(self._tokens)
        return taken

    def _must_take(self, word: str, *, hint: str = "") -> None:
        if not self._next.says(word):
            raise self._expected(f"“{word}”", hint)
        self._take()

    def _as_criterion(self, level: Level, expected: str) -> Criterion:
        start = self._next
        return _criterion(level(), start, expected)

    def _as_value(self, level: Level, expected: str) -> Value:
        start = self._next
        return _value(level(), start, expected)

    def _made(self, part: Part) -> Part:
        """Count a part that was made; a chain is refused before it can exhaust the stack."""
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise CriteriaError(
                f"The criterion has more than {MOST_PARTS} parts. Use a list with “in”, or "
                f"split the indicator.",
                part.position,
            )
        return part

    @contextmanager
    def _one_level_deeper(self, word: Token) -> Iterator[None]:
        self._levels += 1
        if self._levels > DEEPEST:
            raise _too_deep(word.position)
        yield
        self._levels -= 1

    def _expected(self, what: str, hint: str = "") -> CriteriaError:
        return _found(self._next, what, hint)


def _criterion(part: Value | Criterion, start: Token, expected: str) -> Criterion:
    if isinstance(part, Criterion):
        return part
    raise CriteriaError(
        f"Expected {expected}; {start} alone is neither true nor false. Compare it, for "
        f"example with = or is null.",
        start.position,
    )


def _value(part: Value | Criterion, start: Token, expected: str) -> Value:
    if isinstance(part, Value):
        return part
    raise CriteriaError(f"Expected {expected}, found a comparison at {start}.", start.position)


def _number(digits: str) -> int | Decimal:
    return Decimal(digits) if "." in digits else int(digits)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None  # not `20260131` or `2026-W05-6`


def _found(token: Token, expected: str, hint: str = "") -> CriteriaError:
    return CriteriaError(f"Expected {expected}, found {token}. {hint}".rstrip(), token.position)


def _too_deep(position: int) -> CriteriaError:
    return CriteriaError(
        f"The criterion is nested more than {DEEPEST} levels deep. Take out parentheses, or "
        f"split the indicator.",
        position,
    )
