"""What the command can be asked, and what is asked of it."""

from __future__ import annotations

import codecs
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import dataclass
from pathlib import Path

from indicators.measure.calendar import Grain

DIALECTS = ("postgresql", "duckdb")
FORMATS = ("csv", "json")
DASH = "-"


class UsageError(ValueError):
    """Options that do not fit together."""


@dataclass(frozen=True)
class Options:
    """One run of the command; the options as they were given."""

    definition: list[Path]
    data: list[Path]
    by: list[str]
    period: str
    grain: list[str]
    year_starts: int
    organization: Path | None
    missing: list[str]
    sheet: str
    encoding: str
    minimum_cases: int
    cases: Path | None
    sql: str
    table: str
    format: str
    skip_deck: bool
    out: str

    @property
    def grains(self) -> tuple[Grain, ...]:
        """The spans of the calendar that are asked for; months where none is named."""
        return tuple(Grain(name) for name in dict.fromkeys(self.grain)) or (Grain.MONTH,)

    @property
    def writes_json(self) -> bool:
        """Whether results are written as JSON: as asked, else by the name of the file."""
        return (self.format or Path(self.out).suffix.lower().lstrip(".")) == "json"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("--definition", required=True, nargs="+", action="extend", type=Path, metavar="FILE",
        help="what to measure, JSON or TOML; several files, several indicators")  # fmt: skip
    add("--data", nargs="+", action="extend", type=Path, default=[], metavar="FILE",
        help="cases, CSV, XLSX or Parquet; several files are read as one table")  # fmt: skip
    add("--by", nargs="+", action="extend", default=[], metavar="COLUMN",
        help="one more row of results for each value of this column")  # fmt: skip
    add("--period", default="", metavar="COLUMN",
        help="results by month of this date or moment, or by your own labels")  # fmt: skip
    add("--grain", nargs="+", action="extend", default=[], choices=[g.value for g in Grain],
        help="which spans of the calendar; months where none is named")  # fmt: skip
    add("--year-starts", type=_month, default=1, metavar="MONTH",
        help="month in which a year begins, 1 to 12; 10 for a federal fiscal year")  # fmt: skip
    add("--organization", type=Path, metavar="FILE",
        help="CSV with the columns unit and parent: results of --by roll up this tree")  # fmt: skip
    add("--missing", nargs="+", action="extend", default=[], metavar="TEXT",
        help="further texts that mean missing, in every column")  # fmt: skip
    add("--sheet", default="", help="sheet of a workbook")
    add("--encoding", type=_encoding, default="",
        help="of CSV files that are not UTF-8, such as cp1252 or utf-16")  # fmt: skip
    add("--minimum-cases", type=_count, default=0, metavar="N",
        help="fewest judged cases for a rate")  # fmt: skip
    add("--cases", type=Path, metavar="FILE",
        help="also write where each case stands, and why, as CSV")  # fmt: skip
    add("--sql", default="", choices=DIALECTS,
        help="write the statement for a database instead of measuring")  # fmt: skip
    add("--table", default="cases", help="name of the table in the statement of --sql")
    add("--format", default="", choices=FORMATS, help="where the name of --out does not tell")
    add("--skip-deck", action="store_true", help="measure also when an example of the deck fails")
    add("--out", required=True, metavar="FILE", help=".csv or .json; - for the screen, as CSV")


def options_of(given: Namespace | dict[str, object]) -> Options:
    """Take the options that were parsed.

    Raises:
        UsageError: options that do not fit together.
    """
    values = given if isinstance(given, dict) else vars(given)
    options = Options(**{name: values[name] for name in Options.__dataclass_fields__})  # type: ignore[arg-type]  # argparse types them
    problems = {
        "--data is needed, unless --sql is given.": not options.data and not options.sql,
        "--organization needs exactly one --by.": options.organization and len(options.by) != 1,
        "--grain needs --period.": options.grain and not options.period,
        "--by names a column twice.": len(set(options.by)) < len(options.by),
        "--out ends with .csv or .json, or name the --format.": not _tells_format(options),
        "--cases and --out name the same file.": options.cases == Path(options.out),
    }
    for problem, is_so in problems.items():
        if is_so:
            raise UsageError(problem)
    return options


def _tells_format(options: Options) -> bool:
    suffix = Path(options.out).suffix.lower()
    return bool(options.sql or options.format) or options.out == DASH or suffix in (".csv", ".json")


def _month(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 12:
        return int(text)
    raise ArgumentTypeError("a month is a number from 1 to 12.")


def _encoding(text: str) -> str:
    try:
        return codecs.lookup(text).name if text else ""
    except LookupError:
        raise ArgumentTypeError("there is no such encoding; try cp1252 or utf-16.") from None


def _count(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    raise ArgumentTypeError("a count is a whole number, zero or more.")
