"""Two texts compared word by word, and two lists of paragraphs matched. Pure.

Every character of both texts stays: taking what is the same and what was inserted gives the new
text, taking what is the same and what was deleted gives the old one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby, zip_longest

# A figure is one word, with its dollar and percent signs: half a number is never marked.
_WORDS = re.compile(r"\s+|\$?\d+(?:[.,]\d+)*%?|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|.", re.DOTALL)
# Beyond these a comparison would take seconds; it is then coarser, and just as true.
MOST_WORD_MATCHES = 1_000_000
MOST_PARAGRAPH_PAIRS = 4_000
ALIKE = 0.5  # share of common words from which a paragraph is a changed one, not another

Pair = tuple[str | None, str | None]


class Mark(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with what became of it."""

    mark: Mark
    text: str


def words(text: str) -> list[str]:
    """Part a text into words, figures, marks and white space; joined they are the text."""
    return _WORDS.findall(text)


def compare(old: str, new: str) -> tuple[Piece, ...]:
    """Mark what was deleted from a text and inserted into it; the deleted stands first."""
    before, after = words(old), words(new)
    changes = [
        ("".join(before[start:end]), "".join(after[first:last]), tag == "equal")
        for tag, start, end, first, last in _steps(before, after)
    ]
    return tuple(_pieces(_without_gaps(changes)))


def accepted(pieces: Iterable[Piece]) -> str:
    """Return the new text."""
    return "".join(piece.text for piece in pieces if piece.mark != Mark.DELETED)


def rejected(pieces: Iterable[Piece]) -> str:
    """Return the old text."""
    return "".join(piece.text for piece in pieces if piece.mark != Mark.INSERTED)


def matched(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Match paragraphs by the words they share, in their order.

    Returns:
        Each paragraph of either side once; None where the other side has none that is alike.
    """
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    same: list[Pair] = [(text, text) for text in old[:head]]
    last: list[Pair] = [(text, text) for text in old[len(old) - tail :]]
    return [*same, *_aligned(before, after), *last]


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Choose the matching whose pairs are most alike in all."""
    if len(old) * len(new) > MOST_PARAGRAPH_PAIRS:
        return list(zip_longest(old, new))
    alike = _likeness(old, new)
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for row in range(len(old) - 1, -1, -1):
        for column in range(len(new) - 1, -1, -1):
            paired = alike[row][column] and alike[row][column] + best[row + 1][column + 1]
            best[row][column] = max(best[row + 1][column], best[row][column + 1], paired)
    return list(_walked(old, new, alike, best))


def _walked(
    old: Sequence[str], new: Sequence[str], alike: list[list[float]], best: list[list[float]]
) -> Iterator[Pair]:
    row = column = 0
    while row < len(old) and column < len(new):
        share = alike[row][column]
        if share and best[row][column] == share + best[row + 1][column + 1]:
            yield old[row], new[column]
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            yield old[row], None
            row += 1
        else:
            yield None, new[column]
            column += 1
    yield from ((text, None) for text in old[row:])
    yield from ((None, text) for text in new[column:])


def _likeness(old: Sequence[str], new: Sequence[str]) -> list[list[float]]:
    others = [counted(text) for text in new]
    return [[likeness(said, each) for each in others] for said in map(counted, old)]


def likeness(old: Counter[str], new: Counter[str]) -> float:
    """Say which share of the words of two texts is common; zero where it is less than half."""
    share = 2 * (old & new).total() / (old.total() + new.total() or 1)
    return share if share >= ALIKE else 0.0


def counted(text: str) -> Counter[str]:
    """Count the words of a text."""
    return Counter(word for word in words(text) if not word.isspace())


def _steps(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Give the steps from old to new, what is common at both ends first."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield "equal", 0, head, 0, head
    for tag, start, end, first, last in _middle(before, after):
        yield tag, start + head, end + head, first + head, last + head
    if tail:
        yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)


def _middle(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    counts, others = Counter(old), Counter(new)
    matches = sum(count * others[word] for word, count in counts.items() if not word.isspace())
    if matches > MOST_WORD_MATCHES:
        return [("replace", 0, len(old), 0, len(new))]
    # White space matches beside words only: alone it would tie together what has nothing in common.
    return list(SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes())


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """Count what is equal at the beginning."""
    place = 0
    while place < min(len(old), len(new)) and old[place] == new[place]:
        place += 1
    return place


Change = tuple[str, str, bool]


def _without_gaps(changes: list[Change]) -> list[Change]:
    """Join two changes that only white space parts, so that a phrase is marked as a whole."""
    joined: list[Change] = []
    for change in changes:
        joined.append(change)
        if len(joined) >= 3:
            first, gap, last = joined[-3:]
            old, new = first[0] + last[0], first[1] + last[1]
            is_gap = gap[2] and gap[0].isspace() and not first[2] and not last[2]
            if is_gap and old.strip() and new.strip():
                joined[-3:] = [(first[0] + gap[0] + last[0], first[1] + gap[1] + last[1], False)]
    return joined


def _pieces(changes: Iterable[Change]) -> Iterator[Piece]:
    marked = (
        (mark, text)
        for old, new, is_same in changes
        for mark, text in (
            [(Mark.SAME, old)] if is_same else [(Mark.DELETED, old), (Mark.INSERTED, new)]
        )
        if text
    )
    for mark, run in groupby(marked, key=lambda each: each[0]):
        yield Piece(mark, "".join(text for _, text in run))
