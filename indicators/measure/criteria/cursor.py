"""The next word of a criterion, and how deep and how large the criterion has become."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from indicators.measure.criteria.errors import CriteriaError
from indicators.measure.criteria.lexer import Token, TokenKind, tokens
from indicators.measure.criteria.tree import Criterion, Value, walk

DEEPEST = 20
MOST_PARTS = 200
QUOTE_HINT = "A quote inside a text is written twice: 'O''Brien'."

Part = TypeVar("Part", bound=Value | Criterion)


class Cursor:
    """One pass over the words of one text.

    Attributes:
        next: the word that comes next, not yet taken.
    """

    def __init__(self, text: str) -> None:
        """Look at the first word."""
        self._tokens = tokens(text)
        self.next = next(self._tokens)
        self._last_kind = TokenKind.END
        self._levels = 0
        self._parts = 0

    def take(self) -> Token:
        """Take the next word."""
        taken = self.next
        self._last_kind = taken.kind
        self.next = next(self._tokens)
        return taken

    def must_take(self, word: str, *, hint: str = "") -> None:
        """Take this word, or say that it was expected."""
        if not self.next.says(word):
            raise self.expected(f"“{word}”", hint)
        self.take()

    def expected(self, what: str, hint: str = "") -> CriteriaError:
        """Say what was expected in place of the next word."""
        return not_as_expected(self.next, what, hint)

    def made(self, part: Part) -> Part:
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
    def one_level_deeper(self, word: Token) -> Iterator[None]:
        """Read what stands inside this word, if that is not too deep."""
        self._levels += 1
        if self._levels > DEEPEST:
            raise _too_deep(word.position)
        yield
        self._levels -= 1

    def finish(self, part: Part) -> Part:
        """Make sure that nothing is left over and that a person could still follow it."""
        if self.next.kind is not TokenKind.END:
            hint = QUOTE_HINT if self._last_kind is TokenKind.TEXT else ""
            raise self.expected("“and”, “or” or the end", hint)
        for inner, depth in walk(part):
            if depth > DEEPEST:
                raise _too_deep(inner.position)
        return part


def not_as_expected(token: Token, expected: str, hint: str = "") -> CriteriaError:
    """Say what was expected in place of a word."""
    return CriteriaError(f"Expected {expected}, found {token}. {hint}".rstrip(), token.position)


def _too_deep(position: int) -> CriteriaError:
    return CriteriaError(
        f"The criterion is nested more than {DEEPEST} levels deep. Take out parentheses, or "
        f"split the indicator.",
        position,
    )
