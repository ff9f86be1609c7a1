"""Why a case stands where it stands: the population and the clause that decided, in English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from indicators.measure.criteria import Criterion, Evaluator, Masks, Value, to_english
from indicators.measure.criteria.numbers import Bools
from indicators.measure.criteria.tree import AllOf, AnyOf, ColumnValue, Not
from indicators.measure.definition import Definition
from indicators.measure.population import Placed, Placement, State, Truth, place_all, state_of
from indicators.measure.populations import CRITERIA, NUMBERS

Codes = npt.NDArray[np.int32]
HOLDS = "Holds: {}."
FAILS = "Does not hold: {}."
UNKNOWN = "Cannot be known, a value is missing: {}."
OBSERVED_VALUE = "Observed: {}."
EVERY_CASE = "Every case of the denominator counts."


@dataclass(frozen=True, slots=True)
class Reason:
    """What decided the place of a case.

    Attributes:
        population: the field of the definition that was asked last, such as `numerator`.
        because: its deciding clause in plain English.
    """

    population: str
    because: str


@dataclass(frozen=True, slots=True)
class Explained:
    """The cases of a table with their reasons.

    Attributes:
        placed: where each case stands.
        reasons: the distinct reasons.
        codes: for each case the place of its reason in `reasons`.
    """

    placed: Placed
    reasons: tuple[Reason, ...]
    codes: Codes

    def placement(self, case: int) -> Placement:
        """Where a case stands, by its place in the table from 0."""
        return Placement(int(self.placed.placements[case]))

    def state(self, case: int) -> State:
        """Where a case stands, in one of four words."""
        return state_of(self.placement(case), is_undecided=bool(self.placed.undecided[case]))

    def reason(self, case: int) -> Reason:
        """What decided it."""
        return self.reasons[int(self.codes[case])]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of one population, asked of one case.

    Attributes:
        population: the field of the definition.
        depth: 1 for the whole criterion, 2 for its terms, and so on.
        english: the clause.
        truth: None when a missing value leaves it open. For a number: whether it is there.
    """

    population: str
    depth: int
    english: str
    truth: Truth


def explain_all(
    definition: Definition, cases: pa.Table, scope: Criterion | None = None
) -> Explained:
    """Place every case of a table and say what decided.

    Of terms joined by `and` the first that fails decides, else the first that cannot be
    known; of terms joined by `or` the first that holds.

    Args:
        definition: of the indicator; executable.
        cases: as for `measure`.
        scope: as for `measure`; a case outside it has a reason whose population is `scope`.

    Raises:
        CasesError: the table lacks a column that is asked for.
    """
    evaluator = Evaluator(cases)
    placed = place_all(definition, evaluator, scope)
    reasons = _Reasons(definition, evaluator, placed, scope)
    for placement in np.unique(placed.placements).tolist():
        reasons.explain(Placement(placement))
    return Explained(placed, tuple(reasons.found), reasons.codes)


def explain_case(
    definition: Definition, cases: pa.Table, case: int, evaluator: Evaluator | None = None
) -> list[Clause]:
    """Say of every clause of every population whether it holds for one case.

    Args:
        definition: of the indicator.
        cases: the whole table, as for `measure`: a look-back sees the other cases.
        case: place of the case in the table, from 0.
        evaluator: of this table, where it has answered before.

    Returns:
        Clauses in the order of the populations, each group before its terms.
    """
    asked = evaluator or Evaluator(cases)
    columns = definition.columns_by_name
    clauses = []
    for name in CRITERIA:
        if name in definition.criteria:
            for depth, term in _terms(definition.criteria[name], 1):
                english = to_english(term, columns)
                clauses.append(Clause(name, depth, english, _truth(asked.masks(term), case)))
    for name in NUMBERS:
        if name in definition.numbers:
            missing = asked.numbers(definition.numbers[name]).missing
            is_missing = bool(np.broadcast_to(missing, asked.rows)[case])
            english = to_english(definition.numbers[name], columns)
            clauses.append(Clause(name, 1, english, None if is_missing else True))
    return clauses


def _truth(masks: Masks, case: int) -> Truth:
    return None if masks.unknown[case] else bool(masks.true[case])


def _terms(criterion: Criterion, depth: int) -> Iterator[tuple[int, Criterion]]:
    yield depth, criterion
    for term in _parts(criterion):
        yield from _terms(term, depth + 1)


def _parts(criterion: Criterion) -> Sequence[Criterion]:
    match criterion:
        case AllOf(terms) | AnyOf(terms):
            return terms
        case Not(AllOf() | AnyOf() | Not() as term):
            return (term,)
    return ()


# Placements that one population decides by being true, or by not being true.
_BY_TRUE = {
    Placement.DENOMINATOR_EXCLUSION: "denominator_exclusion",
    Placement.NUMERATOR_EXCLUSION: "numerator_exclusion",
    Placement.DENOMINATOR_EXCEPTION: "denominator_exception",
}
_BY_NOT_TRUE = {
    Placement.OUTSIDE_INITIAL_POPULATION: "initial_population",
    Placement.OUTSIDE_DENOMINATOR: "denominator",
}


