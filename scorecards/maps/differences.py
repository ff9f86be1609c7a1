"""What one version of a map changes against another, in plain words.

Nothing here reads a row: it holds two specifications against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scorecards.intake.spec import FeedColumn, FeedSpec, FileForm

NOTHING = "nothing"
_PARTS = {
    "type": "the type",
    "name_in_file": "the name in the file",
    "label": "the label",
    "unit": "the unit",
    "minimum": "the lowest value",
    "maximum": "the highest value",
    "places": "the decimals kept",
    "width": "the width in digits",
}
_LISTS = {
    "codes": "the code list",
    "missing": "the texts that mean missing",
    "suppressed": "the texts that mean suppressed",
    "forms": "the ways to write days",
    "marks": "the marks in numbers",
}
_FORM_PARTS = {
    "separator": "the separator",
    "encoding": "the encoding",
    "sheet": "the sheet",
    "header_row": "the row of the header",
    "notes": "how notes below the rows are told",
}


class Change(StrEnum):
    """What became of a column, or that the map as a whole is another."""

    ADDED = "Added"
    REMOVED = "Removed"
    RENAMED = "Renamed"
    CHANGED = "Changed"
    WHOLE = "Whole map"


@dataclass(frozen=True, slots=True)
class Difference:
    """One column that differs, or the whole map.

    Attributes:
        change: what became of it.
        name: of the column in the later map, or in the earlier one where it is removed; empty for
            the whole map.
        said: sentences, one for each thing that differs.
    """

    change: Change
    name: str
    said: tuple[str, ...]


def differences(earlier: FeedSpec, later: FeedSpec) -> tuple[Difference, ...]:
    """List what a later map changes.

    A column is the same when its name is, and else when its name in the file is: then it is
    renamed.

    Args:
        earlier: the map to compare with.
        later: the map that follows it, or might.

    Returns:
        The whole map first, then what was removed, then the columns of the later map in its
        order. Empty only when the two maps are equal.
    """
    pairs = _pairs(earlier, later)
    kept = {before.name for before in pairs.values()}
    whole = (*_whole(earlier, later), *_order(earlier, later, pairs))
    return (
        *((Difference(Change.WHOLE, "", whole),) if whole else ()),
        *(_removed(column) for column in earlier.columns if column.name not in kept),
        *_later_columns(later, pairs),
    )


def _pairs(earlier: FeedSpec, later: FeedSpec) -> dict[str, FeedColumn]:
    """Return the earlier column of each later one that had one, under the later name."""
    by_name = {column.name: column for column in earlier.columns}
    stay = {column.name for column in later.columns} & by_name.keys()
    by_file = {c.name_in_file: c for c in earlier.columns if c.name not in stay}
    pairs = {}
    for column in later.columns:
        before = by_name.get(column.name) or by_file.get(column.name_in_file)
        if before is not None:
            pairs[column.name] = before
    return pairs


def _removed(column: FeedColumn) -> Difference:
    return Difference(Change.REMOVED, column.name, (f"It was of type {column.type}.",))


def _later_columns(later: FeedSpec, pairs: Mapping[str, FeedColumn]) -> Iterator[Difference]:
    for column in later.columns:
        before = pairs.get(column.name)
        if before is None:
            said = f"It is of type {column.type}, read from “{column.name_in_file}”."
            bare = FeedColumn(column.name_in_file, column.name, column.type)
            yield Difference(Change.ADDED, column.name, (said, *_column(bare, column)))
        elif before != column:
            is_renamed = before.name != column.name
            renaming = (f"It was called {before.name}.",) if is_renamed else ()
            change = Change.RENAMED if is_renamed else Change.CHANGED
            yield Difference(change, column.name, (*renaming, *_column(before, column)))


def _column(before: FeedColumn, after: FeedColumn) -> Iterator[str]:
    yield from _values(before, after, _PARTS)
    if before.required != after.required:
        yield "A value is required." if after.required else "A value is no longer required."
    for part, words in _LISTS.items():
        yield from _list(words, getattr(before, part), getattr(after, part))


def _whole(earlier: FeedSpec, later: FeedSpec) -> Iterator[str]:
    yield from _value("the data level", earlier.level, later.level)
    yield from _value("the key", " + ".join(earlier.row_key), " + ".join(later.row_key))
    yield from _value("the date column", earlier.date_column, later.date_column)
    for words, before, after in (
        ("the columns about the hospital", *_both("organization_columns", earlier, later)),
        ("the texts that mean missing everywhere", *_both("missing", earlier, later)),
        ("the texts that mean suppressed everywhere", *_both("suppressed", earlier, later)),
        ("the order of times", _orders(earlier), _orders(later)),
    ):
        yield from _list(words, before, after)
    yield from _values(earlier.form, later.form, _FORM_PARTS)


def _both(part: str, earlier: FeedSpec, later: FeedSpec) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return getattr(earlier, part), getattr(later, part)


def _orders(spec: FeedSpec) -> tuple[str, ...]:
    return tuple(f"{order.earlier} before {order.later}" for order in spec.orders)


def _order(earlier: FeedSpec, later: FeedSpec, pairs: Mapping[str, FeedColumn]) -> Iterator[str]:
    kept = [pairs[column.name].name for column in later.columns if column.name in pairs]
    if kept != [column.name for column in earlier.columns if column.name in set(kept)]:
        yield "The columns stand in another order."


def _values(
    before: FeedColumn | FileForm, after: FeedColumn | FileForm, parts: Mapping[str, str]
) -> Iterator[str]:
    for part, words in parts.items():
        yield from _value(words, getattr(before, part), getattr(after, part))


def _value(words: str, before: Any, after: Any) -> Iterator[str]:
    if before != after:
        yield f"{_capital(words)}: {_shown(before)} becomes {_shown(after)}."


def _list(words: str, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    added = [_quoted(text) for text in after if text not in before]
    removed = [_quoted(text) for text in before if text not in after]
    if added:
        yield f"{_capital(words)}: added {', '.join(added)}."
    if removed:
        yield f"{_capital(words)}: removed {', '.join(removed)}."
    if not (added or removed) and tuple(before) != tuple(after):
        yield f"{_capital(words)}: the same in another order."


def _shown(value: Any) -> str:
    return NOTHING if value is None or value == "" else f"{value}"


def _quoted(text: str) -> str:
    return f"“{text}”"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
