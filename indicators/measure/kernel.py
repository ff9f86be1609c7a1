"""From a table of cases to a tally."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pyarrow as pa

from indicators.measure.criteria import Criterion, Evaluator
from indicators.measure.definition import Definition
from indicators.measure.population import Placed, Placement, place_all
from indicators.measure.tally import Tally


def measure(definition: Definition, cases: pa.Table, scope: Criterion | None = None) -> Tally:
    """Count the cases of a table for one indicator.

    Args:
        definition: of the indicator.
        cases: one row a case; code is string, whole int64, decimal decimal128, date
            date32, flag bool; a missing value is null.
        scope: restricts the initial population, such as to a service line. A case whose
            scope cannot be known is out, and counted as missing.

    Raises:
        CasesError: the table lacks a column that is asked for.
    """
    return measure_all([definition], cases, scope)[definition.slug]


def measure_all(
    definitions: Sequence[Definition], cases: pa.Table, scope: Criterion | None = None
) -> dict[str, Tally]:
    """Count the cases for several indicators, evaluating what they share only once.

    Returns:
        Tallies by slug.
    """
    evaluator = Evaluator(cases)
    return {
        definition.slug: tally_of(place_all(definition, evaluator, scope))
        for definition in definitions
    }


def tally_of(placed: Placed) -> Tally:
    """Count placed cases."""
    counts = np.bincount(placed.placements, minlength=len(Placement)).tolist()
    outside = counts[Placement.OUTSIDE_INITIAL_POPULATION]
    initial_population = len(placed.placements) - outside
    return Tally(
        initial_population=initial_population,
        denominator=initial_population - counts[Placement.OUTSIDE_DENOMINATOR],
        denominator_exclusions=counts[Placement.DENOMINATOR_EXCLUSION],
        denominator_exceptions=counts[Placement.DENOMINATOR_EXCEPTION],
        numerator=counts[Placement.NUMERATOR],
        not_met=counts[Placement.NUMERATOR_NOT_MET],
        missing=int(placed.missing.sum()),
        observation_sum=placed.observed.total() if placed.observed else Fraction(0),
        observations=counts[Placement.OBSERVED],
    )
