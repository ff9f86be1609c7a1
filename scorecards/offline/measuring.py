"""Tallies of one indicator for all cases, each period and each stratum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from indicators.measure.calendar import Grain, Span, add_up, spans
from indicators.measure.columns import ColumnType
from indicators.measure.criteria import Evaluator
from indicators.measure.definition import Definition
from indicators.measure.kernel import tallies_of
from indicators.measure.organization import Organization, roll_up_units
from indicators.measure.population import Placed, place_all
from indicators.measure.tally import Tally
from scorecards.offline.errors import OfflineError
from scorecards.offline.groups import MISSING, Codes, Groups, months, strata
from scorecards.offline.organization_file import unknown_units

ALL = "(all)"
NOT_DATED = "missing"
OWN_LABELS = "period"
WHOLE = "all"
Stratum = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """One row of results.

    Attributes:
        grain: `all`, a span of the calendar, `period` for the caller's own labels, or
            `missing` for cases without a date or label.
        period: its label.
        start: the first day; empty where the period is no span of the calendar.
        end: the day after the last day; empty likewise.
        stratum: a value for each `--by`, `(all)` for every case of the period.
        tally: of these cases.
    """

    grain: str
    period: str
    start: str
    end: str
    stratum: Stratum
    tally: Tally


@dataclass(frozen=True)
class Layout:
    """Into which rows results are laid out.

    Attributes:
        by: typed columns of the strata.
        period: typed column of the period; None for one period.
        is_calendar: the period is a date; else it is the caller's own label.
        grains: spans of the calendar.
        year_starts: month in which a year begins.
        organization: of the one column of `by`; None for plain strata.
    """

    by: Sequence[Any] = ()
    period: Any | None = None
    is_calendar: bool = False
    grains: tuple[Grain, ...] = (Grain.MONTH,)
    year_starts: int = 1
    organization: Organization | None = field(default=None)


def is_calendar(kind: ColumnType) -> bool:
    """Say whether values of a type lie on the calendar."""
    return kind in (ColumnType.DATE, ColumnType.MOMENT)


def measured_rows(definition: Definition, table: pa.Table, layout: Layout) -> list[Measured]:
    """Measure one indicator.

    Returns:
        All cases first, then each period in order; in each, the total before its strata.

    Raises:
        CasesError: as of `measure`.
        OfflineError: strata that the organization does not know.
    """
    placed = place_all(definition, Evaluator(table), None)
    counting = _Counting(definition, placed, layout)
    rows = list(counting.rows(WHOLE, ALL, counting.whole()))
    if layout.period is None:
        return rows
    return rows + list(counting.calendar() if layout.is_calendar else counting.own_labels())


@dataclass(frozen=True)
class _Part:
    """Tallies of one period: of all its cases, and of each stratum that occurs."""

    total: Tally = field(default_factory=Tally)
    strata: Mapping[Stratum, Tally] = field(default_factory=dict)


class _Counting:
    """Counts of placed cases by period and stratum."""

    def __init__(self, definition: Definition, placed: Placed, layout: Layout) -> None:
        self._definition, self._placed, self._layout = definition, placed, layout
        self._strata: Groups | None = strata(layout.by) if layout.by else None

    def rows(
        self, grain: str, label: str, part: _Part, start: str = "", end: str = ""
    ) -> Iterator[Measured]:
        """Lay out one period: its total, then its strata."""
        everyone = (ALL,) * len(self._layout.by)
        yield Measured(grain, label, start, end, everyone, part.total)
        for stratum, tally in self._rolled(part.strata):
            yield Measured(grain, label, start, end, stratum, tally)

    def whole(self) -> _Part:
        """Count all cases."""
        nothing = np.zeros(len(self._placed.placements), np.int64)
        return self._parts(nothing, 1)[0]

    def calendar(self) -> Iterator[Measured]:
        """Count months, and add them up to the spans that are asked for."""
        monthly, first, last = months(self._layout.period)
        without = int(monthly.max(initial=-1)) + 1
        parts = self._parts(np.where(monthly < 0, without, monthly), without + 1)
        if first is not None and last is not None:
            listed = spans(first, last, self._layout.grains, self._layout.year_starts)
            numbered = {month: n for n, month in enumerate(Span(Grain.MONTH, first, last).months)}
            for span in listed:
                inside = [parts[numbered[m]] for m in span.months if m in numbered]
                days = span.start.isoformat(), span.end.isoformat()
                yield from self.rows(span.grain.value, span.label, _sum(inside), *days)
        if (monthly < 0).any():
            yield from self.rows(NOT_DATED, MISSING, parts[without])

    def own_labels(self) -> Iterator[Measured]:
        """Count the caller's own periods, in sorted order."""
        periods = strata([self._layout.period])
        parts = self._parts(periods.codes, len(periods.labels))
        for (label,), part in zip(periods.labels, parts, strict=True):
            yield from self.rows(NOT_DATED if label == MISSING else OWN_LABELS, label, part)

    def _parts(self, periods: Codes, count: int) -> list[_Part]:
        """Count every period, and every stratum that occurs in it."""
        totals = tallies_of(self._definition, self._placed, periods, count)
        by_stratum: list[dict[Stratum, Tally]] = [{} for _ in totals]
        if self._strata is not None and len(periods):
            width = len(self._strata.labels)
            cells, codes = np.unique(periods * width + self._strata.codes, return_inverse=True)
            found = tallies_of(self._definition, self._placed, codes, len(cells))
            for cell, tally in zip(cells.tolist(), found, strict=True):
                by_stratum[cell // width][self._strata.labels[cell % width]] = tally
        return [_Part(*both) for both in zip(totals, by_stratum, strict=True)]

    def _rolled(self, found: Mapping[Stratum, Tally]) -> Iterator[tuple[Stratum, Tally]]:
        """Give strata in sorted order; with an organization, every unit of it."""
        if self._strata is None:
            return
        if self._layout.organization is None:
            yield from ((label, found[label]) for label in self._strata.labels if label in found)
            return
        units = {label[0]: tally for label, tally in found.items() if label[0] != MISSING}
        lacking = units.keys() - self._layout.organization.parents.keys()
        if lacking:
            raise OfflineError(unknown_units(lacking))
        rolled = roll_up_units(units, self._layout.organization)
        yield from (((unit,), rolled[unit]) for unit in sorted(rolled))
        if (MISSING,) in found:
            yield (MISSING,), found[(MISSING,)]


def _sum(parts: Sequence[_Part]) -> _Part:
    """Add up periods: the ratio of sums, never a mean of ratios."""
    if len(parts) == 1:
        return parts[0]
    by_stratum: dict[Stratum, list[Tally]] = defaultdict(list)
    for part in parts:
        for stratum, tally in part.strata.items():
            by_stratum[stratum].append(tally)
    return _Part(
        add_up(part.total for part in parts),
        {stratum: add_up(tallies) for stratum, tallies in by_stratum.items()},
    )
