"""Finding declared columns among the headers of a file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from io import StringIO
from itertools import islice
from pathlib import Path

from indicators.measure.columns import Column
from scorecards.intake.csv_form import CsvForm
from scorecards.intake.identifiers import holds_identifier

SEPARATORS = ",;\t|"
ROWS_LOOKED_AT = 25
BYTES_LOOKED_AT = 1 << 18
SHOWN_CHARACTERS = 40
_FILLING = re.compile(r"[\W_]+")


class HeaderError(ValueError):
    """A column that a file lacks, or has twice."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a column stands.

    Args:
        header: as the file writes it.
        is_alike: the file writes it otherwise than was declared: `Facility ID` for
            `facility_id`.
    """

    header: str
    is_alike: bool


def folded(name: str) -> str:
    """Leave out capitals, spaces, underscores and other filling."""
    return _FILLING.sub("", name).casefold()


def find_column(column: Column, header: Sequence[str]) -> Found:
    """Find a declared column: by its source, else its name, else spelled alike.

    Raises:
        HeaderError: it is not there, or could be several.
    """
    return find_header(tuple(filter(None, (column.source, column.name))), header)


def find_header(names: Sequence[str], header: Sequence[str]) -> Found:
    """Find the first of these names that the header has, else one spelled alike.

    Raises:
        HeaderError: none is there, or could be several.
    """
    for name in names:
        if header.count(name) > 1:
            raise HeaderError(f"has {header.count(name)} columns “{name}”. Keep one of them.")
        if name in header:
            return Found(name, is_alike=False)
    for name in names:
        alike = [each for each in header if folded(name) and folded(each) == folded(name)]
        if len(alike) > 1:
            shown = ", ".join(f"“{each}”" for each in alike)
            raise HeaderError(f"has no column “{name}”, and several like it: {shown}.")
        if alike:
            return Found(alike[0], is_alike=True)
    shown = " or ".join(f"“{name}”" for name in names)
    raise HeaderError(f"has no column {shown}.{_near(names, header)}")


def _near(names: Sequence[str], header: Sequence[str]) -> str:
    """Name headers that could have been meant, unless they look like values of a case."""
    sayable = [name for name in header if name and not holds_identifier(name)]
    near = [each for name in names for each in get_close_matches(name, sayable, n=3, cutoff=0.6)]
    shown = ", ".join(f"“{name[:SHOWN_CHARACTERS]}”" for name in dict.fromkeys(near))
    return f" Near it: {shown}." if shown else " Add it, or declare its header as `source`."


def best_row(rows: Iterable[Sequence[str]], wanted: frozenset[str]) -> tuple[int, int]:
    """Find the row that holds most of the wanted headers: titles may stand above it.

    Args:
        rows: the first rows of a file.
        wanted: folded names.

    Returns:
        How many it holds, and its place from 0; the first row where no row holds more.
    """
    counts = [len(wanted.intersection(map(folded, row))) for row in rows] or [0]
    most = max(counts)
    return most, counts.index(most)


def csv_form(source: Path, wanted: frozenset[str]) -> CsvForm:
    """Tell separator and header row of a CSV file by where the wanted headers stand."""
    with source.open("rb") as stream:
        start = stream.read(BYTES_LOOKED_AT).decode("utf-8-sig", errors="ignore")
    best, form = (-1, -1), CsvForm(only_wanted=True)
    for separator in SEPARATORS:
        rows = _first_rows(start, separator)
        hits, place = best_row(rows, wanted)
        score = hits, len(rows[place]) if rows else 0
        if score > best:
            best, form = score, CsvForm(separator, place + 1, only_wanted=True)
    return form


def _first_rows(start: str, separator: str) -> list[list[str]]:
    """Take the first rows apart; a row that cannot be ends the look."""
    rows: list[list[str]] = []
    reader = csv.reader(StringIO(start, newline=""), delimiter=separator)
    try:
        rows.extend(islice(reader, ROWS_LOOKED_AT))
    except csv.Error:
        return rows
    return rows
