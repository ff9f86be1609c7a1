"""Where each case stands: placed once, in the standard order of the populations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from indicators.measure.criteria import Criterion, Evaluator, Masks
from indicators.measure.criteria.numbers import Bools, Numbers
from indicators.measure.definition import Definition

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

    Only a criterion that is known to be true counts. An exclusion beats the numerator; a
    case in the numerator exclusion counts as not met; an exception counts only for a case
    that is not met.

    Source:
        HL7 Quality Measure IG, proportion measures: order of evaluation.
    """
    if not (case.scope and case.initial_population):
        return Placement.OUTSIDE_INITIAL_POPULATION
    if not case.denominator:
        return Placement.OUTSIDE_DENOMINATOR
    if case.denominator_exclusion:
        return Placement.DENOMINATOR_EXCLUSION
    if case.numerator and not case.numerator_exclusion:
        return Placement.NUMERATOR
    if case.denominator_exception:
        return Placement.DENOMINATOR_EXCEPTION
    return Placement.NUMERATOR_NOT_MET


@dataclass(frozen=True, slots=True)
class Placed:
    """The cases of one table, placed.

    Attributes:
        placements: a `Placement` for each case, in the order of the rows.
        missing: the cases for which a criterion that was asked on the way, or the
            observed value, could not be known because a value was missing.
        observed: for a mean, the observed numbers of the cases placed OBSERVED and 0 for
            the others.
    """

    placements: npt.NDArray[np.int8]
    missing: Bools
    observed: Numbers | None


def place_all(definition: Definition, cases: Evaluator, scope: Criterion | None) -> Placed:
    """Place every case of a table; the same rule as `place`, on whole columns.

    Args:
        definition: of the indicator.
        cases: the table; what it has answered before is not evaluated again.
        scope: restricts the initial population; None for all cases.
    """
    walk = _Walk(cases.rows)
    criteria = definition.criteria
    walk.keep_those(_asked(cases, scope), Placement.OUTSIDE_INITIAL_POPULATION)
    walk.keep_those(
        _asked(cases, criteria.get("initial_population")), Placement.OUTSIDE_INITIAL_POPULATION
    )
    walk.keep_those(_asked(cases, criteria.get("denominator")), Placement.OUTSIDE_DENOMINATOR)
    walk.take_those(
        _asked(cases, criteria.get("denominator_exclusion")), Placement.DENOMINATOR_EXCLUSION
    )
    if definition.observed is not None:
        return walk.observing(cases.numbers(definition.observed))
    numerator = cases.masks(criteria["numerator"])
    walk.take_met(numerator, _asked(cases, criteria.get("numerator_exclusion")))
    walk.take_those(
        _asked(cases, criteria.get("denominator_exception")), Placement.DENOMINATOR_EXCEPTION
    )
    return walk.leaving_the_rest(Placement.NUMERATOR_NOT_MET)


def _asked(cases: Evaluator, criterion: Criterion | None) -> Masks | None:
    return None if criterion is None else cases.masks(criterion)


class _Walk:
    """Cases on their way: those still open, those placed, those with a missing value."""

    def __init__(self, rows: int) -> None:
        self._placements = np.zeros(rows, np.int8)
        self._open = np.ones(rows, np.bool_)
        self._missing = np.zeros(rows, np.bool_)

    def keep_those(self, asked: Masks | None, otherwise: Placement) -> None:
        """Go on with the cases for which this is true; a criterion not used keeps all."""
        if asked is not None:
            self._note_missing(asked.unknown)
            self._place(~asked.true, otherwise)

    def take_those(self, asked: Masks | None, placement: Placement) -> None:
        """Place the cases for which this is true; a criterion not used takes none."""
        if asked is not None:
            self._note_missing(asked.unknown)
            self._place(asked.true, placement)

    def take_met(self, numerator: Masks, exclusion: Masks | None) -> None:
        """Place the cases that met the numerator and are not in its exclusion."""
        self._note_missing(numerator.unknown)
        met = numerator.true
        if exclusion is not None:
            self._note_missing(met & exclusion.unknown)
            met = met & ~exclusion.true
        self._place(met, Placement.NUMERATOR)

    def observing(self, observed: Numbers) -> Placed:
        """Finish a mean: the cases still open are observed, unless the value is missing."""
        without = np.broadcast_to(observed.missing, self._open.shape)
        self._note_missing(without)
        self._place(without, Placement.NOT_OBSERVED)
        taken = self._open
        self._place(taken, Placement.OBSERVED)
        scaled = np.where(taken, observed.scaled, 0)
        return Placed(self._placements, self._missing, Numbers(scaled, observed.places, ~taken))

    def leaving_the_rest(self, placement: Placement) -> Placed:
        """Finish a proportion."""
        self._place(self._open, placement)
        return Placed(self._placements, self._missing, None)

    def _note_missing(self, unknown: Bools) -> None:
        self._missing = self._missing | (self._open & unknown)

    def _place(self, chosen: Bools, placement: Placement) -> None:
        chosen = self._open & chosen
        self._placements[chosen] = placement
        self._open = self._open & ~chosen
