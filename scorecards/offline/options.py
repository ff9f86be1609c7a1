"""What the command can be asked, and what is asked of it."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from indicators.measure.calendar import Grain
from scorecards.offline.manner import ORDERS

DIALECTS = ("postgresql", "duckdb")
FORMATS = ("csv", "json")
DASH = "-"
# What a statement does not know of, each with its value where it is not given.
UNUSED_BY_SQL: Mapping[str, object] = {
    **{name: [] for name in ("data", "by", "grain", "missing")},
    **dict.fromkeys(("period", "dates", "sheet", "encoding", "format"), ""),
    "year_starts": 1,
    "minimum_cases": 0,
    "organization": None,
    "cases": None,
}


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
    dates: str
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
    add("--year-starts", default="1", metavar="MONTH",
        help="month in which a year begins, 1 to 12; 10 for a federal fiscal year")  # fmt: skip
    add("--organization", type=Path, metavar="FILE",
        help="CSV with the columns unit and parent: results of --by roll up this tree")  # fmt: skip
    add("--missing", nargs="+", action="extend", default=[], metavar="TEXT",
        help="further texts that mean missing, in every column")  # fmt: skip
    add("--dates", default="", choices=ORDERS,
        help="order in dates with slashes; month first where none is named")  # fmt: skip
    add("--sheet", default="", help="sheet of a workbook")
    add("--encoding", default="",
        help="of CSV files that are not UTF-8, such as cp1252 or utf-16")  # fmt: skip
    add("--minimum-cases", default="0", metavar="N",
        help="fewest judged cases for a rate")  # fmt: skip
    add("--cases", type=Path, metavar="FILE",
        help="also write where each case stands, and why, as CSV")  # fmt: skip
    add("--sql", default="", choices=DIALECTS,
        help="write the statement for a database instead of measuring")  # fmt: skip
    add("--table", default="cases", help="name of the table in the statement of --sql")
    add("--format", default="", choices=FORMATS, help="where the name of --out does not tell")
    add("--skip-deck", action="store_true", help="measure also when an example of the deck fails")
    add("--out", required=True, metavar="FILE", help=".csv or .json; - for the screen, as CSV")
