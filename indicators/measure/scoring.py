"""The ways of scoring, and which fields of a definition each of them takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Scoring = Literal[
    "proportion",
    "ratio",
    "mean",
    "median",
    "percentile",
    "sum",
    "observed_over_expected",
    "count",
    "milestone",
]
Data = Literal["cases", "aggregates"]
PercentileMethod = Literal["linear", "nearest_rank"]
NumeratorFrom = Literal["denominator", "initial_population"]

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields beyond the initial population, the denominator and its exclusion.

    Attributes:
        needed: each must be filled.
        either: groups of fields, exactly one of each group must be filled.
        allowed: may be filled.
    """

    needed: tuple[str, ...] = ()
    either: tuple[tuple[str, ...], ...] = ()
    allowed: tuple[str, ...] = ()

    @property
    def known(self) -> frozenset[str]:
        """Every field that may be filled."""
        return frozenset(
            (*self.needed, *self.allowed, *(f for group in self.either for f in group))
        )


_VALUES = Fields(needed=("observation",))
FIELDS: Mapping[str, Fields] = {
    "proportion": Fields(
        needed=("numerator",), allowed=("numerator_exclusion", "denominator_exception")
    ),
    "ratio": Fields(
        allowed=(
            *("numerator", "numerator_exclusion", "numerator_from"),
            *("numerator_observation", "denominator_observation"),
        )
    ),
    "mean": _VALUES,
    "median": _VALUES,
    "sum": _VALUES,
    "percentile": Fields(needed=("observation", "percentile"), allowed=("percentile_method",)),
    "observed_over_expected": Fields(
        either=(("numerator", "numerator_observation"), ("expected", "expected_rate")),
        allowed=("numerator_exclusion",),
    ),
    "count": Fields(allowed=("numerator", "numerator_exclusion")),
    "milestone": Fields(needed=("evidence_column",), allowed=("numerator", "numerator_exclusion")),
}
OF_AGGREGATES = Fields(needed=("numerator_observation", "denominator_observation"))
SPECIAL = frozenset().union(*(fields.known for fields in FIELDS.values()))

# Each case is observed, not judged to be met or not.
OBSERVED = frozenset({"ratio", "mean", "median", "percentile", "sum", "observed_over_expected"})
# The result is a number out of the values themselves, which are kept.
OF_KEPT_VALUES = frozenset({"median", "percentile"})


def fields_of(scoring: str, data: str) -> Fields:
    """Name the fields that a way of scoring takes."""
    return OF_AGGREGATES if data == "aggregates" else FIELDS[scoring]


def default_multiplier(scoring: str) -> int:
    """Return what a rate is multiplied by in print: 100 for a proportion, else 1."""
    return PERCENT if scoring == "proportion" else 1
