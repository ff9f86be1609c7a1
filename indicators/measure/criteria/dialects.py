"""How two databases say what standard SQL leaves open: days, seconds, exact whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

DialectName = Literal["postgresql", "duckdb"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """The words of one database; `{0}` and `{1}` stand for the first and second argument.

    Attributes:
        whole: type of whole numbers that a calculation does not overflow.
        days: days from one date to another, as a whole number.
        seconds: seconds from one moment to another, exactly.
        minute_of_day: whole minutes from midnight to a moment. DuckDB 2.0.1 holds HOUR * 60 in a
            byte, so that 12:00 comes to -48 minutes; the difference it counts right.
        written_day: a date or moment as the number YYYYMMDD.
        completed_years: of two such numbers; it drops what is not completed, toward zero.
        row: what tells two rows of a table apart when no column does.
    """

    whole: str
    days: str
    seconds: str
    minute_of_day: str
    written_day: str
    completed_years: str
    row: str


DIALECTS: Mapping[str, Dialect] = {
    "postgresql": Dialect(
        whole="numeric",
        days="({1} - {0})",
        seconds="EXTRACT(EPOCH FROM ({1} - {0}))",
        minute_of_day="(EXTRACT(HOUR FROM {0}) * 60 + EXTRACT(MINUTE FROM {0}))",
        written_day="CAST(to_char({0}, 'YYYYMMDD') AS integer)",
        completed_years="(({1} - {0}) / 10000)",
        row="ctid",
    ),
    "duckdb": Dialect(
        whole="hugeint",
        days="date_diff('day', {0}, {1})",
        seconds="date_diff('second', {0}, {1})",
        minute_of_day="date_diff('minute', date_trunc('day', {0}), {0})",
        written_day="CAST(strftime({0}, '%Y%m%d') AS integer)",
        completed_years="(({1} - {0}) // 10000)",
        row="rowid",
    ),
}


def dialect_named(name: str) -> Dialect:
    """Return a dialect.

    Raises:
        ValueError: there is no such dialect.
    """
    if name not in DIALECTS:
        raise ValueError(f"There is no SQL dialect {name!r}. Use {' or '.join(DIALECTS)}.")
    return DIALECTS[name]


def quoted_name(name: str) -> str:
    """Quote the name of a column, so that it is taken as it is."""
    return '"' + name.replace('"', '""') + '"'


def quoted_table(name: str) -> str:
    """Quote the name of a table; a point parts it from its schema."""
    return ".".join(quoted_name(part) for part in name.split("."))


def quoted_text(text: str) -> str:
    """Quote a text."""
    return "'" + text.replace("'", "''") + "'"
