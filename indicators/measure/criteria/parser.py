"""From the words of a criterion to its tree: a recursive descent, one method a level.

From loosest to tightest: `or`, `and`, `not`, comparisons, `+ -`, `* /`, then columns,
literals, functions and parentheses. Columns are looked up afterwards, in `typecheck`.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from indicators.measure.columns import RESERVED_WORDS
from indicators.measure.criteria.cursor import Cursor, not_as_expected
from indicators.measure.criteria.errors import CriteriaError
from indicators.measure.criteria.functions import (
    FUNCTION_NAMES,
    LOOK_USAGE,
    MOST_DAYS_OF_A_LOOK,
    SIGNATURES,
)
from indicators.measure.criteria.lexer import Token, TokenKind
from indicators.measure.criteria.literals import read_literal
from indicators.measure.criteria.tree import (
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
    Function,
    IsMissing,
    Literal,
    Look,
    Not,
    OneOf,
    Order,
    Value,
)

WILDCARDS = "%_"
NOT_COLUMNS = RESERVED_WORDS.difference(FUNCTION_NAMES)

Level = Callable[[], Value | Criterion]


def read_criterion(text: str) -> Criterion:
    """Read a criterion, without knowing the columns yet."""
    parser = _Parser(text)
    return parser.words.finish(parser.criterion("a comparison"))


def read_value(text: str) -> Value:
    """Read an expression such as `minutes_out - minutes_in`, without knowing the columns yet."""
    parser = _Parser(text)
    return parser.words.finish(parser.observation())


class _Parser:
    """One pass over the words of one text."""

    def __init__(self, text: str) -> None:
        self.words = Cursor(text)

    def criterion(self, expected: str) -> Criterion:
        """Read what is true or not, for a case."""
        return self._as_criterion(self._any_of, expected)

    def observation(self) -> Value:
        """Read the number that is observed; a comparison is named as such."""
        return self._as_value(self._any_of, "a column or a calculation")

    def value(self, expected: str) -> Value:
        """Read what has a value, for a case."""
        return self._as_value(self._sum, expected)

    def _any_of(self) -> Value | Criterion:
        return self._joined("or", self._all_of, AnyOf)

    def _all_of(self) -> Value | Criterion:
        return self._joined("and", self._negation, AllOf)

    def _joined(self, word: str, level: Level, node: type[AllOf | AnyOf]) -> Value | Criterion:
        start = self.words.next
        first = level()
        if not self.words.next.says(word):
            return first
        terms = [_criterion(first, start, f"a comparison before “{word}”")]
        while self.words.next.says(word):
            self.words.take()
            terms.append(self._as_criterion(level, f"a comparison after “{word}”"))
        return self.words.made(node(tuple(terms), position=start.position))

    def _negation(self) -> Value | Criterion:
        if not self.words.next.says("not"):
            return self._comparison()
        word = self.words.take()
        with self.words.one_level_deeper(word):
            term = self._as_criterion(self._negation, "a comparison after “not”")
        return self.words.made(Not(term, position=word.position))

    def _comparison(self) -> Value | Criterion:
        start = self.words.next
        left = self._sum()
        if not self.words.next.says(*Order, "in", "not", "between", "is", "like"):
            return left
        value = _value(left, start, "a column or a value before the comparison")
        word = self.words.take()
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
                self.words.must_take(
                    "in", hint="To turn another comparison round, write not (...)."
                )
                return self._negated(self._one_of(value))
        if self.words.next.says(*Order):
            hint = f"The comparisons are {' '.join(Order)}."
            raise self.words.expected(f"a column or a value after “{word.text}”", hint)
        right = self.value(f"a column or a value after “{word.text}”")
        return self.words.made(Comparison(value, Order(word.text), right, position=value.position))

    def _is_missing(self, value: Value) -> Criterion:
        is_negated = self.words.next.says("not")
        if is_negated:
            self.words.take()
        self.words.must_take("null")
        missing = self.words.made(IsMissing(value, position=value.position))
        return self._negated(missing) if is_negated else missing

    def _between(self, value: Value) -> Criterion:
        low = self.value("the lowest value after “between”")
        self.words.must_take("and", hint="Write: between LOW and HIGH.")
        high = self.value("the highest value after “and”")
        return self.words.made(Between(value, low, high, position=value.position))

    def _begins_with(self, value: Value) -> Criterion:
        pattern = self.words.next
        if pattern.kind is not TokenKind.TEXT:
            raise self.words.expected("a text such as 'I21%' after “like”")
        self.words.take()
        prefix = pattern.text.removesuffix("%")
        if not prefix or prefix == pattern.text or any(sign in prefix for sign in WILDCARDS):
            raise CriteriaError(
                f"“like” takes a beginning and one % at the end, such as 'I21%'; found "
                f"{pattern.text!r}. For an exact text use =.",
                pattern.position,
            )
        return self.words.made(BeginsWith(value, prefix, position=value.position))

    def _one_of(self, value: Value) -> Criterion:
        self.words.must_take("(", hint="Write: in ('a', 'b').")
        options = [self._option()]
        while self.words.next.says(","):
            self.words.take()
            options.append(self._option())
        self.words.must_take(")")
        return self.words.made(OneOf(value, tuple(options), position=value.position))

    def _option(self) -> Literal:
        """Read one value of a list. A long list of codes is still one part of a criterion."""
        start = self.words.next
        option = read_literal(self.words)
        if option is None:
            raise not_as_expected(start, "a text, number, date, moment, true or false in the list")
        return option

    def _negated(self, criterion: Criterion) -> Criterion:
        return self.words.made(Not(criterion, position=criterion.position))

    def _sum(self) -> Value | Criterion:
        return self._calculated(("+", "-"), self._product)

    def _product(self) -> Value | Criterion:
        return self._calculated(("*", "/"), self._atom)

    def _calculated(self, signs: tuple[str, ...], level: Level) -> Value | Criterion:
        start = self.words.next
        left = level()
        while self.words.next.says(*signs):
            first = _value(left, start, f"a number before “{self.words.next.text}”")
            sign = self.words.take()
            second = self._as_value(level, f"a number after “{sign.text}”")
            left = self.words.made(Arithmetic(sign.text, first, second, position=start.position))
        return left

    def _atom(self) -> Value | Criterion:
        start = self.words.next
        literal = read_literal(self.words)
        if literal is not None:
            return self.words.made(literal)
        if start.says("("):
            return self._in_parentheses()
        if start.says("null"):
            raise CriteriaError("Ask for a missing value with “is null”.", start.position)
        if start.kind is not TokenKind.WORD or start.text.lower() in NOT_COLUMNS:
            raise self.words.expected("a column, a value or “(”")
        self.words.take()
        if self.words.next.says("("):
            return self._called(start)
        return self.words.made(ColumnValue(start.text, position=start.position))

    def _in_parentheses(self) -> Value | Criterion:
        opening = self.words.take()
        with self.words.one_level_deeper(opening):
            inner = self._any_of()
        self.words.must_take(")", hint=f"It closes the “(” at character {opening.position}.")
        return inner

    def _called(self, name: Token) -> Value | Criterion:
        lowered = name.text.lower()
        if lowered not in FUNCTION_NAMES:
            raise _no_function(name)
        self.words.take()
        with self.words.one_level_deeper(name):
            if lowered in list(Look):
                return self._another_case(name, Look(lowered))
            return self._call(name, Function(lowered))

    def _call(self, name: Token, function: Function) -> Value:
        signature = SIGNATURES[function]
        hint = f"Write: {signature.usage}."
        arguments = []
        for place, expected in enumerate(signature.expected):
            if place:
                self.words.must_take(",", hint=hint)
            arguments.append(self.value(expected))
        self.words.must_take(")", hint=hint)
        return self.words.made(Call(function, tuple(arguments), position=name.position))

    def _another_case(self, name: Token, look: Look) -> Criterion:
        hint = f"Write: {LOOK_USAGE[look]}; a criterion for the other case may follow."
        days = self._days_of_a_look(look, hint)
        self.words.must_take(",", hint=hint)
        key = self.value("the column that names the patient")
        self.words.must_take(",", hint=hint)
        own_day = self.value("the day of this case")
        self.words.must_take(",", hint=hint)
        other_day = self.value("the day of the other case")
        criterion = None
        if self.words.next.says(","):
            self.words.take()
            criterion = self.criterion("a comparison about the other case")
        self.words.must_take(")", hint=hint)
        return self.words.made(
            AnotherCase(look, days, key, own_day, other_day, criterion, position=name.position)
        )

    def _days_of_a_look(self, look: Look, hint: str) -> int:
        written = self.words.next
        if written.kind is not TokenKind.NUMBER or "." in written.text:
            raise self.words.expected("a whole number of days such as 30", hint)
        self.words.take()
        days = int(written.text)
        if days > MOST_DAYS_OF_A_LOOK:
            raise CriteriaError(
                f"{look} looks over {MOST_DAYS_OF_A_LOOK:,} days at most; found {days:,}.",
                written.position,
            )
        return days

    def _as_criterion(self, level: Level, expected: str) -> Criterion:
        start = self.words.next
        return _criterion(level(), start, expected)

    def _as_value(self, level: Level, expected: str) -> Value:
        start = self.words.next
        return _value(level(), start, expected)


def _criterion(part: Value | Criterion, start: Token, expected: str) -> Criterion:
    if isinstance(part, Criterion):
        return part
    raise CriteriaError(
        f"Expected {expected}; {start} alone is neither true nor false. Compare it with a "
        f"value, such as = true, = 5 or is null.",
        start.position,
    )


def _value(part: Value | Criterion, start: Token, expected: str) -> Value:
    if isinstance(part, Value):
        return part
    raise CriteriaError(f"Expected {expected}, found a comparison at {start}.", start.position)


def _no_function(name: Token) -> CriteriaError:
    near = get_close_matches(name.text.lower(), FUNCTION_NAMES, n=1)
    hint = f"Did you mean “{near[0]}”? " if near else ""
    return CriteriaError(
        f"There is no function “{name.text}”. {hint}The functions are: "
        f"{', '.join(FUNCTION_NAMES)}.",
        name.position,
    )
