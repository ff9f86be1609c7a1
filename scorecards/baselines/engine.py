"""From an indicator and past cases to a baseline. Pure: the same cases give the same document."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import pyarrow as pa

from comanage.values.canonical import sha256_of
from comanage.values.period import Period
from comanage.values.rounding import exact_text
from indicators.measure.criteria import parse
from indicators.measure.definition import Definition
from indicators.measure.kernel import measure_slices
from indicators.measure.rate import NotScored, NotScoredReason, exact_parts, performance_rate
from indicators.measure.scoring import OF_KEPT_VALUES
from indicators.measure.tally import Tally
from scorecards.cards.engine import ENGINE_VERSION

SCHEMA = "comanage.baseline/1"
PLACES = 6
ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Computation:
    """A baseline as it was counted, before anybody froze it.

    Attributes:
        rate: exact.
        numerator, denominator: their quotient is the rate; decimals of six places at most.
        times: what both were multiplied by to be such decimals; nearly always 1.
        scope: the criterion of the year's terms that restricted the cases.
        document: what is frozen: definition, scope, period, tally, rate and slices by hash.
    """

    period: Period
    tally: Tally
    rate: Fraction
    numerator: Fraction
    denominator: Fraction
    times: int
    scope: str
    document: dict[str, Any]

    @property
    def sha256(self) -> str:
        """The hash of the document."""
        return sha256_of(self.document)


def compute(
    definition: Definition,
    scope: str,
    period: Period,
    tables: Sequence[pa.Table],
    slices: Sequence[dict[str, Any]],
) -> Computation | NotScored:
    """Count an indicator over history.

    Args:
        definition: of the indicator.
        scope: a criterion that restricts the cases, as the terms have it; empty for all.
        period: the days that the slices cover together.
        tables: the cases, a table for each slice.
        slices: what the document names of each slice.

    Returns:
        The computation, or why there is no rate.

    Raises:
        CasesError: a table has a needed column in another type, or aggregates that do not fit.
        CriteriaError: the scope does not fit the indicator's columns.
    """
    if not definition.is_executable:
        return NotScored(NotScoredReason.NOT_EXECUTABLE)
    criterion = parse(scope, definition.columns_by_name) if scope else None
    tally = measure_slices(definition, tables, criterion)
    rate = performance_rate(tally, definition)
    if isinstance(rate, NotScored):
        return rate
    is_kept = definition.scoring in OF_KEPT_VALUES
    numerator, denominator, times = as_decimals(
        *((rate, ONE) if is_kept else exact_parts(tally, definition))
    )
    return Computation(
        period=period,
        tally=tally,
        rate=rate,
        numerator=numerator,
        denominator=denominator,
        times=times,
        scope=scope,
        document={
            "schema": SCHEMA,
            "engine_version": ENGINE_VERSION,
            "definition": definition.to_document(),
            "scope": scope,
            "period": {"start": period.start.isoformat(), "end": period.end.isoformat()},
            "tally": tally.to_document(),
            "rate": exact_text(rate),
            "numerator": exact_text(numerator),
            "denominator": exact_text(denominator),
            "slices": list(slices),
        },
    )


def as_decimals(numerator: Fraction, denominator: Fraction) -> tuple[Fraction, Fraction, int]:
    """Multiply both until each is a decimal of six places; nothing is rounded.

    Returns:
        Both, and the smallest whole number that they were multiplied by: 1 for counts and
        for sums of decimals.
    """
    times = lcm(
        *(
            each.denominator // gcd(each.denominator, 10**PLACES)
            for each in (numerator, denominator)
        )
    )
    return numerator * times, denominator * times, times
