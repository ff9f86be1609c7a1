"""Where each case stands: placed once, in the standard order of the populations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
import numpy.typing as npt

from indicators.measure.criteria import Criterion, Evaluator, Masks
from indicators.measure.criteria.numbers import Bools, Numbers
from indicators.measure.criteria.tree import ColumnValue, IsMissing
from indicators.measure.definition import Definition
from indicators.measure.scoring import OBSERVED

Truth = bool | None  # None: a missing value decides


class Placement(IntEnum):
    """Where a case stands. The first two are not in the denominator."""

    OUTSIDE_INITIAL_POPULATION = 0
    OUTSIDE_DENOMINATOR = 1
    DENOMINATOR_EXCLUSION = 2
    NUMERATOR = 3
    DENOMINATOR_EXCEPTION = 4
    NUMERATOR_NOT_MET = 5
    OBSERVED = 6
    NOT_OBSERVED = 7
    NUMERATOR_EXCLUSION = 8
    NUMERATOR_ALONE = 9


class State(StrEnum):
    """What a reader is told of a case: four states, so that missing never reads as failed."""

    MET = "met"
    NOT_MET = "not met"
    NOT_ELIGIBLE = "not eligible"
    NOT_YET_KNOWN = "not yet known"


_STATES = {
    Placement.NUMERATOR: State.MET,
    Placement.OBSERVED: State.MET,
    Placement.NUMERATOR_ALONE: State.MET,
    Placement.NUMERATOR_NOT_MET: State.NOT_MET,
    Placement.NUMERATOR_EXCLUSION: State.NOT_MET,
    Placement.NOT_OBSERVED: State.NOT_YET_KNOWN,
}


def state_of(placement: Placement, *, is_undecided: bool) -> State:
    """Tell where a case stands in one of four words.

    Args:
        placement: of the case; for a mean or a ratio an observed case reads as met.
        is_undecided: it stands there because a value was missing.
    """
    return State.NOT_YET_KNOWN if is_undecided else _STATES.get(placement, State.NOT_ELIGIBLE)


@dataclass(frozen=True, slots=True)
class CaseCriteria:
    """What the criteria of a proportion say about one case; a criterion not used is a default."""

    scope: Truth = True
    initial_population: Truth = True
    denominator: Truth = True
    denominator_exclusion: Truth = False
    numerator: Truth = False
    numerator_exclusion: Truth = False
    denominator_exception: Truth = False


def place(case: CaseCriteria) -> Placement:
    """Place one case, asking the criteria in the order CMS and HL7 give them.

    Only a criterion that is known to be true counts. An exclusion beats the numerator; the
    numerator exclusion is asked of those in the numerator, the exception of the others.

    Source:
        HL7 Quality Measure IG, proportion measures: order of evaluation.
    """
    if not (case.scope and case.initial_population):
        return Placement.OUTSIDE_INITIAL_POPULATION
    if not case.denominator:
        return Placement.OUTSIDE_DENOMINATOR
    if case.denominator_exclusion:
        return Placement.DENOMINATOR_EXCLUSION
    if case.numerator:
        excluded = case.numerator_exclusion
        return Placement.NUMERATOR_EXCLUSION if excluded else Placement.NUMERATOR
    if case.denominator_exception:
        return Placement.DENOMINATOR_EXCEPTION
    return Placement.NUMERATOR_NOT_MET


@dataclass(frozen=True, slots=True)
class Placed:
    """The cases of one table, placed.

    Attributes:
        placements: a `Placement` for each case, in the order of the rows.
        undecided: the cases that stand where they do because a value was missing.
        missing: the cases for which a criterion that was asked on the way, or an observed
            value, could not be known because a value was missing.
        in_numerator: where cases are observed, those that add to the numerator.
        above: where cases are observed, what each adds to the numerator; None for 1.
        below: for a ratio and for expected events, what each case adds to the
            denominator; None for 1.
    """

    placements: npt.NDArray[np.int8]
    undecided: Bools
    missing: Bools
    in_numerator: Bools
    above: Numbers | None = None
    below: Numbers | None = None


def place_all(definition: Definition, cases: Evaluator, scope: Criterion | None) -> Placed:
    """Place every case of a table; the same rule as `place`, on whole columns.

    Args:
        definition: of the indicator; executable.
        cases: the table; what it has answered before is not evaluated again.
        scope: restricts the initial population; None for all cases.
    """
    walk = _Walk(cases.rows)
    asked = _Asked(definition, cases)
    walk.keep_those(
        None if scope is None else cases.masks(scope), Placement.OUTSIDE_INITIAL_POPULATION
    )
    walk.keep_those(asked("initial_population"), Placement.OUTSIDE_INITIAL_POPULATION)
    in_population = walk.still_open
    walk.keep_those(asked("denominator"), Placement.OUTSIDE_DENOMINATOR)
    walk.take_those(asked("denominator_exclusion"), Placement.DENOMINATOR_EXCLUSION)
    if definition.data == "aggregates" or definition.scoring in OBSERVED:
        return _observe(definition, asked, walk, in_population)
    walk.judge(asked("numerator"), asked("numerator_exclusion"), asked("denominator_exception"))
    if definition.evidence_column:
        walk.want_evidence(cases, definition.evidence_column)
    return walk.placed()


class _Asked:
    """The criteria and numbers of a definition, asked of a table."""

    def __init__(self, definition: Definition, cases: Evaluator) -> None:
        self._definition, self._cases = definition, cases

    def __call__(self, name: str) -> Masks | None:
        criterion = self._definition.criteria.get(name)
        return None if criterion is None else self._cases.masks(criterion)

    def number(self, *names: str) -> Numbers | None:
        for name in names:
            if name in self._definition.numbers:
                return self._cases.numbers(self._definition.numbers[name])
        return None


def _observe(definition: Definition, asked: _Asked, walk: _Walk, in_population: Bools) -> Placed:
    """Finish where each case adds its numbers: to the numerator, to the denominator or to both."""
    above = asked.number("observation", "numerator_observation")
    below = asked.number("denominator_observation", "expected")
    numerator, exclusion = asked("numerator"), asked("numerator_exclusion")
    if definition.numerator_from == "initial_population":
        walk.observe(None, None, None, below)
        return walk.with_own_numerator(in_population, numerator, exclusion, above, below)
    return walk.observe(numerator, exclusion, above, below)


class _Walk:
    """Cases on their way: those still open, those placed, those with a missing value."""

    def __init__(self, rows: int) -> None:
        self._placements = np.zeros(rows, np.int8)
        self._open = np.ones(rows, np.bool_)
        self._missing = np.zeros(rows, np.bool_)
        self._undecided = np.zeros(rows, np.bool_)

    @property
    def still_open(self) -> Bools:
        """The cases that no criterion has placed yet."""
        return self._open

    def keep_those(self, asked: Masks | None, otherwise: Placement) -> None:
        """Go on with the cases for which this is true; a criterion not used keeps all."""
        if asked is not None:
            self._note_missing(asked.unknown)
            self._note_undecided(asked.unknown)
            self._place(~asked.true, otherwise)

    def take_those(self, asked: Masks | None, placement: Placement) -> None:
        """Place the cases for which this is true; a criterion not used takes none."""
        if asked is not None:
            self._note_missing(asked.unknown)
            self._place(asked.true, placement)

    def judge(
        self, numerator: Masks | None, exclusion: Masks | None, exception: Masks | None
    ) -> None:
        """Place the rest as met or not met; without a numerator all are met."""
        if numerator is not None:
            self._note_missing(numerator.unknown)
        met = self._open if numerator is None else numerator.true
        if exclusion is not None:
            self._note_missing(met & exclusion.unknown)
            self._place(met & exclusion.true, Placement.NUMERATOR_EXCLUSION)
        self._place(met, Placement.NUMERATOR)
        self.take_those(exception, Placement.DENOMINATOR_EXCEPTION)
        if numerator is not None:
            self._note_undecided(numerator.unknown)
        self._place(self._open, Placement.NUMERATOR_NOT_MET)

    def want_evidence(self, cases: Evaluator, column: str) -> None:
        """Take back what was met without its evidence: it is not yet known."""
        empty = cases.masks(IsMissing(ColumnValue(column))).true
        bare = (self._placements == Placement.NUMERATOR) & empty
        self._placements[bare] = Placement.NUMERATOR_NOT_MET
        self._missing |= bare
        self._undecided |= bare

    def observe(
        self,
        numerator: Masks | None,
        exclusion: Masks | None,
        above: Numbers | None,
        below: Numbers | None,
    ) -> Placed:
        """Finish: the cases still open are observed, unless a value they need is missing."""
        counts = _counted(self._open, numerator, exclusion)
        if numerator is not None:
            self._note_missing(numerator.unknown)
        if exclusion is not None:
            self._note_missing(counts & exclusion.unknown)
        lacking = _missing(below, self._open.shape) | (counts & _missing(above, self._open.shape))
        self._note_missing(lacking)
        self._note_undecided(lacking)
        self._place(lacking, Placement.NOT_OBSERVED)
        taken = self._open
        self._place(taken, Placement.OBSERVED)
        return self.placed(taken & counts, above, below)

    def with_own_numerator(
        self,
        in_population: Bools,
        numerator: Masks | None,
        exclusion: Masks | None,
        above: Numbers | None,
        below: Numbers | None,
    ) -> Placed:
        """Count the numerator among all of the initial population, as a ratio of HL7 does."""
        counts = _counted(in_population, numerator, exclusion)
        lacking = counts & _missing(above, counts.shape)
        unknown = lacking if numerator is None else lacking | (in_population & numerator.unknown)
        if exclusion is not None:
            unknown = unknown | (counts & exclusion.unknown)
        self._missing = self._missing | unknown
        counts = counts & ~lacking
        alone = counts & (self._placements == Placement.OUTSIDE_DENOMINATOR)
        self._placements[alone] = Placement.NUMERATOR_ALONE
        return self.placed(counts, above, below)

    def placed(
        self,
        in_numerator: Bools | None = None,
        above: Numbers | None = None,
        below: Numbers | None = None,
    ) -> Placed:
        """Hand over what was placed."""
        if in_numerator is None:
            in_numerator = self._placements == Placement.NUMERATOR
        return Placed(self._placements, self._undecided, self._missing, in_numerator, above, below)

    def _note_missing(self, unknown: Bools) -> None:
        self._missing = self._missing | (self._open & unknown)

    def _note_undecided(self, unknown: Bools) -> None:
        self._undecided = self._undecided | (self._open & unknown)

    def _place(self, chosen: Bools, placement: Placement) -> None:
        chosen = self._open & chosen
        self._placements[chosen] = placement
        self._open = self._open & ~chosen


def _counted(among: Bools, numerator: Masks | None, exclusion: Masks | None) -> Bools:
    met = among if numerator is None else among & numerator.true
    return met if exclusion is None else met & ~exclusion.true


def _missing(numbers: Numbers | None, shape: tuple[int, ...]) -> Bools:
    return np.zeros(shape, np.bool_) if numbers is None else np.broadcast_to(numbers.missing, shape)
