"""Results of many organisations out of a file: CSV, XLSX, Parquet or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from scorecards.offline.errors import OfflineError
from scorecards.offline.files import sha256_of
from scorecards.scoresheets.columns_map import WHERE, ColumnsMap
from scorecards.scoresheets.numbers_in import CellError, is_withheld, number_in
from scorecards.scoresheets.rows_in import FAULTS_LISTED, Row, rows_of
from scorecards.scoring.plans.numbers import ONE
from scorecards.scoring.plans.plan import ScoringPlan
from scorecards.scoring.plans.results import (
    FIGURES,
    NOT_SCORED,
    NUMBERS,
    Counts,
    Organization,
    Result,
)

WITHHELD_REASON = "Withheld in the file."


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


def read_results(path: Path, plan: ScoringPlan, columns: ColumnsMap | None = None) -> ResultsFile:
    """Read a file of results; each row names its organisation and its indicator.

    Args:
        path: of the file.
        plan: that asks for them.
        columns: where they stand in a file of another shape.

    Raises:
        OfflineError: everything that is wrong, by row and column.
    """
    rows, notes = rows_of(path, plan, columns)
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
        self._words = {
            each.name: {text.casefold(): value for text, value in each.words}
            for each in plan.inputs
            if each.words
        }
        self._per = {each.slug: each.per for each in plan.indicators}
        self._own_inputs = [each.name for each in plan.inputs if each.of == "organization"]
        self._found: dict[str, _Gathered] = {}
        self._faults: list[str] = []

    def take(self, number: int, row: Row) -> None:
        """Take one row."""
        place = f"{self._name}, row {number}{row.get(WHERE, '')}"
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
        faults_before = len(self._faults)
        for part, names in FIGURES.items():
            found = [self._number(row, name, place) for name in names]
            figures[part] = Counts(*found)
        if not reason and any(is_withheld(row.get(name, "")) for name in FIGURES["now"][:3]):
            reason = WITHHELD_REASON
        now = figures["now"]
        if len(self._faults) == faults_before:
            self._faults += [
                f"{place}: {said}"
                for said in _contradictions(
                    now.times(self._per.get(row.get("indicator", ""), ONE)), reason
                )
            ]
        inputs = {}
        for name in self._row_inputs:
            value = self._number(row, name, place)
            if value is not None:
                inputs[name] = value
        return Result(now, figures["baseline"], figures["prior"], reason, inputs, place)

    def _number(self, row: Row, name: str, place: str) -> Fraction | None:
        text = row.get(name, "")
        words = self._words.get(name, {})
        if text.casefold() in words:
            return words[text.casefold()]
        if not text or is_withheld(text):
            return None
        try:
            return number_in(text)
        except CellError as wrong:
            known = f", or a word that the plan knows: {', '.join(words)}" if words else ""
            self._faults.append(f"{place}, column “{name}”: {wrong}{known}.")
            return None


def _contradictions(now: Counts, reason: str) -> Iterator[str]:
    """Say what of one result cannot be together."""
    if reason and reason != WITHHELD_REASON and now.figure is not None:
        yield "there is a result and a reason why there is none. Keep one of them."
    if not reason and now.value is None and not now.has_counts:
        yield (
            "there is no result. Give a value, or numerator and denominator, or a reason in "
            f"`{NOT_SCORED}`."
        )
    counted = Counts(None, now.numerator, now.denominator).figure
    if now.value is not None and now.has_counts and now.value != counted:
        yield "the value is not the numerator divided by the denominator. Keep what is exact."