class _Reasons:
    """Reasons found so far, and which case has which."""

    def __init__(
        self, definition: Definition, cases: Evaluator, placed: Placed, scope: Criterion | None
    ) -> None:
        self.found: dict[Reason, int] = {}
        self.codes: Codes = np.zeros(cases.rows, np.int32)
        self._definition, self._cases, self._placed = definition, cases, placed
        self._scope = scope
        self._columns = definition.columns_by_name

    def explain(self, placement: Placement) -> None:
        """Give a reason to every case of one placement."""
        rows = self._placed.placements == placement
        if placement is Placement.OUTSIDE_INITIAL_POPULATION:
            rows = self._out_of_scope(rows)
        if placement in _BY_TRUE:
            self._true(_BY_TRUE[placement], rows)
        elif placement in _BY_NOT_TRUE:
            self._not_true(_BY_NOT_TRUE[placement], rows)
        elif placement is Placement.NUMERATOR_NOT_MET:
            self._not_met(rows)
        elif placement is Placement.NOT_OBSERVED:
            self._not_observed(rows)
        else:
            self._counted(rows)

    def _out_of_scope(self, rows: Bools) -> Bools:
        """Explain cases that the scope keeps out; return those that it lets through."""
        if self._scope is None:
            return rows
        asked = self._cases.masks(self._scope)
        self._why("scope", self._scope, rows & asked.false, wanted=False)
        self._why("scope", self._scope, rows & asked.unknown, wanted=None)
        return rows & asked.true

    def _counted(self, rows: Bools) -> None:
        """Explain cases in the numerator, and observed cases in it or not."""
        inside = rows & self._placed.in_numerator
        criterion = self._definition.criteria.get("numerator")
        if criterion is not None:
            self._true("numerator", inside)
            outside = rows & ~inside
            excluded = self._masks("numerator_exclusion")
            if excluded is not None:
                self._true("numerator_exclusion", outside & excluded.true)
                outside = outside & ~excluded.true
            self._not_true("numerator", outside)
            return
        for name in ("observation", "numerator_observation", "denominator_observation"):
            if name in self._definition.numbers:
                self._give(rows, name, OBSERVED_VALUE, self._definition.numbers[name])
                return
        self._keep(rows, Reason("denominator", EVERY_CASE))

    def _not_met(self, rows: Bools) -> None:
        """Explain cases not met: by the numerator, or because a milestone lacks its evidence."""
        numerator = self._masks("numerator")
        met = np.ones(self._cases.rows, np.bool_) if numerator is None else numerator.true
        if self._definition.evidence_column:
            evidence = ColumnValue(self._definition.evidence_column)
            self._give(rows & met, "evidence_column", UNKNOWN, evidence)
        self._not_true("numerator", rows & ~met)

    def _not_observed(self, rows: Bools) -> None:
        """Explain cases without a needed value, by the first that is missing."""
        for name in ("denominator_observation", "expected", "observation", "numerator_observation"):
            if name in self._definition.numbers:
                value = self._definition.numbers[name]
                missing = self._cases.numbers(value).missing
                lacking = rows & np.broadcast_to(missing, self._cases.rows)
                self._give(lacking, name, UNKNOWN, value)
                rows = rows & ~lacking

    def _masks(self, population: str) -> Masks | None:
        criterion = self._definition.criteria.get(population)
        return None if criterion is None else self._cases.masks(criterion)

    def _true(self, population: str, rows: Bools) -> None:
        self._why(population, self._definition.criteria[population], rows, wanted=True)

    def _not_true(self, population: str, rows: Bools) -> None:
        criterion = self._definition.criteria.get(population)
        if criterion is not None:
            unknown = self._cases.masks(criterion).unknown
            self._why(population, criterion, rows & ~unknown, wanted=False)
            self._why(population, criterion, rows & unknown, wanted=None)

    def _why(self, population: str, criterion: Criterion, rows: Bools, *, wanted: Truth) -> None:
        """Go down to the term that made a criterion true, false or unknown for these cases."""
        if not rows.any():
            return
        if isinstance(criterion, Not) and _parts(criterion):
            turned = None if wanted is None else not wanted
            self._why(population, criterion.term, rows, wanted=turned)
            return
        # All terms of a true `and`, or of a false `or`, decide together.
        together = {AllOf: True, AnyOf: False}.get(type(criterion))
        if isinstance(criterion, AllOf | AnyOf) and wanted is not together:
            for term in criterion.terms:
                deciding = rows & self._where(term, wanted)
                self._why(population, term, deciding, wanted=wanted)
                rows = rows & ~deciding
            return
        words = {True: HOLDS, False: FAILS, None: UNKNOWN}[wanted]
        self._give(rows, population, words, criterion)

    def _where(self, term: Criterion, wanted: Truth) -> Bools:
        masks = self._cases.masks(term)
        if wanted is None:
            return masks.unknown
        return masks.true if wanted else masks.false

    def _give(self, rows: Bools, population: str, words: str, part: Criterion | Value) -> None:
        self._keep(rows, Reason(population, words.format(to_english(part, self._columns))))

    def _keep(self, rows: Bools, reason: Reason) -> None:
        if rows.any():
            self.codes[rows] = self.found.setdefault(reason, len(self.found))
