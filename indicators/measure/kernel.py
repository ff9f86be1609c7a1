"""From a table of cases to tallies."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from indicators.measure.columns import CasesError
from indicators.measure.criteria import Criterion, Evaluator
from indicators.measure.criteria.numbers import Numbers, aligned, operands
from indicators.measure.criteria.tree import AnotherCase, walk
from indicators.measure.definition import Definition
from indicators.measure.population import Placed, Placement, place_all
from indicators.measure.scoring import OBSERVED, OF_KEPT_VALUES
from indicators.measure.tally import Tally
from indicators.measure.values import NO_VALUES, KeptValues

Codes = npt.NDArray[np.int64]
# Sums in doubles are exact while no partial sum passes this.
EXACT_DOUBLES = 2**53
# What a tally counts, in the order of the columns of `counts_by_group`.
COUNTED = (
    *("initial_population", "denominator", "denominator_exclusions", "denominator_exceptions"),
    *("numerator", "numerator_exclusions", "not_met", "not_known", "missing", "observations"),
)


def measure(definition: Definition, cases: pa.Table, scope: Criterion | None = None) -> Tally:
    """Count the cases of a table for one indicator.

    Args:
        definition: of the indicator; executable.
        cases: one row a case; code is string, whole int64, decimal decimal128, date
            date32, moment timestamp[s], flag bool; a missing value is null. Columns are
            looked up by the names in the definition.
        scope: restricts the initial population, such as to a service line. A case whose
            scope cannot be known is out, and counted as missing.

    Raises:
        CasesError: the table lacks a column that is asked for, or aggregates that do not
            fit (a numerator above its denominator, a number below zero).
    """
    return measure_all([definition], cases, scope)[definition.slug]


def measure_slices(
    definition: Definition, slices: Sequence[pa.Table], scope: Criterion | None = None
) -> Tally:
    """Count slice by slice and add up; all at once where a case looks at other cases."""
    if sees_other_cases(definition, scope):
        return measure(definition, pa.concat_tables(slices), scope) if slices else Tally()
    return sum((measure(definition, cases, scope) for cases in slices), Tally())


def sees_other_cases(definition: Definition, scope: Criterion | None = None) -> bool:
    """Say whether a criterion looks at other cases of the same patient."""
    criteria = [*definition.criteria.values(), *([scope] if scope else ())]
    return any(isinstance(part, AnotherCase) for each in criteria for part, _ in walk(each))


def measure_all(
    definitions: Sequence[Definition], cases: pa.Table, scope: Criterion | None = None
) -> dict[str, Tally]:
    """Count the cases for several indicators, evaluating what they share only once.

    Returns:
        Tallies by slug.
    """
    evaluator = Evaluator(cases)
    return {
        definition.slug: tally_of(definition, place_all(definition, evaluator, scope))
        for definition in definitions
    }


def measure_groups(
    definition: Definition,
    cases: pa.Table,
    codes: Codes,
    groups: int,
    scope: Criterion | None = None,
) -> list[Tally]:
    """Count the cases of each group: of each month, physician, organization or their pairs.

    Args:
        definition: of the indicator; executable.
        cases: as for `measure`.
        codes: for each case the number of its group, from 0.
        groups: how many groups there are.
        scope: as for `measure`.

    Returns:
        One tally a group; their sum is the tally of all cases.
    """
    return tallies_of(definition, place_all(definition, Evaluator(cases), scope), codes, groups)


def tally_of(definition: Definition, placed: Placed) -> Tally:
    """Count placed cases."""
    return tallies_of(definition, placed, np.zeros(len(placed.placements), np.int64), 1)[0]


def tallies_of(definition: Definition, placed: Placed, codes: Codes, groups: int) -> list[Tally]:
    """Count placed cases by group."""
    counts = counts_by_group(placed, codes, groups)
    observed = placed.placements == Placement.OBSERVED
    above = below = [Fraction(0)] * groups
    kept = [NO_VALUES] * groups
    if definition.data == "aggregates" or definition.scoring in OBSERVED:
        _check_aggregates(definition, placed, observed)
        above = _sums_by_group(placed.above, placed.in_numerator, codes, groups)
        if definition.scoring == "ratio" or placed.below is not None:
            below = _sums_by_group(placed.below, observed, codes, groups)
    if definition.scoring in OF_KEPT_VALUES and placed.above is not None:
        kept = _values_by_group(placed.above, observed, codes, groups)
    return [
        Tally(
            **dict(zip(COUNTED, map(int, counts[group]), strict=True)),
            numerator_sum=above[group],
            denominator_sum=below[group],
            values=kept[group],
        )
        for group in range(groups)
    ]


def counts_by_group(placed: Placed, codes: Codes, groups: int) -> npt.NDArray[np.int64]:
    """Count placed cases by group.

    Returns:
        A row for each group, a column for each of COUNTED.
    """
    kinds = len(Placement)
    flat = np.bincount(codes * kinds + placed.placements, minlength=groups * kinds)
    cells = flat.reshape(groups, kinds)

    def where(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        return np.bincount(codes[mask], minlength=groups)

    not_known = placed.undecided & (placed.placements == Placement.NUMERATOR_NOT_MET)
    population = cells.sum(axis=1) - cells[:, Placement.OUTSIDE_INITIAL_POPULATION]
    outside = cells[:, Placement.OUTSIDE_DENOMINATOR] + cells[:, Placement.NUMERATOR_ALONE]
    numerator_exclusions = cells[:, Placement.NUMERATOR_EXCLUSION]
    return np.column_stack(
        [
            population,
            population - outside,
            cells[:, Placement.DENOMINATOR_EXCLUSION],
            cells[:, Placement.DENOMINATOR_EXCEPTION],
            where(placed.in_numerator),
            numerator_exclusions,
            cells[:, Placement.NUMERATOR_NOT_MET] + numerator_exclusions,
            where(not_known),
            where(placed.missing),
            cells[:, Placement.OBSERVED],
        ]
    )


def _check_aggregates(definition: Definition, placed: Placed, rows: npt.NDArray[np.bool_]) -> None:
    """Refuse rows that are no numerator out of a denominator."""
    if definition.data != "aggregates" or placed.above is None or placed.below is None:
        return
    one, other = aligned(placed.above, placed.below)
    above, below = operands(one.scaled, other.scaled)
    wrong = rows & np.asarray((above < 0) | (above > below), np.bool_)
    if wrong.any():
        raise CasesError(
            "a numerator lies between 0 and its denominator. Correct the row, or leave out what "
            "is not known.",
            int(np.argmax(wrong)),
        )


def _sums_by_group(
    numbers: Numbers | None, rows: npt.NDArray[np.bool_], codes: Codes, groups: int
) -> list[Fraction]:
    """Add up exactly; without numbers each row adds 1."""
    chosen = codes[rows]
    if numbers is None:
        return [Fraction(int(n)) for n in np.bincount(chosen, minlength=groups)]
    values = np.broadcast_to(numbers.scaled, rows.shape)[rows]
    largest = max(int(values.max(initial=0)), -int(values.min(initial=0)))
    if largest * max(len(values), 1) < EXACT_DOUBLES:
        sums = np.bincount(chosen, weights=values.astype(np.float64), minlength=groups)
        return [Fraction(int(total), numbers.scale) for total in sums]
    exact = [0] * groups
    for code, value in zip(chosen.tolist(), values.tolist(), strict=True):
        exact[code] += value
    return [Fraction(total, numbers.scale) for total in exact]


def _values_by_group(
    numbers: Numbers, rows: npt.NDArray[np.bool_], codes: Codes, groups: int
) -> list[KeptValues]:
    chosen = codes[rows]
    values = np.broadcast_to(numbers.scaled, rows.shape)[rows]
    order = np.argsort(chosen, kind="stable")
    ends = np.cumsum(np.bincount(chosen, minlength=groups))
    kept = []
    for part in np.split(values[order], ends[:-1]):
        found, times = np.unique(part, return_counts=True)
        kept.append(
            KeptValues(
                tuple(
                    (Fraction(int(value), numbers.scale), int(n))
                    for value, n in zip(found.tolist(), times.tolist(), strict=True)
                )
            )
        )
    return kept
