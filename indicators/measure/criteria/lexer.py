"""From the text of a criterion to its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from indicators.measure.criteria.errors import CriteriaError

LONGEST_TEXT = 10_000
LONGEST_DIGITS = 18

# Possessive (`*+`): a missing quote is found in one pass, however long the text is.
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]++)"
    r"|(?P<number>[0-9]++(?:\.[0-9]++)?)"
    r"|(?P<text>'(?:[^']|'')*+')"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*+)"
    r"|(?P<sign><=|>=|<>|[=<>+\-*/(),])"
)
_HINTS = {
    "'": "The text that begins here has no closing quote. A quote inside a text is written "
    "twice: 'O''Brien'.",
    '"': "Text stands in single quotes: 'Cardiology'.",
    "!": "Write <> for “is not”.",
    "%": "A beginning is asked for by “like”: like 'I21%'.",
    ".": "A number begins with a digit: 0.5.",
    "\N{NOT EQUAL TO}": "Write <>.",
    "\N{LESS-THAN OR EQUAL TO}": "Write <=.",
    "\N{GREATER-THAN OR EQUAL TO}": "Write >=.",
    "\N{LEFT DOUBLE QUOTATION MARK}": "Text stands in single quotes: 'Cardiology'.",
    "\N{RIGHT DOUBLE QUOTATION MARK}": "Text stands in single quotes: 'Cardiology'.",
    "\N{LEFT SINGLE QUOTATION MARK}": "Write straight quotes: 'Cardiology'.",
    "\N{RIGHT SINGLE QUOTATION MARK}": "Write straight quotes: 'Cardiology'.",
}


class TokenKind(StrEnum):
    """What a word of a criterion is."""

    NUMBER = "number"
    TEXT = "text"
    WORD = "word"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as written (text already without its quotes) and where it begins."""

    kind: TokenKind
    text: str
    position: int

    def __str__(self) -> str:
        """Name the word in a message."""
        if self.kind is TokenKind.END:
            return "the end of the criterion"
        return f"the text {self.text!r}" if self.kind is TokenKind.TEXT else f"“{self.text}”"

    def says(self, *words: str) -> bool:
        """Say whether this is one of the language's words or signs, in any case."""
        return self.kind in (TokenKind.WORD, TokenKind.SIGN) and self.text.lower() in words


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of a criterion, then one END.

    Raises:
        CriteriaError: a character that is not part of the language, a text without a
            closing quote, or a criterion longer than 10,000 characters.
    """
    if len(text) > LONGEST_TEXT:
        raise CriteriaError(
            f"The criterion has {len(text):,} characters; {LONGEST_TEXT:,} is the most.",
            LONGEST_TEXT + 1,
        )
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if not found:
            raise CriteriaError(_what_is_wrong(text[place]), place + 1)
        if found.lastgroup and found.lastgroup != "space":
            yield _token(TokenKind(found.lastgroup), found[0], place + 1)
        place = found.end()
    yield Token(TokenKind.END, "", place + 1)


def _token(kind: TokenKind, written: str, position: int) -> Token:
    match kind:
        case TokenKind.TEXT:
            _refuse_invisible(written, position)
            return Token(kind, written[1:-1].replace("''", "'"), position)
        case TokenKind.NUMBER:
            _refuse_many_digits(written, position)
    return Token(kind, written, position)


def _refuse_invisible(written: str, position: int) -> None:
    """Refuse text with a line break or other invisible character: nobody could review it."""
    for offset, character in enumerate(written):
        if not character.isprintable():
            raise CriteriaError(
                f"The text has an invisible character (code {ord(character)}).", position + offset
            )


def _refuse_many_digits(written: str, position: int) -> None:
    """Keep numbers inside what a table column can hold exactly."""
    if any(len(part) > LONGEST_DIGITS for part in written.split(".")):
        raise CriteriaError(
            f"A number has {LONGEST_DIGITS} digits at most before and after the point.", position
        )


def _what_is_wrong(character: str) -> str:
    hint = _HINTS.get(character, "Expected a column, a value, a comparison or a parenthesis.")
    shown = f"“{character}”" if character.isprintable() else f"character code {ord(character)}"
    return f"{shown} is not part of the criteria language. {hint}"
