"""One indicator counted by the values of a column; the strata add up to the whole. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from indicators.measure.criteria import Criterion, Evaluator
from indicators.measure.definition import Definition
from indicators.measure.kernel import tallies_of
from indicators.measure.population import Placement, place_all
from indicators.measure.tally import Tally

MOST_STRATA = 500


@dataclass(frozen=True, slots=True)
class Stratum:
    """The cases of one value; an empty name for cases without one."""

    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Strata:
    """Every stratum that has a case in the initial population, by name, and all together."""

    listed: tuple[Stratum, ...]
    total: Tally


@dataclass(frozen=True, slots=True)
class TooManyStrata:
    """The column tells more values apart than a page lists."""

    found: int


def count_strata(
    definition: Definition, cases: pa.Table, column: str, scope: Criterion | None
) -> Strata | TooManyStrata:
    """Count an indicator by the values of a column, in one pass.

    Args:
        definition: of the indicator; executable.
        cases: as for `measure`, with the column.
        column: a code.
        scope: as for `measure`. Values that occur outside the initial population alone are
            no strata.

    Returns:
        The strata. Their sum and the cases outside the population are `total`, which is what
        the scorecard counts.
    """
    placed = place_all(definition, Evaluator(cases), scope)
    inside = placed.placements != Placement.OUTSIDE_INITIAL_POPULATION
    values = cases.column(column).combine_chunks().dictionary_encode()
    words = values.dictionary.to_pylist()
    codes = values.indices.fill_null(len(words)).to_numpy(zero_copy_only=False).astype(np.int64)
    found = np.unique(codes[inside])
    if len(found) > MOST_STRATA:
        return TooManyStrata(len(found))
    group_of = np.full(len(words) + 1, len(found), np.int64)
    group_of[found] = np.arange(len(found))
    groups = np.where(inside, group_of[codes], len(found))
    tallies = tallies_of(definition, placed, groups, len(found) + 1)
    names = [*words, ""]
    listed = [
        Stratum(names[code], tally)
        for code, tally in zip(found.tolist(), tallies[:-1], strict=True)
    ]
    return Strata(_by_name(listed), sum(tallies, Tally()))


def _by_name(strata: Sequence[Stratum]) -> tuple[Stratum, ...]:
    """Sort by name and never by result: whole numbers by value, words by letter, none last."""

    def place(stratum: Stratum) -> tuple[bool, bool, int, str]:
        name = stratum.name
        is_word = not (name.isascii() and name.isdigit())
        return name == "", is_word, 0 if is_word else int(name), name.casefold()

    return tuple(sorted(strata, key=place))
