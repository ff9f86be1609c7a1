"""Plain JSON, taken apart a column at a time: objects alike, and no escapes in any text.

Most posts are so. Whoever reads them row by row takes three times as long; what is not plain is
left to `json_reading`, which says of each row what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import pyarrow as pa

from scorecards.intake.reading import MAX_CELL_CHARACTERS, MAX_FILE_COLUMNS
from scorecards.intake.texts import TextBytes

# A decoded object takes many times its bytes: a longer text is read row by row.
MOST_CHARACTERS = 16_000_000
ESCAPE, AFTER_NAME = "\\", ":"
PLAIN_VALUES = frozenset({str, bool, type(None)})
Columns = tuple[list[str], list[pa.Array]]


def is_plain(text: str) -> bool:
    """Say whether a text is short enough and without escapes: what is read is what is written."""
    return len(text) <= MOST_CHARACTERS and ESCAPE not in text


def plain_columns(text: str, rows: Sequence[Any]) -> Columns | None:
    """Turn rows into columns, or say with None that they must be read one by one.

    Args:
        text: all of the JSON; it is plain.
        rows: what was decoded, numbers as the text they are written as.

    Returns:
        Names in the order of the first row, and a text array for each.
    """
    if not rows or set(map(type, rows)) != {dict} or len(set(map(len, rows))) > 1:
        return None
    names = list(rows[0])
    if not 1 < len(names) <= MAX_FILE_COLUMNS:
        return None
    try:
        values = list(zip(*map(itemgetter(*names), rows), strict=True))
    except KeyError:
        return None
    texts = [found for column in values if (found := _texts(column)) is not None]
    if len(texts) < len(names) or not _names_came_once(text, names, texts, len(rows)):
        return None
    columns = [pa.array(column, pa.string()) for column in texts]
    longest = max(int(TextBytes.of(column).lengths.max()) for column in columns)
    return (names, columns) if longest <= MAX_CELL_CHARACTERS else None


def _texts(values: Sequence[Any]) -> Sequence[str] | None:
    """Write what is no text as `json_reading` does; None when there is more than values."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return values
    if not kinds <= PLAIN_VALUES:
        return None
    return [
        value if isinstance(value, str) else {None: "", True: "true", False: "false"}[value]
        for value in values
    ]


def _names_came_once(
    text: str, names: list[str], texts: Sequence[Sequence[str]], rows: int
) -> bool:
    """Say whether no object has a name twice, of which a value would be lost.

    A colon follows each name; all others are inside names and values, and without escapes they
    stand there as they were read.
    """
    inside = sum("".join(column).count(AFTER_NAME) for column in texts)
    in_names = sum(name.count(AFTER_NAME) for name in names)
    return text.count(AFTER_NAME) == inside + rows * (len(names) + in_names)
