"""Cases by stratum and by period: for each case the number of its group."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from indicators.measure.calendar import Month
from scorecards.offline.errors import OfflineError

Codes = npt.NDArray[np.int64]
MISSING = "(missing)"
_OURS = re.compile(r'^"*\((?:all|missing)\)"*$')
MONTHS = 12
EPOCH = 1970
MOST_MONTHS = 2_400
MOST_GROUPS = 1_000_000


@dataclass(frozen=True, slots=True)
class Groups:
    """Cases in groups.

    Attributes:
        codes: for each case the number of its group.
        labels: of the groups, in their sorted order; a missing value is `(missing)`, last.
    """

    codes: Codes
    labels: tuple[tuple[str, ...], ...]


def strata(columns: Sequence[Any]) -> Groups:
    """Group cases by every combination of values that occurs.

    Args:
        columns: typed arrays of equal length, one or more.
    """
    numbered = [_numbered(column) for column in columns]
    combined = numbered[0][0]
    for codes, names in numbered[1:]:
        # Renumbered at each step, so that the product never passes 64 bits.
        combined = np.unique(combined, return_inverse=True)[1] * len(names) + codes
    first, inverse = np.unique(combined, return_index=True, return_inverse=True)[1:]
    if len(first) > MOST_GROUPS:
        raise OfflineError(f"--by makes more than {MOST_GROUPS:,} groups. Name a coarser column.")
    labels = tuple(
        tuple(names[codes[place]] for codes, names in numbered) for place in first.tolist()
    )
    return Groups(inverse.astype(np.int64), labels)


def months(column: Any) -> tuple[Codes, Month | None, Month | None]:
    """Number the months of dates or moments.

    Returns:
        For each case its month, counted from the first month; -1 where missing. Then the
        first and the last month; None where no date is known.

    Raises:
        OfflineError: the dates lie more than two centuries apart.
    """
    known = ~pc.is_null(column).to_numpy(zero_copy_only=False).astype(np.bool_)
    if not known.any():
        return np.full(len(column), -1, np.int64), None, None
    days = pc.fill_null(column.cast(pa.date32(), safe=False).cast(pa.int32()), 0)
    numbers = days.to_numpy(zero_copy_only=False).astype("datetime64[D]")
    counted = numbers.astype("datetime64[M]").astype(np.int64)
    first, last = int(counted[known].min()), int(counted[known].max())
    if last - first >= MOST_MONTHS:
        raise OfflineError(
            f"The dates of --period go from {_month(first)[0]} to {_month(last)[0]}. Correct the "
            f"dates that cannot be."
        )
    return np.where(known, counted - first, -1), _month(first), _month(last)


def _month(number: int) -> Month:
    return EPOCH + number // MONTHS, number % MONTHS + 1


def _numbered(column: Any) -> tuple[Codes, list[str]]:
    """Number the values of a column in their own order; missing is the last number."""
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    values = coded.dictionary.to_pylist()
    order = sorted({value for value in values if value is not None})
    number_of = {value: number for number, value in enumerate(order)}
    numbers = [number_of.get(value, len(order)) for value in values]
    places = pc.fill_null(coded.indices, len(values)).to_numpy(zero_copy_only=False)
    codes = np.array([*numbers, len(order)], np.int64)[places]
    return codes, [*map(_label, order), MISSING]


def _label(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return told_apart(str(value))


def told_apart(text: str) -> str:
    """Put a text that reads like a label of ours into quotes: `"(all)"`."""
    return f'"{text}"' if _OURS.match(text) else text
