"""Results of many organisations out of a file: CSV, XLSX, Parquet or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from scorecards.offline.errors import OfflineError
from scorecards.offline.files import open_data, sha256_of
from scorecards.offline.headers import HeaderError, find_header, folded
from scorecards.scoresheets.numbers_in import CellError, is_withheld, number_in, text_of
from scorecards.scoring.plans.plan import ScoringPlan
from scorecards.scoring.plans.results import (
    FIGURES,
    KEYS,
    NOT_SCORED,
    NUMBERS,
    Counts,
    Organization,
    Result,
)

FAULTS_LISTED = 20
LARGEST_JSON = 500_000_000
WITHHELD_REASON = "Withheld in the file."
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ResultsFile:
    """What was read.

    Attributes:
        rows: how many.
        notes: how it was read, where a reader should know.
    """

    name: str
    sha256: str
    rows: int
    organizations: tuple[Organization, ...]
    notes: tuple[str, ...]


@dataclass
class _Gathered:
    """One organisation while its rows are read."""

    results: dict[str, Result] = field(default_factory=dict)
    inputs: dict[str, tuple[str, Fraction]] = field(default_factory=dict)
    place: str = ""


def read_results(path: Path, plan: ScoringPlan) -> ResultsFile:
    """Read a file of results; each row names its organisation and its indicator.

    Raises:
        OfflineError: everything that is wrong, by row and column.
    """
    opened: Callable[..., tuple[Iterator[tuple[int, Row]], tuple[str, ...]]]
    opened = _json_rows if path.suffix.casefold() == ".json" else _table_rows
    rows, notes = opened(path, plan)
    reader = _Reader(path.name, plan)
    count = 0
    for number, row in rows:
        count += 1
        reader.take(number, row)
    if not count:
        raise OfflineError(f"{path.name} has no rows of results.")
    return ResultsFile(path.name, sha256_of(path), count, reader.organizations(), notes)


class _Reader:
    """Gathers rows by organisation, and everything that is wrong with them."""

    def __init__(self, name: str, plan: ScoringPlan) -> None:
        self._name = name
        self._row_inputs = [each.name for each in plan.inputs if each.of == "indicator"]
        self._own_inputs = [each.name for each in plan.inputs if each.of == "organization"]
        self._found: dict[str, _Gathered] = {}
        self._faults: list[str] = []

    def take(self, number: int, row: Row) -> None:
        """Take one row."""
        place = f"{self._name}, row {number}"
        name = row.get("organization", "")
        if not name:
            self._faults.append(f"{place}: the organization is empty. Give it.")
            return
        gathered = self._found.setdefault(name, _Gathered(place=place))
        self._take_inputs(gathered, row, place)
        slug = row.get("indicator", "")
        if not slug:
            self._refuse_figures(row, place)
        elif slug in gathered.results:
            before = gathered.results[slug].place
            self._faults.append(
                f"{place}: this organization and indicator are in {before} too. Keep one of them."
            )
        else:
            gathered.results[slug] = self._result(row, place)

    def organizations(self) -> tuple[Organization, ...]:
        """Return all, in the order of the file.

        Raises:
            OfflineError: something was wrong.
        """
        if self._faults:
            more = len(self._faults) - FAULTS_LISTED
            rest = [f"{self._name}: {more:,} more faults."] if more > 0 else []
            raise OfflineError(*self._faults[:FAULTS_LISTED], *rest)
        return tuple(
            Organization(
                name,
                each.results,
                {key: value for key, (_, value) in each.inputs.items()},
                each.place,
            )
            for name, each in self._found.items()
        )

    def _take_inputs(self, gathered: _Gathered, row: Row, place: str) -> None:
        for name in self._own_inputs:
            value = self._number(row, name, place)
            if value is None:
                continue
            before, known = gathered.inputs.setdefault(name, (place, value))
            if known != value:
                self._faults.append(
                    f"{place}, column “{name}”: this organization has another value in {before}. "
                    f"Give one value."
                )

    def _refuse_figures(self, row: Row, place: str) -> None:
        named = [name for name in NUMBERS if row.get(name)]
        if named:
            self._faults.append(
                f"{place}, column “{named[0]}”: the row has figures and no indicator. Name it."
            )

    def _result(self, row: Row, place: str) -> Result:
        reason = row.get(NOT_SCORED, "")
        figures: dict[str, Counts] = {}
        for part, names in FIGURES.items():
            found = [self._number(row, name, place) for name in names]
            figures[part] = Counts(*found)
        if not reason and any(is_withheld(row.get(name, "")) for name in FIGURES["now"][:3]):
            reason = WITHHELD_REASON
        now = figures["now"]
        if reason and now.figure is not None and reason != WITHHELD_REASON:
            self._faults.append(
                f"{place}: there is a result and a reason why there is none. Keep one of them."
            )
        if (
            now.value is not None
            and now.has_counts
            and now.value != Counts(None, now.numerator, now.denominator).figure
        ):
            self._faults.append(
                f"{place}: the value is not the numerator divided by the denominator. Keep what "
                f"is exact."
            )
        self._refuse_absent(now, reason, place)
        inputs = {}
        for name in self._row_inputs:
            value = self._number(row, name, place)
            if value is not None:
                inputs[name] = value
        return Result(now, figures["baseline"], figures["prior"], reason, inputs, place)

    def _refuse_absent(self, now: Counts, reason: str, place: str) -> None:
        if reason or now.value is not None or now.has_counts:
            return
        self._faults.append(
            f"{place}: there is no result. Give a value, or numerator and denominator, or a "
            f"reason in `{NOT_SCORED}`."
        )

    def _number(self, row: Row, name: str, place: str) -> Fraction | None:
        text = row.get(name, "")
        if not text or is_withheld(text):
            return None
        try:
            return number_in(text)
        except CellError as wrong:
            self._faults.append(f"{place}, column “{name}”: {wrong}.")
            return None


def _table_rows(path: Path, plan: ScoringPlan) -> tuple[Iterator[tuple[int, Row]], tuple[str, ...]]:
    declared = [each.name for each in plan.inputs]
    wanted = [*KEYS, *NUMBERS, NOT_SCORED, *declared]
    file = open_data(path, frozenset(map(folded, wanted)))
    headers = _headers(path.name, file.header, wanted, _needed(plan))
    rows, columns = file.read(list(headers.values()))
    cells = {name: columns[header].to_pylist() for name, header in headers.items()}

    def each() -> Iterator[tuple[int, Row]]:
        names = list(cells)
        for number, values in zip(rows, zip(*cells.values(), strict=True), strict=True):
            yield int(number), dict(zip(names, map(text_of, values), strict=True))

    unused = [name for name in file.header if name and name not in headers.values()]
    notes = [*file.notes]
    if unused:
        shown = ", ".join(f"“{name[:40]}”" for name in unused[:10])
        notes.append(f"{path.name}: columns that the plan does not ask for: {shown}.")
    return each(), tuple(notes)


def _needed(plan: ScoringPlan) -> frozenset[str]:
    """Name the columns that must be there."""
    keys = KEYS if plan.indicators else KEYS[:1]
    return frozenset((*keys, *(each.name for each in plan.inputs if each.default is None)))


def _headers(
    file: str, header: Sequence[str], wanted: Sequence[str], needed: frozenset[str]
) -> dict[str, str]:
    """Find the columns by name; those that are not needed may be absent."""
    found, faults = {}, []
    for name in wanted:
        is_there = any(folded(each) == folded(name) for each in header)
        if not is_there and name not in needed:
            continue
        try:
            found[name] = find_header((name,), header).header
        except HeaderError as wrong:
            faults.append(f"{file} {wrong}")
    if faults:
        raise OfflineError(*faults)
    return found


def _json_rows(path: Path, plan: ScoringPlan) -> tuple[Iterator[tuple[int, Row]], tuple[str, ...]]:
    document = read_json(path, LARGEST_JSON)
    rows = document.get("results") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise OfflineError(f"{path.name}: a list of rows is expected, or an object with `results`.")
    known = {*KEYS, *NUMBERS, NOT_SCORED, *(each.name for each in plan.inputs)}
    faults = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            faults.append(f"{path.name}, row {number}: a row is an object with named fields.")
            continue
        faults += [
            f"{path.name}, row {number}: there is no field “{str(name)[:40]}”. Leave it out, or "
            f"declare it as an input."
            for name in row
            if name not in known
        ]
    if faults:
        raise OfflineError(*faults[:FAULTS_LISTED])
    return (
        (number, {name: text_of(value) for name, value in row.items()})
        for number, row in enumerate(rows, 1)
    ), ()


def read_json(path: Path, most: int) -> Any:
    """Read JSON whose numbers stay as they are written.

    Raises:
        OfflineError: it is too large, or no JSON.
    """
    try:
        if path.stat().st_size > most:
            raise OfflineError(f"{path.name} is larger than {most:,} bytes.")
        return json.loads(path.read_text("utf-8-sig"), parse_float=str)
    except OSError as broken:
        raise OfflineError(f"{path.name} cannot be read: {broken.strerror}.") from None
    except UnicodeDecodeError:
        raise OfflineError(f"{path.name} is not written in UTF-8.") from None
    except RecursionError:
        raise OfflineError(f"{path.name} is nested too deeply.") from None
    except ValueError as wrong:
        place = f", line {wrong.lineno}" if isinstance(wrong, json.JSONDecodeError) else ""
        raise OfflineError(f"{path.name}{place} is no JSON: {_short(wrong)}.") from None


def _short(wrong: ValueError) -> str:
    return wrong.msg if isinstance(wrong, json.JSONDecodeError) else "a number is too long"
