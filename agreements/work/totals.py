"""Totals of work as they are handed in, and how a file of them is read. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from comanage.values.money import Money
from comanage.values.period import Period

COLUMNS = ("part", "npi", "month", "minutes", "wrvus")
LARGEST_BYTES = 1_000_000
MOST_ROWS = 5_000
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_WHOLE = re.compile(r"[0-9]{1,6}")
_WRVUS = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,2})?")


class TotalsError(ValueError):
    """A file that cannot be read, with every reason."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Total:
    """The work of one physician in one month for one part of the pay.

    Attributes:
        part: number of the part in the terms.
        month: any day of the calendar month in which it begins.
        where: where it was given, for a sentence about it.
    """

    part: int
    npi: str
    month: date
    minutes: int | None = None
    wrvus: Decimal | None = None
    where: str = "This month"


@dataclass(frozen=True, slots=True)
class YearCosts:
    """What the year and the twelve months before it cost, for one part of the pay.

    Attributes:
        part: number of the part in the terms.
        base_cost, base_cases: of the twelve months before the year.
        cost, cases: of the year.
    """

    part: int
    base_cost: Money
    base_cases: int
    cost: Money
    cases: int


def read_totals(content: bytes) -> list[Total]:
    """Read a CSV file with a head and one total a row; minutes or wRVUs stay empty.

    Raises:
        TotalsError: it is no such file, or cells cannot be read.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise TotalsError("The file is not text in UTF-8. Save it as CSV in UTF-8.") from wrong
    listed = _rows(text)
    reasons: list[str] = []
    totals: list[Total] = []
    for number, row in enumerate(listed, start=2):
        found = list(_wrong(row, f"Row {number}"))
        reasons += found
        if not found:
            totals.append(_total(row, f"Row {number}"))
    reasons += _repeated(totals)
    if reasons:
        raise TotalsError(*reasons)
    return totals


def _rows(text: str) -> list[dict[str, str | None]]:
    """Read the rows below the head, each cell by its column's name."""
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        head = [name.strip().lower() for name in rows.fieldnames or ()]
        if sorted(head) != sorted(COLUMNS):
            raise TotalsError(f"The first row must name the columns {', '.join(COLUMNS)}.")
        rows.fieldnames = head
        listed: list[dict[str, str | None]] = list(rows)
    except csv.Error as wrong:
        raise TotalsError("The file is not whole CSV: quotes do not close.") from wrong
    if len(listed) > MOST_ROWS:
        raise TotalsError(f"The file has more than {MOST_ROWS:,} rows. Send it in parts.")
    return listed


def _repeated(totals: Iterable[Total]) -> Iterator[str]:
    seen: dict[tuple[int, str, date], str] = {}
    for total in totals:
        key = (total.part, total.npi, total.month)
        if key in seen:
            yield (
                f"{total.where} is about the same part, physician and month as {seen[key].lower()}."
            )
        seen.setdefault(key, total.where)


def month_from_text(text: str) -> date | None:
    """Read `2026-03` as its first day; None for anything else."""
    found = _MONTH.fullmatch(text.strip())
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1:
        return None
    return date(int(found[1]), int(found[2]), 1)


def month_of(year: Period, day: date) -> Period | None:
    """Return the year's month that begins in the calendar month of a day, if there is one."""
    for month in year.months():
        if (month.start.year, month.start.month) == (day.year, day.month):
            return month
    return None


def _wrong(row: Mapping[str, str | None], where: str) -> Iterator[str]:
    cells = [_cell(row, name) for name in COLUMNS]
    if len(row) != len(COLUMNS) or any(row[name] is None for name in COLUMNS):
        yield f"{where} has another number of cells than the first row."
        return
    part, _, month, minutes, wrvus = cells
    if not _WHOLE.fullmatch(part):
        yield f"{where}: part is the number that the terms give to it, such as 1."
    if month_from_text(month) is None:
        yield f"{where}: month is written as 2026-03."
    if minutes and not _WHOLE.fullmatch(minutes):
        yield f"{where}: minutes is a whole number."
    if wrvus and not _WRVUS.fullmatch(wrvus):
        yield f"{where}: wrvus is a number with at most two decimals."


def _total(row: Mapping[str, str | None], where: str) -> Total:
    part, npi, month, minutes, wrvus = (_cell(row, name) for name in COLUMNS)
    return Total(
        part=int(part),
        npi=npi,
        month=date.fromisoformat(f"{month}-01"),
        minutes=int(minutes) if minutes else None,
        wrvus=Decimal(wrvus) if wrvus else None,
        where=where,
    )


def _cell(row: Mapping[str, str | None], name: str) -> str:
    return (row.get(name) or "").strip()
