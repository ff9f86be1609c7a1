"""What can be wrong with a cell, and the sentence for it. No sentence repeats the cell."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from indicators.measure.columns import ColumnType

Faults = npt.NDArray[np.int8]


class Fault(IntEnum):
    """Why a cell cannot be taken."""

    NONE = 0
    TYPE = 1
    OPEN_COMMA = 2
    PERCENT = 3
    ONLY_DAY_FIRST = 4
    ONLY_MONTH_FIRST = 5


EXPECTED: Mapping[ColumnType, str] = {
    ColumnType.CODE: "a text",
    ColumnType.WHOLE: "a whole number such as 12 or 1,234",
    ColumnType.DECIMAL: "a number such as 12.5, 1,234.5 or 8.5%, of up to 38 digits",
    ColumnType.DATE: "a day such as 2026-01-31, without a time",
    ColumnType.MOMENT: "a moment such as 2026-01-31 14:05",
    ColumnType.FLAG: "yes or no (true/false, Y/N, T/F, 1/0)",
}
ALL_OR_NONE = "either all with a percent sign or none"
_SENTENCES: Mapping[Fault, str] = {
    Fault.OPEN_COMMA: (
        "the comma may part thousands or decimals, for fields are not separated by commas here. "
        "Write 1250 for 1,250, or 1.25 with a point"
    ),
    Fault.PERCENT: f"{ALL_OR_NONE}, for 5% is 0.05 and 5 is 5",
    Fault.ONLY_DAY_FIRST: "the column fits day/month/year only. Say so: --dates day-first",
    Fault.ONLY_MONTH_FIRST: "the column fits month/day/year only. Say so: --dates month-first",
}


def sentence(fault: Fault, kind: ColumnType) -> str:
    """Say what is wrong with a cell of a column of this type, without a final point."""
    return _SENTENCES.get(fault, f"expected {EXPECTED[kind]}")


def no_faults(cells: int) -> Faults:
    """Begin with nothing wrong."""
    return np.zeros(cells, np.int8)
