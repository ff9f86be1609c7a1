"""Synthetic rows for a feed: the same seed gives the same rows, and nobody is behind them."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from comanage.values.period import Period
from indicators.measure.columns import ColumnType
from scorecards.intake.spec import FeedColumn, FeedSpec

Row = dict[str, str]
_WIDEST = 100  # of a number without a maximum


def sample_rows(
    spec: FeedSpec, period: Period, *, rows: int, seed: int, faults: Sequence[str] = ()
) -> Iterator[Row]:
    """Make rows that a feed takes, or of which every second one has a fault.

    Args:
        spec: the feed's columns, in ISO days and plain numbers.
        period: the days that dates lie in.
        rows: how many.
        seed: chooses among all samples.
        faults: names of FAULTS; they take turns.
    """
    draw = random.Random(f"{seed} {period}")  # noqa: S311  (a sample, not a secret)
    before: Row = {}
    for number in range(1, rows + 1):
        row = {each.name_in_file: _value(each, spec, period, number, draw) for each in spec.columns}
        if faults and number % 2 == 0:
            FAULTS[faults[number // 2 % len(faults)]](row, spec, period, before)
        before = row
        yield row


def as_csv(spec: FeedSpec, rows: Iterator[Row]) -> str:
    """Write rows as CSV; no value of a sample needs quotes."""
    header = ",".join(column.name_in_file for column in spec.columns)
    return "".join(f"{line}\n" for line in [header, *(",".join(row.values()) for row in rows)])


def as_ndjson(rows: Iterator[Row]) -> str:
    """Write rows as one JSON object a line."""
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def _value(
    column: FeedColumn, spec: FeedSpec, period: Period, number: int, draw: random.Random
) -> str:
    if column.name == spec.case_key:
        return f"S{number:07}"
    if column.codes:
        return draw.choice(column.codes)
    low, high = int(column.minimum or 0), int(column.maximum or _WIDEST)
    match column.type:
        case ColumnType.WHOLE:
            return str(draw.randint(low, high))
        case ColumnType.DECIMAL:
            scale = 10**column.places
            return str(Decimal(draw.randint(low * scale, high * scale)).scaleb(-column.places))
        case ColumnType.DATE:
            return (period.start + timedelta(days=draw.randrange(period.days))).isoformat()
    return f"C{draw.randrange(9)}"


def _leave_out(row: Row, spec: FeedSpec, _period: Period, _before: Row) -> None:
    row[_column(spec, lambda each: each.required and each.name != spec.case_key)] = ""


def _write_words(row: Row, spec: FeedSpec, _period: Period, _before: Row) -> None:
    row[_column(spec, lambda each: each.type is ColumnType.WHOLE)] = "many"


def _invent_code(row: Row, spec: FeedSpec, _period: Period, _before: Row) -> None:
    row[_column(spec, lambda each: bool(each.codes))] = "ZZ"


def _pass_maximum(row: Row, spec: FeedSpec, _period: Period, _before: Row) -> None:
    column = next(each for each in spec.columns if each.maximum is not None)
    row[column.name_in_file] = str(int(column.maximum or 0) + 1)


def _repeat_key(row: Row, spec: FeedSpec, _period: Period, before: Row) -> None:
    key = spec.column(spec.case_key).name_in_file
    row[key] = before[key]


def _miss_period(row: Row, spec: FeedSpec, period: Period, _before: Row) -> None:
    row[spec.column(spec.date_column or "").name_in_file] = period.end.isoformat()


def _column(spec: FeedSpec, fits: Callable[[FeedColumn], bool]) -> str:
    return next(each.name_in_file for each in spec.columns if fits(each))


# By the code of the finding that each brings about.
FAULTS: dict[str, Callable[[Row, FeedSpec, Period, Row], None]] = {
    "required": _leave_out,
    "wrong-type": _write_words,
    "unknown-code": _invent_code,
    "out-of-range": _pass_maximum,
    "duplicate-key": _repeat_key,
    "outside-period": _miss_period,
}
