"""PURE: the cells of tables that leave, and how each is written as text.

Cells are typed, and only texts are guarded against being read as formulas: a number stays one,
also when it is negative.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

Cell = (
    str | int | bool | Decimal | date | time | UUID | Mapping[str, object] | Sequence[object] | None
)

# What a spreadsheet takes for the beginning of a formula, also in full width, and what it skips
# on the way to one. One that was guarded already is guarded again, so that guarding is undone
# by taking one apostrophe away.
_BEGINS_A_FORMULA = re.compile("'*[=+\\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]")


def safe_text(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula, by an apostrophe before it.

    Source:
        OWASP ASVS 5.0, 1.2.10.
    """
    return f"'{text}" if _BEGINS_A_FORMULA.match(text) else text


def original_text(text: str) -> str:
    """Undo `safe_text`."""
    return text[1:] if text[:1] == "'" and _BEGINS_A_FORMULA.match(text) else text


def cell_text(cell: Cell) -> str:
    """Write a cell as text: days and moments as ISO 8601, moments in UTC, nothing as nothing."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case str():
            return safe_text(cell)
        case int() | UUID():
            return str(cell)
        case Decimal():
            return f"{cell:f}"
        case datetime():
            return moment_text(cell)
        case date() | time():
            return cell.isoformat()
        case _:
            return safe_text(json.dumps(cell, ensure_ascii=False, sort_keys=True))


def moment_text(moment: datetime) -> str:
    """Write a moment in UTC; one without a zone, as hospitals write them, stays without."""
    if moment.tzinfo is None:
        return moment.isoformat()
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
