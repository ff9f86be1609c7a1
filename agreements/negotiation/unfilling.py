"""From a clause as somebody edited it back to a clause with places for figures. Pure.

People read and change what is printed: `a fixed fee of $60,000.00`. The draft holds what it was
printed from: `a fixed fee of {fixed_fee}`. An edit is carried over to that, and the places stay. An
edit of what stands in a place is refused: figures change in the terms, so that paper and
calculation cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agreements.drafting.placeholders import fill, where_changed
from agreements.drafting.words import NUMBER_WORDS
from agreements.negotiation.comparison import Mark, Piece, compare, matched

_PLACE = re.compile(r"\{[^{}]*\}")
_FIGURE = re.compile(rf"\d|\b(?:{'|'.join(sorted(NUMBER_WORDS))})\b", re.IGNORECASE)


class FilledInError(ValueError):
    """An edit of words that are filled in; `said` are those words, and `name` is their place."""

    def __init__(self, said: str, name: str) -> None:
        super().__init__(f"“{said}” is filled in {where_changed(name)}")
        self.said = said


@dataclass(frozen=True, slots=True)
class Filling:
    """What places are filled with, by their names, and references by the keys of the clauses."""

    values: Mapping[str, str]
    sections: Mapping[str, str]

    def fill(self, text: str) -> str:
        """Print a text."""
        return fill(text, values=self.values, sections=self.sections)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a place stands in the printed text."""

    written: str
    start: int
    end: int

    def refused(self, printed: str) -> FilledInError:
        """Refuse an edit of it."""
        return FilledInError(printed[self.start : self.end], self.written.strip("{}"))


def unfilled_paragraphs(
    templates: Sequence[str], edited: Sequence[str], filling: Filling
) -> tuple[str, ...]:
    """Carry the edits of a clause over to what it was printed from.

    Args:
        templates: paragraphs with their places.
        edited: the printed paragraphs, as somebody changed them.
        filling: with which they were printed.

    Raises:
        FilledInError: what stands in a place was changed.
    """
    printed = {filling.fill(template): template for template in templates}
    sources = {text: template for text, template in printed.items() if text != template}
    result: list[str] = []
    for old, new in matched(tuple(map(filling.fill, templates)), edited):
        if new is None:
            continue
        if old is None or new in sources:  # a paragraph that only moved is the one it was
            result.append(sources.get(new, new))
        else:
            result.append(unfilled(printed[old], new, filling))
    return tuple(result)


def unfilled(template: str, edited: str, filling: Filling) -> str:
    """Carry the edits of one paragraph over to what it was printed from.

    Raises:
        FilledInError: what stands in a place was changed.
    """
    printed = filling.fill(template)
    places = list(_places(template, filling))
    pieces = compare(printed, edited)
    written: list[str] = []
    at = 0
    for number, piece in enumerate(pieces):
        if piece.mark == Mark.INSERTED:
            _check_insertion(places, at, printed)
            written.append(piece.text)
            continue
        end = at + len(piece.text)
        if piece.mark == Mark.DELETED:
            _check_deletion(places, at, end, printed, _after(pieces, number))
        else:
            written.append(_restored(printed, places, at, end))
        at = end
    return "".join(written)


def _places(template: str, filling: Filling) -> Iterator[_Place]:
    printed = last = 0
    for found in _PLACE.finditer(template):
        printed += found.start() - last
        said = filling.fill(found.group())
        if said != found.group():
            yield _Place(found.group(), printed, printed + len(said))
        printed, last = printed + len(said), found.end()


def _after(pieces: Sequence[Piece], number: int) -> str:
    """Return what was inserted where a piece was deleted."""
    following = pieces[number + 1 : number + 2]
    return following[0].text if following and following[0].mark == Mark.INSERTED else ""


def _check_insertion(places: Sequence[_Place], at: int, printed: str) -> None:
    for place in places:
        if place.start < at < place.end:
            raise place.refused(printed)


def _check_deletion(
    places: Sequence[_Place], start: int, end: int, printed: str, instead: str
) -> None:
    """A place may go as a whole; another figure may not stand in its stead."""
    for place in places:
        said = printed[place.start : place.end]
        is_touched = place.start < end and start < place.end
        is_gone = start <= place.start and place.end <= end
        is_figure = bool(_FIGURE.search(said) and _FIGURE.search(instead))
        if is_touched and (not is_gone or is_figure):
            raise place.refused(printed)


def _restored(printed: str, places: Sequence[_Place], start: int, end: int) -> str:
    """Write what stayed the same with its places."""
    written, at = "", start
    for place in places:
        if start <= place.start and place.end <= end:
            written += printed[at : place.start] + place.written
            at = place.end
    return written + printed[at:end]
