"""What `manage.py fhir export` reads and writes: definitions and results in, resources out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from comanage.values.period import Period
from comanage.values.rounding import NumberTextError, fraction_from_text
from indicators.exchange.errors import ExchangeError, quoted
from indicators.exchange.json_text import parse_json
from indicators.exchange.reading import LARGEST_FILE
from indicators.exchange.reports_out import Result, Stratum
from indicators.measure.definition import Definition, DefinitionError

COUNTS = (
    *("initial_population", "denominator", "denominator_exclusions", "denominator_exceptions"),
    *("numerator", "numerator_exclusions", "observations"),
)
# What stands for every case, in a row of results.
EVERY_STRATUM = "(all)"
WHOLE = "all"
MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Measured:
    """The results of one indicator in one period: in all, by part, and what to know of them."""

    total: Result
    strata: tuple[Stratum, ...]
    notes: tuple[str, ...] = ()


def read_definition(path: Path) -> Definition:
    """Read a definition from JSON, or from a TOML file of the catalogue.

    Raises:
        ExchangeError: it cannot be read, or is no definition.
    """
    try:
        text = _text(path)
        document = tomllib.loads(text) if path.suffix == ".toml" else parse_json(text)
        if not isinstance(document, dict):
            raise ExchangeError("A definition is one object.")
        return Definition.from_document(document.get("definition", document))
    except (ExchangeError, DefinitionError, tomllib.TOMLDecodeError) as wrong:
        words = "; ".join(str(wrong).splitlines())
        raise ExchangeError(f"{path.name}: This is not a definition. {words}") from wrong


def read_results(path: Path, definition: Definition, period: Period) -> Measured:
    """Read what `manage.py measure` wrote as JSON, for one indicator and period.

    The rows of that very span are taken; where no row names a period, those of all cases, which
    the caller then says to be of the period: a note says so.

    Raises:
        ExchangeError: there is no total of this indicator for the period, the results are of
            another version of the definition, or a row is wrong.
    """
    try:
        document = parse_json(_text(path))
        rows = [row for row in _rows(document) if _is_of(row, definition)]
        notes = _check_same_definition(document, definition)
        fitting = _of_period(rows, period)
        if not _days_of(fitting[0]):
            notes.append(
                f"The results do not name the days they are of; the report says {period}, as asked."
            )
        totals = [row for row in fitting if not _parts_of(row)]
        if len(totals) != 1:
            raise ExchangeError(
                f"There are {len(totals)} totals of {quoted(definition.slug)} for {period}; "
                f"one is needed."
            )
        strata = [(parts, row) for row in fitting if (parts := _parts_of(row))]
        return Measured(
            _result(totals[0]),
            tuple(Stratum(parts, _result(row)) for parts, row in strata),
            tuple(f"{path.name}: {note}" for note in notes),
        )
    except ExchangeError as wrong:
        raise ExchangeError(f"{path.name}: {wrong}") from wrong


def read_document(path: Path) -> Any:
    """Read a JSON document."""
    try:
        return parse_json(_text(path))
    except ExchangeError as wrong:
        raise ExchangeError(f"{path.name}: {wrong}") from wrong


def _rows(document: Any) -> Sequence[Mapping[str, Any]]:
    found = document.get("results") if isinstance(document, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        raise ExchangeError("These are no results: a list of rows under “results” is expected.")
    return found


def _is_of(row: Mapping[str, Any], definition: Definition) -> bool:
    return bool(row.get("definition", definition.slug) == definition.slug)


def _of_period(rows: Sequence[Mapping[str, Any]], period: Period) -> Sequence[Mapping[str, Any]]:
    """Choose the rows of one span; a quarter and the year to date may be the same days.

    Returns:
        One row or more.
    """
    asked = (str(period.start), str(period.end))
    dated = [row for row in rows if _days_of(row) == asked]
    if dated:
        return [row for row in dated if row.get("grain") == dated[0].get("grain")]
    if named := list(dict.fromkeys(name for row in rows if (name := _period_name(row)))):
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        raise ExchangeError(
            f"These results have no row of {period}; there are: "
            f"{', '.join(named[:MOST_NAMED])}{more}. Ask for one of these, or measure that period."
        )
    if not rows:
        raise ExchangeError("These results have no row of this indicator.")
    return rows


def _days_of(row: Mapping[str, Any]) -> tuple[str, str] | None:
    start, end = row.get("start"), row.get("end")
    return (str(start), str(end)) if start or end else None


def _period_name(row: Mapping[str, Any]) -> str:
    """Name a row's period by its days, else by its own label; empty for that of all cases."""
    if days := _days_of(row):
        try:
            return str(Period(date.fromisoformat(days[0]), date.fromisoformat(days[1])))
        except ValueError:  # of a day, and PeriodError
            raise ExchangeError("The start and end of a row are days such as 2026-01-31.") from None
    return "" if row.get("grain", WHOLE) == WHOLE else quoted(str(row.get("period") or "no days"))


def _check_same_definition(document: Any, definition: Definition) -> list[str]:
    """Hold the results to the very definition; return a note when they do not say which."""
    listed = document.get("definitions")
    listed = [] if listed is None else listed
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        raise ExchangeError("Under “definitions” a list of what was measured is expected.")
    hashes = {one.get("sha256") for one in listed if one.get("slug") == definition.slug} - {None}
    if hashes - {definition.sha256}:
        raise ExchangeError(
            f"These results were measured by another version of {quoted(definition.slug)} than "
            f"the definition given. Give the definition they were measured by, or measure again."
        )
    if hashes:
        return []
    return ["The results do not say which version of the definition they were measured by."]


def _parts_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns a row's cases were split by, with their values; none for a total."""
    strata = row.get("strata") or {}
    if not isinstance(strata, Mapping):
        raise ExchangeError("The strata of a row are columns with their values.")
    return {str(name): str(value) for name, value in strata.items() if value != EVERY_STRATUM}


def _result(row: Mapping[str, Any]) -> Result:
    counts = {name: row.get(name, 0) for name in COUNTS}
    if any(
        count is not None and (type(count) is not int or count < 0) for count in counts.values()
    ):
        raise ExchangeError("The counts of a row are whole numbers, zero or more.")
    try:
        rate = row.get("rate")
        return Result(
            counts,
            _exact(row, "numerator_exact"),
            _exact(row, "denominator_exact"),
            fraction_from_text(str(rate)) if rate not in (None, "") else None,
            str(row.get("not_scored") or ""),
        )
    except NumberTextError as wrong:
        raise ExchangeError(str(wrong)) from wrong


def _exact(row: Mapping[str, Any], name: str) -> Fraction:
    written = row.get(name)
    return fraction_from_text(str(written)) if written not in (None, "") else Fraction(0)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ExchangeError("This file is too large.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as wrong:
        raise ExchangeError(f"This file cannot be read: {wrong.strerror}.") from wrong
    except UnicodeDecodeError:
        raise ExchangeError("This file is not text in UTF-8.") from None
