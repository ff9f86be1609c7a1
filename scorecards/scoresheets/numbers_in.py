"""Exact numbers out of cells, as people and public files write them."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from scorecards.offline.conversion import WITHHELD

LONGEST = 60
LARGEST_EXPONENT = 30
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)\$? ?"
    r"(?P<digits>(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?P<power>[eE][+-]?[0-9]{1,2})?(?P<percent> ?%)?"
)
_FRACTION = re.compile(r"(-?[0-9]+)(?: ?/ ?| out of )([0-9]+)")
_FOOTNOTE = re.compile(r"(?<=[0-9a-z%]) ?(\*{1,3}|[\u2020\u2021]|\([a-z0-9]\)|\[[a-z0-9]{1,2}\])$")
_IN_BRACKETS = re.compile(r"\((\$?[0-9.,]+)\)")
_MARKS = re.compile("[-*\u2013\u2014]+")
_REASON = re.compile(  # in words: `Not enough data available`, `Plan too new to be measured`
    r"(?:[a-z]+ )*(?:(?:not|no|too|insufficient|fewer than|less than) [a-z0-9 ,'/-]+|suppressed)"
)
_WITHHELD = frozenset((*WITHHELD, ".", "#n/a", "n.a."))
FORMS = "0.085, 8.5%, 53/660, 7 out of 10, 1,234.50, $1,234.50 or (1,234.50)"


class CellError(ValueError):
    """A cell that holds no number."""


def text_of(cell: object) -> str:
    """Write a cell as text; binary numbers of workbooks by their shortest text."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell).strip()


@lru_cache(maxsize=100_000)
def is_withheld(text: str) -> bool:
    """Say whether a public file withholds the figure: `Not Available`, `N/A (5)`, `***`, `-`."""
    folded = text.casefold()
    bare = _without_footnote(folded)
    return bool({folded, bare} & _WITHHELD or _MARKS.fullmatch(folded) or _REASON.fullmatch(bare))


@lru_cache(maxsize=10_000)
def _without_footnote(text: str) -> str:
    """Take the mark of a footnote off: `12.5*`, `12.5 (a)`, `12.5 [3]`."""
    return _FOOTNOTE.sub("", text) or text


@lru_cache(maxsize=100_000)
def number_in(text: str) -> Fraction:
    """Read an exact number.

    Raises:
        CellError: it is none.
    """
    if len(text) <= LONGEST:
        text = _without_footnote(text.replace("\N{MINUS SIGN}", "-"))
        if found := _IN_BRACKETS.fullmatch(text):  # as accountants write what is below zero
            return -number_in(found[1])
        if found := _NUMBER.fullmatch(text):
            return _number(found)
        if found := _FRACTION.fullmatch(text):
            above, below = found.groups()
            if int(below):
                return Fraction(int(above), int(below))
    raise CellError(f"expected an exact number, such as {FORMS}")


def _number(found: re.Match[str]) -> Fraction:
    power = found["power"] or ""
    if power and abs(int(power[1:])) > LARGEST_EXPONENT:
        raise CellError(f"expected an exact number, such as {FORMS}")
    number = Fraction(Decimal(found["digits"].replace(",", "") + power))
    if found["sign"] == "-":
        number = -number
    return number / 100 if found["percent"] else number
