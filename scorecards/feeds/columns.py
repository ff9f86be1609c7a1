"""The declared columns of a feed as people read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indicators.measure.columns import ColumnType
from scorecards.intake.spec import FeedColumn, FeedSpec
from scorecards.intake.spec_columns import DOLLAR, PERCENT, THOUSANDS
from scorecards.maps.column_rows import TYPES
from scorecards.maps.lines import write_limit

ALWAYS_MISSING = ("an empty cell", "?")
_ANY = {
    ColumnType.CODE: "any code",
    ColumnType.WHOLE: "any whole number",
    ColumnType.DECIMAL: "any number",
    ColumnType.DATE: "a day",
    ColumnType.MOMENT: "a day and a time",
    ColumnType.FLAG: "yes or no",
}
_WRITTEN = {
    ColumnType.DATE: "year-month-day",
    ColumnType.MOMENT: "year-month-day and the time",
}
_MARKS = {
    PERCENT: "with its sign, as 85.2%; kept as 0.852",
    DOLLAR: "a dollar sign is taken away",
    THOUSANDS: "commas between thousands are taken away",
}


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """One declared column, in words.

    Attributes:
        column: as declared.
        type: as the form of a map calls it.
        needed: whether every row must have it, and why.
        must_hold: what is taken, and how it is written.
        missing: the texts that count as missing.
        suppressed: the texts that count as suppressed; empty for none.
    """

    column: FeedColumn
    type: str
    needed: str
    must_hold: str
    missing: str
    suppressed: str


def read_columns(spec: FeedSpec) -> list[ColumnReading]:
    """Read the columns of a map, in its order."""
    return [
        ColumnReading(
            column=column,
            type=TYPES[column.type],
            needed=_needed(column, spec),
            must_hold="; ".join(_held(column)),
            missing=_listed((*ALWAYS_MISSING, *spec.missing, *column.missing)),
            suppressed=_listed((*spec.suppressed, *column.suppressed)),
        )
        for column in spec.columns
    ]


def _needed(column: FeedColumn, spec: FeedSpec) -> str:
    if spec.row_key == (column.name,):
        return "in every row, each different"
    if column.name in spec.row_key:
        return "in every row, each different together with the rest of the key"
    if column.name == spec.date_column:
        return "in every row: it dates the case"
    return "in every row" if column.required else "may be empty"


def _held(column: FeedColumn) -> Iterator[str]:
    """Say what a column takes, then how it is written."""
    yield f"{_values(column)} {column.unit}".strip()
    if column.width is not None:
        digits = "1 digit" if column.width == 1 else f"{column.width} digits"
        yield f"{digits}, lost zeros in front are put back"
    if column.type is ColumnType.DECIMAL:
        yield f"at most {column.places} decimals" if column.places else "no decimals"
    if column.type in _WRITTEN:
        yield f"written {' or '.join(column.forms) or _WRITTEN[column.type]}"
    yield from (_MARKS[mark] for mark in column.marks)


def _values(column: FeedColumn) -> str:
    if column.codes:
        return ", ".join(column.codes)
    low, high = write_limit(column.minimum), write_limit(column.maximum)
    if low and high:
        return f"{low} to {high}"
    if low or high:
        return f"{low} or more" if low else f"{high} or less"
    return _ANY[column.type]


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(texts))
