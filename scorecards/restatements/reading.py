"""What a file changes, as page and API read it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scorecards.restatements.differences import CaseChanges
from scorecards.restatements.effects import YearEffect, read_effect


@dataclass(frozen=True, slots=True)
class ColumnChanges:
    """In how many cases one column changes."""

    name: str
    cases: int


@dataclass(frozen=True, slots=True)
class ChangesReading:
    """The changes of one file.

    Attributes:
        basis: what they are changes of; a decision names it.
        cases: None where nothing counted before.
        columns: those that change, most often first.
    """

    basis: str
    cases: CaseChanges | None
    columns: tuple[ColumnChanges, ...]
    years: tuple[YearEffect, ...]


def read_changes(document: Mapping[str, Any] | None) -> ChangesReading | None:
    """Read what `Weighing.to_document` wrote; None while it is computed."""
    if document is None:
        return None
    cases = CaseChanges.from_document(document["cases"]) if document["cases"] else None
    columns = cases.columns.items() if cases else ()
    return ChangesReading(
        basis=document["basis"],
        cases=cases,
        columns=tuple(
            ColumnChanges(name, count)
            for name, count in sorted(columns, key=lambda pair: (-pair[1], pair[0]))
        ),
        years=tuple(read_effect(year) for year in document["years"]),
    )
