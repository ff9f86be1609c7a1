"""The test deck of a definition: example cases, each with the placement it must get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa

from indicators.measure.columns import CasesError, Column, ColumnType
from indicators.measure.criteria import Evaluator
from indicators.measure.definition import Definition
from indicators.measure.definition_document import DeckCase
from indicators.measure.population import Placement, place_all

DECK_PLACES = 6
_DIGITS = 30
_TYPES = {
    ColumnType.CODE: pa.string(),
    ColumnType.WHOLE: pa.int64(),
    ColumnType.DECIMAL: pa.decimal128(_DIGITS, DECK_PLACES),
    ColumnType.DATE: pa.date32(),
    ColumnType.MOMENT: pa.timestamp("s"),
    ColumnType.FLAG: pa.bool_(),
}
_SPELLED = {
    ColumnType.WHOLE: "a whole number such as 12",
    ColumnType.DECIMAL: "a number such as 12.5",
    ColumnType.DATE: "a day such as 2026-01-31",
    ColumnType.MOMENT: "a moment such as 2026-01-31 14:05",
    ColumnType.FLAG: "true or false",
}


@dataclass(frozen=True, slots=True)
class DeckFailure:
    """An example case that is not placed as its author expects."""

    name: str
    expected: str
    found: str

    def __str__(self) -> str:
        """Say it in a sentence."""
        return f"“{self.name}” should be {_spoken(self.expected)} and is {_spoken(self.found)}."


def run_deck(definition: Definition) -> list[DeckFailure]:
    """Place the example cases and list those that stand elsewhere than expected.

    The examples form one table, so that a look-back sees the others.

    Raises:
        CasesError: a value that its column cannot hold.
    """
    if not definition.deck:
        return []
    cases = deck_table(definition.columns, definition.deck)
    placed = place_all(definition, Evaluator(cases), None)
    found = [Placement(code).name.lower() for code in placed.placements.tolist()]
    return [
        DeckFailure(example.name, example.expected, got)
        for example, got in zip(definition.deck, found, strict=True)
        if example.expected != got
    ]


def deck_table(columns: Sequence[Column], examples: Sequence[DeckCase]) -> pa.Table:
    """Make a table of cases out of examples; a column that an example leaves out is missing."""
    arrays = {
        column.name: pa.array(
            [_value(column, example) for example in examples], _TYPES[column.type]
        )
        for column in columns
    }
    return pa.table(arrays)


def _value(column: Column, example: DeckCase) -> Any:
    text = example.case.get(column.name)
    if text is None:
        return None
    try:
        return _read(column.type, text)
    except (ValueError, KeyError, InvalidOperation):
        raise CasesError(
            f"Example “{example.name}”: column “{column.name}” takes {_SPELLED[column.type]}."
        ) from None


def _read(kind: ColumnType, text: str) -> Any:
    match kind:
        case ColumnType.WHOLE:
            return int(text)
        case ColumnType.DECIMAL:
            return Decimal(text)
        case ColumnType.DATE:
            return date.fromisoformat(text)
        case ColumnType.MOMENT:
            return datetime.fromisoformat(text)
        case ColumnType.FLAG:
            return {"true": True, "false": False}[text]
    return text


def _spoken(placement: str) -> str:
    return f"“{placement.replace('_', ' ')}”"
